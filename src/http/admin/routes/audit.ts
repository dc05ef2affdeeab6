import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { pageLimit, wholeNumber } from "../query.ts"
import { AuditPage, AuditQuery } from "../schemas.ts"

const readAudit: Route<AdministratorPrincipal> = {
  method: "GET",
  path: "/admin/v1/audit",
  permission: "admin:administer",
  summary: "Lists who changed what, the latest first.",
  query: AuditQuery,
  reply: AuditPage,
  errors: ["invalid_property"],
  handle: async ({ services, query }) => {
    const before = wholeNumber(query, "cursor", 1)
    const page = await services.audit.page(query["application"], before, pageLimit(query))
    return {
      entries: page.entries.map((entry) => ({ ...entry, application: entry.application ?? null })),
      next: page.next === undefined ? null : String(page.next),
    }
  },
}

export const auditRoutes: readonly Route<AdministratorPrincipal>[] = [readAudit]
