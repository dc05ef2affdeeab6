import { DomainError } from "./errors.ts"
import { checkEmail, checkedIdentity, checkedUserPassword } from "./user.ts"
import {
  checkedProperties,
  isOwnedProperty,
  USER_PROPERTY_LIMITS,
  type UserProperties,
} from "./user-properties.ts"
import type { UserSettings } from "./user-settings.ts"

/** A user as an app registers one, checked. */
export interface UserInput {
  readonly identity: string
  readonly password: string
  readonly properties: UserProperties
}

/** Browsers' SDKs add it by themselves (contract 6.1). */
const ALWAYS_KNOWN: ReadonlySet<string> = new Set(["email", "blUserLocale"])

/** What a register call asks for; throws 3010 to 3013, 3039, 3040 and 8000 as the contract says (6.3). */
export function checkedUserInput(
  fields: Readonly<Record<string, unknown>>,
  settings: UserSettings,
): UserInput {
  if (Object.hasOwn(fields, "id")) {
    throw new DomainError("user_id_not_allowed", "The property id is not allowed: the server gives ids.", {
      property: "id",
    })
  }
  // In this order: without both, SDKs expect the code of the password (contract 6.3).
  const password = checkedUserPassword(fields["password"])
  const { identityProperty } = settings
  const given = fields[identityProperty]
  if (given === undefined || given === null || given === "") {
    throw new DomainError("missing_identity", `${identityProperty} is missing; users log in with it.`, {
      property: identityProperty,
    })
  }
  const identity = checkedIdentity(given, identityProperty)
  const { password: _, [identityProperty]: __, ...others } = fields
  return { identity, password, properties: checkedUserProperties(others, settings) }
}

/** The properties besides identity and password. */
export function checkedUserProperties(
  fields: Readonly<Record<string, unknown>>,
  settings: UserSettings,
): UserProperties {
  const properties = checkedProperties(knownOf(fields, settings))
  const missing = settings.requiredProperties.find(
    (name) => name !== settings.identityProperty && (properties[name] ?? null) === null,
  )
  if (missing !== undefined) {
    throw new DomainError("missing_user_property", `${missing} is missing; the application requires it.`, {
      property: missing,
    })
  }
  if ((properties["email"] ?? null) !== null) checkEmail(properties["email"])
  return properties
}

function knownOf(
  fields: Readonly<Record<string, unknown>>,
  { unknownProperties, requiredProperties, knownProperties }: UserSettings,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(fields).filter((name) => !isOwnedProperty(name))
  const known = new Set([...requiredProperties, ...knownProperties, ...ALWAYS_KNOWN])
  const unknown = unknownProperties === "keep" ? [] : names.filter((name) => !known.has(name))
  if (unknown[0] !== undefined && unknownProperties === "refuse") {
    const property = unknown[0].slice(0, USER_PROPERTY_LIMITS.name).toWellFormed()
    throw new DomainError("unknown_user_property", `The application knows no user property ${property}.`, {
      property,
    })
  }
  const dropped = new Set(unknown)
  return Object.fromEntries(names.filter((name) => !dropped.has(name)).map((name) => [name, fields[name]]))
}
