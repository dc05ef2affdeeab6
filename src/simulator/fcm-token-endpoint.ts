import { createPublicKey, type KeyObject } from "node:crypto"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import { AccessTokens } from "./access-tokens.ts"
import { jsonAnswer, oauthError } from "./fcm-errors.ts"
import { isSignedBy, type JsonWebToken, readJsonWebToken } from "./json-web-token.ts"
import type { ProviderAnswer, ProviderRequest } from "./provider-exchange.ts"

/** Google's OAuth token endpoint for service accounts: a signed assertion for an access token (providers.md 1.2). */

/** A service account; the file that Google hands out has these fields and may be passed as it is. */
export interface FcmAccount {
  readonly project_id: string
  readonly client_email: string
  /** PEM; the private key, or its public half. */
  readonly private_key: string
  readonly private_key_id?: string
  /** The project's number, accepted in paths in place of its id. */
  readonly project_number?: string
  /** False: pushes to iOS devices fail with THIRD_PARTY_AUTH_ERROR. Defaults to true. */
  readonly has_apns_key?: boolean
}

export interface FcmGrant {
  readonly account: Omit<FcmAccount, "private_key">
  readonly scopes: readonly string[]
}

interface TrustedAccount extends Omit<FcmAccount, "private_key"> {
  readonly publicKey: KeyObject
}

const GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
const SCOPE_PREFIX = "https://www.googleapis.com/auth/"
const LIFETIME_S = 3_599
const ASSERTION_LIFETIME_MAX_S = 3_600
const CLOCK_SKEW_S = 300

const TIME_PROBLEM =
  "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."

export class FcmTokenEndpoint {
  readonly #clock: Clock
  readonly #accounts = new Map<string, TrustedAccount>()
  /** By project id and by project number. */
  readonly #projects = new Map<string, TrustedAccount>()
  readonly #audiences = new Set([GOOGLE_AUDIENCE])
  readonly tokens: AccessTokens<FcmGrant>

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.tokens = new AccessTokens(clock, random, "ya29.")
  }

  /** Throws when the key is not PEM. */
  trust(account: FcmAccount): void {
    const { private_key: pem, ...rest } = account
    const trusted = { ...rest, publicKey: createPublicKey(pem) }
    this.#accounts.set(account.client_email, trusted)
    this.#projects.set(account.project_id, trusted)
    if (account.project_number !== undefined) this.#projects.set(account.project_number, trusted)
  }

  /** The endpoint's own address; Google's is accepted as well, because some clients cannot be told another. */
  setAddress(tokenUri: string): void {
    this.#audiences.add(tokenUri)
  }

  /** The trusted account of a project, by id or number; undefined when there is none. */
  accountOf(project: string): Omit<FcmAccount, "private_key"> | undefined {
    return this.#projects.get(project)
  }

  handle(request: ProviderRequest, givesExpired: boolean): ProviderAnswer {
    if (request.method !== "POST") return oauthError(405, "invalid_request", "Only POST is allowed.")
    const form = new URLSearchParams(request.body.toString())
    if (form.get("grant_type") !== JWT_BEARER) {
      return oauthError(400, "unsupported_grant_type", `Invalid grant_type: ${form.get("grant_type") ?? ""}`)
    }
    const assertion = readJsonWebToken(form.get("assertion") ?? "")
    if (assertion === undefined) return oauthError(400, "invalid_grant", "Bad Request: no valid assertion.")
    return this.#answer(assertion, givesExpired)
  }

  #answer(assertion: JsonWebToken, givesExpired: boolean): ProviderAnswer {
    const account = this.#accounts.get(String(assertion.claims["iss"]))
    if (account === undefined) {
      return oauthError(400, "invalid_grant", "Invalid grant: account not found")
    }
    const problem = this.#problemWith(assertion, account)
    if (problem !== undefined) return oauthError(400, "invalid_grant", problem)
    const scopes = String(assertion.claims["scope"] ?? "")
      .split(" ")
      .filter((scope) => scope !== "")
    if (scopes.length === 0 || !scopes.every((scope) => scope.startsWith(SCOPE_PREFIX))) {
      return oauthError(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    }
    const { publicKey, ...rest } = account
    const token = this.tokens.issue({ account: rest, scopes }, givesExpired ? 0 : LIFETIME_S * 1000)
    return jsonAnswer(200, { access_token: token, expires_in: LIFETIME_S, token_type: "Bearer" })
  }

  #problemWith(assertion: JsonWebToken, account: TrustedAccount): string | undefined {
    if (!isSignedBy(assertion, "RS256", account.publicKey)) return "Invalid JWT Signature."
    const { aud, iat, exp } = assertion.claims
    if (typeof aud !== "string" || !this.#audiences.has(aud)) {
      return "Invalid JWT: Failed audience check."
    }
    if (typeof iat !== "number" || typeof exp !== "number") return TIME_PROBLEM
    const now = this.#clock.now() / 1000
    const isTimely = iat <= now + CLOCK_SKEW_S && exp > now && exp > iat
    return isTimely && exp - iat <= ASSERTION_LIFETIME_MAX_S ? undefined : TIME_PROBLEM
  }
}
