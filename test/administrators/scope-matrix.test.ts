import { describe, expect, test } from "vitest"
import { MANAGEMENT_SCOPES, type ManagementScope } from "../../src/domain/permission.ts"
import { managementRoutes } from "../../src/http/documents.ts"
import { type Administration, openAdministration } from "./administration.ts"

/**
 * Every route of the management API, with every scope, for who is restricted to one application and for who is not. Made
 * from the list of routes: one that is added is in it.
 */

const ROUTES = managementRoutes("0.0.0")
const UNKNOWN = "FFFFFFFF-0000-4000-8000-000000000000"
const NOTHING =
  '{"code":90006,"message":"No operation has this path.","errorData":{"docs":"docs/errors.md#no_such_route"}}'

/** What a caller would have to have; undefined: nothing. */
const scopeOf = (permission: string) => MANAGEMENT_SCOPES.find((scope) => permission === `admin:${scope}`)
const suffices = (scope: ManagementScope, needed: ManagementScope) =>
  MANAGEMENT_SCOPES.indexOf(scope) >= MANAGEMENT_SCOPES.indexOf(needed)

/** The same routes, with handlers that only say that they were reached: what is tested is who gets there. */
const GATES = ROUTES.map(({ audit, ...route }) => ({
  ...route,
  ...(audit !== undefined && { audit: { action: audit.action } }),
  handle: () => ({ reached: true }),
}))

const GUARDED = GATES.flatMap((route) => {
  const needed = scopeOf(route.permission)
  return needed === undefined ? [] : [{ route, needed, name: `${route.method} ${route.path}` }]
})
const OF_APPLICATIONS = GUARDED.filter(({ route }) => route.path.includes(":applicationId"))
const OF_THE_SERVER = GUARDED.filter(({ route }) => !route.path.includes(":applicationId"))

const pathOf = (path: string, applicationId: string) =>
  path
    .replace(":applicationId", applicationId)
    .replaceAll(/:[A-Za-z]+/g, "1")
    .replace("*", "x")

async function openMatrix() {
  const server = await openAdministration({ admin: GATES, flags: { "rate-per-administrator": "0" } })
  const [own, foreign] = await Promise.all(
    ["Own", "Foreign"].map((name) => server.services.applications.create(name)),
  )
  return { server, own: own?.id ?? "", foreign: foreign?.id ?? "" }
}

const call = (
  server: Administration,
  route: { method: string; path: string },
  id: string,
  headers: Record<string, string>,
) => server.ask(route.method, pathOf(route.path, id), { headers })

test("the list of routes is known, and nearly all of them need a scope", () => {
  expect(OF_APPLICATIONS.length).toBeGreaterThan(20)
  expect(OF_THE_SERVER.length).toBeGreaterThan(10)
  const open = GATES.filter(({ permission }) => scopeOf(permission) === undefined)
  expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /admin/v1/setup",
    "POST /admin/v1/session",
  ])
})

describe("without a restriction", () => {
  test.each(MANAGEMENT_SCOPES)(
    "the scope %s reaches what it suffices for, and nothing else",
    async (scope) => {
      const { server, own } = await openMatrix()
      await using _ = server
      const headers = await server.bearer(scope)
      for (const { route, needed, name } of GUARDED) {
        const { status, body } = await call(server, route, own, headers)
        if (suffices(scope, needed)) expect({ name, body }).toEqual({ name, body: { reached: true } })
        else expect({ name, status, code: body["code"] }).toEqual({ name, status: 403, code: 1011 })
      }
    },
  )
})

describe("restricted to one application", () => {
  test.each(MANAGEMENT_SCOPES)("the scope %s reaches of that one what it suffices for", async (scope) => {
    const { server, own } = await openMatrix()
    await using _ = server
    const headers = await server.bearer(scope, [own])
    for (const { route, needed, name } of OF_APPLICATIONS) {
      const { status, body } = await call(server, route, own, headers)
      if (suffices(scope, needed)) expect({ name, body }).toEqual({ name, body: { reached: true } })
      else expect({ name, status, code: body["code"] }).toEqual({ name, status: 403, code: 1011 })
    }
  })

  test.each(MANAGEMENT_SCOPES)(
    "for the scope %s every other application is as one that does not exist",
    async (scope) => {
      const { server, own, foreign } = await openMatrix()
      await using _ = server
      const headers = await server.bearer(scope, [own])
      for (const { route, name } of OF_APPLICATIONS) {
        const unknown = await call(server, route, UNKNOWN, headers)
        const other = await call(server, route, foreign, headers)
        expect({ name, status: other.status, code: other.body["code"] }).toEqual({
          name,
          status: 404,
          code: 90_011,
        })
        expect({ name, text: other.text }).toEqual({ name, text: unknown.text.replaceAll(UNKNOWN, foreign) })
        expect(withoutDate(other.headers)).toEqual(withoutDate(unknown.headers))
      }
    },
  )

  test.each(MANAGEMENT_SCOPES)(
    "for the scope %s what concerns the server as a whole does not exist",
    async (scope) => {
      const { server, own } = await openMatrix()
      await using _ = server
      const headers = await server.bearer(scope, [own])
      for (const { route, name, needed } of OF_THE_SERVER) {
        const { status, text, body } = await call(server, route, own, headers)
        if (route.forRestricted === "filtered" && suffices(scope, needed)) {
          expect({ name, body }).toEqual({ name, body: { reached: true } })
        } else if (route.forRestricted === "filtered") expect({ name, status }).toEqual({ name, status: 403 })
        else expect({ name, status, text }).toEqual({ name, status: 404, text: NOTHING })
      }
      expect((await server.ask("GET", "/admin/v1/truly/unknown", { headers })).text).toBe(NOTHING)
    },
  )

  test("the routes that filter are few, and each was thought about", () => {
    const filtered = OF_THE_SERVER.filter(({ route }) => route.forRestricted === "filtered")
    expect(filtered.map(({ name }) => name).sort()).toEqual([
      "DELETE /admin/v1/session",
      "DELETE /admin/v1/sessions",
      "DELETE /admin/v1/sessions/:session",
      "GET /admin/v1/applications",
      "GET /admin/v1/audit",
      "GET /admin/v1/openapi.json",
      "GET /admin/v1/server",
      "GET /admin/v1/session",
      "GET /admin/v1/sessions",
      "PUT /admin/v1/session/password",
    ])
  })

  test("a person is restricted as a token is", async () => {
    await using server = await openAdministration()
    const [own, foreign] = await Promise.all(
      ["Own", "Foreign"].map(async (name) => (await server.services.applications.create(name)).id),
    )
    const anna = await server.person("Anna", "administer", [own ?? ""])
    expect((await anna.ask("GET", `/applications/${own}`)).status).toBe(200)
    expect((await anna.ask("GET", `/applications/${foreign}`)).status).toBe(404)
    expect((await anna.ask("GET", "/tokens")).text).toBe(NOTHING)
  })
})

test("what a restricted caller is told of a foreign application is what anybody is told of an unknown one", async () => {
  await using server = await openAdministration()
  const [own, foreign] = await Promise.all(
    ["Own", "Foreign"].map((name) => server.services.applications.create(name)),
  )
  const restricted = await server.bearer("administer", [own?.id ?? ""])
  const everybody = await server.bearer("administer")
  const reads = OF_APPLICATIONS.filter(({ route }) => route.method === "GET")
  for (const { route, name } of reads) {
    const text = (await call(server, route, foreign?.id ?? "", restricted)).text
    const unknown = (await call(server, route, UNKNOWN, everybody)).text
    expect({ name, text }).toEqual({ name, text: unknown.replaceAll(UNKNOWN, foreign?.id ?? "") })
  }
})

test("nobody reaches any route without a token or a session", async () => {
  const { server, own } = await openMatrix()
  await using _ = server
  for (const { route, name } of GUARDED) {
    for (const headers of [
      {},
      { authorization: "Bearer bat_wrong" },
      { cookie: `__Host-belfry=${"A".repeat(43)}` },
    ]) {
      const origin = { "sec-fetch-site": "same-origin", "content-type": "application/json" }
      const { status } = await call(server, route, own, { ...headers, ...origin })
      expect({ name, status }).toEqual({ name, status: 401 })
    }
  }
})

function withoutDate({ date: _, ...headers }: Record<string, unknown>): object {
  return { ...headers, "content-length": undefined }
}
