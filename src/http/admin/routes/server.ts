import type { Application } from "../../../domain/application.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import { APPLICATION_NAME_MAX } from "../../../service/applications.ts"
import { IMPORTED_AT_ONCE } from "../../../service/device-imports.ts"
import { PHONES_MAX } from "../../../service/phones.ts"
import type { ServerFacts } from "../../../service/server-facts.ts"
import { HOURS_KEPT } from "../../../service/statistics.ts"
import type { Route } from "../../route.ts"
import { Server } from "../server-schemas.ts"

/** Applications of which the answer says where their messages go; there may be thousands. */
const APPLICATIONS_MAX = 100

const readServer: Route<AdministratorPrincipal> = {
  method: "GET",
  path: "/admin/v1/server",
  permission: "admin:read",
  forRestricted: "filtered",
  summary: "Returns what there is to know of the server: version, store, sandbox, limits.",
  reply: Server,
  errors: [],
  handle: async ({ services, principal }) => {
    const { server } = services
    const isRestricted = principal.applications !== undefined
    const applications = (await services.applications.list())
      .filter(({ id }) => principal.applications?.has(id) ?? true)
      .slice(0, APPLICATIONS_MAX)
    return {
      version: server.version,
      startedAt: server.startedAt,
      url: server.url ?? null,
      store: isRestricted ? null : await server.store(),
      sandbox: {
        isOn: server.hasSandbox,
        applications: await Promise.all(applications.map((application) => deliveryView(server, application))),
      },
      limits: {
        ...server.limits,
        applicationName: APPLICATION_NAME_MAX,
        devicesPerImport: IMPORTED_AT_ONCE,
        phonesPerApplication: PHONES_MAX,
        payloadBytes: server.payloadBytes,
        statisticsHours: HOURS_KEPT,
      },
    }
  },
}

async function deliveryView(server: ServerFacts, application: Application): Promise<object> {
  return { applicationId: application.id, delivery: await server.delivery(application) }
}

export const serverRoutes: readonly Route<AdministratorPrincipal>[] = [readServer]
