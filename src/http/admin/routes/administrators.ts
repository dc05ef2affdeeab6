import { rightsText } from "../../../domain/administrator.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { AdministratorView } from "../../../service/administrators.ts"
import type { Route } from "../../route.ts"
import {
  AdministratorChanges,
  AdministratorList,
  AdministratorParams,
  Administrator as AdministratorShape,
  EndedSessions,
  NewAdministrator,
  SessionList,
  SessionParams,
} from "../administration-schemas.ts"
import { nameIn, propertiesOf } from "../body.ts"
import { numberIn } from "../query.ts"
import { Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const ADMINISTRATORS = "/admin/v1/administrators"
const ADMINISTRATOR = `${ADMINISTRATORS}/:administrator`
const SESSIONS = `${ADMINISTRATOR}/sessions`

const listAdministrators: AdminRoute = {
  method: "GET",
  path: ADMINISTRATORS,
  permission: "admin:administer",
  summary: "Lists the administrators.",
  reply: AdministratorList,
  errors: [],
  handle: async ({ services }) => ({ administrators: (await services.administrators.list()).map(view) }),
}

const createAdministrator: AdminRoute = {
  method: "POST",
  path: ADMINISTRATORS,
  permission: "admin:administer",
  summary: "Creates an administrator, whose first password the caller chooses.",
  body: NewAdministrator,
  reply: AdministratorShape,
  errors: ["invalid_property", "property_too_long", "conflict"],
  handle: async ({ services, body }) =>
    view(
      await services.administrators.create(propertiesOf(body, ["name", "password", "scope", "applications"])),
    ),
  audit: {
    action: "administrator.create",
    target: (_request, result) => `${nameOf(result)} ${rightsText(result as AdministratorView)}`,
    expected: nameIn,
  },
}

const changeAdministrator: AdminRoute = {
  method: "PUT",
  path: ADMINISTRATOR,
  permission: "admin:administer",
  summary: "Changes scope, applications or password of an administrator and ends their sessions.",
  params: AdministratorParams,
  body: AdministratorChanges,
  reply: AdministratorShape,
  errors: ["not_found", "invalid_property", "property_too_long", "conflict"],
  handle: async ({ services, params, body }) => {
    const changes = propertiesOf(body, ["scope", "applications", "password"])
    return view(await services.administrators.update(numberIn(params, "administrator"), changes))
  },
  audit: { action: "administrator.change", target: changeText },
}

const removeAdministrator: AdminRoute = {
  method: "DELETE",
  path: ADMINISTRATOR,
  permission: "admin:administer",
  summary: "Removes an administrator and ends their sessions.",
  params: AdministratorParams,
  reply: Done,
  errors: ["not_found", "conflict"],
  handle: async ({ services, params }) => {
    await services.administrators.remove(numberIn(params, "administrator"))
    return { done: true }
  },
  audit: { action: "administrator.remove" },
}

const listSessions: AdminRoute = {
  method: "GET",
  path: SESSIONS,
  permission: "admin:administer",
  summary: "Lists the sessions of an administrator, the one that was used last first.",
  params: AdministratorParams,
  reply: SessionList,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    const { number } = await services.administrators.get(numberIn(params, "administrator"))
    return { sessions: await services.administratorSessions.list(number) }
  },
}

const endSession: AdminRoute = {
  method: "DELETE",
  path: `${SESSIONS}/:session`,
  permission: "admin:administer",
  summary: "Ends one session of an administrator.",
  params: SessionParams,
  reply: Done,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    const { number } = await services.administrators.get(numberIn(params, "administrator"))
    await services.administratorSessions.endOne(number, numberIn(params, "session"))
    return { done: true }
  },
  audit: { action: "administrator.end-session" },
}

const endSessions: AdminRoute = {
  method: "DELETE",
  path: SESSIONS,
  permission: "admin:administer",
  summary: "Logs an administrator out everywhere.",
  params: AdministratorParams,
  reply: EndedSessions,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    const { number } = await services.administrators.get(numberIn(params, "administrator"))
    return { ended: await services.administratorSessions.endAll(number) }
  },
  audit: { action: "administrator.end-sessions" },
}

function nameOf(result: unknown): string {
  return (result as AdministratorView).name
}

/** Who has which rights since, and whether the password is another one. */
function changeText({ body }: { readonly body: unknown }, result: unknown): string {
  const { scope, applications, password } = (body ?? {}) as Readonly<Record<string, unknown>>
  const hasNewRights = scope !== undefined || applications !== undefined
  return [
    nameOf(result),
    ...(hasNewRights ? [rightsText(result as AdministratorView)] : []),
    ...(password === undefined ? [] : ["password"]),
  ].join(" ")
}

function view({ number, name, scope, applications, createdAt, lastLoginAt }: AdministratorView): object {
  return {
    number,
    name,
    scope,
    applications: applications ?? null,
    createdAt,
    lastLoginAt: lastLoginAt ?? null,
  }
}

export const administratorRoutes: readonly AdminRoute[] = [
  listAdministrators,
  createAdministrator,
  changeAdministrator,
  removeAdministrator,
  listSessions,
  endSession,
  endSessions,
]
