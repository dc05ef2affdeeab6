import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto"

/** Makes JWTs by hand, also those that no library would make: what is verified must not be what made them. */

export const ISSUER = "https://id.example.com"

const KEYS = {
  EdDSA: generateKeyPairSync("ed25519"),
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
} as const

export type Algorithm = keyof typeof KEYS

export const ALGORITHMS: readonly Algorithm[] = ["EdDSA", "ES256", "RS256"]

/** The public keys, each under its algorithm's name in lower case. */
export const KEY_SET: { readonly keys: readonly Readonly<Record<string, unknown>>[] } = {
  keys: Object.entries(KEYS).map(([algorithm, { publicKey }]) =>
    publicJwk(publicKey, algorithm.toLowerCase(), algorithm),
  ),
}

export function publicJwk(key: KeyObject, kid: string, alg?: string): Readonly<Record<string, unknown>> {
  return { ...key.export({ format: "jwk" }), kid, use: "sig", ...(alg !== undefined && { alg }) }
}

export interface TokenParts {
  readonly algorithm?: Algorithm
  /** Signs instead of the key of the algorithm. */
  readonly key?: KeyObject
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
}

/** A token that is good unless the parts say otherwise: an hour from `now` (ms) for that application. */
export function makeToken(application: string, now: number, parts: TokenParts = {}): string {
  const { algorithm = "ES256", key = KEYS[algorithm].privateKey } = parts
  const iat = Math.floor(now / 1000)
  const signed = signedPart(
    { alg: algorithm, typ: "JWT", kid: algorithm.toLowerCase(), ...parts.header },
    { iss: ISSUER, aud: application, sub: "ann", iat, exp: iat + 3600, ...parts.claims },
  )
  return `${signed}.${signature(algorithm, signed, key).toString("base64url")}`
}

/** The order of the group of P-256 (FIPS 186-5). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/**
 * Other texts that are the same token to whoever verifies it: with the unused bits of the last character of base64url set,
 * and by ECDSA with the negative of s.
 */
export function otherSpellings(token: string, algorithm: Algorithm): readonly string[] {
  const unusedBits = token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1)
  if (algorithm !== "ES256") return [unusedBits]
  const [header, claims, text = ""] = token.split(".")
  const bytes = Buffer.from(text, "base64url")
  const negative = P256_ORDER - BigInt(`0x${bytes.subarray(32).toString("hex")}`)
  const twin = Buffer.concat([
    bytes.subarray(0, 32),
    Buffer.from(negative.toString(16).padStart(64, "0"), "hex"),
  ])
  return [unusedBits, [header, claims, twin.toString("base64url")].join(".")]
}

/** Signed by HMAC with the text of the public key, as a server would accept that lets the token choose the algorithm. */
export function makeConfusedToken(application: string, now: number): readonly string[] {
  const iat = Math.floor(now / 1000)
  const { publicKey } = KEYS.RS256
  const secrets = [
    publicKey.export({ format: "pem", type: "spki" }),
    publicKey.export({ format: "der", type: "spki" }),
    JSON.stringify(KEY_SET.keys.find(({ kid }) => kid === "rs256")),
  ]
  return secrets.map((secret) => {
    const claims = { iss: ISSUER, aud: application, sub: "ann", iat, exp: iat + 3600 }
    const signed = signedPart({ alg: "HS256", typ: "JWT", kid: "rs256" }, claims)
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
  })
}

/** Without a signature, in the spellings of "none". */
export function makeUnsignedTokens(application: string, now: number): readonly string[] {
  const iat = Math.floor(now / 1000)
  const claims = { iss: ISSUER, aud: application, sub: "ann", iat, exp: iat + 3600 }
  return ["none", "None", "NONE", ""].map((alg) => `${signedPart({ alg, kid: "es256" }, claims)}.`)
}

function signedPart(header: object, claims: object): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")
}

function signature(algorithm: Algorithm, signed: string, key: KeyObject): Buffer {
  const data = Buffer.from(signed)
  if (algorithm === "EdDSA") return sign(null, data, key)
  return algorithm === "ES256"
    ? sign("sha256", data, { key, dsaEncoding: "ieee-p1363" })
    : sign("sha256", data, key)
}

export const otherKey = (): KeyObject => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
