import { type KeyObject, sign } from "node:crypto"
import type { Clock } from "../runtime/clock.ts"
import type { AuthorizationSource, AuthorizationState } from "./authorization.ts"

/** A compact JWS (RFC 7515) of the claims: ES256 for an EC key, RS256 for an RSA key. Costs 0.2 or 3 ms. */
export function signJwt(key: KeyObject, header: object, claims: object): string {
  const isElliptic = key.asymmetricKeyType === "ec"
  const protectedHeader = { alg: isElliptic ? "ES256" : "RS256", ...header }
  const input = `${base64UrlJson(protectedHeader)}.${base64UrlJson(claims)}`
  // JOSE wants r‖s, not the DER structure that node makes by default.
  const signingKey = isElliptic ? { key, dsaEncoding: "ieee-p1363" as const } : key
  return `${input}.${sign("sha256", Buffer.from(input), signingKey).toString("base64url")}`
}

function base64UrlJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url")
}

export interface ApnsKey {
  readonly key: KeyObject
  readonly keyId: string
  readonly teamId: string
}

/** Apple refuses tokens older than 60 minutes. */
const RENEW_AFTER_MS = 50 * 60_000
/** Apple refuses a second new token on a connection within 20 minutes; none of ours is replaced earlier. */
const LEAST_AGE_MS = 20 * 60_000

/** The provider token of one APNs key (providers.md 2.2): made when first asked for, kept for 50 minutes. */
export class ApnsTokens implements AuthorizationSource {
  readonly #key: ApnsKey
  readonly #clock: Clock
  #state: (AuthorizationState & { kind: "ready" }) | undefined
  #madeAt = 0
  #issuedAt = 0
  #isServed = false

  constructor(key: ApnsKey, clock: Clock) {
    this.#key = key
    this.#clock = clock
  }

  current(): AuthorizationState {
    if (this.#state === undefined || this.#isDue()) return this.#renew()
    return this.#state
  }

  served(version: number): void {
    if (version === this.#state?.authorization.version) this.#isServed = true
  }

  refused(version: number): "renewed" | "stale" | "hopeless" {
    if (this.#state === undefined || version < this.#state.authorization.version) return "stale"
    if (this.#age() < LEAST_AGE_MS) return "hopeless"
    this.#renew()
    return "renewed"
  }

  close(): void {}

  /**
   * By both clocks: the monotonic one may stand still while a machine sleeps, the wall clock may be set. Made by a clock that
   * was ahead, as before the network was there to set it, a token that Apple has not accepted yet will be refused.
   */
  #isDue(): boolean {
    const wallAge = this.#clock.now() - this.#issuedAt
    const wasSetBack = wallAge < 0 && (!this.#isServed || this.#age() >= LEAST_AGE_MS)
    return this.#age() >= RENEW_AFTER_MS || wallAge >= RENEW_AFTER_MS || wasSetBack
  }

  #age(): number {
    return this.#clock.monotonic() - this.#madeAt
  }

  #renew(): AuthorizationState {
    this.#madeAt = this.#clock.monotonic()
    this.#issuedAt = this.#clock.now()
    this.#isServed = false
    const { key, keyId, teamId } = this.#key
    const jwt = signJwt(key, { kid: keyId }, { iss: teamId, iat: Math.floor(this.#issuedAt / 1000) })
    const version = (this.#state?.authorization.version ?? 0) + 1
    this.#state = { kind: "ready", authorization: { value: `bearer ${jwt}`, version } }
    return this.#state
  }
}
