import type { KeyPrincipal } from "../../../policy/principal.ts"
import type { Route, RouteRequest } from "../../route.ts"
import { objectBody } from "../decode.ts"
import { encodeUser } from "../encode-user.ts"
import {
  IsValid,
  LoggedInUser,
  LoggedOut,
  LoginBody,
  RegisteredUser,
  RoleNames,
  UserRegistration,
  UserTokenParams,
} from "../user-schemas.ts"

/** The users of an application (contract 6). Whatever is wrong has the code that SDKs expect. */

const registerUser: Route<KeyPrincipal> = {
  method: "POST",
  path: "users/register",
  permission: "user:register",
  userToken: "ignored",
  summary: "Registers a user, who is not logged in by that.",
  body: UserRegistration,
  reply: RegisteredUser,
  errors: [
    "user_registration_disabled",
    "unknown_user_property",
    "missing_password",
    "missing_user_property",
    "missing_identity",
    "user_exists",
    "user_id_not_allowed",
    "bad_email",
    "property_too_long",
    "invalid_property",
  ],
  handle: async ({ services, principal, body, address }) => {
    const user = await services.users.register(principal.application, objectBody(body), address)
    return encodeUser(user, await identityProperty({ services, principal }))
  },
}

const registerGuest: Route<KeyPrincipal> = {
  method: "POST",
  path: "users/register/guest",
  permission: "user:register",
  userToken: "ignored",
  summary: "Makes a guest, who is logged in from the start.",
  reply: LoggedInUser,
  errors: ["user_registration_disabled"],
  handle: async ({ services, principal }) => {
    const { user, token } = await services.userSessions.loginAsGuest(principal.application)
    return encodeUser(user, await identityProperty({ services, principal }), token)
  },
}

const login: Route<KeyPrincipal> = {
  method: "POST",
  path: "users/login",
  permission: "user:login",
  userToken: "ignored",
  summary: "Logs a user in; the answer has the user token.",
  body: LoginBody,
  reply: LoggedInUser,
  errors: [
    "login_by_id_refused",
    "login_disabled_for_user",
    "already_logged_in",
    "bad_login",
    "empty_login",
    "login_disabled",
    "login_locked",
    "missing_login_parameter",
    "too_many_logins",
    "user_disabled",
    "property_too_long",
    "invalid_property",
  ],
  handle: async ({ services, principal, body, address }) => {
    const { application, keyKind } = principal
    const caller = { keyKind, address }
    const { user, token } = await services.userSessions.login(application, objectBody(body), caller)
    return encodeUser(user, await identityProperty({ services, principal }), token)
  },
}

/** Without a token there is nothing to end: SDKs log out after a registration, which gave them none. */
const logout: Route<KeyPrincipal> = {
  method: "GET",
  path: "users/logout",
  permission: "user:session",
  summary: "Ends the login of the user token.",
  reply: LoggedOut,
  errors: [],
  handle: async ({ services, principal, headers }) => {
    const token = headers["user-token"]
    if (token !== undefined && token !== "") await services.userSessions.logout(principal.application, token)
    return {}
  },
}

const checkToken: Route<KeyPrincipal> = {
  method: "GET",
  path: "users/isvalidusertoken/:token",
  permission: "user:session",
  userToken: "ignored",
  summary: "Says whether a user token of the application is valid, as a bare true or false.",
  params: UserTokenParams,
  reply: IsValid,
  errors: [],
  handle: ({ services, principal, params }) =>
    services.userSessions.isValid(principal.application, params["token"] ?? ""),
}

const listRoles: Route<KeyPrincipal> = {
  method: "GET",
  path: "users/userroles",
  permission: "user:session",
  summary: "Returns the names of all roles that the request runs with.",
  reply: RoleNames,
  errors: [],
  handle: ({ principal }) => principal.roles,
}

async function identityProperty({
  services,
  principal,
}: Pick<RouteRequest<KeyPrincipal>, "services" | "principal">): Promise<string> {
  return (await services.userSettings.of(principal.application.number)).identityProperty
}

export const userRoutes: readonly Route<KeyPrincipal>[] = [
  registerUser,
  registerGuest,
  login,
  logout,
  checkToken,
  listRoles,
]
