import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { AccessParams, NewRole, Role, RoleList, RoleParams } from "../access-schemas.ts"
import { propertiesOf } from "../body.ts"
import { Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const ROLES = "/admin/v1/applications/:applicationId/roles"

const listRoles: AdminRoute = {
  method: "GET",
  path: ROLES,
  permission: "admin:read",
  summary: "Lists the roles of an application: the system roles, then the custom ones.",
  params: AccessParams,
  reply: RoleList,
  errors: ["not_found"],
  handle: async ({ services, params }) => ({
    roles: await services.permissions.roles(params["applicationId"] ?? ""),
  }),
}

const createRole: AdminRoute = {
  method: "POST",
  path: ROLES,
  permission: "admin:administer",
  summary: "Adds a custom role, which no rule grants anything yet.",
  params: AccessParams,
  body: NewRole,
  reply: Role,
  errors: ["not_found", "invalid_property", "property_too_long", "conflict"],
  handle: ({ services, params, body }) => {
    const { name, description } = propertiesOf(body, ["name", "description"])
    return services.permissions.createRole(params["applicationId"] ?? "", name, description)
  },
  audit: { action: "role.create", target: (_request, result) => (result as { readonly name: string }).name },
}

const deleteRole: AdminRoute = {
  method: "DELETE",
  path: `${ROLES}/:role`,
  permission: "admin:administer",
  summary: "Deletes a custom role with its rules; one that a key or a host name is bound to stays.",
  params: RoleParams,
  reply: Done,
  errors: ["not_found", "conflict"],
  handle: async ({ services, params }) => {
    await services.permissions.removeRole(params["applicationId"] ?? "", params["role"] ?? "")
    return { done: true }
  },
  audit: { action: "role.delete" },
}

export const roleRoutes: readonly AdminRoute[] = [listRoles, createRole, deleteRole]
