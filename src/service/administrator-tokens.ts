import { hash } from "node:crypto"
import { checkedApplicationIds, checkedScope } from "../domain/administrator.ts"
import { DomainError } from "../domain/errors.ts"
import { checkedText } from "../domain/text.ts"
import type { AdministratorPrincipal } from "../policy/principal.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import type { AdministratorToken } from "../store/administrator-store.ts"
import type { Store } from "../store/store.ts"
import { checkedApplications } from "./existing-application.ts"
import { NotedUses } from "./noted-uses.ts"

export interface AdministratorTokensOptions {
  readonly store: Pick<Store, "administrators" | "applications">
  readonly clock: Clock
  readonly random: Random
}

/** What a new token is made of, unchecked. */
export interface NewTokenInput {
  /** Whose it is or what it is for. Defaults to the empty label. */
  readonly label?: unknown
  readonly scope?: unknown
  /** Ids of the applications that it is restricted to; undefined or null: no restriction. */
  readonly applications?: unknown
  /** Milliseconds since 1970; undefined or null: never. */
  readonly expiresAt?: unknown
}

/** What may be shown of a token. */
export type TokenView = AdministratorToken

/** For whoever asked for it, never for a log. */
export interface RevealedToken extends AdministratorToken {
  readonly token: string
}

/** Tells people and secret scanners what it is. */
const PREFIX = "bat_"
/** 256 random bits: a plain hash of it is enough (reliability 2.3). */
const SECRET_BYTES = 32
const LABEL_RULE = { min: 0, max: 100 }
const TOKENS_MAX = 1000

/** Administrators' tokens for `/admin/v1`, for automation. Only their hashes are kept: a token is shown once. */
export class AdministratorTokens {
  readonly #options: AdministratorTokensOptions
  readonly #uses = new NotedUses()

  constructor(options: AdministratorTokensOptions) {
    this.#options = options
  }

  /** The token is `bat_` and 43 characters of base64url. Throws `conflict` beyond 1 000 tokens. */
  async create(input: NewTokenInput): Promise<RevealedToken> {
    const { store, clock, random } = this.#options
    const now = clock.now()
    const label = checkedText(input.label ?? "", "label", LABEL_RULE)
    const scope = checkedScope(input.scope)
    const expiresAt = checkedExpiration(input.expiresAt ?? undefined, now)
    const applications = await checkedApplications(store, checkedApplicationIds(input.applications))
    const token = PREFIX + random.bytes(SECRET_BYTES).toString("base64url")
    const created = await store.administrators.createToken(
      { hash: hash("sha256", token, "hex"), label, scope, applications, expiresAt },
      { now, tokensMax: TOKENS_MAX },
    )
    return { ...created, token }
  }

  /** In the order of their creation, expired ones included. */
  list(): Promise<readonly AdministratorToken[]> {
    return this.#options.store.administrators.listTokens()
  }

  /** From now on the token is refused. Throws `not_found` for an unknown number. */
  async revoke(number: number): Promise<void> {
    if (await this.#options.store.administrators.removeToken(number)) return
    throw new DomainError(
      "not_found",
      `No administrator's token has the number ${number}; \`belfry token list\` shows those that exist.`,
    )
  }

  /**
   * Who sends the token; undefined when it is unknown, revoked or has expired. The store is asked every time, so that a
   * revocation is in force at once, whichever process it came from.
   */
  async principalOf(token: string): Promise<AdministratorPrincipal | undefined> {
    const { store, clock } = this.#options
    const now = clock.now()
    const found = await store.administrators.tokenByHash(hash("sha256", token, "hex"), now)
    if (found === undefined) return undefined
    const { number, label, scope, applications, expiresAt, lastUsedAt } = found
    if (this.#uses.isDue(number, lastUsedAt, now)) {
      // A store that cannot write must not keep administrators from looking what is wrong.
      await store.administrators.noteTokenUse(number, now).catch(() => {})
    }
    return {
      kind: "administrator",
      label: label === "" ? `token ${number}` : `token ${number} (${label})`,
      scope,
      ...(applications !== undefined && { applications: new Set(applications) }),
      via: { kind: "token", token: number, endsAt: expiresAt },
    }
  }
}

function checkedExpiration(value: unknown, now: number): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new DomainError(
      "invalid_property",
      "expiresAt must be a time in milliseconds since 1970, or null.",
      {
        property: "expiresAt",
      },
    )
  }
  if (value > now) return value
  throw new DomainError("invalid_expiration", "expiresAt is not after the current time.", {
    property: "expiresAt",
  })
}
