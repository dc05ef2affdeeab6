import { describe, expect, test } from "vitest"
import { DomainError, ERRORS, type ErrorName } from "../../src/domain/errors.ts"
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts"
import { errorReply, incidentReporter, STATUS } from "../../src/http/errors.ts"
import type { InjectedRequest } from "../../src/http/inject.ts"
import type { Route } from "../../src/http/route.ts"
import { systemRoutes } from "../../src/http/system.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import {
  BEARER,
  echo,
  HOST_NAME,
  KEY_URL,
  openToyServer,
  publish,
  type ToyOptions,
  text,
} from "./toy-server.ts"

/** Every error that HTTP itself raises, and the one shape in which all errors are told (contract 1.4 and 1.5). */

const json = (name: string) => ({ "content-type": name })

interface Scenario {
  readonly name: string
  readonly request: InjectedRequest
  readonly status: number
  readonly error: ErrorName
  readonly errorData?: Record<string, unknown>
  readonly headers?: Record<string, unknown>
  readonly server?: ToyOptions
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: "an application that does not exist",
    request: { method: "POST", url: "/nobody/nothing/messaging/echo", body: {} },
    status: 400,
    error: "wrong_application_or_key",
  },
  {
    name: "a wrong key, whatever else is wrong",
    request: { method: "POST", url: `${KEY_URL}x/messaging/echo`, body: "{" },
    status: 400,
    error: "wrong_application_or_key",
  },
  {
    name: "a host name that is bound to no application",
    request: { method: "POST", url: "/api/messaging/echo", headers: { host: "other.example" }, body: {} },
    status: 400,
    error: "wrong_application_or_key",
  },
  {
    name: "a user token that is unknown",
    request: { method: "POST", url: `${KEY_URL}/messaging/echo`, headers: { "user-token": "bad" }, body: {} },
    status: 400,
    error: "bad_user_token",
  },
  {
    name: "a key without the permission, before its body is read",
    request: { method: "POST", url: `${KEY_URL}/messaging/default`, body: "x".repeat(400) },
    status: 403,
    error: "no_permission",
  },
  {
    name: "management without a token",
    request: { method: "GET", url: "/admin/v1/status/a" },
    status: 401,
    error: "not_authenticated",
    headers: { "www-authenticate": "Bearer" },
  },
  {
    name: "management with a token in another scheme",
    request: { method: "GET", url: "/admin/v1/status/a", headers: { authorization: `Basic ${BEARER}` } },
    status: 401,
    error: "not_authenticated",
  },
  {
    name: "management beyond the token's scope",
    request: { method: "DELETE", url: "/admin/v1/status/a", headers: { authorization: `Bearer ${BEARER}` } },
    status: 403,
    error: "no_permission",
  },
  {
    name: "a path that nobody serves",
    request: { method: "GET", url: "/nowhere" },
    status: 404,
    error: "no_such_route",
  },
  {
    name: "a path of the Backendless surface that nobody serves",
    request: { method: "GET", url: `${KEY_URL}/data/Person` },
    status: 404,
    error: "no_such_route",
    headers: { "access-control-allow-origin": "*" },
  },
  {
    name: "a method that the path does not take",
    request: { method: "PUT", url: `${KEY_URL}/messaging/registrations/a` },
    status: 405,
    error: "method_not_allowed",
    headers: { allow: "DELETE, GET" },
    errorData: { allow: ["DELETE", "GET"] },
  },
  {
    name: "a method that a path does not take that has a route of its own, whatever others would take its name",
    request: { method: "GET", url: `${KEY_URL}/messaging/echo` },
    server: { backendless: [echo, { ...publish, method: "DELETE", path: "messaging/:messageId" }] },
    status: 405,
    error: "method_not_allowed",
    headers: { allow: "POST" },
    errorData: { allow: ["POST"] },
  },
  {
    name: "HEAD, which is answered without a body",
    request: { method: "HEAD", url: `${KEY_URL}/messaging/registrations/a` },
    status: 405,
    error: "method_not_allowed",
    headers: { allow: "DELETE, GET" },
  },
  {
    name: "a method that an operational route does not take",
    request: { method: "POST", url: "/healthz" },
    status: 405,
    error: "method_not_allowed",
    headers: { allow: "GET, HEAD" },
    errorData: { allow: ["GET", "HEAD"] },
  },
  {
    name: "a path that is not UTF-8",
    request: { method: "GET", url: `${KEY_URL}/messaging/registrations/%c3%28` },
    status: 400,
    error: "malformed_request",
    headers: { "access-control-allow-origin": "*" },
  },
  {
    name: "a query parameter twice",
    request: { method: "GET", url: `${KEY_URL}/messaging/registrations/a?x=1&x=2` },
    status: 400,
    error: "malformed_request",
    errorData: { property: "x" },
  },
  {
    name: "a target that is too long",
    request: { method: "GET", url: `/${"a".repeat(8000)}` },
    status: 414,
    error: "malformed_request",
    errorData: { reason: "target_length", limit: 8000, length: 8001 },
  },
  {
    name: "an expectation",
    request: { method: "POST", url: `${KEY_URL}/messaging/echo`, headers: { expect: "a miracle" }, body: {} },
    status: 417,
    error: "malformed_request",
    errorData: { reason: "expectation", property: "expect" },
  },
  {
    name: "a body of another type",
    request: { method: "POST", url: `${KEY_URL}/messaging/echo`, headers: json("text/plain"), body: "a" },
    status: 415,
    error: "unsupported_content_type",
    headers: { "access-control-allow-origin": "*" },
    errorData: { property: "content-type" },
  },
  {
    name: "a body that is not JSON",
    request: { method: "POST", url: `${KEY_URL}/messaging/echo`, body: '{"a":[1,2' },
    status: 400,
    error: "malformed_json",
    errorData: { property: "a", position: 9 },
  },
  {
    name: "a body above the server's limit",
    request: { method: "POST", url: `${KEY_URL}/messaging/echo`, body: " ".repeat(65_537) },
    status: 413,
    error: "body_too_large",
    errorData: { limit: 65_536, length: 65_537 },
  },
  {
    name: "a body above the limit of its route",
    request: { method: "POST", url: `${KEY_URL}/messaging/echo`, body: " ".repeat(21) },
    server: {
      backendless: [{ ...echo, bodyLimit: "publishBodyBytes" }],
      limits: { ...DEFAULT_LIMITS, publishBodyBytes: 20 },
    },
    status: 413,
    error: "body_too_large",
    errorData: { limit: 20, length: 21 },
  },
  {
    name: "a server that is not ready",
    request: { method: "GET", url: "/readyz" },
    server: { system: systemRoutes(async () => "the store is being migrated") },
    status: 503,
    error: "unavailable",
    headers: { "retry-after": "1" },
    errorData: { retryAfterMs: 1000 },
  },
]

describe("a refusal has its status, its code and the envelope", () => {
  for (const scenario of SCENARIOS) {
    test(`${scenario.name} → ${scenario.status} ${scenario.error}`, async () => {
      await using server = await openToyServer(scenario.server)
      const reply = await server.inject(scenario.request)
      expect(reply.status).toBe(scenario.status)
      expect(reply.headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        ...scenario.headers,
      })
      if (scenario.request.method === "HEAD") {
        expect(reply.text).toBe("")
        return
      }
      expect(reply.json()).toEqual({
        code: ERRORS[scenario.error].code,
        message: expect.stringMatching(/^[A-Z].*\.$/),
        errorData: { docs: `docs/errors.md#${scenario.error}`, ...scenario.errorData },
      })
    })
  }
})

describe("whatever a handler declares", () => {
  for (const error of Object.keys(ERRORS) as ErrorName[]) {
    test(`${error} becomes ${STATUS[error]} with code ${ERRORS[error].code}`, async () => {
      const failing: Route = {
        ...text,
        handle: () => {
          throw new DomainError(error, "Said by the handler.", { property: "a", retryAfterMs: 1500 })
        },
      }
      await using server = await openToyServer({ system: [failing] })
      const reply = await server.inject({ method: "GET", url: "/text" })
      expect(reply.status).toBe(STATUS[error])
      expect(reply.headers["retry-after"]).toBe("2")
      expect(reply.json()).toMatchObject({
        code: ERRORS[error].code,
        message: "Said by the handler.",
        errorData: { property: "a" },
      })
    })
  }

  test("no error looks like a success, and those of Backendless have the statuses that its SDKs expect", () => {
    for (const status of Object.values(STATUS)) expect(status).toBeGreaterThanOrEqual(400)
    const ofBackendless = Object.keys(ERRORS).filter(
      (name) => ERRORS[name as ErrorName].code < 90_000,
    ) as ErrorName[]
    const others: { readonly [name: string]: number } = {
      no_permission: 403,
      bad_login: 401,
      user_registration_disabled: 403,
    }
    for (const name of ofBackendless) expect([name, STATUS[name]]).toEqual([name, others[name] ?? 400])
  })
})

describe("an error that nobody declared", () => {
  test("tells the caller an id and nothing else, and the log everything under that id", async () => {
    const lines: { fields: Record<string, unknown> }[] = []
    const failing: Route = {
      ...text,
      handle: async () => {
        throw new Error("the password is hunter2", { cause: new Error("SQLITE_CORRUPT") })
      },
    }
    const error = (fields: object) => void lines.push({ fields: { ...fields } })
    const log = { debug: () => {}, info: () => {}, warn: () => {}, error }
    await using server = await openToyServer({ system: [failing], log })
    const reply = await server.inject({ method: "GET", url: "/text" })
    expect(reply.status).toBe(500)
    const { code, errorData } = reply.json() as { code: number; errorData: { errorId: string } }
    expect(code).toBe(90_000)
    expect(errorData).toEqual({
      errorId: expect.stringMatching(/^[0-9a-f]{16}$/),
      docs: "docs/errors.md#internal_error",
    })
    expect(reply.text).not.toMatch(/hunter2|SQLITE|\.ts|at /)
    expect(lines).toMatchObject([
      { fields: { errorId: errorData.errorId, err: { message: "the password is hunter2" } } },
    ])
  })

  test("is told the same way when something other than an Error is thrown", () => {
    const reported: unknown[] = []
    const reply = errorReply("a string", (error) => {
      reported.push(error)
      return "id"
    })
    expect(reply).toMatchObject({ status: 500, body: { code: 90_000, errorData: { errorId: "id" } } })
    expect(reported).toEqual(["a string"])
  })

  test("gets another id each time", () => {
    const report = incidentReporter({ debug() {}, info() {}, warn() {}, error() {} }, seededRandom(1))
    expect(report(new Error("a"))).not.toBe(report(new Error("a")))
  })

  test("is what an answer becomes that cannot be JSON", async () => {
    await using server = await openToyServer({ system: [{ ...text, handle: () => ({ big: 1n }) }] })
    expect((await server.inject({ method: "GET", url: "/text" })).status).toBe(500)
  })
})

test.each([
  `${HOST_NAME.toUpperCase()}:8080`,
  // The name as the root of DNS would see it.
  `${HOST_NAME}.`,
  `${HOST_NAME}.:8080`,
])("the host name decides on the application without its port and in any spelling: %s", async (host) => {
  await using server = await openToyServer()
  const reply = await server.inject({
    method: "POST",
    url: "/api/messaging/echo",
    headers: { host },
    body: {},
  })
  expect(reply.json()).toMatchObject({ keyKind: "JS" })
})
