import { DomainError } from "./errors.ts"
import { wrongType } from "./text.ts"

/** The properties that apps give their users: JSON, kept with its types, within limits. */

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

export type UserProperties = { readonly [name: string]: JsonValue }

export const USER_PROPERTY_LIMITS = {
  count: 100,
  /** Characters of a name. */
  name: 64,
  /** Characters of a text. */
  text: 4000,
  /** Nesting of arrays and objects in a value. */
  depth: 5,
  /** Bytes of all properties as JSON. */
  bytes: 16_384,
}

/**
 * What the server itself says of a user; SDKs send it back with a user that they got, and it means nothing then. And the
 * password, which must never end up among what is shown.
 */
const OWNED: ReadonlySet<string> = new Set([
  "password",
  "objectId",
  "ownerId",
  "created",
  "updated",
  "lastLogin",
  "userStatus",
  "socialAccount",
  "oAuthIdentities",
  "user-token",
])

const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_-]*$/u

/** Whether the property is the server's or the SDK's own (`___class`), so that an app cannot set it. */
export function isOwnedProperty(name: string): boolean {
  return OWNED.has(name) || name.startsWith("__")
}

/** The properties in normal form, or a DomainError that names the one that is wrong. Nulls are kept: they are values. */
export function checkedProperties(fields: Readonly<Record<string, unknown>>): UserProperties {
  const names = Object.keys(fields)
  const { count, bytes } = USER_PROPERTY_LIMITS
  if (names.length > count) throw exceeds("The user has", `${names.length} properties`, count, names.length)
  const properties: Record<string, JsonValue> = {}
  for (const name of names) properties[checkedName(name)] = checkedValue(fields[name], name, 0)
  const size = new TextEncoder().encode(JSON.stringify(properties)).length
  if (size > bytes) throw exceeds("The properties have", `${size} bytes as JSON`, bytes, size)
  return properties
}

function checkedName(name: string): string {
  if (name.length <= USER_PROPERTY_LIMITS.name && NAME.test(name)) return name.normalize("NFC")
  throw new DomainError(
    "invalid_property",
    `A property of a user has a name that is not allowed: 1 to ${USER_PROPERTY_LIMITS.name} letters, digits, "_" and "-", beginning with a letter or "_".`,
    { property: name.slice(0, USER_PROPERTY_LIMITS.name).toWellFormed() },
  )
}

function checkedValue(value: unknown, property: string, depth: number): JsonValue {
  if (value === null || typeof value === "boolean") return value
  if (typeof value === "number" && Number.isFinite(value)) return value
  if (typeof value === "string") return checkedValueText(value, property)
  if (typeof value !== "object") throw wrongType(property, "a JSON value", value)
  if (depth >= USER_PROPERTY_LIMITS.depth) {
    throw new DomainError("invalid_property", `${property} is nested deeper than ${depth} levels.`, {
      property,
      limit: USER_PROPERTY_LIMITS.depth,
    })
  }
  if (Array.isArray(value)) {
    return value.map((one, index) => checkedValue(one, `${property}[${index}]`, depth + 1))
  }
  const entries = Object.entries(value).map(
    ([name, one]) =>
      [checkedValueText(name, property), checkedValue(one, `${property}.${name}`, depth + 1)] as const,
  )
  return Object.fromEntries(entries)
}

// Line breaks and tabs belong into texts that people write about themselves; nothing else of the kind does.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

function checkedValueText(text: string, property: string): string {
  if (!text.isWellFormed() || CONTROL_CHARACTERS.test(text)) {
    throw new DomainError(
      "invalid_property",
      `${property} must be well-formed Unicode without control characters other than line breaks and tabs.`,
      { property: property.toWellFormed() },
    )
  }
  const length = text.length > USER_PROPERTY_LIMITS.text ? [...text].length : text.length
  if (length <= USER_PROPERTY_LIMITS.text) return text.normalize("NFC")
  throw new DomainError(
    "property_too_long",
    `${property} has ${length} characters; the limit is ${USER_PROPERTY_LIMITS.text}.`,
    { property, limit: USER_PROPERTY_LIMITS.text, length },
  )
}

function exceeds(subject: string, what: string, limit: number, length: number): DomainError {
  return new DomainError("property_too_long", `${subject} ${what}; the limit is ${limit}.`, { limit, length })
}
