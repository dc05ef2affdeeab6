import fc from "fast-check"
import type { MessagingOperation, Preset } from "../../src/domain/permission.ts"
import type { Caller, PermissionRule } from "../../src/domain/permission-rules.ts"

/**
 * What the rules say, written down a second time and in another way than the product: every rule that speaks of the
 * request gets a rank, and the one with the smallest rank is the answer.
 */
export function mayDo(
  rules: readonly PermissionRule[],
  caller: Caller,
  operation: MessagingOperation,
  channel: string | undefined,
): boolean {
  const ranked = rules
    .filter((rule) => rule.operation === operation && speaksOf(rule, caller, channel))
    .map((rule) => ({ rank: 2 * levelOf(rule) + (rule.access === "deny" ? 0 : 1), access: rule.access }))
    .sort((a, b) => a.rank - b.rank)
  const first = ranked[0]
  return first === undefined
    ? caller.roles.some((role) => isPreset(caller.preset, role, operation))
    : first.access === "grant"
}

function speaksOf(rule: PermissionRule, caller: Caller, channel: string | undefined): boolean {
  const isThere = rule.level === "application" || (channel !== undefined && rule.channel === channel)
  const isTheirs = "user" in rule ? rule.user === caller.user : caller.roles.includes(rule.role)
  return isThere && isTheirs
}

/** 1: channel × user, 2: channel × custom role, 3: channel × system role, 4 and 5: the same in the application. */
function levelOf(rule: PermissionRule): number {
  if ("user" in rule) return 1
  return (rule.level === "channel" ? 2 : 4) + (CUSTOM.includes(rule.role) ? 0 : 1)
}

const PHONE_MAY = [
  "device:register",
  "device:retrieve",
  "device:cancel",
  "channel:create",
  "template:list",
  "application:info",
  "user:register",
  "user:login",
  "user:session",
]

function isPreset(preset: Preset, role: string, operation: string): boolean {
  if (CUSTOM.includes(role)) return false
  if (preset === "compatible" || role === "RestUser" || role === "ServerCodeUser") return true
  const isPhone = ["JSUser", "AndroidUser", "IOSUser", "DotNetUser", "ASUser"].includes(role)
  return isPhone && PHONE_MAY.includes(operation)
}

export const CUSTOM: readonly string[] = ["editor", "author", "bot"]
const SYSTEM: readonly string[] = [
  "NotAuthenticatedUser",
  "AuthenticatedUser",
  "GuestUser",
  "SocialUser",
  "RestUser",
  "JSUser",
  "AndroidUser",
  "IOSUser",
  "DotNetUser",
  "ASUser",
  "ServerCodeUser",
]
const USERS = ["ann", "bob", "JSUser"]
export const CHANNELS: readonly string[] = ["news", "sport", "editor"]
/** Few enough that several rules meet at one request. */
const OPERATIONS: readonly MessagingOperation[] = ["message:publish", "device:register", "channel:create"]

export const anyOperation = fc.constantFrom(...OPERATIONS)
export const anyChannel = fc.constantFrom(...CHANNELS)
const anyRole = fc.oneof(
  fc.constantFrom(...CUSTOM),
  fc.constantFrom("RestUser", "JSUser", "AuthenticatedUser"),
)
const anyAccess = fc.constantFrom("grant" as const, "deny" as const)

const anyRule: fc.Arbitrary<PermissionRule> = fc.oneof(
  fc.record({
    level: fc.constant("application" as const),
    role: anyRole,
    operation: anyOperation,
    access: anyAccess,
  }),
  fc.record({
    level: fc.constant("channel" as const),
    channel: anyChannel,
    role: anyRole,
    operation: anyOperation,
    access: anyAccess,
  }),
  fc.record({
    level: fc.constant("channel" as const),
    channel: anyChannel,
    user: fc.constantFrom(...USERS),
    operation: anyOperation,
    access: anyAccess,
  }),
)

const placeOf = ({ access: _, ...place }: PermissionRule) => JSON.stringify(place)

/** At most one rule for each place, as the store keeps them. */
export const anyRules = fc.uniqueArray(anyRule, { maxLength: 25, selector: placeOf })

export const anyCaller: fc.Arbitrary<Caller> = fc.record({
  preset: fc.constantFrom("locked" as const, "compatible" as const),
  roles: fc.oneof(
    fc.subarray([...CUSTOM, "RestUser", "JSUser", "AuthenticatedUser"], { minLength: 1 }),
    fc.subarray([...SYSTEM, ...CUSTOM], { minLength: 1 }),
  ),
  user: fc.option(fc.constantFrom(...USERS), { nil: undefined }),
})
