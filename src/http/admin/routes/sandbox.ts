import { DomainError } from "../../../domain/errors.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { wholeNumber } from "../query.ts"
import { JournalQuery, SandboxJournal } from "../schemas.ts"

const readJournal: Route<AdministratorPrincipal> = {
  method: "GET",
  path: "/admin/v1/sandbox/journal",
  permission: "admin:read",
  summary: "Returns what the devices of the sandbox received, the earliest first, as a phone would show it.",
  query: JournalQuery,
  reply: SandboxJournal,
  errors: ["not_found", "invalid_property"],
  handle: ({ services, query }) => {
    if (services.sandbox === undefined)
      throw new DomainError("not_found", "The server runs with --no-sandbox.")
    return services.sandbox.journal({
      token: query["token"],
      since: wholeNumber(query, "since", 0),
      limit: wholeNumber(query, "limit", 1, 1000) ?? 100,
    })
  },
}

export const sandboxRoutes: readonly Route<AdministratorPrincipal>[] = [readJournal]
