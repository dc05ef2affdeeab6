import { DomainError } from "./errors.ts"

/**
 * What every string passes before a store sees it (design D8): stores disagree on lone surrogates, NUL and composed
 * characters, so two device ids could become one.
 */

export interface TextRule {
  /** Shortest length in characters (Unicode code points). */
  readonly min: number
  /** Longest length in characters (Unicode code points), as the contract's columns count. */
  readonly max: number
}

// C0 controls, DEL, C1 controls, and the two separators that end a line in JavaScript and some terminals.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** Without any of what is looked for here: nearly every text, and a single look tells. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

/** The value in Unicode normal form C, or a DomainError that names the property. */
export function checkedText(value: unknown, property: string, rule: TextRule): string {
  if (typeof value !== "string") throw wrongType(property, "a string", value)
  const text = storableText(value, property)
  if (text.length < rule.min) {
    throw new DomainError(
      "invalid_property",
      `${property} is empty; it needs at least ${rule.min} character(s).`,
      {
        property,
      },
    )
  }
  if (text.length > rule.max) checkLength(text, property, rule.max)
  return text
}

/** Well-formed Unicode without control characters, in normal form C. */
export function storableText(value: string, property: string): string {
  if (PRINTABLE_ASCII.test(value)) return value
  if (!value.isWellFormed()) {
    throw new DomainError(
      "invalid_property",
      `${property} holds half of a surrogate pair; it must be well-formed Unicode.`,
      {
        property,
      },
    )
  }
  const control = CONTROL_CHARACTERS.exec(value)
  if (control !== null) {
    const codePoint = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")
    throw new DomainError(
      "invalid_property",
      `${property} holds the control character U+${codePoint} at position ${control.index}; remove it.`,
      { property },
    )
  }
  return value.normalize("NFC")
}

function checkLength(text: string, property: string, max: number): void {
  const length = characterCount(text)
  if (length <= max) return
  throw new DomainError("property_too_long", `${property} has ${length} characters; the limit is ${max}.`, {
    property,
    limit: max,
    length,
  })
}

function characterCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

/** Says what was expected and what came, without repeating the value: it may be a secret. */
export function wrongType(property: string, expected: string, value: unknown): DomainError {
  const message =
    value === undefined
      ? `${property} is missing; it must be ${expected}.`
      : `${property} is ${describeType(value)}; it must be ${expected}.`
  return new DomainError("invalid_property", message, { property })
}

function describeType(value: unknown): string {
  if (value === null) return "null"
  if (Array.isArray(value)) return "an array"
  const type = typeof value
  return type === "object" ? "an object" : `a ${type}`
}
