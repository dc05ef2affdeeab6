import { loginOf } from "./administrator.ts"
import { DomainError } from "./errors.ts"
import type { UserKind } from "./roles.ts"
import { checkedText, wrongType } from "./text.ts"
import type { UserProperties } from "./user-properties.ts"

/**
 * Terms: a *user* is a person who uses an app of an application; the *identity* is what they log in with, an e-mail
 * address unless the application says otherwise; a *user token* is one login of theirs.
 */
export const USER_STATUSES = ["ENABLED", "DISABLED", "GUEST", "EMAIL_CONFIRMATION_PENDING"] as const

/** The words of the contract (6.1). */
export type UserStatus = (typeof USER_STATUSES)[number]

/** Where a user of an identity provider comes from. */
export interface UserOrigin {
  /** The `iss` of the provider's tokens. */
  readonly issuer: string
  readonly subject: string
}

export interface User {
  /** The object id: upper-case UUID groups, never used twice. */
  readonly id: string
  readonly kind: UserKind
  readonly status: UserStatus
  /** As it was given. Guests and users of an identity provider have none. */
  readonly identity: string | undefined
  readonly origin: UserOrigin | undefined
  /** Without identity and password. */
  readonly properties: UserProperties
  /** Names of custom roles, sorted. */
  readonly roles: readonly string[]
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number
  readonly updatedAt: number | undefined
  readonly lastLoginAt: number | undefined
  /** Tokens of an identity provider that were issued earlier count no more. */
  readonly tokensSince: number
}

/** Lengths in characters. Apps of Backendless have short passwords: how long they must be is the app's own business. */
export const USER_PASSWORD_RULE = { min: 1, max: 256 }
export const IDENTITY_RULE = { min: 1, max: 254 }
/** Something@something.something, without spaces: whether mail arrives is known only when some has. */
const EMAIL = /^[^\s@,;<>()[\]"\\]+@[^\s@,;<>()[\]"\\]+\.[^\s@,;<>()[\]"\\.]+$/

/** How identities are compared, as names of administrators are: upper and lower case do not matter. */
export const identityKeyOf: (identity: string) => string = loginOf

/** A text, or a number as SDKs allow it; throws `bad_email` (3040) for the property `email`. */
export function checkedIdentity(value: unknown, property: string): string {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value
  const identity = checkedText(text, property, IDENTITY_RULE)
  if (property === "email") checkEmail(identity)
  return identity
}

export function checkEmail(value: unknown): void {
  if (typeof value === "string" && EMAIL.test(value)) return
  throw new DomainError("bad_email", "email is no e-mail address.", { property: "email" })
}

/** A new password, or a DomainError that never repeats it: `missing_password` (3011) for none and for an empty one. */
export function checkedUserPassword(value: unknown): string {
  if (value === undefined || value === null || value === "") {
    throw new DomainError("missing_password", "password is missing or empty.", { property: "password" })
  }
  return checkedText(value, "password", USER_PASSWORD_RULE)
}

/** What an administrator may set: a guest is made by registering as one. */
export function checkedStatus(value: unknown): UserStatus {
  const status = USER_STATUSES.find((known) => known === value && known !== "GUEST")
  if (status !== undefined) return status
  throw new DomainError(
    "invalid_property",
    "status must be ENABLED, DISABLED or EMAIL_CONFIRMATION_PENDING.",
    { property: "status" },
  )
}

const ROLES_MAX = 50

/** Names of custom roles, each once and sorted. Whether they exist is not looked at. */
export function checkedRoleNames(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw wrongType("roles", "an array of names of custom roles", value)
  if (value.length > ROLES_MAX) {
    throw new DomainError(
      "invalid_property",
      `roles has ${value.length} entries; the limit is ${ROLES_MAX}.`,
      {
        property: "roles",
        limit: ROLES_MAX,
        length: value.length,
      },
    )
  }
  return [
    ...new Set(value.map((role, index) => checkedText(role, `roles[${index}]`, { min: 1, max: 50 }))),
  ].sort()
}
