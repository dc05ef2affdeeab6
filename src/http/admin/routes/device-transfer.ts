import { DomainError } from "../../../domain/errors.ts"
import { authorizeRoute } from "../../../policy/authorize.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import { exportDevices } from "../../../service/device-export.ts"
import { IMPORTED_AT_ONCE, type ImportResult, importDevices } from "../../../service/device-imports.ts"
import { decodeRegistration } from "../../backendless/decode.ts"
import { RawReply, type Route } from "../../route.ts"
import { applicationNumber } from "../application-number.ts"
import { propertiesOf } from "../body.ts"
import { DeviceExport, DeviceExportQuery, DeviceImport, ImportedDevices } from "../device-schemas.ts"
import { truth } from "../query.ts"
import { ApplicationParams } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const APPLICATION = "/admin/v1/applications/:applicationId"

const exportRoute: AdminRoute = {
  method: "GET",
  path: `${APPLICATION}/device-export`,
  permission: "admin:read",
  summary: "Streams the devices of an application, or of one of its channels, as CSV.",
  params: ApplicationParams,
  query: DeviceExportQuery,
  reply: DeviceExport,
  errors: ["not_found", "invalid_property"],
  handle: async (request) => {
    const { services, principal, query, signal } = request
    const withTokens = truth(query, "tokens")
    if (withTokens) authorizeRoute(principal, "admin:administer")
    const application = await applicationNumber(request)
    const filter = { channel: query["channel"], os: query["os"] }
    // An unknown channel is an answer of its own, which is too late once the stream has begun.
    await services.deviceSearch.page(application, filter, 0, 1)
    const lines = exportDevices(services.deviceSearch, application, filter, { withTokens, signal })
    return new RawReply("text/csv; charset=utf-8; header=present", lines, {
      "content-disposition": 'attachment; filename="devices.csv"',
    })
  },
  audit: {
    action: "device.export-tokens",
    of: ({ query }) => truth(query, "tokens"),
    target: ({ query }) => query["channel"] ?? "all channels",
  },
}

const importRoute: AdminRoute = {
  method: "POST",
  path: `${APPLICATION}/device-imports`,
  permission: "admin:operate",
  summary: "Registers up to 1 000 devices, and says of each row that could not be registered why.",
  params: ApplicationParams,
  body: DeviceImport,
  bodyLimit: "publishBodyBytes",
  reply: ImportedDevices,
  errors: ["not_found", "invalid_property"],
  handle: async (request) => {
    const { services, body } = request
    const rows = rowsOf(propertiesOf(body, ["devices"])["devices"])
    const application = await applicationNumber(request)
    return importDevices(services.devices, application, rows, (row) =>
      services.devices.decoded((now, limits) => decodeRegistration(row, now, limits)),
    )
  },
  audit: {
    action: "device.import",
    target: (_request, result) => {
      const { created, renewed, refused } = result as ImportResult
      return `${created} created, ${renewed} renewed, ${refused.length} refused`
    },
  },
}

function rowsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= IMPORTED_AT_ONCE) return value
  const found = Array.isArray(value) ? `${value.length} rows` : "no list"
  throw new DomainError(
    "invalid_property",
    `devices must be a list of 1 to ${IMPORTED_AT_ONCE} registrations and has ${found}; import more with further calls.`,
    { property: "devices", limit: IMPORTED_AT_ONCE, ...(Array.isArray(value) && { length: value.length }) },
  )
}

export const deviceTransferRoutes: readonly AdminRoute[] = [exportRoute, importRoute]
