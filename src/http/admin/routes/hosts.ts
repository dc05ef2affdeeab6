import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { HostView } from "../../../service/hosts.ts"
import type { Route } from "../../route.ts"
import { AccessParams, Host, HostBinding, HostList, HostParams } from "../access-schemas.ts"
import { propertiesOf } from "../body.ts"
import { Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const HOSTS = "/admin/v1/applications/:applicationId/hosts"
const HOST = `${HOSTS}/:host`

const listHosts: AdminRoute = {
  method: "GET",
  path: HOSTS,
  permission: "admin:read",
  summary: "Lists the host names that serve the application as /api/….",
  params: AccessParams,
  reply: HostList,
  errors: ["not_found"],
  handle: async ({ services, params }) => ({
    hosts: (await services.hosts.list(params["applicationId"] ?? "")).map(view),
  }),
}

const bindHost: AdminRoute = {
  method: "PUT",
  path: HOST,
  permission: "admin:administer",
  summary:
    "Serves the application under a host name with the rights of a key, and of a role if one is named.",
  params: HostParams,
  body: HostBinding,
  reply: Host,
  errors: ["not_found", "invalid_property", "property_too_long", "conflict"],
  handle: async ({ services, params, body }) => {
    const { key, role } = propertiesOf(body, ["key", "role"])
    return view(await services.hosts.bind(params["applicationId"] ?? "", params["host"] ?? "", { key, role }))
  },
  audit: { action: "host.bind" },
}

const unbindHost: AdminRoute = {
  method: "DELETE",
  path: HOST,
  permission: "admin:administer",
  summary: "Unbinds a host name; it serves nothing any more within five seconds.",
  params: HostParams,
  reply: Done,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    await services.hosts.unbind(params["host"] ?? "", params["applicationId"] ?? "")
    return { done: true }
  },
  audit: { action: "host.unbind" },
}

function view(host: HostView): object {
  return { ...host, role: host.role ?? null }
}

export const hostRoutes: readonly AdminRoute[] = [listHosts, bindHost, unbindHost]
