import { DomainError } from "../../../domain/errors.ts"
import type { AdministratorPrincipal, SessionIdentity } from "../../../policy/principal.ts"
import { type BegunSession, SESSION_IDLE_MS } from "../../../service/administrator-sessions.ts"
import { type Route, SessionReply } from "../../route.ts"
import {
  Caller,
  EndedSessions,
  Login,
  OwnSessionList,
  OwnSessionParams,
  PasswordChange,
  Setup,
} from "../administration-schemas.ts"
import { nameIn, propertiesOf } from "../body.ts"
import { numberIn } from "../query.ts"
import { Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const SESSION = "/admin/v1/session"
const SESSIONS = "/admin/v1/sessions"

const setUp: AdminRoute = {
  method: "POST",
  path: "/admin/v1/setup",
  permission: "admin:anyone",
  summary: "Redeems a setup link: creates an administrator who may do everything, and begins a session.",
  body: Setup,
  reply: Caller,
  errors: ["not_authenticated", "invalid_property", "property_too_long", "conflict"],
  handle: async ({ services, body }) => {
    const { token, name, password } = propertiesOf(body, ["token", "name", "password"])
    const administrator = await services.administrators.redeemSetupLink(token, { name, password })
    return begun(await services.administratorSessions.begin(administrator))
  },
  audit: { action: "administrator.setup", actor: callerOf, target: nameOf, expected: nameIn },
}

const logIn: AdminRoute = {
  method: "POST",
  path: SESSION,
  permission: "admin:anyone",
  summary: "Begins a session in the browser, with a cookie. A session that the browser had ends.",
  body: Login,
  reply: Caller,
  errors: ["not_authenticated", "invalid_property", "property_too_long"],
  handle: async ({ services, body, address, sessionToken }) => {
    const { name, password } = propertiesOf(body, ["name", "password"])
    const session = await services.administratorSessions.login({ name, password }, address)
    if (sessionToken !== undefined) await services.administratorSessions.endOf(sessionToken)
    return begun(session)
  },
  audit: { action: "session.begin", actor: callerOf, target: nameOf, expected: nameIn },
}

const whoAmI: AdminRoute = {
  method: "GET",
  path: SESSION,
  permission: "admin:read",
  forRestricted: "filtered",
  summary: "Says who is calling and what the caller may do.",
  reply: Caller,
  errors: [],
  handle: ({ principal }) => view(principal),
}

const logOut: AdminRoute = {
  method: "DELETE",
  path: SESSION,
  permission: "admin:read",
  forRestricted: "filtered",
  summary: "Ends the session.",
  reply: Done,
  errors: ["conflict"],
  handle: async ({ services, principal }) => {
    await services.administratorSessions.end(sessionOf(principal))
    return new SessionReply({ done: true }, undefined)
  },
  audit: { action: "session.end" },
}

const listOwn: AdminRoute = {
  method: "GET",
  path: SESSIONS,
  permission: "admin:read",
  forRestricted: "filtered",
  summary: "Lists the sessions of the caller, the one that was used last first.",
  reply: OwnSessionList,
  errors: ["conflict"],
  handle: async ({ services, principal }) => {
    const { administrator, session } = sessionOf(principal)
    const sessions = await services.administratorSessions.list(administrator)
    return { sessions: sessions.map((one) => ({ ...one, isCurrent: one.number === session })) }
  },
}

const endOwn: AdminRoute = {
  method: "DELETE",
  path: `${SESSIONS}/:session`,
  permission: "admin:read",
  forRestricted: "filtered",
  summary: "Ends one session of the caller.",
  params: OwnSessionParams,
  reply: Done,
  errors: ["not_found", "conflict"],
  handle: async ({ services, principal, params }) => {
    const { administrator, session } = sessionOf(principal)
    const number = numberIn(params, "session")
    await services.administratorSessions.endOne(administrator, number)
    return number === session ? new SessionReply({ done: true }, undefined) : { done: true }
  },
  audit: { action: "session.end" },
}

const logOutEverywhere: AdminRoute = {
  method: "DELETE",
  path: SESSIONS,
  permission: "admin:read",
  forRestricted: "filtered",
  summary: "Ends every session of the caller, this one too.",
  reply: EndedSessions,
  errors: ["conflict"],
  handle: async ({ services, principal }) => {
    const ended = await services.administratorSessions.endAll(sessionOf(principal).administrator)
    return new SessionReply({ ended }, undefined)
  },
  audit: { action: "session.end-all" },
}

const changePassword: AdminRoute = {
  method: "PUT",
  path: `${SESSION}/password`,
  permission: "admin:read",
  forRestricted: "filtered",
  summary: "Changes the caller's own password. Every other session ends, this one goes on under a new id.",
  body: PasswordChange,
  reply: Caller,
  errors: ["not_authenticated", "invalid_property", "property_too_long", "conflict"],
  handle: async ({ services, principal, body, address }) => {
    const input = propertiesOf(body, ["currentPassword", "password"])
    return begun(await services.administratorSessions.changePassword(sessionOf(principal), input, address))
  },
  audit: { action: "administrator.change-password", target: nameOf },
}

class BegunReply extends SessionReply {
  readonly principal: AdministratorPrincipal

  constructor({ token, principal }: BegunSession) {
    super(view(principal), token)
    this.principal = principal
  }
}

function begun(session: BegunSession): BegunReply {
  return new BegunReply(session)
}

function callerOf(result: unknown): AdministratorPrincipal {
  return (result as BegunReply).principal
}

function nameOf(_request: unknown, result: unknown): string {
  return callerOf(result).label
}

function sessionOf({ via }: AdministratorPrincipal): SessionIdentity {
  if (via?.kind === "session") return via
  throw new DomainError(
    "conflict",
    "The caller has a token and no session; `DELETE /admin/v1/tokens/…` revokes it.",
  )
}

function view({ label, scope, applications, via }: AdministratorPrincipal): object {
  return {
    kind: via?.kind ?? "token",
    number: via?.kind === "session" ? via.administrator : (via?.token ?? 0),
    name: label,
    scope,
    applications: applications === undefined ? null : [...applications],
    endsAt: via?.endsAt ?? null,
    idleMs: via?.kind === "session" ? SESSION_IDLE_MS : null,
  }
}

export const sessionRoutes: readonly AdminRoute[] = [
  setUp,
  logIn,
  whoAmI,
  logOut,
  listOwn,
  endOwn,
  logOutEverywhere,
  changePassword,
]
