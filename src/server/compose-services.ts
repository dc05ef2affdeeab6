import type { Config } from "../config/config.ts"
import { readVersion } from "../config/env.ts"
import type { Message } from "../domain/message.ts"
import { UncappedAddresses } from "../http/uncapped-addresses.ts"
import { checkPayload } from "../provider/payload-check.ts"
import { Argon2Process } from "../runtime/argon2-process.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import { AdministratorSessions } from "../service/administrator-sessions.ts"
import { AdministratorTokens } from "../service/administrator-tokens.ts"
import { Administrators } from "../service/administrators.ts"
import { Applications } from "../service/applications.ts"
import { Audit } from "../service/audit.ts"
import { Channels } from "../service/channels.ts"
import { Credentials } from "../service/credentials.ts"
import { DeviceMessages } from "../service/device-messages.ts"
import { DeviceSearch } from "../service/device-search.ts"
import { Devices } from "../service/devices.ts"
import { GuessLimits } from "../service/guess-limits.ts"
import { Hosts } from "../service/hosts.ts"
import { IdentityTokens } from "../service/identity-tokens.ts"
import { Issuers } from "../service/issuers.ts"
import { type FetchKeySet, KeySets } from "../service/key-sets.ts"
import { Keys } from "../service/keys.ts"
import { MessagePreviews } from "../service/message-previews.ts"
import { Messages } from "../service/messages.ts"
import { Argon2Hashes, type PasswordHashes } from "../service/password-hashes.ts"
import { Permissions } from "../service/permissions.ts"
import { Phones } from "../service/phones.ts"
import { Resends } from "../service/resends.ts"
import { ServerFacts } from "../service/server-facts.ts"
import type { Sandbox, Services } from "../service/services.ts"
import { Statistics } from "../service/statistics.ts"
import { UserEndings } from "../service/user-endings.ts"
import { UserSessions } from "../service/user-sessions.ts"
import { UserSettingsOfApplications } from "../service/user-settings.ts"
import { Users } from "../service/users.ts"
import { tryCredential } from "./credential-trial.ts"
import { fetchJson } from "./fetch-json.ts"
import { PAYLOAD_BYTES_MAX, payloadPreview } from "./payload-previews.ts"
import { CREDENTIAL_CHECKS } from "./provider-rules.ts"
import type { Storage } from "./storage.ts"

export interface ServiceParts {
  readonly config: Config
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  /** A registration that expires then is being stored. */
  readonly onExpiration: (expiresAt: number) => void
  /** A message was published or changed its state. */
  readonly onMessageChange: (message: Message) => void
  /** Hears of whoever guesses passwords; defaults to nobody. */
  readonly log?: Log
  /** Undefined with --no-sandbox, and for the command line. */
  readonly sandbox: Sandbox | undefined
  /** Defaults to Argon2; `atOnceMax` is how many are hashed at the same time. */
  readonly hashes?: (atOnceMax: number) => PasswordHashes
  /** Defaults to the network, at public addresses. */
  readonly fetchKeySet?: FetchKeySet
}

/** Administrators who log in. */
const PASSWORDS_AT_ONCE = 2
/** One at a time: users who log in must not take the cores from phones that register, nor administrators' turns. */
const USER_PASSWORDS_AT_ONCE = 1

/** One process for all lines: it takes memory while there is one. */
function argon2(): (atOnceMax: number) => PasswordHashes {
  const process = new Argon2Process()
  return (atOnceMax) => new Argon2Hashes(atOnceMax, process)
}

/** The verbs of the product on one store: the same for the server and for the command line. */
export function composeServices(parts: ServiceParts): Services {
  const { config, storage, clock, random, sandbox, onExpiration } = parts
  const { store, sealer } = storage
  const hashes = parts.hashes ?? argon2()
  const passwords = hashes(PASSWORDS_AT_ONCE)
  const uncapped = new UncappedAddresses(config.connections.uncappedAddresses)
  const guessLimits = (whose: string) =>
    new GuessLimits(
      clock,
      (address) => uncapped.has(address),
      (address) =>
        parts.log?.warn({ address }, `too many wrong passwords of ${whose}: the address has to wait`),
    )
  // A line of their own for users who register, who need no account for it and so are not slowed down as guesses are.
  const lines = { logins: hashes(USER_PASSWORDS_AT_ONCE), registrations: hashes(USER_PASSWORDS_AT_ONCE) }
  const users = composeUsers(parts, lines, guessLimits("users"))
  const standstill = storage.masterKey === "good" ? "" : "no_master_key"
  const messages = new Messages({
    ...{ store, clock, random, checkPayload, standstill },
    onChange: parts.onMessageChange,
  })
  const devices = new Devices({ store, clock, limits: config.limits, onExpiration })
  const server = new ServerFacts({
    store,
    version: readVersion(),
    startedAt: clock.now(),
    limits: config.limits,
    payloadBytes: PAYLOAD_BYTES_MAX,
    hasSandbox: config.sandbox,
    hasMasterKey: storage.masterKey === "good",
  })
  const channels = new Channels({ store, clock, limits: config.limits })
  return {
    ...users,
    applications: new Applications({ store, sealer, clock, random }),
    keys: new Keys({ store, sealer, clock, random }),
    hosts: new Hosts({ store, clock }),
    permissions: new Permissions({
      store,
      clock,
      limits: config.limits,
      findUser: (application, id) => users.users.find(application, id),
    }),
    devices,
    deviceMessages: new DeviceMessages(store, clock, standstill),
    deviceSearch: new DeviceSearch({ store, clock }),
    channels,
    messages,
    resends: new Resends({ store, messages }),
    messagePreviews: new MessagePreviews({ store, clock, channels, preview: payloadPreview }),
    credentials: new Credentials({
      store,
      sealer,
      clock,
      checks: CREDENTIAL_CHECKS,
      attempt: (provider, input) => tryCredential(provider, input, { clock, random }),
    }),
    audit: new Audit(store.audit, clock, random),
    administrators: new Administrators({ store, clock, random, passwords }),
    administratorSessions: new AdministratorSessions({
      store,
      clock,
      random,
      passwords,
      guesses: guessLimits("administrators"),
    }),
    administratorTokens: new AdministratorTokens({ store, clock, random }),
    statistics: new Statistics(store, clock),
    phones: new Phones({ store, devices, server, clock, random, notifications: sandbox?.phones }),
    server,
    sandbox,
    now: () => clock.now(),
  }
}

function composeUsers(
  {
    storage: { store },
    clock,
    random,
    fetchKeySet = (url) => fetchJson(url, { clock }),
  }: Pick<ServiceParts, "storage" | "clock" | "random" | "fetchKeySet">,
  { logins, registrations }: { readonly logins: PasswordHashes; readonly registrations: PasswordHashes },
  guesses: GuessLimits,
): Pick<Services, "users" | "userSessions" | "userSettings" | "issuers"> {
  const settings = new UserSettingsOfApplications(store, clock)
  const issuers = new Issuers(store, new KeySets(fetchKeySet, clock), clock)
  const identityTokens = new IdentityTokens({ store, clock, random, issuers })
  const parts = { store, clock, random, settings, endings: new UserEndings() }
  return {
    issuers,
    userSettings: settings,
    users: new Users({ ...parts, passwords: registrations }),
    userSessions: new UserSessions({ ...parts, passwords: logins, guesses, identityTokens }),
  }
}
