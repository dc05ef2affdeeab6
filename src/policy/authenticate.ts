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

interface Remembered {
  readonly principal: KeyPrincipal
  readonly until: number
}

/** Finds the user behind a user token; undefined when it is unknown, expired or of another application. */
export interface UserTokens {
  userOf(application: Application, token: string): Promise<UserIdentity | undefined>
}

/** Who is calling: from what the request carries to a principal. Remembers keys for two seconds, failures never. */
export class Authentication {
  readonly #store: Store
  readonly #clock: Clock
  readonly #userTokens: UserTokens | undefined
  readonly #rules: RuleMemory
  readonly #remembered = new Map<string, Remembered>()

  /** Without `userTokens` no user can be logged in, so every user token is refused. */
  constructor(store: Store, clock: Clock, userTokens?: UserTokens) {
    this.#store = store
    this.#clock = clock
    this.#userTokens = userTokens
    this.#rules = new RuleMemory(store.permissions)
  }

  /** The remembered principal, for the path that cannot wait; undefined: ask `key`. */
  rememberedKey(applicationId: string, apiKey: string): KeyPrincipal | undefined {
    const found = this.#remembered.get(`${applicationId}/${apiKey}`)
    return found !== undefined && found.until > this.#clock.monotonic() ? found.principal : undefined
  }

  async key(applicationId: string, apiKey: string): Promise<KeyPrincipal> {
    const remembered = this.rememberedKey(applicationId, apiKey)
    if (remembered !== undefined) return remembered
    const keyHash = hash("sha256", apiKey, "hex")
    const principal = await this.#look(`${applicationId}/${apiKey}`, (now) =>
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
    const remembered = this.rememberedKey("", host)
    if (remembered !== undefined) return remembered
    const principal = await this.#look(`/${host}`, (now) => this.#store.applications.hostOwner(host, now))
    if (principal !== undefined) return principal
    throw new DomainError(
      "wrong_application_or_key",
      "The host name of the request is bound to no application; bind it with `belfry app host add`, or use /<application-id>/<api-key>/….",
    )
  }

  /** Throws `bad_user_token` (3064) unless the token is of a user of the key's application. */
  async userToken(principal: KeyPrincipal, token: string): Promise<KeyPrincipal> {
    const user = await this.#userTokens?.userOf(principal.application, token)
    if (user !== undefined) return withUser(principal, user)
    throw new DomainError(
      "bad_user_token",
      "Not existing user token. Relogin user to update your user token.",
    )
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
    const rules = await this.#rules.of(owner.application.number, owner.rulesVersion)
    const principal = keyPrincipal(owner, rules)
    const lasts = Math.min(REMEMBERED_MS, (owner.validUntil ?? Number.POSITIVE_INFINITY) - now)
    if (this.#remembered.size >= REMEMBERED_KEYS_MAX) this.#remembered.clear()
    this.#remembered.set(name, { principal, until: started + lasts })
    return principal
  }
}
