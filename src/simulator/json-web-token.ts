import { type KeyObject, verify } from "node:crypto"
import { isRecord } from "./field-rules.ts"

/** Reading and checking of compact JSON Web Tokens (RFC 7515, RFC 7519), just the two algorithms the providers use. */

export interface JsonWebToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly signedText: string
  readonly signature: Buffer
}

const COMPACT_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/

function readPart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Undefined for a text that is not a token; says nothing about its signature. */
export function readJsonWebToken(text: string): JsonWebToken | undefined {
  if (!COMPACT_FORM.test(text)) return undefined
  const [headerPart = "", claimsPart = "", signaturePart = ""] = text.split(".")
  const header = readPart(headerPart)
  const claims = readPart(claimsPart)
  if (header === undefined || claims === undefined) return undefined
  return {
    header,
    claims,
    signedText: `${headerPart}.${claimsPart}`,
    signature: Buffer.from(signaturePart, "base64url"),
  }
}

/** True when the token names this algorithm and the key's owner signed it. */
export function isSignedBy(token: JsonWebToken, algorithm: "ES256" | "RS256", publicKey: KeyObject): boolean {
  if (token.header["alg"] !== algorithm) return false
  const keyType = algorithm === "ES256" ? "ec" : "rsa"
  if (publicKey.asymmetricKeyType !== keyType) return false
  const key = algorithm === "ES256" ? ({ key: publicKey, dsaEncoding: "ieee-p1363" } as const) : publicKey
  return verify("sha256", Buffer.from(token.signedText), key, token.signature)
}
