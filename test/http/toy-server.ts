import { DomainError } from "../../src/domain/errors.ts"
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts"
import {
  type Authenticate,
  CORS_HEADERS,
  type HttpServerOptions,
  openHttpServer,
} from "../../src/http/app.ts"
import { ANSWER_HEADERS } from "../../src/http/connections.ts"
import { parseJsonBody } from "../../src/http/json-body.ts"
import type { PlainHandler } from "../../src/http/plain-lane.ts"
import { RawReply, type Route } from "../../src/http/route.ts"
import { Type } from "../../src/http/schema.ts"
import { systemRoutes } from "../../src/http/system.ts"
import {
  type AdministratorPrincipal,
  type KeyPrincipal,
  keyPrincipal,
  type Principal,
} from "../../src/policy/principal.ts"
import { systemClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import type { Services } from "../../src/service/services.ts"

/** A small server with routes that show what they were given: the HTTP foundation without the product on top. */

export const APPLICATION_ID = "A0000000-0000-0000-0000-000000000001"
export const API_KEY = "B0000000-0000-0000-0000-000000000002"
export const KEY_URL = `/${APPLICATION_ID}/${API_KEY}`
export const HOST_NAME = "toy.example"
export const BEARER = "an-administrators-token"

const holder = keyPrincipal({
  application: { number: 1, id: APPLICATION_ID, name: "Toy", preset: "locked", createdAt: 0 },
  keyNumber: 1,
  keyKind: "REST",
})

export const authenticate: Authenticate = {
  async key(applicationId, apiKey) {
    if (applicationId === APPLICATION_ID && apiKey === API_KEY) return holder
    throw new DomainError("wrong_application_or_key", "The application id or the API key is wrong.")
  },
  async host(hostName) {
    if (hostName === HOST_NAME) return { ...holder, keyKind: "JS" }
    throw new DomainError("wrong_application_or_key", `The host name ${hostName} is bound to no application.`)
  },
  async userToken(principal, token) {
    if (token === "good") return { ...principal, keyNumber: 7 }
    throw new DomainError("bad_user_token", "The user token is unknown.")
  },
  async administrator(bearer) {
    if (bearer === BEARER) return { kind: "administrator", label: "test", scope: "operate" }
    throw new DomainError("not_authenticated", "An administrator's token is needed.")
  },
  async session() {
    throw new DomainError("not_authenticated", "The session is over.")
  },
}

/** A plain lane for the echo route: takes what is JSON, leaves everything else, and counts. */
export function plainEcho() {
  let taken = 0
  const handle: PlainHandler = ({ method, url, body }) => {
    if (method !== "POST" || url !== `${KEY_URL}/messaging/echo` || body.length === 0) return undefined
    let value: unknown
    try {
      value = parseJsonBody(body, DEFAULT_LIMITS)
    } catch {
      return undefined
    }
    taken++
    return (answer) => answer(200, ANSWER_FIELDS, JSON.stringify({ body: value, lane: "plain" }))
  }
  return { handle, taken: () => taken }
}

const ANSWER_FIELDS = Object.entries({ ...ANSWER_HEADERS, ...CORS_HEADERS })
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join("")

/** Locked down enough to show refusals: clients must not publish, and nobody here may administer. */
export function authorize(principal: Principal, permission: string): void {
  const refused = permission === "message:publish" || permission === "admin:administer"
  if (refused) throw new DomainError("no_permission", `A ${principal.kind} may not do ${permission}.`)
}

const anything = Type.Unknown()

/** Answers with what the handler was given. */
export const echo: Route<KeyPrincipal> = {
  method: "POST",
  path: "messaging/echo",
  aliases: ["messaging/mirror"],
  permission: "device:register",
  summary: "Answers with the body.",
  body: anything,
  reply: anything,
  errors: [],
  handle: ({ body, principal, query }) => ({
    body: body ?? null,
    query,
    keyKind: principal.keyKind,
    keyNumber: principal.keyNumber,
  }),
}

export const retrieve: Route<KeyPrincipal> = {
  method: "GET",
  path: "messaging/registrations/*",
  permission: "device:retrieve",
  summary: "Answers with the rest of the path.",
  params: Type.Object({ "*": Type.String({ title: "deviceId", description: "The device." }) }),
  query: Type.Object({ verbose: Type.Optional(Type.String()) }),
  reply: anything,
  errors: ["unknown_device"],
  handle: ({ params, query }) => ({ rest: params["*"], query }),
}

export const cancel: Route<KeyPrincipal> = {
  ...retrieve,
  method: "DELETE",
  permission: "device:cancel",
  errors: ["unknown_device_to_cancel"],
  handle: ({ params, body }) => ({ result: true, rest: params["*"], body: body ?? null }),
}

export const publish: Route<KeyPrincipal> = {
  method: "POST",
  path: "messaging/:channel",
  permission: "message:publish",
  summary: "May not be called.",
  bodyLimit: "publishBodyBytes",
  body: anything,
  reply: anything,
  errors: [],
  handle: () => ({}),
}

export const adminStatus: Route<AdministratorPrincipal> = {
  method: "GET",
  path: "/admin/v1/status/:name",
  permission: "admin:read",
  summary: "Answers with the caller.",
  reply: anything,
  errors: ["not_found"],
  handle: ({ principal, params }) => ({ label: principal.label, name: params["name"] }),
}

export const adminErase: Route<AdministratorPrincipal> = {
  ...adminStatus,
  method: "DELETE",
  permission: "admin:administer",
  handle: () => undefined,
  audit: { action: "status.erase" },
}

export const text: Route = {
  method: "GET",
  path: "/text",
  permission: "open",
  summary: "Text that is not JSON.",
  reply: Type.String({ contentMediaType: "text/plain" }),
  errors: [],
  handle: () => new RawReply("text/plain; charset=utf-8", "belfry ♪\n"),
}

export type ToyOptions = Partial<HttpServerOptions>

export function openToyServer(options: ToyOptions = {}) {
  return openHttpServer({
    services: {} as Services,
    limits: DEFAULT_LIMITS,
    clock: systemClock,
    random: seededRandom(1),
    log: silentLog,
    authenticate,
    authorize,
    backendless: [echo, retrieve, cancel, publish],
    admin: [adminStatus, adminErase],
    system: [...systemRoutes(async () => undefined), text],
    ...options,
  })
}

/** Listens on a free loopback port. */
export async function listenToyServer(options: ToyOptions = {}) {
  const server = await openToyServer({ listen: { host: "127.0.0.1", port: 0 }, ...options })
  if (server.address === undefined) throw new Error("the server does not listen")
  return Object.assign(server, { port: server.address.port })
}
