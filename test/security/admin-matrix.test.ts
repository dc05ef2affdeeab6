import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { managementRoutes } from "../../src/http/documents.ts"
import { type Administration, openAdministration, type Reply } from "../administrators/administration.ts"
import { ADMIN_PLACES, SCOPES, type Scope } from "./admin-places.ts"
import { openTenant, type Tenant } from "./tenant.ts"

/**
 * The authorisation matrix of the management API (reliability.md T-15): every operation of its OpenAPI document for every
 * principal. Who must get through is asked of routes whose handlers only say that they were reached; who must not is asked
 * of the real ones, on applications full of things, whose state must be the same afterwards.
 */

const DOCUMENT = JSON.parse(readFileSync("openapi/admin.json", "utf8")) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly "x-permission": string }>>>>
}
const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { "x-permission": permission }]) => {
    const name = `${method.toUpperCase()} ${path}`
    const [scope, reach] = ADMIN_PLACES[name] ?? (["administer", "server"] as const)
    return { name, method: method.toUpperCase(), path, permission, scope, reach }
  }),
)
type Operation = (typeof OPERATIONS)[number]
const CLOSED = OPERATIONS.filter(({ reach }) => reach !== "anyone")

const UNKNOWN = "FFFFFFFF-0000-4000-8000-000000000000"
const NO_ROUTE =
  '{"code":90006,"message":"No operation has this path.","errorData":{"docs":"docs/errors.md#no_such_route"}}'
const suffices = (has: Scope, needed: Scope) => SCOPES.indexOf(has) >= SCOPES.indexOf(needed)

/** The same routes, whose handlers only say that they were reached; logging in stays as it is. */
const GATES = managementRoutes("0.0.0").map((route) => {
  if (route.permission === "admin:anyone") return route
  const { audit, ...rest } = route
  const gate = { ...rest, handle: () => ({ reached: true }) }
  return audit === undefined ? gate : { ...gate, audit: { action: audit.action } }
})

interface Stage {
  readonly server: Administration
  readonly own: Tenant
  readonly foreign: Tenant
  readonly principals: readonly Principal[]
}

/** Someone who calls, and what is to be expected of it. */
interface Principal {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** Undefined: nobody that the management API knows. */
  readonly scope?: Scope
  /** Restricted to the application `own`. */
  readonly isRestricted?: true
  /** A browser on a page of someone else: may ask, not change. */
  readonly isElsewhere?: true
}

let gates: Stage
let real: Stage

beforeAll(async () => {
  gates = await openStage(GATES)
  real = await openStage()
})

afterAll(async () => {
  for (const { server } of [gates, real]) {
    expect(server.incidents).toEqual([])
    await server[Symbol.asyncDispose]()
  }
})

async function openStage(admin?: typeof GATES): Promise<Stage> {
  const flags = { "rate-per-administrator": "0", "rate-per-address": "0" }
  const server = await openAdministration({ flags, ...(admin && { admin }) })
  const own = await openTenant(server, { mark: "OWN", preset: "locked" })
  const foreign = await openTenant(server, { mark: "FOREIGN", preset: "locked" })
  return { server, own, foreign, principals: await principalsOf(server, own) }
}

async function principalsOf(server: Administration, own: Tenant): Promise<Principal[]> {
  const principals: Principal[] = await strangersOf(server, own)
  for (const scope of SCOPES) {
    for (const applications of [undefined, [own.id]]) {
      const who = {
        scope,
        ...(applications !== undefined && { isRestricted: true as const }),
      }
      const name = `${scope}${applications === undefined ? "" : " for one application"}`
      const { cookie = "" } = await server.person(name, scope, applications)
      principals.push(
        { ...who, name: `a token: ${name}`, headers: await server.bearer(scope, applications) },
        {
          ...who,
          name: `a session: ${name}`,
          headers: fromPage(cookie, { "sec-fetch-site": "same-origin" }),
        },
      )
      for (const [where, headers] of Object.entries(ELSEWHERE)) {
        principals.push({
          ...who,
          name: `a session: ${name}, ${where}`,
          headers: fromPage(cookie, headers),
          isElsewhere: true,
        })
      }
    }
  }
  return principals
}

const ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "from another site": { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
  "from another page of the site": { "sec-fetch-site": "same-site", origin: "https://other.localhost" },
  "from another origin, in an old browser": { origin: "http://localhost.evil.example" },
  "from a page without an origin": { origin: "null" },
  "from nowhere": {},
}

const fromPage = (cookie: string, headers: Readonly<Record<string, string>>) => ({
  cookie,
  "content-type": "application/json",
  ...headers,
})

/** Whom the management API does not know, each with something that is a secret elsewhere or was one once. */
async function strangersOf(server: Administration, own: Tenant): Promise<Principal[]> {
  const { services, clock } = server
  const { administratorTokens: tokens, administratorSessions: sessions } = services
  const expiring = await tokens.create({ scope: "administer", expiresAt: clock.now() + 60_000 })
  const revoked = await tokens.create({ scope: "administer" })
  await tokens.revoke(revoked.number)
  await clock.advance(60_000)
  const loggedOut = await server.person("Logged out")
  const { cookie: ended = "" } = loggedOut
  await sessions.endAll(loggedOut.number)
  const { cookie: removed = "", number } = await server.person("Removed")
  await services.administrators.remove(number)
  const userToken = (await own.users[0]?.logIn()) ?? ""
  const live = await server.person("Live")
  const bearers: Readonly<Record<string, string>> = {
    "a malformed token": "Bearer }{",
    "no scheme": "x",
    "another scheme": `Basic ${Buffer.from("admin:admin").toString("base64")}`,
    "an unknown token": `Bearer bat_${"A".repeat(43)}`,
    "an expired token": `Bearer ${expiring.token}`,
    "a revoked token": `Bearer ${revoked.token}`,
    "a user token": `Bearer ${userToken}`,
    "the token of a session": `Bearer ${live.cookie?.split("=")[1]}`,
    ...Object.fromEntries(Object.entries(own.keys).map(([kind, key]) => [`a ${kind} key`, `Bearer ${key}`])),
  }
  const cookies: Readonly<Record<string, string>> = {
    "an unknown session": `__Host-belfry=${"A".repeat(43)}`,
    "a session that is over": ended,
    "a session of somebody who was removed": removed,
    "a token as a session": `__Host-belfry=${(await server.bearer("administer")).authorization.slice(7)}`,
    "a session under another name": (live.cookie ?? "").replace("__Host-", ""),
  }
  return [
    { name: "nobody", headers: {} },
    { name: "a user", headers: { "user-token": userToken } },
    ...Object.entries(bearers).map(([name, authorization]) => ({ name, headers: { authorization } })),
    ...Object.entries(cookies).map(([name, cookie]) => ({
      name,
      headers: fromPage(cookie, { "sec-fetch-site": "same-origin" }),
    })),
    // A session does not count beside an Authorization, however wrong that is.
    {
      name: "a session behind an unknown token",
      headers: {
        ...fromPage(live.cookie ?? "", { "sec-fetch-site": "same-origin" }),
        authorization: "Bearer x",
      },
    },
  ]
}

type Verdict = "reached" | "unknown caller" | "refused" | "no route" | "no application"

function expectedVerdict(who: Principal, { scope, reach, method }: Operation, isOwn: boolean): Verdict {
  if (who.scope === undefined) return "unknown caller"
  if (who.isElsewhere && method !== "GET") return "refused"
  if (who.isRestricted && reach === "server") return "no route"
  if (who.isRestricted && reach === "application" && !isOwn) return "no application"
  return suffices(who.scope, scope) ? "reached" : "refused"
}

function verdictOf({ status, text, body }: Reply, application: string): Verdict {
  if (status === 401 && body["code"] === 90_010) return "unknown caller"
  if (status === 403 && body["code"] === 1011) return "refused"
  if (text === NO_ROUTE && status === 404) return "no route"
  const absent = `No application has the id ${application}; `
  if (status === 404 && String(body["message"]).startsWith(absent)) return "no application"
  return "reached"
}

/** Sub-objects in the path are those of the application that it is called for, or of another one. */
function pathOf({ path }: Operation, application: string, things: Things): string {
  const values: Readonly<Record<string, string>> = { ...things, applicationId: application }
  return path.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? "1"))
}

type Things = Readonly<Record<string, string>>

const UNKNOWN_THINGS: Things = {
  messageId: `message:${UNKNOWN}`,
  deviceId: "device-UNKNOWN",
  userId: "USER-UNKNOWN",
  keyNumber: "999999",
  host: "unknown.example",
}

async function thingsOf({ services }: Administration, tenant: Tenant): Promise<Things> {
  const [key] = await services.keys.list(tenant.id)
  return {
    messageId: tenant.messageId,
    deviceId: tenant.deviceId,
    userId: tenant.users[0]?.id ?? "",
    keyNumber: String(key?.number),
    host: tenant.hostOf("REST"),
  }
}

const ask = (
  { server }: Stage,
  { headers }: Pick<Principal, "headers">,
  { method }: Operation,
  url: string,
) => server.ask(method, url, { headers, ...(method !== "GET" && { body: {} }) })

test("every operation of the OpenAPI document has its place, demands what its place says, and no place is left over", () => {
  expect(OPERATIONS.map(({ name }) => name).sort()).toEqual(Object.keys(ADMIN_PLACES).sort())
  for (const { name, permission, scope, reach, path } of OPERATIONS) {
    expect({ name, permission }).toEqual({
      name,
      permission: `admin:${reach === "anyone" ? "anyone" : scope}`,
    })
    expect({ name, isOfApplication: path.includes("{applicationId}") }).toEqual({
      name,
      isOfApplication: reach === "application",
    })
  }
  const open = OPERATIONS.filter(({ reach }) => reach === "anyone").map(({ name }) => name)
  expect(open).toEqual(["POST /admin/v1/setup", "POST /admin/v1/session"])
})

test("every principal gets exactly where its scope and its applications let it", async () => {
  const { own, foreign, principals } = gates
  const tally = new Map<Verdict, number>()
  for (const who of principals) {
    for (const operation of CLOSED) {
      for (const application of operation.reach === "application" ? [own.id, foreign.id] : [own.id]) {
        const reply = await ask(gates, who, operation, pathOf(operation, application, UNKNOWN_THINGS))
        const verdict = verdictOf(reply, application)
        const seen = { who: who.name, operation: operation.name, verdict }
        expect(seen).toEqual({ ...seen, verdict: expectedVerdict(who, operation, application === own.id) })
        if (verdict === "reached") expect(reply.body).toEqual({ reached: true })
        tally.set(verdict, (tally.get(verdict) ?? 0) + 1)
      }
    }
  }
  expect(principals.length).toBeGreaterThan(60)
  for (const verdict of ["reached", "unknown caller", "refused", "no route", "no application"] as const) {
    expect(tally.get(verdict)).toBeGreaterThan(100)
  }
})

describe("the real operations", () => {
  test("refuse the same, say nothing of what is there, and change nothing", async () => {
    const { server, own, foreign, principals } = real
    const before = await stateOf(real)
    for (const tenant of [own, foreign]) {
      const things = await thingsOf(server, tenant)
      for (const who of principals) {
        for (const operation of CLOSED) {
          const expected = expectedVerdict(who, operation, tenant === own)
          if (expected === "reached") continue
          const reply = await ask(real, who, operation, pathOf(operation, tenant.id, things))
          const verdict = verdictOf(reply, tenant.id)
          expect({ who: who.name, operation: operation.name, verdict }).toMatchObject({ verdict: expected })
          expect(reply.text).not.toMatch(/FOREIGN|OWN|bat_/)
        }
      }
    }
    expect(await stateOf(real)).toEqual(before)
  })

  test("tell who is restricted the same of a foreign application as of one that does not exist", async () => {
    const { server, foreign, principals } = real
    const things = await thingsOf(server, foreign)
    const everybody = { headers: await server.bearer("administer") }
    for (const who of principals.filter(({ isRestricted, isElsewhere }) => isRestricted && !isElsewhere)) {
      for (const operation of CLOSED.filter(({ reach }) => reach === "application")) {
        const theirs = await ask(real, who, operation, pathOf(operation, foreign.id, things))
        const nobodys = await ask(real, who, operation, pathOf(operation, UNKNOWN, things))
        const said = { operation: operation.name, text: theirs.text, ...withoutDate(theirs) }
        expect(said).toEqual({
          ...said,
          text: nobodys.text.replaceAll(UNKNOWN, foreign.id),
          ...withoutDate(nobodys),
        })
        if (operation.method !== "GET") continue
        const unrestricted = await ask(real, everybody, operation, pathOf(operation, UNKNOWN, things))
        expect(theirs.text).toBe(unrestricted.text.replaceAll(UNKNOWN, foreign.id))
      }
    }
  })

  test("leave out of what they list for somebody restricted whatever is of other applications", async () => {
    const { foreign, principals } = real
    const restricted = principals.filter(
      (who) => who.isRestricted && !who.isElsewhere && who.name.startsWith("a token: administer"),
    )
    expect(restricted).toHaveLength(1)
    for (const who of restricted) {
      for (const operation of CLOSED.filter(
        ({ reach, method }) => reach === "filtered" && method === "GET",
      )) {
        const { status, text } = await ask(real, who, operation, operation.path)
        expect({ operation: operation.name, status, text }).toMatchObject({
          text: expect.not.stringMatching(/FOREIGN/),
        })
        expect(text).not.toContain(foreign.id)
        // What is of people's sessions, a token is told that it has none.
        const isOfSessions = ["GET /admin/v1/session", "GET /admin/v1/sessions"].includes(operation.name)
        expect(status === 200 || isOfSessions).toBe(true)
      }
    }
  })

  test("look for things in the application of the path only: another's are as those that do not exist", async () => {
    const { server, own, foreign } = real
    const before = await stateOf(real)
    const foreignThings = await thingsOf(server, foreign)
    const who = { headers: await server.bearer("administer") }
    const named = CLOSED.filter(({ path }) =>
      Object.keys(UNKNOWN_THINGS).some((name) => path.includes(`{${name}}`)),
    )
    expect(named.length).toBeGreaterThan(15)
    for (const operation of named) {
      // Binding takes a host name that is free; that another application has it cannot be hidden.
      if (operation.name.startsWith("PUT ") && operation.path.endsWith("/hosts/{host}")) continue
      const theirs = await ask(real, who, operation, pathOf(operation, own.id, foreignThings))
      const nobodys = await ask(real, who, operation, pathOf(operation, own.id, UNKNOWN_THINGS))
      let text = nobodys.text
      for (const [name, value] of Object.entries(UNKNOWN_THINGS)) {
        text = text.replaceAll(value, foreignThings[name] ?? "")
      }
      expect({ operation: operation.name, status: theirs.status, text: theirs.text }).toEqual({
        operation: operation.name,
        status: nobodys.status,
        text,
      })
    }
    expect(await stateOf(real)).toEqual(before)
  })
})

/** Whatever an administrator can see of both applications, but for when tokens and sessions were last used. */
async function stateOf({ server, own, foreign }: Stage): Promise<readonly string[]> {
  const headers = await server.bearer("read")
  const { authorization } = await server.bearer("administer")
  const seen: string[] = []
  for (const tenant of [own, foreign]) {
    const things = await thingsOf(server, tenant)
    for (const operation of CLOSED) {
      const { method, path, scope } = operation
      if (method !== "GET" || path.endsWith("/events") || /\/(?:tokens|audit|session)$/.test(path)) continue
      const token = scope === "read" ? headers : { authorization }
      const { text } = await server.ask("GET", pathOf(operation, tenant.id, things), { headers: token })
      seen.push(`${operation.name}: ${text.replaceAll(/"(?:lastUsedAt|uptimeMs|lastLogin\w*)":\d+/g, "")}`)
    }
  }
  return seen
}

function withoutDate({ status, headers: { date: _, "content-length": __, ...headers } }: Reply): object {
  return { status, headers }
}
