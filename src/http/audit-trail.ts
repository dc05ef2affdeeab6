import { actorOf } from "../service/audit.ts"
import type { Route, RouteRequest } from "./route.ts"

/** Writes what a route declares for the audit log, before its caller is answered. */
export async function leaveTrail(route: Route, request: RouteRequest, result: unknown): Promise<void> {
  const rule = route.audit
  if (rule === undefined || rule.of?.(request) === false) return
  const { services, params } = request
  const principal = rule.actor?.(result) ?? request.principal
  await services.audit.append({
    actor: actorOf(principal),
    action: rule.action,
    application: principal.kind === "key" ? principal.application.id : params["applicationId"],
    target: rule.target?.(request, result) ?? targetOf(params),
    details: {},
  })
}

function targetOf(params: Readonly<Record<string, string>>): string {
  const names = Object.keys(params).filter((name) => name !== "applicationId" && name !== "apiKey")
  return names.map((name) => params[name]).join(" ")
}
