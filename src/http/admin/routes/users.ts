import type { User } from "../../../domain/user.ts"
import { USER_SETTING_NAMES } from "../../../domain/user-settings.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { EndedSessions } from "../administration-schemas.ts"
import { propertiesOf } from "../body.ts"
import { pageLimit } from "../query.ts"
import { ApplicationParams, Done } from "../schemas.ts"
import {
  NewUser,
  UserChanges,
  UserPage,
  UserParams,
  UserQuery,
  UserRoles,
  UserSettings,
  UserSettingsChanges,
  User as UserShape,
} from "../user-schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const APPLICATION = "/admin/v1/applications/:applicationId"
const USERS = `${APPLICATION}/users`
const USER = `${USERS}/:userId`

const listUsers: AdminRoute = {
  method: "GET",
  path: USERS,
  permission: "admin:read",
  summary: "Lists the users of an application in the order of their creation, or searches them by identity.",
  params: ApplicationParams,
  query: UserQuery,
  reply: UserPage,
  errors: ["not_found", "invalid_property"],
  handle: async ({ services, params, query }) => {
    const { users, next } = await services.users.page(params["applicationId"] ?? "", {
      identityPrefix: query["identityPrefix"],
      after: query["cursor"],
      limit: pageLimit(query),
    })
    return { users: users.map(view), next: next ?? null }
  },
}

const createUser: AdminRoute = {
  method: "POST",
  path: USERS,
  permission: "admin:operate",
  summary: "Creates a user, whether or not apps may register users.",
  params: ApplicationParams,
  body: NewUser,
  reply: UserShape,
  errors: ["not_found", "invalid_property", "property_too_long", "user_exists", "bad_email"],
  handle: async ({ services, params, body }) => {
    const form = propertiesOf(body, ["identity", "password", "properties", "status"])
    return view(await services.users.create(params["applicationId"] ?? "", form))
  },
  audit: {
    action: "user.create",
    target: (_request, result) => (result as { readonly userId: string }).userId,
  },
}

const readUser: AdminRoute = {
  method: "GET",
  path: USER,
  permission: "admin:read",
  summary: "Returns a user.",
  params: UserParams,
  reply: UserShape,
  errors: ["not_found"],
  handle: async ({ services, params }) =>
    view(await services.users.get(params["applicationId"] ?? "", params["userId"] ?? "")),
}

const changeUser: AdminRoute = {
  method: "PUT",
  path: USER,
  permission: "admin:operate",
  summary: "Changes a user; a new password and the status DISABLED end every login within five seconds.",
  params: UserParams,
  body: UserChanges,
  reply: UserShape,
  errors: ["not_found", "invalid_property", "property_too_long", "user_exists", "bad_email", "conflict"],
  handle: async ({ services, params, body }) => {
    const form = propertiesOf(body, ["identity", "password", "properties", "status"])
    return view(await services.users.update(params["applicationId"] ?? "", params["userId"] ?? "", form))
  },
  audit: {
    action: "user.change",
    target: ({ params, body }) => [params["userId"], ...changedNames(body)].join(" "),
  },
}

const removeUser: AdminRoute = {
  method: "DELETE",
  path: USER,
  permission: "admin:operate",
  summary:
    "Removes a user with every login and every rule that speaks of them. Their devices stay registered.",
  params: UserParams,
  reply: Done,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    await services.users.remove(params["applicationId"] ?? "", params["userId"] ?? "")
    return { done: true }
  },
  audit: { action: "user.remove" },
}

const setRoles: AdminRoute = {
  method: "PUT",
  path: `${USER}/roles`,
  permission: "admin:administer",
  summary: "Gives a user exactly these custom roles; in force within five seconds.",
  params: UserParams,
  body: UserRoles,
  reply: UserShape,
  errors: ["not_found", "invalid_property", "property_too_long"],
  handle: async ({ services, params, body }) => {
    const { roles } = propertiesOf(body, ["roles"])
    return view(await services.users.setRoles(params["applicationId"] ?? "", params["userId"] ?? "", roles))
  },
  audit: {
    action: "user.set-roles",
    target: ({ params }, result) => `${params["userId"]} ${(result as User).roles.join(", ") || "none"}`,
  },
}

const endSessions: AdminRoute = {
  method: "DELETE",
  path: `${USER}/sessions`,
  permission: "admin:operate",
  summary: "Logs a user out everywhere, also from tokens that an identity provider issued until now.",
  params: UserParams,
  reply: EndedSessions,
  errors: ["not_found"],
  handle: async ({ services, params }) => ({
    ended: await services.users.endSessions(params["applicationId"] ?? "", params["userId"] ?? ""),
  }),
  audit: { action: "user.end-sessions" },
}

const readSettings: AdminRoute = {
  method: "GET",
  path: `${APPLICATION}/user-settings`,
  permission: "admin:read",
  summary: "Returns how users register and log in.",
  params: ApplicationParams,
  reply: UserSettings,
  errors: ["not_found"],
  handle: ({ services, params }) => services.userSettings.get(params["applicationId"] ?? ""),
}

const changeSettings: AdminRoute = {
  method: "PUT",
  path: `${APPLICATION}/user-settings`,
  permission: "admin:administer",
  summary: "Changes how users register and log in; in force within five seconds.",
  params: ApplicationParams,
  body: UserSettingsChanges,
  reply: UserSettings,
  errors: ["not_found", "invalid_property", "property_too_long", "conflict"],
  handle: ({ services, params, body }) =>
    services.userSettings.change(params["applicationId"] ?? "", propertiesOf(body, USER_SETTING_NAMES)),
  audit: {
    action: "user-settings.change",
    target: ({ body }) => Object.keys((body ?? {}) as object).join(" "),
  },
}

/** What was changed, without what it was changed to: that may be a password. The status is what people look for. */
function changedNames(body: unknown): readonly string[] {
  return Object.entries((body ?? {}) as object).map(([name, value]) =>
    name === "status" ? `status ${value}` : name,
  )
}

function view(user: User): object {
  return {
    userId: user.id,
    kind: user.kind,
    status: user.status,
    identity: user.identity ?? null,
    issuer: user.origin?.issuer ?? null,
    subject: user.origin?.subject ?? null,
    properties: user.properties,
    roles: user.roles,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt ?? null,
    lastLoginAt: user.lastLoginAt ?? null,
  }
}

export const userRoutes: readonly AdminRoute[] = [
  listUsers,
  createUser,
  readUser,
  changeUser,
  removeUser,
  setRoles,
  endSessions,
  readSettings,
  changeSettings,
]
