import { hash } from "node:crypto"
import { DomainError } from "../domain/errors.ts"
import type { Clock } from "../runtime/clock.ts"
import type { KeyOwner, Store } from "../store/store.ts"
import type { AdministratorPrincipal, KeyPrincipal } from "./principal.ts"

/** A revoked key or a deleted application stops working within this time, on every node. */
const REMEMBERED_MS = 2_000
const REMEMBERED_KEYS_MAX = 10_000

interface Remembered {
  readonly principal: KeyPrincipal
  readonly until: number
}

/** Who is calling: from what the request carries to a principal. Remembers keys for two seconds, failures never. */
export class Authentication {
  readonly #store: Store
  readonly #clock: Clock
  readonly #remembered = new Map<string, Remembered>()

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** The remembered principal, for the path that cannot wait; undefined: ask `key`. */
  rememberedKey(applicationId: string, apiKey: string): KeyPrincipal | undefined {
    const found = this.#remembered.get(`${applicationId}/${apiKey}`)
    return found !== undefined && found.until > this.#clock.monotonic() ? found.principal : undefined
  }

  async key(applicationId: string, apiKey: string): Promise<KeyPrincipal> {
    const remembered = this.rememberedKey(applicationId, apiKey)
    if (remembered !== undefined) return remembered
    const owner = await this.#store.applications.keyOwner(applicationId, hash("sha256", apiKey, "hex"))
    if (owner === undefined) {
      throw new DomainError(
        "wrong_application_or_key",
        "The application id or the API key in the path is wrong; both are in the App Settings.",
      )
    }
    return this.#remember(`${applicationId}/${apiKey}`, owner)
  }

  /** `host` in lower case, without a port: a binding serves every port. */
  async host(host: string): Promise<KeyPrincipal> {
    const remembered = this.rememberedKey("", host)
    if (remembered !== undefined) return remembered
    const owner = await this.#store.applications.hostOwner(host)
    if (owner === undefined) {
      throw new DomainError(
        "wrong_application_or_key",
        "The host name of the request is bound to no application; bind it with `belfry app host add`, or use /<application-id>/<api-key>/….",
      )
    }
    return this.#remember(`/${host}`, owner)
  }

  /** For now no user can log in, so every user token is refused (contract 6.3). */
  async userToken(_principal: KeyPrincipal, _token: string): Promise<KeyPrincipal> {
    throw badUserToken()
  }

  async administrator(bearer: string | undefined): Promise<AdministratorPrincipal> {
    const token =
      bearer === undefined
        ? undefined
        : await this.#store.administrators.tokenByHash(hash("sha256", bearer, "hex"))
    if (token === undefined) {
      throw new DomainError(
        "not_authenticated",
        "The management API needs an administrator's token: `Authorization: Bearer …`, made by `belfry token create`.",
      )
    }
    return { kind: "administrator", label: token.label, scope: token.scope }
  }

  #remember(name: string, owner: KeyOwner): KeyPrincipal {
    if (this.#remembered.size >= REMEMBERED_KEYS_MAX) this.#remembered.clear()
    const principal: KeyPrincipal = { kind: "key", ...owner }
    this.#remembered.set(name, { principal, until: this.#clock.monotonic() + REMEMBERED_MS })
    return principal
  }
}

export function badUserToken(): DomainError {
  return new DomainError("bad_user_token", "Not existing user token. Relogin user to update your user token.")
}
