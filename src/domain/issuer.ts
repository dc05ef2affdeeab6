import { DomainError } from "./errors.ts"
import { checkedText, wrongType } from "./text.ts"

/**
 * Terms: an *issuer* is the identity provider of a customer, whose signed tokens (JWT) an application takes as user tokens
 * (docs/adr/0014); a *key set* is the public keys (JWKS) that they are signed with.
 */

/** Signatures that a token may have: with public keys only, so that a public key can never be taken for a secret. */
export const TOKEN_ALGORITHMS = ["EdDSA", "ES256", "RS256"] as const

export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number]

/** A public key as JWK: `kid`, `kty`, and what belongs to the type. */
export type PublicKey = Readonly<Record<string, unknown>> & { readonly kid: string; readonly kty: string }

export interface KeySet {
  readonly keys: readonly PublicKey[]
}

export interface IssuerSettings {
  /** What its tokens say in `iss`, exactly. */
  readonly issuer: string
  /** At least one. */
  readonly algorithms: readonly TokenAlgorithm[]
  /** Where the key set is, or the key set itself. */
  readonly keys: { readonly url: string } | KeySet
  /** The claim that names custom roles of the user, a path like `realm_access.roles` too; undefined: none does. */
  readonly rolesClaim: string | undefined
}

export interface Issuer extends IssuerSettings {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly changedAt: number
  /** How far ahead of ours its clock was seen to be at most, in milliseconds; 0: it never was. */
  readonly aheadMs: number
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/
const ISSUER_RULE = { min: 1, max: 500 }
const CLAIM_RULE = { min: 1, max: 200 }
const URL_LENGTH_MAX = 2048
const KEYS_MAX = 50
const KEY_ID_RULE = { min: 1, max: 200 }
const KEY_TYPES: ReadonlySet<unknown> = new Set(["OKP", "EC", "RSA"])
/** What makes a key a private one (RFC 7518, RFC 8037), or a secret. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

export function checkedIssuerName(value: string): string {
  if (NAME.test(value)) return value
  throw invalid(
    "name",
    'must be 1 to 50 letters, digits, "." , "_" and "-", beginning with a letter or digit',
  )
}

/** What an administrator makes an issuer of, unchecked. */
export interface IssuerInput {
  readonly issuer?: unknown
  readonly algorithms?: unknown
  readonly jwksUrl?: unknown
  readonly jwks?: unknown
  readonly rolesClaim?: unknown
}

/** The settings, or a DomainError that names the property which is wrong. */
export function checkedIssuer(input: IssuerInput): IssuerSettings {
  const { issuer, algorithms, jwksUrl, jwks, rolesClaim } = input
  if ((jwksUrl === undefined) === (jwks === undefined))
    throw invalid("jwksUrl", "or jwks must be given, and not both")
  return {
    issuer: checkedText(issuer, "issuer", ISSUER_RULE),
    algorithms: checkedAlgorithms(algorithms),
    keys: jwks === undefined ? { url: checkedKeySetUrl(jwksUrl) } : checkedKeySet(jwks, "jwks"),
    rolesClaim:
      rolesClaim === undefined || rolesClaim === null
        ? undefined
        : checkedText(rolesClaim, "rolesClaim", CLAIM_RULE),
  }
}

/**
 * A key set without the keys that no token may be verified with: those without an id, of another type, and for encryption.
 * Throws when none is left, and for a private key, which has no business here.
 */
export function checkedKeySet(value: unknown, property: string): KeySet {
  const keys = typeof value === "object" && value !== null ? (value as { keys?: unknown }).keys : undefined
  if (!Array.isArray(keys)) throw wrongType(property, 'an object with an array "keys" (a JWKS)', value)
  if (keys.length > KEYS_MAX) throw invalid(property, `has ${keys.length} keys; the limit is ${KEYS_MAX}`)
  const usable = keys.filter(isUsable)
  if (usable.some((key) => PRIVATE_MEMBERS.some((member) => member in key))) {
    throw invalid(property, "holds a private key; give the public ones only")
  }
  if (usable.length === 0)
    throw invalid(property, "holds no public key of the type OKP, EC or RSA with a kid")
  return { keys: usable }
}

function isUsable(key: unknown): key is PublicKey {
  if (typeof key !== "object" || key === null) return false
  const { kid, kty, use } = key as Readonly<Record<string, unknown>>
  const hasId = typeof kid === "string" && kid.length >= KEY_ID_RULE.min && kid.length <= KEY_ID_RULE.max
  return hasId && KEY_TYPES.has(kty) && (use === undefined || use === "sig")
}

function checkedAlgorithms(value: unknown): readonly TokenAlgorithm[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid("algorithms", `must list at least one of ${TOKEN_ALGORITHMS.join(", ")}`)
  }
  const algorithms = TOKEN_ALGORITHMS.filter((known) => value.includes(known))
  if (value.every((one) => algorithms.includes(one))) return algorithms
  throw invalid("algorithms", `may hold only ${TOKEN_ALGORITHMS.join(", ")}`)
}

/** By https on port 443: where it leads is looked at again at every connection. */
function checkedKeySetUrl(value: unknown): string {
  const text = checkedText(value, "jwksUrl", { min: 1, max: URL_LENGTH_MAX })
  const url = URL.parse(text)
  const isPlain = url?.protocol === "https:" && url.port === "" && url.username === "" && url.password === ""
  if (url !== null && isPlain && url.hash === "" && !/[\s\\@]/.test(text)) return url.href
  throw invalid("jwksUrl", "must be an https URL on port 443 without a user name")
}

function invalid(property: string, what: string): DomainError {
  return new DomainError("invalid_property", `${property} ${what}.`, { property })
}
