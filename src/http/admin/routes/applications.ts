import type { Application } from "../../../domain/application.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { ApplicationChanges } from "../access-schemas.ts"
import { propertiesOf } from "../body.ts"
import {
  ApplicationBody,
  ApplicationList,
  ApplicationParams,
  Application as ApplicationShape,
  ApplicationWithKeys,
  Done,
} from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const APPLICATIONS = "/admin/v1/applications"

const listApplications: AdminRoute = {
  method: "GET",
  path: APPLICATIONS,
  permission: "admin:read",
  forRestricted: "filtered",
  summary: "Lists the applications that the caller may see.",
  reply: ApplicationList,
  errors: [],
  handle: async ({ services, principal }) => {
    const applications = await services.applications.list()
    const visible = applications.filter(({ id }) => principal.applications?.has(id) ?? true)
    return { applications: visible.map(view) }
  },
}

const createApplication: AdminRoute = {
  method: "POST",
  path: APPLICATIONS,
  permission: "admin:administer",
  summary: "Creates an application with a key of each type.",
  body: ApplicationBody,
  reply: ApplicationWithKeys,
  errors: ["invalid_property", "property_too_long"],
  handle: async ({ services, body }) => {
    const { name, preset } = propertiesOf(body, ["name", "preset"])
    const { apiKeys, ...application } = await services.applications.create(name, preset ?? undefined)
    return { ...view(application), apiKeys }
  },
  audit: {
    action: "application.create",
    target: (_request, result) => (result as { readonly applicationId: string }).applicationId,
  },
}

const readApplication: AdminRoute = {
  method: "GET",
  path: `${APPLICATIONS}/:applicationId`,
  permission: "admin:read",
  summary: "Returns an application without its keys.",
  params: ApplicationParams,
  reply: ApplicationShape,
  errors: ["not_found"],
  handle: async ({ services, params }) =>
    view(await services.applications.get(params["applicationId"] ?? "")),
}

const changeApplication: AdminRoute = {
  method: "PUT",
  path: `${APPLICATIONS}/:applicationId`,
  permission: "admin:administer",
  summary: "Changes the name or the security preset, which is in force within five seconds.",
  params: ApplicationParams,
  body: ApplicationChanges,
  reply: ApplicationShape,
  errors: ["not_found", "invalid_property", "property_too_long"],
  handle: async ({ services, params, body }) => {
    const { name, preset } = propertiesOf(body, ["name", "preset"])
    return view(await services.applications.update(params["applicationId"] ?? "", { name, preset }))
  },
  audit: {
    action: "application.change",
    target: (_request, result) => `preset ${(result as Application).preset}`,
  },
}

const deleteApplication: AdminRoute = {
  method: "DELETE",
  path: `${APPLICATIONS}/:applicationId`,
  permission: "admin:administer",
  summary: "Deletes an application: its keys stop working within seconds, its devices are removed.",
  params: ApplicationParams,
  reply: Done,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    await services.applications.delete(params["applicationId"] ?? "")
    return { done: true }
  },
  audit: { action: "application.delete" },
}

function view({ id, name, preset, createdAt }: Application): object {
  return { applicationId: id, name, preset, createdAt }
}

export const applicationRoutes: readonly AdminRoute[] = [
  listApplications,
  createApplication,
  readApplication,
  changeApplication,
  deleteApplication,
]
