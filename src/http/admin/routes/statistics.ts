import { DomainError } from "../../../domain/errors.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Step } from "../../../service/statistics.ts"
import type { Route } from "../../route.ts"
import { applicationNumber } from "../application-number.ts"
import { wholeNumber } from "../query.ts"
import { ApplicationParams } from "../schemas.ts"
import { Statistics, StatisticsQuery } from "../statistics-schemas.ts"

const readStatistics: Route<AdministratorPrincipal> = {
  method: "GET",
  path: "/admin/v1/applications/:applicationId/statistics",
  permission: "admin:read",
  summary: "Counts registrations, messages and outcomes of an application by hour or day.",
  params: ApplicationParams,
  query: StatisticsQuery,
  reply: Statistics,
  errors: ["not_found", "invalid_property"],
  handle: async (request) => {
    const { services, query } = request
    const step = stepOf(query["step"])
    const from = wholeNumber(query, "from", 0)
    const to = wholeNumber(query, "to", 1)
    return services.statistics.of(await applicationNumber(request), step, { from, to })
  },
}

function stepOf(text: string | undefined): Step {
  if (text === undefined || text === "hour") return "hour"
  if (text === "day") return "day"
  throw new DomainError("invalid_property", "step must be hour or day.", { property: "step" })
}

export const statisticsRoutes: readonly Route<AdministratorPrincipal>[] = [readStatistics]
