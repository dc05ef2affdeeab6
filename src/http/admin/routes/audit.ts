import { DomainError } from "../../../domain/errors.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import { unknownApplication } from "../../../service/existing-application.ts"
import type { Route } from "../../route.ts"
import { nextCursor, pageLimit, wholeNumber } from "../query.ts"
import { AuditPage, AuditQuery, AuditVerification } from "../schemas.ts"

const readAudit: Route<AdministratorPrincipal> = {
  method: "GET",
  path: "/admin/v1/audit",
  permission: "admin:administer",
  forRestricted: "filtered",
  summary: "Lists who changed what, the latest first; for a caller who is restricted, of one application.",
  query: AuditQuery,
  reply: AuditPage,
  errors: ["invalid_property", "not_found"],
  handle: async ({ services, principal, query }) => {
    const before = wholeNumber(query, "cursor", 1)
    const application = applicationFor(principal, query["application"])
    const { actor, action } = query
    const page = await services.audit.page({ application, actor, action }, before, pageLimit(query))
    return {
      entries: page.entries.map((entry) => ({ ...entry, application: entry.application ?? null })),
      next: nextCursor(page.next),
    }
  },
}

const verifyAudit: Route<AdministratorPrincipal> = {
  method: "GET",
  path: "/admin/v1/audit/verification",
  permission: "admin:administer",
  summary: "Recomputes the chain of the audit log and says whether every entry is as it was written.",
  reply: AuditVerification,
  errors: [],
  handle: async ({ services }) => {
    const { entries, broken, hash } = await services.audit.verify()
    return { isWhole: broken === undefined, entries, broken: broken ?? null, hash }
  },
}

/** Undefined: all, which only who is not restricted may see. */
function applicationFor(
  { applications }: AdministratorPrincipal,
  wanted: string | undefined,
): string | undefined {
  if (applications === undefined) return wanted
  const [only] = applications
  const application = wanted ?? (applications.size === 1 ? only : undefined)
  if (application === undefined) {
    throw new DomainError(
      "invalid_property",
      "application is missing; it must be one that the caller may see.",
      {
        property: "application",
      },
    )
  }
  if (!applications.has(application)) throw unknownApplication(application)
  return application
}

export const auditRoutes: readonly Route<AdministratorPrincipal>[] = [readAudit, verifyAudit]
