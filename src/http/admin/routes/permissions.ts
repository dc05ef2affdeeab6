import {
  CHANNEL_OPERATIONS,
  MESSAGING_OPERATIONS,
  type MessagingOperation,
} from "../../../domain/permission.ts"
import {
  type Access,
  type Decision,
  PRESET_GRANTS,
  type RulePlace,
} from "../../../domain/permission-rules.ts"
import { isSystemRole } from "../../../domain/roles.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { PermissionAnswer, PermissionMatrix } from "../../../service/permissions.ts"
import type { Route } from "../../route.ts"
import {
  AccessParams,
  Explained,
  ExplainQuery,
  Matrix,
  MatrixQuery,
  Rule,
  RuleChange,
} from "../access-schemas.ts"
import { propertiesOf } from "../body.ts"

type AdminRoute = Route<AdministratorPrincipal>

const APPLICATION = "/admin/v1/applications/:applicationId"
const RULE_PROPERTIES = ["level", "channel", "role", "user", "operation", "access"] as const

const readMatrix: AdminRoute = {
  method: "GET",
  path: `${APPLICATION}/permissions`,
  permission: "admin:read",
  summary: "Returns all that decides who may do what: the preset's grants, the roles and the rules.",
  params: AccessParams,
  query: MatrixQuery,
  reply: Matrix,
  errors: ["not_found"],
  handle: async ({ services, params, query }) =>
    matrixView(await services.permissions.matrix(params["applicationId"] ?? ""), query["channel"]),
}

const setRule: AdminRoute = {
  method: "PUT",
  path: `${APPLICATION}/permissions`,
  permission: "admin:administer",
  summary: "Sets one rule, or takes it away with inherit; in force within five seconds.",
  params: AccessParams,
  body: RuleChange,
  reply: Rule,
  errors: ["not_found", "invalid_property", "property_too_long", "conflict"],
  handle: async ({ services, params, body }) => {
    const input = propertiesOf(body, RULE_PROPERTIES)
    return ruleView(await services.permissions.setRule(params["applicationId"] ?? "", input))
  },
  audit: { action: "permission.set", target: (_request, result) => ruleText(result as RuleView) },
}

const explainPermission: AdminRoute = {
  method: "GET",
  path: `${APPLICATION}/explain`,
  permission: "admin:read",
  summary:
    "Says whether a request with a key (or host name) and a user may do something, and which rule decides.",
  params: AccessParams,
  query: ExplainQuery,
  reply: Explained,
  errors: ["not_found", "invalid_property", "property_too_long"],
  handle: async ({ services, params, query }) => {
    const { operation, channel, key, host, user } = query
    return explainedView(
      await services.permissions.explain(params["applicationId"] ?? "", {
        operation,
        channel,
        key: key !== undefined && /^\d{1,15}$/.test(key) ? Number(key) : key,
        host,
        user,
      }),
    )
  },
}

interface RuleView {
  readonly level: string
  readonly channel: string | null
  readonly role: string | null
  readonly user: string | null
  readonly operation: MessagingOperation
  readonly access: Access
}

function ruleView(rule: RulePlace & { readonly access: Access }): RuleView {
  return {
    level: rule.level,
    channel: rule.level === "channel" ? rule.channel : null,
    role: "role" in rule ? rule.role : null,
    user: "user" in rule ? rule.user : null,
    operation: rule.operation,
    access: rule.access,
  }
}

function ruleText({ access, operation, role, user, channel }: RuleView): string {
  const subject = role === null ? `user ${user}` : `role ${role}`
  return `${access} ${operation}, ${subject}${channel === null ? "" : `, channel ${channel}`}`
}

function matrixView({ application, roles, rules }: PermissionMatrix, channel: string | undefined): object {
  const { preset } = application
  const shown =
    channel === undefined
      ? rules
      : rules.filter((rule) => rule.level === "application" || rule.channel === channel)
  return {
    preset,
    operations: (Object.keys(MESSAGING_OPERATIONS) as MessagingOperation[]).map((operation) => ({
      operation,
      meaning: MESSAGING_OPERATIONS[operation],
      onChannels: CHANNEL_OPERATIONS.has(operation),
    })),
    roles: roles.map((role) => ({
      ...role,
      presetGrants: isSystemRole(role.name) ? [...PRESET_GRANTS[preset][role.name]] : [],
    })),
    rules: shown.map(ruleView),
  }
}

function explainedView(answer: PermissionAnswer): object {
  const { allowed, application, channel, roles, steps } = answer
  const deciding = steps.find((step) => !step.allowed) ?? steps[0]
  if (deciding === undefined) throw new Error("an explanation has no step")
  const decidedBy = (decision: Decision) =>
    decision.decidedBy === "preset"
      ? { level: "preset", subject: application.preset, access: decision.allowed ? "grant" : "deny" }
      : decision.decidedBy
  const by = decidedBy(deciding)
  return {
    allowed,
    summary: `${allowed ? "Allowed" : "Refused"}: ${deciding.operation} is ${by.access === "grant" ? "granted" : "denied"} ${placeText(by, channel)}.`,
    channel: channel ?? null,
    roles,
    decidedBy: by,
    steps: steps.map((step) => ({ ...step, decidedBy: decidedBy(step) })),
  }
}

function placeText(
  { level, subject }: { level: string; subject: string },
  channel: string | undefined,
): string {
  if (level === "preset") return `by the preset "${subject}", since no rule speaks of it`
  const to = level === "channel_user" ? `to the user ${subject}` : `to the role ${subject}`
  return level.startsWith("channel") ? `${to} on the channel "${channel}"` : `${to} in the application`
}

export const permissionRoutes: readonly AdminRoute[] = [readMatrix, setRule, explainPermission]
