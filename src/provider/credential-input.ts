import { createPrivateKey, type KeyObject } from "node:crypto"

/** Parsing of what people hand in as a credential. A problem is a text: what is wrong, and what would be right. */

export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(input: unknown): Fields | undefined {
  return typeof input === "object" && input !== null && !Array.isArray(input) ? (input as Fields) : undefined
}

/** A problem that is about one field begins with its name; undefined: it is about the whole. */
export function fieldOf(problem: string): string | undefined {
  return /^([a-z][A-Za-z_]*) (?:must|looks)\b/.exec(problem)?.[1]
}

/** Never throws: undefined when the text is no private key in PEM form. */
export function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: "pem" })
  } catch {
    return undefined
  }
}

/** How a value is quoted in a problem: short, and never a secret (callers quote ids and addresses only). */
export function quoted(value: unknown): string {
  if (value === undefined) return "nothing"
  if (typeof value !== "string") return `a ${value === null ? "null" : typeof value}`
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
}
