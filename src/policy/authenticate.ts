import { hash } from "node:crypto"
import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import type { UserIdentity } from "../domain/roles.ts"
import { AddressRanges } from "../runtime/address-ranges.ts"
import type { Clock } from "../runtime/clock.ts"
import { type Log, silentLog } from "../runtime/log.ts"
import type { KeyOwner, Store } from "../store/store.ts"
import { type KeyPrincipal, keyPrincipal, withUser } from "./principal.ts"
import { RuleMemory } from "./rule-memory.ts"

/** A revoked key, a changed rule or a deleted application takes effect within this time, on every node. */
const REMEMBERED_MS = 2_000
const REMEMBERED_KEYS_MAX = 10_000
/** How often at most the use of a key is written down, and that it was refused where it is not accepted. */
const NOTED_EVERY_MS = 60_000

interface Remembered {
  readonly principal: KeyPrincipal
  readonly until: number
}

/** One of a key that is not accepted from everywhere. */
interface RememberedHere extends Remembered {
  readonly ranges: AddressRanges
}

/** Says which address the caller has; asked only about keys that are not accepted from everywhere. */
type CallerAddress = () => string

/** Tokens of a user that are remembered for each key; what is looked up in two seconds is far less. */
const REMEMBERED_TOKENS_MAX = 20_000
/** A longer one is looked up each time: headers may be long, and a memory of them too large. */
const REMEMBERED_TOKEN_LENGTH_MAX = 4_096

interface RememberedUser {
  readonly principal: KeyPrincipal
  readonly userId: string
  readonly until: number
  /** How many logins had ended when the store was asked. */
  readonly since: number
}

/** Finds the user behind a user token. */
export interface UserTokens {
  /** Undefined when the token is unknown, expired or of another application. */
  userOf(application: Application, token: string): Promise<UserIdentity | undefined>
  /** Logins that ended in this process: what is remembered of their users is wrong then. */
  readonly endings: {
    readonly count: number
    hasEndedSince(userId: string, since: number): boolean
  }
}

/** Who is calling: from what the request carries to a principal. Remembers keys for two seconds, failures never. */
export class Authentication {
  readonly #store: Store
  readonly #clock: Clock
  readonly #userTokens: UserTokens | undefined
  readonly #rules: RuleMemory
  readonly #remembered = new Map<string, Remembered>()
  /** Apart from the others, so that these cost no more than they did before keys had addresses. */
  readonly #rememberedHere = new Map<string, RememberedHere>()
  /** By the list that they were made of: making them takes longer than all else, and would tell a good key from a wrong one. */
  readonly #ranges = new Map<string, AddressRanges>()
  /** When it was last told of a key, by its number, that it was refused: monotonic milliseconds. */
  readonly #refusals = new Map<number, number>()
  readonly #log: Log
  readonly #refusalPause: () => Promise<void>
  /** By the holder of the key, so that it is forgotten with what is remembered of the key and its rules. */
  readonly #users = new WeakMap<KeyPrincipal, Map<string, RememberedUser>>()

  /**
   * Without `userTokens` no user can be logged in, so every user token is refused. `refusalPause` begins when the store is
   * asked for a key; a wrong one is refused when it is over.
   */
  constructor(
    store: Store,
    clock: Clock,
    userTokens?: UserTokens,
    log: Log = silentLog,
    refusalPause: () => Promise<void> = async () => {},
  ) {
    this.#log = log
    this.#refusalPause = refusalPause
    this.#store = store
    this.#clock = clock
    this.#userTokens = userTokens
    this.#rules = new RuleMemory(store.permissions)
  }

  /**
   * The remembered principal of `<application-id>/<api-key>`, for the path that cannot wait, if the key is accepted from
   * everywhere; undefined: ask `rememberedKeyFrom`, then `key`.
   */
  rememberedKey(keyPath: string): KeyPrincipal | undefined {
    const found = this.#remembered.get(keyPath)
    return found !== undefined && found.until > this.#clock.monotonic() ? found.principal : undefined
  }

  /** The same of a key that is accepted from certain addresses, for a caller at one of them. */
  rememberedKeyFrom(keyPath: string, address: CallerAddress): KeyPrincipal | undefined {
    const found = this.#rememberedHere.get(keyPath)
    if (found === undefined || found.until <= this.#clock.monotonic()) return undefined
    return found.ranges.has(address()) ? found.principal : undefined
  }

  /**
   * Throws `wrong_application_or_key`, also for a key that is not accepted from the address. Whoever stole it must not learn
   * that it is one, so the store is asked as for any wrong key, whatever is remembered (docs/adr/0027).
   */
  async key(applicationId: string, apiKey: string, address: CallerAddress): Promise<KeyPrincipal> {
    const keyPath = `${applicationId}/${apiKey}`
    const remembered = this.rememberedKey(keyPath) ?? this.rememberedKeyFrom(keyPath, address)
    if (remembered !== undefined) return remembered
    const keyHash = hash("sha256", apiKey, "hex")
    const principal = await this.#look(keyPath, address, (now) =>
      this.#store.applications.keyOwner(applicationId, keyHash, now),
    )
    if (principal !== undefined) return principal
    throw new DomainError(
      "wrong_application_or_key",
      "The application id or the API key in the path is wrong (both are in the App Settings), or the key is not accepted from your address.",
    )
  }

  /** `host` in lower case, without a port: a binding serves every port, and is accepted where its key is. */
  async host(host: string, address: CallerAddress): Promise<KeyPrincipal> {
    const name = `/${host}`
    const remembered = this.rememberedKey(name) ?? this.rememberedKeyFrom(name, address)
    if (remembered !== undefined) return remembered
    const principal = await this.#look(name, address, (now) => this.#store.applications.hostOwner(host, now))
    if (principal !== undefined) return principal
    throw new DomainError(
      "wrong_application_or_key",
      "The host name of the request is bound to no application, or to a key that is not accepted from your address; bind it with `belfry app host add`, or use /<application-id>/<api-key>/….",
    )
  }

  /** The remembered user of a token, for the path that cannot wait; undefined: ask `userToken`. */
  rememberedUser(holder: KeyPrincipal, token: string): KeyPrincipal | undefined {
    const found = this.#users.get(holder)?.get(token)
    if (found === undefined || found.until <= this.#clock.monotonic()) return undefined
    return this.#userTokens?.endings.hasEndedSince(found.userId, found.since) ? undefined : found.principal
  }

  /** Throws `bad_user_token` (3064) unless the token is of a user of the key's application. */
  async userToken(holder: KeyPrincipal, token: string): Promise<KeyPrincipal> {
    const remembered = this.rememberedUser(holder, token)
    if (remembered !== undefined) return remembered
    const until = this.#clock.monotonic() + REMEMBERED_MS
    const since = this.#userTokens?.endings.count ?? 0
    const user = await this.#userTokens?.userOf(holder.application, token)
    if (user !== undefined) {
      const principal = withUser(holder, user)
      this.#rememberUser(holder, token, { principal, userId: user.id, until, since })
      return principal
    }
    throw new DomainError(
      "bad_user_token",
      "Not existing user token. Relogin user to update your user token.",
    )
  }

  #rememberUser(holder: KeyPrincipal, token: string, user: RememberedUser): void {
    if (token.length > REMEMBERED_TOKEN_LENGTH_MAX) return
    const tokens = this.#users.get(holder) ?? new Map<string, RememberedUser>()
    if (tokens.size >= REMEMBERED_TOKENS_MAX) tokens.clear()
    tokens.set(token, user)
    this.#users.set(holder, tokens)
  }

  /** Nobody waits for it, and a store that cannot write must not make keys wrong. */
  #noteUse({ keyNumber, keyUsedAt }: KeyOwner, now: number): void {
    const isRecent = keyUsedAt !== undefined && now - keyUsedAt < NOTED_EVERY_MS && now >= keyUsedAt
    if (!isRecent) void this.#store.applications.noteKeyUse(keyNumber, now).catch(() => {})
  }

  /**
   * What is wrong is told when a pause is over that does not depend on it: the answer of the store about a good key that is
   * not accepted from here takes a sixth longer than none, enough to tell the two apart (docs/adr/0027).
   */
  async #look(
    name: string,
    address: CallerAddress,
    ask: (now: number) => Promise<KeyOwner | undefined>,
  ): Promise<KeyPrincipal | undefined> {
    const pause = this.#refusalPause()
    const principal = await this.#ask(name, address, ask)
    if (principal === undefined) await pause
    return principal
  }

  /** The two seconds begin before the store is asked: its answer may be that old when it arrives. */
  async #ask(
    name: string,
    address: CallerAddress,
    ask: (now: number) => Promise<KeyOwner | undefined>,
  ): Promise<KeyPrincipal | undefined> {
    const started = this.#clock.monotonic()
    const now = this.#clock.now()
    const owner = await ask(now)
    if (owner === undefined) return undefined
    const ranges = owner.addresses.length === 0 ? undefined : this.#rangesOf(owner.addresses)
    if (ranges?.has(address()) === false) {
      this.#tellRefusal(owner, address(), started)
      return undefined
    }
    this.#noteUse(owner, now)
    const rules = await this.#rules.of(owner.application.number, owner.rulesVersion)
    const principal = keyPrincipal(owner, rules)
    const lasts = Math.min(REMEMBERED_MS, (owner.validUntil ?? Number.POSITIVE_INFINITY) - now)
    const until = started + lasts
    if (ranges === undefined) remember(this.#remembered, name, { principal, until })
    else remember(this.#rememberedHere, name, { principal, until, ranges })
    return principal
  }

  #rangesOf(addresses: readonly string[]): AddressRanges {
    const list = addresses.join(" ")
    const known = this.#ranges.get(list)
    if (known !== undefined) return known
    const ranges = new AddressRanges(addresses)
    remember(this.#ranges, list, ranges)
    return ranges
  }

  /** The answer says that the key is wrong, so only the log can tell whoever forgot an address in its list. */
  #tellRefusal({ application, keyNumber, keyKind }: KeyOwner, address: string, now: number): void {
    if (now - (this.#refusals.get(keyNumber) ?? Number.NEGATIVE_INFINITY) < NOTED_EVERY_MS) return
    remember(this.#refusals, keyNumber, now)
    this.#log.warn(
      { applicationId: application.id, key: `${keyKind} ${keyNumber}`, address },
      "an API key is refused: it is not accepted from this address",
    )
  }
}

function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value): void {
  if (memory.size >= REMEMBERED_KEYS_MAX) memory.clear()
  memory.set(key, value)
}
