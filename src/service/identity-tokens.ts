import { hash } from "node:crypto"
import type { JWTPayload } from "jose"
import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import type { Issuer, KeySet } from "../domain/issuer.ts"
import { isSystemRole, type UserIdentity } from "../domain/roles.ts"
import { checkedText } from "../domain/text.ts"
import type { User, UserOrigin } from "../domain/user.ts"
import { asDate, type Clock } from "../runtime/clock.ts"
import { type Random, upperCaseUuid } from "../runtime/random.ts"
import type { Store } from "../store/store.ts"
import type { Issuers } from "./issuers.ts"

export interface IdentityTokensOptions {
  readonly store: Pick<Store, "users" | "issuers">
  readonly clock: Clock
  readonly random: Random
  readonly issuers: Issuers
}

/** A token that is what it says. */
interface VerifiedToken {
  readonly issuer: Issuer
  readonly origin: UserOrigin
  /** Milliseconds since 1970, by the clock of the issuer. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly roles: readonly string[]
}

/** Loaded with the first token: most servers know no issuer, and it is 4 MB. */
const loadJose = () => import("jose")
type Jose = Awaited<ReturnType<typeof loadJose>>

const LENGTH_MAX = 8_192
/** Whatever the issuer says, a token lasts a day at most: it can be ended only one by one, or all of a user. */
const LASTS_S_MAX = 86_400
const CLOCK_SKEW_S = 60
/** A token is used a while after it was issued, so a clock is further ahead than it is seen to be: by less than this. */
const UNSEEN_AHEAD_MS = 5_000
const SUBJECT_RULE = { min: 1, max: 255 }
const ROLES_MAX = 50
const ROLE_LENGTH_MAX = 50
/** A key comes from the configured set alone: headers that bring or point to another one are not even looked at. */
const FORBIDDEN_HEADERS = ["jku", "jwk", "x5u", "x5c", "crit"]

/** User tokens that are JWTs of a configured issuer (docs/adr/0014; RFC 8725). */
export class IdentityTokens {
  readonly #options: IdentityTokensOptions

  constructor(options: IdentityTokensOptions) {
    this.#options = options
  }

  /**
   * Who sends the token, as a user who is created at the first sight of them. Undefined when it is none of a configured
   * issuer for this application, has expired or was ended; throws `user_disabled` (3090).
   */
  async userOf(application: Application, token: string): Promise<UserIdentity | undefined> {
    const verified = await this.#verified(application, token)
    if (verified === undefined) return undefined
    const { store } = this.#options
    if (await store.issuers.hasEnded(application.number, nameOf(token))) return undefined
    const surelyIssuedAt = this.#surelyIssuedAt(application, verified)
    const user = await this.#user(application, verified.origin, surelyIssuedAt)
    if (user === undefined) return undefined
    // A token says in whole seconds when it was issued: one of the same second may be either.
    if (verified.issuedAt <= user.tokensSince) return undefined
    if (user.status === "DISABLED") throw new DomainError("user_disabled", "The user is disabled.")
    if (surelyIssuedAt <= user.tokensSince) return undefined
    return { id: user.id, kind: user.kind, roles: [...new Set([...user.roles, ...verified.roles])].sort() }
  }

  /** Ends this token; returns the id of its user, undefined when it was none. */
  async end(application: Application, token: string): Promise<string | undefined> {
    const { store, clock } = this.#options
    const verified = await this.#verified(application, token)
    if (verified === undefined) return undefined
    const times = { now: clock.now(), expiresAt: verified.expiresAt + CLOCK_SKEW_S * 1000 }
    await store.issuers.endToken(application.number, nameOf(token), times)
    return (await store.users.byOrigin(application.number, verified.origin))?.id
  }

  /**
   * A token from the future that was used before the tokens of its user ended would otherwise be one that was issued since.
   * Every such token shows how far its issuer is ahead at least; what was seen is kept with the issuer, so that a restart
   * does not bring back what was ended.
   */
  #surelyIssuedAt(application: Application, { issuer, issuedAt }: VerifiedToken): number {
    const { clock, issuers } = this.#options
    // In whole seconds, as tokens have them: there are few to be noted.
    const seenMs = Math.ceil((issuedAt - clock.now()) / 1000) * 1000
    if (seenMs > issuer.aheadMs) void issuers.noteAhead(application.number, issuer, seenMs)
    const aheadMs = Math.max(seenMs, issuer.aheadMs)
    return aheadMs > 0 ? issuedAt - Math.min(aheadMs + UNSEEN_AHEAD_MS, CLOCK_SKEW_S * 1000) : issuedAt
  }

  async #verified(application: Application, token: string): Promise<VerifiedToken | undefined> {
    const issuers = await this.#options.issuers.of(application.number)
    if (token.length > LENGTH_MAX || issuers.length === 0) return undefined
    const jose = await loadJose()
    const claim = claimOf(jose, token)
    if (claim === undefined) return undefined
    const issuer = issuers.find((one) => one.issuer === claim.issuer)
    const keySet = issuer && (await this.#options.issuers.keySetOf(issuer, claim.kid))
    if (issuer === undefined || keySet === undefined) return undefined
    const payload = await this.#payload(jose, application, token, issuer, keySet)
    return payload && verifiedToken(payload, issuer, this.#options.clock.now())
  }

  async #payload(
    { createLocalJWKSet, jwtVerify }: Jose,
    application: Application,
    token: string,
    issuer: Issuer,
    keySet: KeySet,
  ): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...keySet.keys] }), {
        algorithms: [...issuer.algorithms],
        issuer: issuer.issuer,
        audience: application.id,
        clockTolerance: CLOCK_SKEW_S,
        currentDate: asDate(this.#options.clock.now()),
        requiredClaims: ["sub", "iat", "exp"],
      })
      return payload
    } catch {
      // Whatever was wrong with it, to its sender it is a token that does not exist.
      return undefined
    }
  }

  /** Undefined when the user was removed after the token was issued. */
  async #user(application: Application, origin: UserOrigin, issuedAt: number): Promise<User | undefined> {
    const { store, clock, random } = this.#options
    const known = await store.users.byOrigin(application.number, origin)
    if (known !== undefined) return known
    const tokensSince = (await store.users.originRemovedAt(application.number, origin)) ?? 0
    if (issuedAt <= tokensSince) return undefined
    const user = {
      id: upperCaseUuid(random),
      kind: "social",
      status: "ENABLED",
      identity: undefined,
      origin,
      passwordHash: undefined,
      properties: {},
      roles: [],
      tokensSince,
    } as const
    // Two requests of a new user may come at once: whoever is second finds the first one's.
    const created =
      (await store.users.create(application.number, user, clock.now())) ??
      (await store.users.byOrigin(application.number, origin))
    if (created === undefined) throw new Error("a user of an issuer was neither created nor found")
    return created
  }
}

/** What a token says of itself before anything is believed: only to find the key that proves it. */
function claimOf(
  { decodeJwt, decodeProtectedHeader }: Jose,
  token: string,
): { readonly issuer: string; readonly kid: string } | undefined {
  try {
    const header = decodeProtectedHeader(token)
    const { iss } = decodeJwt(token)
    const isPlain = FORBIDDEN_HEADERS.every((name) => !(name in header))
    return isPlain && typeof iss === "string" && typeof header.kid === "string"
      ? { issuer: iss, kid: header.kid }
      : undefined
  } catch {
    return undefined
  }
}

function verifiedToken(payload: JWTPayload, issuer: Issuer, now: number): VerifiedToken | undefined {
  const { sub, iat, exp } = payload
  if (sub === undefined || iat === undefined || exp === undefined) return undefined
  const lastsTooLong = exp - iat > LASTS_S_MAX || exp * 1000 > now + (LASTS_S_MAX + CLOCK_SKEW_S) * 1000
  const isEarly = iat * 1000 > now + CLOCK_SKEW_S * 1000
  const subject = subjectOf(sub)
  if (lastsTooLong || isEarly || subject === undefined) return undefined
  return {
    issuer,
    origin: { issuer: issuer.issuer, subject },
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
    roles: rolesOf(payload, issuer.rolesClaim),
  }
}

/** Undefined for one that is no text, or that stores could take for another (design D8). */
function subjectOf(sub: unknown): string | undefined {
  try {
    const subject = checkedText(sub, "sub", SUBJECT_RULE)
    return subject === sub ? subject : undefined
  } catch {
    return undefined
  }
}

/** Custom roles only: an issuer must not make its users holders of a server's key. */
function rolesOf(payload: JWTPayload, claim: string | undefined): readonly string[] {
  const value = claim === undefined ? undefined : claimValue(payload, claim)
  const names = typeof value === "string" ? value.split(/[\s,]+/) : Array.isArray(value) ? value : []
  return names
    .filter(
      (name): name is string => typeof name === "string" && name !== "" && name.length <= ROLE_LENGTH_MAX,
    )
    .filter((name) => !isSystemRole(name))
    .slice(0, ROLES_MAX)
}

/** The claim of that name, which may hold dots (`https://example.com/roles`), else what the path leads to. */
function claimValue(payload: JWTPayload, claim: string): unknown {
  if (Object.hasOwn(payload, claim)) return payload[claim]
  let value: unknown = payload
  for (const name of claim.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return value
}

/**
 * By what is signed, without the signature: of the same token there are several spellings that are all valid (the last
 * character of base64url has bits that mean nothing, and an ES256 signature has a twin), and a logout ends every one.
 */
function nameOf(token: string): string {
  return hash("sha256", token.slice(0, token.lastIndexOf(".")), "hex")
}
