import { DomainError } from "./errors.ts"
import { MANAGEMENT_SCOPES, type ManagementScope } from "./permission.ts"
import { checkedText, wrongType } from "./text.ts"

/** Terms: an *administrator* is a person who manages the server; a *session* is one login of theirs in a browser. */

const NAME_RULE = { min: 1, max: 100 }
/** Long enough that guessing is hopeless at the rate that is allowed; longer ones only keep the hash busy. */
export const PASSWORD_RULE = { min: 12, max: 256 }
const APPLICATIONS_MAX = 1000
const APPLICATION_ID_RULE = { min: 1, max: 100 }

/** The name of an administrator, or a DomainError. Names of tokens in the audit log begin with "token". */
export function checkedAdministratorName(value: unknown): string {
  const name = checkedText(value, "name", NAME_RULE)
  const isPlain = name === name.trim() && !/^token\b/i.test(name)
  if (isPlain) return name
  throw new DomainError(
    "invalid_property",
    'name must not begin with "token", nor begin or end with a space.',
    {
      property: "name",
    },
  )
}

/** How names are compared: those that differ in upper and lower case, or only in how they are composed, are one. */
export function loginOf(name: string): string {
  return name.normalize("NFKC").toLowerCase().normalize("NFKC")
}

/** A new password, or a DomainError that never repeats it. Lengths are in characters. */
export function checkedPassword(value: unknown, property = "password"): string {
  const password = checkedText(value, property, { min: 0, max: PASSWORD_RULE.max })
  const length = [...password].length
  if (length >= PASSWORD_RULE.min) return password
  throw new DomainError(
    "invalid_property",
    `${property} has ${length} characters; it needs at least ${PASSWORD_RULE.min}.`,
    { property, length },
  )
}

export function checkedScope(value: unknown): ManagementScope {
  const scope = MANAGEMENT_SCOPES.find((known) => known === value)
  if (scope !== undefined) return scope
  throw new DomainError("invalid_property", `scope must be one of ${MANAGEMENT_SCOPES.join(", ")}.`, {
    property: "scope",
  })
}

/** Ids of applications to be restricted to, each once; undefined and null: no restriction. Whether they exist is not looked at. */
export function checkedApplicationIds(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw wrongType("applications", "an array of application ids, or null", value)
  if (value.length === 0 || value.length > APPLICATIONS_MAX) {
    throw new DomainError(
      "invalid_property",
      `applications has ${value.length} ids; it needs 1 to ${APPLICATIONS_MAX}, or null for no restriction.`,
      { property: "applications", length: value.length },
    )
  }
  const ids = value.map((id, index) => checkedText(id, `applications[${index}]`, APPLICATION_ID_RULE))
  return [...new Set(ids)]
}

/** Ids that `rightsText` names: more would make an entry of the audit log as long as a page. */
const NAMED_MAX = 10

/** How the audit log says what somebody may do: `operate in <id> <id>`; without applications it is all of them. */
export function rightsText({
  scope,
  applications,
}: {
  readonly scope: string
  readonly applications?: readonly string[] | null | undefined
}): string {
  if (!applications) return scope
  const more = applications.length - NAMED_MAX
  const named = applications.slice(0, NAMED_MAX).join(" ")
  return `${scope} in ${named}${more > 0 ? ` and ${more} more` : ""}`
}
