import { createPublicKey, type KeyObject } from "node:crypto"
import type { ApnsReason } from "./apns-rejections.ts"
import type { ApnsEnvironment } from "./device-states.ts"
import { isSignedBy, type JsonWebToken, readJsonWebToken } from "./json-web-token.ts"

/** APNs provider tokens: who may send for which topic, and what a connection remembers of it (providers.md 2.2). */

export interface ApnsKey {
  /** 10 characters. */
  readonly keyId: string
  /** 10 characters. */
  readonly teamId: string
  /** PEM, the private .p8 key or its public half. */
  readonly key: string
  /** Bundle ids that the key may send for; suffixes such as ".voip" come on top. Defaults to all. */
  readonly topics?: readonly string[]
  /** The only environment that the key is good for. Defaults to both. */
  readonly environment?: ApnsEnvironment
  /** "topic": may share a connection only with itself and its related key. Defaults to "team". */
  readonly scope?: "team" | "topic"
  /** The one other topic-specific key that may follow this one on a connection. */
  readonly relatedKeyId?: string
}

interface TrustedApnsKey extends Omit<ApnsKey, "key"> {
  readonly publicKey: KeyObject
}

/** What one connection remembers; starts empty. */
export interface ApnsConnectionMemory {
  /** The authorization header accepted last, so that only a new one is verified. */
  authorization?: string
  key?: TrustedApnsKey
  /** When the current provider token was issued, s since 1970. */
  issuedAt?: number
  /** Monotonic ms at which the current provider token was first used here. */
  usedSince?: number
  /** An expired token was used: the connection keeps refusing until it is closed. */
  isWedged?: boolean
}

type ApnsAuthorization =
  | { readonly key: TrustedApnsKey; readonly reason?: never }
  | { readonly reason: ApnsReason; readonly key?: never }

interface Instant {
  /** ms since 1970 */
  readonly now: number
  /** ms since some fixed point */
  readonly monotonic: number
}

const TOKEN_LIFETIME_S = 3_600
const CLOCK_SKEW_S = 300
const TOKEN_CHANGE_MIN_MS = 20 * 60_000

export class ApnsAuthorizer {
  readonly #keys = new Map<string, TrustedApnsKey>()
  readonly #environment: ApnsEnvironment
  readonly #wrongEnvironmentReason: ApnsReason

  /** `usesOldSpelling`: answers BadEnvironmentKeyInToken, as has been seen on the wire. */
  constructor(environment: ApnsEnvironment, usesOldSpelling: boolean) {
    this.#environment = environment
    this.#wrongEnvironmentReason = usesOldSpelling ? "BadEnvironmentKeyInToken" : "BadEnvironmentKeyIdInToken"
  }

  /** Throws when the key is not PEM. */
  trust(key: ApnsKey): void {
    const { key: pem, ...rest } = key
    this.#keys.set(key.keyId, { ...rest, publicKey: createPublicKey(pem) })
  }

  /** Judges the authorization header of one request. */
  authorize(header: string | undefined, memory: ApnsConnectionMemory, at: Instant): ApnsAuthorization {
    if (memory.isWedged === true) return { reason: "ExpiredProviderToken" }
    if (header !== undefined && header === memory.authorization && memory.key !== undefined) {
      if (!isExpired(memory.issuedAt ?? 0, at.now)) return { key: memory.key }
      memory.isWedged = true
      return { reason: "ExpiredProviderToken" }
    }
    return this.#authorizeNew(header, memory, at)
  }

  #authorizeNew(header: string | undefined, memory: ApnsConnectionMemory, at: Instant): ApnsAuthorization {
    const compact = /^bearer +(\S+)$/i.exec(header ?? "")?.[1]
    if (header === undefined || compact === undefined) return { reason: "MissingProviderToken" }
    const token = readJsonWebToken(compact)
    const key = token && this.#keys.get(String(token.header["kid"]))
    if (token === undefined || key === undefined || !isGenuine(token, key, at.now)) {
      return { reason: "InvalidProviderToken" }
    }
    const issuedAt = token.claims["iat"] as number
    if (isExpired(issuedAt, at.now)) {
      memory.isWedged = true
      return { reason: "ExpiredProviderToken" }
    }
    const reason = this.#reasonAgainstKey(key, memory) ?? reasonAgainstChange(memory, at.monotonic)
    if (reason !== undefined) return { reason }
    Object.assign(memory, { authorization: header, key, issuedAt, usedSince: at.monotonic })
    return { key }
  }

  #reasonAgainstKey(key: TrustedApnsKey, memory: ApnsConnectionMemory): ApnsReason | undefined {
    if (key.environment !== undefined && key.environment !== this.#environment) {
      return this.#wrongEnvironmentReason
    }
    const bound = memory.key
    if (bound === undefined || bound.keyId === key.keyId) return undefined
    if (bound.teamId !== key.teamId) return "InvalidProviderToken"
    const areTeamKeys = bound.scope !== "topic" && key.scope !== "topic"
    const areRelated = bound.relatedKeyId === key.keyId || key.relatedKeyId === bound.keyId
    return areTeamKeys || areRelated ? undefined : "UnrelatedKeyIdInToken"
  }
}

function isGenuine(token: JsonWebToken, key: TrustedApnsKey, now: number): boolean {
  const { iss, iat } = token.claims
  if (typeof iat !== "number" || !Number.isFinite(iat) || iss !== key.teamId) return false
  return iat <= now / 1000 + CLOCK_SKEW_S && isSignedBy(token, "ES256", key.publicKey)
}

function isExpired(issuedAt: number, now: number): boolean {
  return now / 1000 - issuedAt > TOKEN_LIFETIME_S
}

function reasonAgainstChange(memory: ApnsConnectionMemory, monotonic: number): ApnsReason | undefined {
  const isTooSoon = memory.usedSince !== undefined && monotonic - memory.usedSince < TOKEN_CHANGE_MIN_MS
  return isTooSoon ? "TooManyProviderTokenUpdates" : undefined
}

/** True when the key may send for the bundle id. */
export function coversTopic(key: TrustedApnsKey, bundleId: string): boolean {
  return key.topics === undefined || key.topics.includes(bundleId)
}
