import { hash } from "node:crypto"
import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import type { UserIdentity } from "../domain/roles.ts"
import type { Clock } from "../runtime/clock.ts"
import type { KeyOwner, Store } from "../store/store.ts"
import { type KeyPrincipal, keyPrincipal, withUser } from "./principal.ts"
import { RuleMemory } from "./rule-memory.ts"

/** A revoked key, a changed rule or a deleted application takes effect within this time, on every node. */
const REMEMBERED_MS = 2_000
const REMEMBERED_KEYS_MAX = 10_000
/** How often at most the use of a key is written down. */
const NOTED_EVERY_MS = 60_000

interface Remembered {
  readonly principal: KeyPrincipal
  readonly until: number
}

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
  /** By the holder of the key, so that it is forgotten with what is remembered of the key and its rules. */
  readonly #users = new WeakMap<KeyPrincipal, Map<string, RememberedUser>>()

  /** Without `userTokens` no user can be logged in, so every user token is refused. */
  constructor(store: Store, clock: Clock, userTokens?: UserTokens) {
    this.#store = store
    this.#clock = clock
    this.#userTokens = userTokens
    this.#rules = new RuleMemory(store.permissions)
  }

  /** The remembered principal of `<application-id>/<api-key>`, for the path that cannot wait; undefined: ask `key`. */
  rememberedKey(keyPath: string): KeyPrincipal | undefined {
    const found = this.#remembered.get(keyPath)
    return found !== undefined && found.until > this.#clock.monotonic() ? found.principal : undefined
  }

  async key(applicationId: string, apiKey: string): Promise<KeyPrincipal> {
    const keyPath = `${applicationId}/${apiKey}`
    const remembered = this.rememberedKey(keyPath)
    if (remembered !== undefined) return remembered
    const keyHash = hash("sha256", apiKey, "hex")
    const principal = await this.#look(keyPath, (now) =>
      this.#store.applications.keyOwner(applicationId, keyHash, now),
    )
    if (principal !== undefined) return principal
    throw new DomainError(
      "wrong_application_or_key",
      "The application id or the API key in the path is wrong; both are in the App Settings.",
    )
  }

  /** `host` in lower case, without a port: a binding serves every port. */
  async host(host: string): Promise<KeyPrincipal> {
    const remembered = this.rememberedKey(`/${host}`)
    if (remembered !== undefined) return remembered
    const principal = await this.#look(`/${host}`, (now) => this.#store.applications.hostOwner(host, now))
    if (principal !== undefined) return principal
    throw new DomainError(
      "wrong_application_or_key",
      "The host name of the request is bound to no application; bind it with `belfry app host add`, or use /<application-id>/<api-key>/….",
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

  /** The two seconds begin before the store is asked: its answer may be that old when it arrives. */
  async #look(
    name: string,
    ask: (now: number) => Promise<KeyOwner | undefined>,
  ): Promise<KeyPrincipal | undefined> {
    const started = this.#clock.monotonic()
    const now = this.#clock.now()
    const owner = await ask(now)
    if (owner === undefined) return undefined
    this.#noteUse(owner, now)
    const rules = await this.#rules.of(owner.application.number, owner.rulesVersion)
    const principal = keyPrincipal(owner, rules)
    const lasts = Math.min(REMEMBERED_MS, (owner.validUntil ?? Number.POSITIVE_INFINITY) - now)
    if (this.#remembered.size >= REMEMBERED_KEYS_MAX) this.#remembered.clear()
    this.#remembered.set(name, { principal, until: started + lasts })
    return principal
  }
}
