import { MESSAGING_OPERATIONS, type MessagingOperation, type Preset } from "./permission.ts"
import { isSystemRole, type SystemRole } from "./roles.ts"

/**
 * Rules and how they decide (contract 6.4, adapted: there is one kind of object, the channel). A rule grants or denies an
 * operation to a role in the application, or to a role or a user on one channel. Where there is no rule, the next level
 * decides: that is what *inherit* means.
 */
export const ACCESSES = ["grant", "deny", "inherit"] as const

/** What an administrator sets; `inherit` takes a rule away. */
export type Access = (typeof ACCESSES)[number]

/** What a rule says. */
export type Verdict = Exclude<Access, "inherit">

/** Where a rule belongs. A channel is meant by its name, whether it exists or not: a rule outlives it. */
export type RulePlace = { readonly operation: MessagingOperation } & (
  | { readonly level: "application"; readonly role: string }
  | { readonly level: "channel"; readonly channel: string; readonly role: string }
  | { readonly level: "channel"; readonly channel: string; readonly user: string }
)

export type PermissionRule = RulePlace & { readonly access: Verdict }

/** Who asks: every role that the request runs with, and the id of its user. */
export interface Caller {
  readonly preset: Preset
  readonly roles: readonly string[]
  readonly user: string | undefined
}

type Grants = ReadonlySet<MessagingOperation>

const NOTHING: Grants = new Set()

const EVERYTHING: Grants = new Set(Object.keys(MESSAGING_OPERATIONS) as MessagingOperation[])

/** A key inside an app is public. Registering creates unknown channels (contract 2.1). */
const CLIENT: Grants = new Set<MessagingOperation>([
  "device:register",
  "device:retrieve",
  "device:cancel",
  "channel:create",
  "template:list",
  "application:info",
  "user:register",
  "user:login",
  "user:session",
])

/** What each preset grants to each system role. A request may do what one of its roles is granted. */
export const PRESET_GRANTS: { readonly [P in Preset]: { readonly [R in SystemRole]: Grants } } = {
  locked: {
    NotAuthenticatedUser: NOTHING,
    AuthenticatedUser: NOTHING,
    GuestUser: NOTHING,
    SocialUser: NOTHING,
    RestUser: EVERYTHING,
    JSUser: CLIENT,
    AndroidUser: CLIENT,
    IOSUser: CLIENT,
    DotNetUser: CLIENT,
    ASUser: CLIENT,
    ServerCodeUser: EVERYTHING,
  },
  compatible: {
    NotAuthenticatedUser: EVERYTHING,
    AuthenticatedUser: EVERYTHING,
    GuestUser: EVERYTHING,
    SocialUser: EVERYTHING,
    RestUser: EVERYTHING,
    JSUser: EVERYTHING,
    AndroidUser: EVERYTHING,
    IOSUser: EVERYTHING,
    DotNetUser: EVERYTHING,
    ASUser: EVERYTHING,
    ServerCodeUser: EVERYTHING,
  },
}

/** In the order in which they are asked: the first that says anything decides, and within one a denial wins. */
export const DECISION_LEVELS = [
  "channel_user",
  "channel_custom_roles",
  "channel_system_roles",
  "application_custom_roles",
  "application_system_roles",
] as const

export type DecisionLevel = (typeof DECISION_LEVELS)[number]

/** One of the rules that a level found: about which role (or user), and what it says. */
export interface FoundRule {
  readonly subject: string
  readonly access: Verdict
}

export interface Decision {
  readonly allowed: boolean
  readonly decidedBy: (FoundRule & { readonly level: DecisionLevel }) | "preset"
}

/** A decision with everything that was looked at on the way to it. */
export interface Explanation extends Decision {
  /** The levels in their order, also those after the one that decided; without a channel, those of the application. */
  readonly levels: readonly { readonly level: DecisionLevel; readonly rules: readonly FoundRule[] }[]
  /** The caller's roles to which the preset grants the operation. */
  readonly presetGrantsTo: readonly string[]
}

/** The rules of one application, as a value that never changes. */
export class PermissionRules {
  readonly #verdicts = new Map<string, Verdict>()
  readonly #channels = new Set<string>()
  readonly #onChannels = new Set<string>()

  constructor(rules: Iterable<PermissionRule>) {
    for (const rule of rules) {
      const { operation, access } = rule
      const subject = subjectKey(rule)
      this.#verdicts.set(key(rule.level === "channel" ? rule.channel : "", subject, operation), access)
      if (rule.level === "application") continue
      this.#channels.add(rule.channel)
      this.#onChannels.add(key(access, subject, operation))
    }
  }

  /** Undefined: inherited. */
  of(place: RulePlace): Verdict | undefined {
    if (this.#verdicts.size === 0) return undefined
    return this.#verdicts.get(
      key(place.level === "channel" ? place.channel : "", subjectKey(place), place.operation),
    )
  }

  /** Whether any rule is about this channel; if not, the application's rules decide there. */
  speakOf(channel: string): boolean {
    return this.#channels.has(channel)
  }

  /** Whether there is a channel on which the role or the user is granted, or denied, the operation. */
  existsOnChannel(
    subject: { readonly role: string } | { readonly user: string },
    operation: MessagingOperation,
    access: Verdict,
  ): boolean {
    return this.#onChannels.size > 0 && this.#onChannels.has(key(access, subjectKey(subject), operation))
  }
}

export const NO_RULES = new PermissionRules([])

/** Channel undefined: the operation concerns the application as a whole. */
export function decide(
  rules: PermissionRules,
  caller: Caller,
  operation: MessagingOperation,
  channel?: string,
): Decision {
  for (const level of DECISION_LEVELS) {
    const found = rulesAt(level, rules, caller, operation, channel)
    const deciding = found.find(({ access }) => access === "deny") ?? found[0]
    if (deciding !== undefined) {
      return { allowed: deciding.access === "grant", decidedBy: { level, ...deciding } }
    }
  }
  return { allowed: presetGrantsTo(caller, operation).length > 0, decidedBy: "preset" }
}

export function explain(
  rules: PermissionRules,
  caller: Caller,
  operation: MessagingOperation,
  channel?: string,
): Explanation {
  const asked = DECISION_LEVELS.filter((level) => channel !== undefined || !level.startsWith("channel"))
  return {
    ...decide(rules, caller, operation, channel),
    levels: asked.map((level) => ({ level, rules: rulesAt(level, rules, caller, operation, channel) })),
    presetGrantsTo: presetGrantsTo(caller, operation),
  }
}

function rulesAt(
  level: DecisionLevel,
  rules: PermissionRules,
  { roles, user }: Caller,
  operation: MessagingOperation,
  channel: string | undefined,
): readonly FoundRule[] {
  const found = (subject: string, place: RulePlace): readonly FoundRule[] => {
    const access = rules.of(place)
    return access === undefined ? [] : [{ subject, access }]
  }
  if (level === "channel_user") {
    if (channel === undefined || user === undefined) return []
    return found(user, { level: "channel", channel, user, operation })
  }
  const wantsSystem = level.endsWith("system_roles")
  const asked = roles.filter((role) => isSystemRole(role) === wantsSystem)
  if (level.startsWith("application")) {
    return asked.flatMap((role) => found(role, { level: "application", role, operation }))
  }
  if (channel === undefined) return []
  return asked.flatMap((role) => found(role, { level: "channel", channel, role, operation }))
}

function presetGrantsTo({ preset, roles }: Caller, operation: MessagingOperation): readonly string[] {
  return roles.filter((role) => isSystemRole(role) && PRESET_GRANTS[preset][role].has(operation))
}

/** Names hold no control characters (design D8), so no two of these are equal by accident. */
function key(...parts: readonly string[]): string {
  return parts.join("\n")
}

function subjectKey(subject: { readonly role: string } | { readonly user: string }): string {
  return "user" in subject ? `user ${subject.user}` : `role ${subject.role}`
}
