import { DomainError } from "./errors.ts"
import { checkedText, wrongType } from "./text.ts"
import { isOwnedProperty, USER_PROPERTY_LIMITS } from "./user-properties.ts"

/** What becomes of a property that the application does not know when a user registers with it. */
export const UNKNOWN_PROPERTY_POLICIES = ["keep", "drop", "refuse"] as const

export type UnknownPropertyPolicy = (typeof UNKNOWN_PROPERTY_POLICIES)[number]

/** How the users of an application register and log in. The defaults are those of Backendless (contract 6.1). */
export interface UserSettings {
  /** Whether apps may register users (3009). Administrators always may. */
  readonly registration: boolean
  /** Whether apps may make guests. */
  readonly guests: boolean
  /** Whether users may log in (3034). Those who are logged in stay so. */
  readonly login: boolean
  /** Whether a user may be logged in more than once at the same time. */
  readonly multipleLogins: boolean
  /** Without multiple logins: true refuses the second login (3002), false ends the first (contract 10, row 12). */
  readonly logoutLastUser: boolean
  /** With multiple logins: how many at once (3044); 0: any number up to SESSIONS_PER_USER_MAX, the oldest make room. */
  readonly maxConcurrentLogins: number
  /**
   * After how many wrong passwords a login is refused (3036), for one address and a time that grows. 0: the brake works
   * as after 5, and answers 90014.
   */
  readonly failedLoginsLock: number
  /** The property that users log in with. */
  readonly identityProperty: string
  /** Properties that a user must have to register (3012), besides identity and password. */
  readonly requiredProperties: readonly string[]
  /** Properties that are known besides the required ones, where unknown ones are not kept. */
  readonly knownProperties: readonly string[]
  readonly unknownProperties: UnknownPropertyPolicy
  /** A login without a request for so long is over; null: never. Uses are noted now and then, so it is at most that. */
  readonly sessionIdleMs: number | null
  /** A login is over so long after it began; null: never. */
  readonly sessionLastsMs: number | null
  /**
   * A guest without a login, who can never have one again, is removed so long after the registration; null: never. Some
   * time later, when housekeeping comes by.
   */
  readonly guestsKeptMs: number | null
}

const DAY_MS = 86_400_000
/** Without this, a token that was stolen from a phone in a drawer would work for ever. */
const IDLE_MS_DEFAULT = 90 * DAY_MS
const GUESTS_MS_DEFAULT = 30 * DAY_MS
const SESSION_MS_MIN = 60_000
const SESSION_MS_MAX = 3650 * DAY_MS
const LOGINS_MAX = 100
const FAILED_LOGINS_MAX = 1000
const NAMES_MAX = USER_PROPERTY_LIMITS.count

/** Logins of one user at the same time, whatever the settings say. */
export const SESSIONS_PER_USER_MAX = 100

export const DEFAULT_USER_SETTINGS: UserSettings = {
  registration: true,
  guests: true,
  login: true,
  multipleLogins: false,
  logoutLastUser: false,
  maxConcurrentLogins: 0,
  failedLoginsLock: 0,
  identityProperty: "email",
  requiredProperties: [],
  knownProperties: ["name"],
  unknownProperties: "keep",
  sessionIdleMs: IDLE_MS_DEFAULT,
  sessionLastsMs: null,
  guestsKeptMs: GUESTS_MS_DEFAULT,
}

export const USER_SETTING_NAMES = Object.keys(DEFAULT_USER_SETTINGS) as readonly (keyof UserSettings)[]

/** The settings with what is given changed, or a DomainError that names the one that is wrong. */
export function changedSettings(
  before: UserSettings,
  changes: { readonly [name in keyof UserSettings]?: unknown },
): UserSettings {
  const given = <T>(name: keyof UserSettings, kept: T, check: (value: unknown, name: string) => T): T =>
    changes[name] === undefined ? kept : check(changes[name], name)
  const settings: UserSettings = {
    registration: given("registration", before.registration, truth),
    guests: given("guests", before.guests, truth),
    login: given("login", before.login, truth),
    multipleLogins: given("multipleLogins", before.multipleLogins, truth),
    logoutLastUser: given("logoutLastUser", before.logoutLastUser, truth),
    maxConcurrentLogins: given("maxConcurrentLogins", before.maxConcurrentLogins, upTo(0, LOGINS_MAX)),
    failedLoginsLock: given("failedLoginsLock", before.failedLoginsLock, upTo(0, FAILED_LOGINS_MAX)),
    identityProperty: given("identityProperty", before.identityProperty, propertyName),
    requiredProperties: given("requiredProperties", before.requiredProperties, propertyNames),
    knownProperties: given("knownProperties", before.knownProperties, propertyNames),
    unknownProperties: given("unknownProperties", before.unknownProperties, unknownPolicy),
    sessionIdleMs: given("sessionIdleMs", before.sessionIdleMs, lifetime),
    sessionLastsMs: given("sessionLastsMs", before.sessionLastsMs, lifetime),
    guestsKeptMs: given("guestsKeptMs", before.guestsKeptMs, lifetime),
  }
  return settings
}

function truth(value: unknown, name: string): boolean {
  if (typeof value === "boolean") return value
  throw wrongType(name, "true or false", value)
}

function upTo(min: number, max: number) {
  return (value: unknown, name: string): number => {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return value
    throw new DomainError("invalid_property", `${name} must be a whole number from ${min} to ${max}.`, {
      property: name,
    })
  }
}

function lifetime(value: unknown, name: string): number | null {
  return value === null ? null : upTo(SESSION_MS_MIN, SESSION_MS_MAX)(value, name)
}

function unknownPolicy(value: unknown, name: string): UnknownPropertyPolicy {
  const policy = UNKNOWN_PROPERTY_POLICIES.find((known) => known === value)
  if (policy !== undefined) return policy
  throw new DomainError(
    "invalid_property",
    `${name} must be one of ${UNKNOWN_PROPERTY_POLICIES.join(", ")}.`,
    { property: name },
  )
}

const PROPERTY_NAME = /^[\p{L}][\p{L}\p{M}\p{N}_-]*$/u

function propertyName(value: unknown, name: string): string {
  const text = checkedText(value, name, { min: 1, max: USER_PROPERTY_LIMITS.name })
  if (PROPERTY_NAME.test(text) && !isOwnedProperty(text) && text !== "id") return text
  throw new DomainError("invalid_property", `${name} names a property that users cannot have for this.`, {
    property: name,
  })
}

function propertyNames(value: unknown, name: string): readonly string[] {
  if (!Array.isArray(value)) throw wrongType(name, "an array of names", value)
  if (value.length <= NAMES_MAX) {
    return [...new Set(value.map((one, index) => propertyName(one, `${name}[${index}]`)))]
  }
  throw new DomainError(
    "invalid_property",
    `${name} has ${value.length} entries; the limit is ${NAMES_MAX}.`,
    {
      property: name,
      limit: NAMES_MAX,
      length: value.length,
    },
  )
}
