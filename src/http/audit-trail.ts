import type { Principal } from "../policy/principal.ts"
import { type AuditTold, actorOf } from "../service/audit.ts"
import type { AuditRule, Route, RouteRequest } from "./route.ts"

/** Has a route do what it is for, with its trace in the audit log if it declares one. */
export async function handleWithTrail(route: Route, request: RouteRequest): Promise<unknown> {
  const rule = route.audit
  if (rule === undefined || rule.of?.(request) === false) return route.handle(request)
  return request.services.audit.note(
    // Who calls a route that anyone may call is known only by its result.
    told(
      rule,
      request,
      rule.actor === undefined ? request.principal : undefined,
      rule.expected?.(request) ?? targetOf(request.params),
    ),
    async () => route.handle(request),
    (result) => {
      const principal = rule.actor?.(result) ?? request.principal
      return told(rule, request, principal, rule.target?.(request, result) ?? targetOf(request.params))
    },
  )
}

function told(
  { action }: AuditRule,
  { params }: RouteRequest,
  principal: Principal | undefined,
  target: string,
): AuditTold {
  return {
    actor: principal === undefined ? "unknown" : actorOf(principal),
    action,
    application: principal?.kind === "key" ? principal.application.id : params["applicationId"],
    target,
  }
}

function targetOf(params: Readonly<Record<string, string>>): string {
  const names = Object.keys(params).filter((name) => name !== "applicationId" && name !== "apiKey")
  return names.map((name) => params[name]).join(" ")
}
