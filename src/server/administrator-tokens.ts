import { hash } from "node:crypto"
import { DomainError } from "../domain/errors.ts"
import { MANAGEMENT_SCOPES, type ManagementScope } from "../domain/permission.ts"
import { checkedText } from "../domain/text.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import type { AdministratorToken, Store } from "../store/store.ts"

export interface AdministratorTokensOptions {
  readonly store: Pick<Store, "administrators">
  readonly clock: Clock
  readonly random: Random
}

/** Tells people and secret scanners what it is. */
const PREFIX = "bat_"
/** 256 random bits: a plain hash of it is enough (reliability 2.3). */
const SECRET_BYTES = 32
const LABEL_RULE = { min: 0, max: 100 }

/** Administrators' tokens for `/admin/v1`. Only their hashes are kept: a token is shown once. */
export class AdministratorTokens {
  readonly #options: AdministratorTokensOptions

  constructor(options: AdministratorTokensOptions) {
    this.#options = options
  }

  /** `bat_` and 43 characters of base64url. */
  async create(label: unknown, scope: unknown): Promise<string> {
    const { store, clock, random } = this.#options
    const checked = { label: checkedText(label, "label", LABEL_RULE), scope: checkedScope(scope) }
    const token = PREFIX + random.bytes(SECRET_BYTES).toString("base64url")
    await store.administrators.createToken({ ...checked, hash: hash("sha256", token, "hex") }, clock.now())
    return token
  }

  list(): Promise<readonly AdministratorToken[]> {
    return this.#options.store.administrators.listTokens()
  }

  /** Throws `not_found` for an unknown number. */
  async remove(number: number): Promise<void> {
    if (await this.#options.store.administrators.removeToken(number)) return
    throw new DomainError(
      "not_found",
      `No administrator's token has the number ${number}; \`belfry token list\` shows those that exist.`,
    )
  }
}

function checkedScope(value: unknown): ManagementScope {
  const scope = MANAGEMENT_SCOPES.find((known) => known === value)
  if (scope !== undefined) return scope
  throw new DomainError("invalid_property", `scope must be one of ${MANAGEMENT_SCOPES.join(", ")}.`, {
    property: "scope",
  })
}
