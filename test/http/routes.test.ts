import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Permission } from "../../src/domain/permission.ts"
import type { Route } from "../../src/http/route.ts"
import { systemRoutes } from "../../src/http/system.ts"
import {
  adminErase,
  adminStatus,
  BEARER,
  echo,
  HOST_NAME,
  KEY_URL,
  openToyServer,
  publish,
  retrieve,
  type ToyOptions,
  text,
} from "./toy-server.ts"

/** How routes become a server: what must be declared, where they are found, and what their handlers are given. */

describe("a server does not start", () => {
  const without = ({ permission: _, ...route }: Route) => route as Route
  const withPermission = (route: Route<never>, permission: string) =>
    ({ ...route, permission: permission as Permission }) as Route<never>

  const CASES: Record<string, [ToyOptions, string]> = {
    "with a Backendless route without a permission": [
      { backendless: [without(echo as Route)] },
      "declares no permission",
    ],
    "with a management route without a permission": [
      { admin: [without(adminStatus as Route)] },
      "declares no permission",
    ],
    "with an operational route without a permission": [{ system: [without(text)] }, "declares no permission"],
    "with a management route that changes something and leaves no trace in the audit log": [
      { admin: [(({ audit: _, ...route }) => route)(adminErase)] },
      "leaves no trace",
    ],
    "with a Backendless route that is open": [{ backendless: [withPermission(echo, "open")] }, '"open"'],
    "with a management route that is open": [{ admin: [withPermission(adminStatus, "open")] }, '"open"'],
    "with a management route that a key could use": [
      { admin: [withPermission(adminStatus, "message:publish")] },
      '"message:publish"',
    ],
    "with a Backendless route for administrators": [
      { backendless: [withPermission(echo, "admin:read")] },
      '"admin:read"',
    ],
    "with a permission that nobody knows": [
      { backendless: [withPermission(echo, "device:steal")] },
      '"device:steal"',
    ],
    "with two equal routes": [{ backendless: [echo, { ...echo }] }, "two routes are served as POST"],
    "with routes that differ in the names of their parameters": [
      { backendless: [publish, { ...publish, path: "messaging/:name" }] },
      "two routes are served as POST",
    ],
    "with an alias that is taken": [
      { backendless: [echo, { ...publish, path: "messaging/other", aliases: ["messaging/mirror"] }] },
      "two routes are served as POST",
    ],
    "with an absolute Backendless route": [
      { backendless: [{ ...echo, path: "/messaging" }] },
      "must be relative",
    ],
    "with a management route elsewhere": [
      { admin: [{ ...adminStatus, path: "/status" }] },
      "outside of its surface",
    ],
    "with an operational route under /admin/": [
      { system: [{ ...text, path: "/admin/x" }] },
      "outside of its surface",
    ],
    "with an operational route under /api/": [
      { system: [{ ...text, path: "/api/x" }] },
      "outside of its surface",
    ],
    "with an operational route under /messaging/": [
      { system: [{ ...text, path: "/messaging/x" }] },
      "outside of its surface",
    ],
    "with an operational route for any name": [
      { system: [{ ...text, path: "/:name" }] },
      "outside of its surface",
    ],
    "with a pattern in a path": [{ system: [{ ...text, path: "/a(.*)" }] }, "unsuitable path"],
    "with a rest in the middle of a path": [
      { backendless: [{ ...retrieve, path: "a/*/b" }] },
      "unsuitable path",
    ],
  }

  for (const [name, [options, message]] of Object.entries(CASES)) {
    test(name, async () => {
      await expect(openToyServer(options)).rejects.toThrow(message)
    })
  }
})

describe("a Backendless route", () => {
  test("is served with the ids in the path and by host name, with its aliases", async () => {
    await using server = await openToyServer()
    const headers = { host: HOST_NAME }
    for (const path of ["messaging/echo", "messaging/mirror"]) {
      const byKey = await server.inject({ method: "POST", url: `${KEY_URL}/${path}`, body: { a: [1] } })
      expect(byKey.json()).toEqual({ body: { a: [1] }, query: {}, keyKind: "REST", keyNumber: 1 })
      for (const url of [`/api/${path}`, `/${path}`]) {
        const byHost = await server.inject({ method: "POST", url, headers, body: 7 })
        expect(byHost.json()).toEqual({ body: 7, query: {}, keyKind: "JS", keyNumber: 1 })
      }
    }
  })

  test("is served by host name without `api` only below messaging and users", async () => {
    const paths = ["users/echo", "info", "data/echo"]
    await using server = await openToyServer({
      backendless: paths.map((path) => ({ ...echo, path, aliases: [] })),
    })
    const ask = async (url: string, host = HOST_NAME) =>
      (await server.inject({ method: "POST", url, headers: { host }, body: {} })).json()
    for (const path of paths) expect(await ask(`/api/${path}`)).toMatchObject({ keyKind: "JS" })
    expect(await ask("/users/echo")).toMatchObject({ keyKind: "JS" })
    expect(await ask("/users/echo", "other.example")).toMatchObject({ code: 2002 })
    for (const path of ["info", "data/echo"]) expect(await ask(`/${path}`)).toMatchObject({ code: 90_006 })
  })

  test("knows the caller better by a user token, and an empty one counts as none", async () => {
    await using server = await openToyServer()
    const callWith = async (token: string) => {
      const headers = { "user-token": token }
      return (await server.inject({ method: "POST", url: `${KEY_URL}/messaging/echo`, headers })).json()
    }
    expect(await callWith("good")).toMatchObject({ keyNumber: 7 })
    expect(await callWith("")).toMatchObject({ keyNumber: 1 })
  })

  test("may be called without a body, whatever type it would have", async () => {
    await using server = await openToyServer()
    const url = `${KEY_URL}/messaging/registrations/a`
    for (const headers of [{}, { "content-type": "application/json" }, { "content-type": "text/plain" }]) {
      const reply = await server.inject({ method: "DELETE", url, headers })
      expect(reply.json()).toEqual({ result: true, rest: "a", body: null })
    }
  })

  test("gives any device id in its path back as it was, decoded once", async () => {
    await using server = await openToyServer()
    const url = `${KEY_URL}/messaging/registrations/`
    const deviceId = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom("/", "%", "%2F", "?", "#", "+", " ", ".", "..", "é", "😀"),
          fc.string(),
        ),
      })
      .filter((id) => id !== "" && id.isWellFormed() && !id.includes("\0") && !/^\.{1,2}$/.test(id))
    await fc.assert(
      fc.asyncProperty(deviceId, async (id) => {
        const reply = await server.inject({ method: "GET", url: url + encodeURIComponent(id) })
        expect(reply.json()).toEqual({ rest: id, query: {} })
      }),
      { numRuns: 300 },
    )
  })

  test("takes bare slashes in the rest of its path", async () => {
    await using server = await openToyServer()
    const reply = await server.inject({ method: "GET", url: `${KEY_URL}/messaging/registrations/a/b%2fc/d` })
    expect(reply.json()).toMatchObject({ rest: "a/b/c/d" })
  })

  test("takes empty segments there, and nowhere else", async () => {
    await using server = await openToyServer()
    const get = (url: string) => server.inject({ method: "GET", url })
    for (const rest of ["/a", "a//b", "a/", "a//", "///", "//messaging/registrations/a"]) {
      const reply = await get(`${KEY_URL}/messaging/registrations/${rest}`)
      expect(reply.json(), rest).toMatchObject({ rest })
    }
    const headers = { host: HOST_NAME }
    const bare = await server.inject({ method: "GET", url: "/messaging/registrations//a", headers })
    expect(bare.json()).toMatchObject({ rest: "/a" })
    const refused = [
      `/${KEY_URL}/messaging/registrations/a`,
      `${KEY_URL}//messaging/registrations/a`,
      `${KEY_URL}/messaging//registrations/a`,
      `${KEY_URL}/messaging/registrations//../a`,
      `${KEY_URL}/messaging/channels//a`,
      "/healthz//messaging/registrations/a",
      "/admin/v1/applications//messaging/registrations/a",
    ]
    for (const url of refused) expect((await get(url)).status, url).toBe(400)
  })

  test("gets its query decoded, `+` being a space", async () => {
    await using server = await openToyServer()
    const reply = await server.inject({
      method: "GET",
      url: `${KEY_URL}/messaging/registrations/a?where=a%3D%27b+c%27&empty=&flag&&equals=a=b&__proto__=x`,
    })
    expect(reply.json()).toEqual({
      rest: "a",
      query: JSON.parse(`{"where":"a='b c'","empty":"","flag":"","equals":"a=b","__proto__":"x"}`),
    })
  })

  test("may be called from any web page, which asks first", async () => {
    await using server = await openToyServer()
    const urls = ["/api/messaging/echo", "/messaging/echo", "/messaging/a", "/unknown/key/messaging/echo"]
    for (const url of [`${KEY_URL}/messaging/echo`, ...urls]) {
      const preflight = await server.inject({
        method: "OPTIONS",
        url,
        headers: { origin: "https://app.example", "access-control-request-method": "POST" },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.text).toBe("")
      expect(preflight.headers).toMatchObject({
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET, POST, PUT, DELETE",
        "access-control-allow-headers": expect.stringMatching(/^content-type, user-token, application-id/),
      })
    }
    const origin = "https://app.example"
    const reply = await server.inject({
      method: "POST",
      url: `${KEY_URL}/messaging/echo`,
      headers: { origin },
      body: {},
    })
    expect(reply.headers["access-control-allow-origin"]).toBe("*")
  })
})

describe("a management route", () => {
  test("knows the administrator", async () => {
    await using server = await openToyServer()
    const headers = { authorization: `bearer ${BEARER}` }
    const reply = await server.inject({ method: "GET", url: "/admin/v1/status/na%2Fme", headers })
    expect(reply.json()).toEqual({ label: "test", name: "na/me" })
  })

  test("may not be called from a web page of another origin", async () => {
    await using server = await openToyServer()
    for (const method of ["OPTIONS", "GET", "PUT"]) {
      for (const url of ["/admin/v1/status/a", "/admin/v1/unknown", "/admin/v1/messaging/echo", "/healthz"]) {
        const reply = await server.inject({ method, url, headers: { origin: "https://evil.example" } })
        expect(Object.keys(reply.headers).filter((name) => name.startsWith("access-control-"))).toEqual([])
      }
    }
  })

  test("is never reached as a Backendless route of the application `admin`", async () => {
    await using server = await openToyServer()
    for (const first of ["admin", "api", "healthz", "text", "messaging"]) {
      const reply = await server.inject({ method: "POST", url: `/${first}/v1/messaging/echo`, body: {} })
      expect(reply.json()).toMatchObject({ code: 90_006 })
    }
  })
})

test.each([
  ["GET", "/%61dmin/v1/status/a"],
  ["GET", "/admin/%761/status/a"],
  ["GET", "/admin/v1/statu%73/a"],
  ["GET", "/%68ealthz"],
  ["POST", "/%61pi/messaging/echo"],
  ["POST", "/messagin%67/echo"],
  ["POST", `${KEY_URL}/messagin%67/echo`],
])("%s %s is no route: rules of a proxy speak of paths as they are spelt", async (method, path) => {
  await using server = await openToyServer()
  const headers = { authorization: `Bearer ${BEARER}`, host: HOST_NAME }
  const ask = (url: string) => server.inject({ method, url, headers, ...(method === "POST" && { body: {} }) })
  expect((await ask(decodeURIComponent(path))).status).toBe(200)
  const reply = await ask(path)
  expect({ status: reply.status, ...(reply.json() as object) }).toMatchObject({ status: 404, code: 90_006 })
})

describe("an operational route", () => {
  test("says that the process is alive", async () => {
    await using server = await openToyServer()
    expect((await server.inject({ method: "GET", url: "/healthz" })).json()).toEqual({ status: "ok" })
  })

  test("says whether the server is ready, and why not", async () => {
    let obstacle: string | undefined = "the store is being migrated"
    await using server = await openToyServer({ system: systemRoutes(async () => obstacle) })
    const notYet = await server.inject({ method: "GET", url: "/readyz" })
    expect(notYet.status).toBe(503)
    expect(notYet.headers["retry-after"]).toBe("1")
    expect(notYet.json()).toMatchObject({ code: 90_008, message: "Not ready: the store is being migrated." })
    obstacle = undefined
    expect((await server.inject({ method: "GET", url: "/readyz" })).json()).toEqual({ status: "ready" })
  })

  test("answers HEAD as GET without the body, which is how some load balancers ask", async () => {
    let obstacle: string | undefined
    const system = [
      ...systemRoutes(async () => obstacle),
      text,
      { ...text, path: "/mine", permission: "admin:read" },
    ]
    await using server = await openToyServer({ system: system as readonly Route[] })
    const told = async (method: string, url: string, status: number) => {
      const reply = await server.inject({ method, url })
      expect([method, url, reply.status]).toEqual([method, url, status])
      const { date: _, ...headers } = reply.headers
      return { headers, isEmpty: reply.text === "" }
    }
    const compare = async (url: string, status: number) => {
      const whole = await told("GET", url, status)
      expect(whole.isEmpty).toBe(false)
      expect(await told("HEAD", url, status)).toEqual({ ...whole, isEmpty: true })
    }
    for (const url of ["/healthz", "/readyz", "/text"]) await compare(url, 200)
    await compare("/mine", 401)
    obstacle = "the store is being migrated"
    await compare("/readyz", 503)
  })

  test("may need an administrator", async () => {
    await using server = await openToyServer({ system: [{ ...text, permission: "admin:read" }] })
    expect((await server.inject({ method: "GET", url: "/text" })).status).toBe(401)
    const headers = { authorization: `Bearer ${BEARER}` }
    expect((await server.inject({ method: "GET", url: "/text", headers })).status).toBe(200)
  })

  test("that is open has no principal to act as", async () => {
    await using server = await openToyServer({ system: [{ ...text, handle: ({ principal }) => principal }] })
    expect((await server.inject({ method: "GET", url: "/text" })).status).toBe(500)
  })

  test("may answer with text", async () => {
    await using server = await openToyServer()
    const reply = await server.inject({ method: "GET", url: "/text" })
    expect(reply.headers["content-type"]).toBe("text/plain; charset=utf-8")
    expect(reply.text).toBe("belfry ♪\n")
  })
})

test("no answer says what the server is made of", async () => {
  await using server = await openToyServer()
  for (const url of ["/healthz", "/nowhere", "//", `${KEY_URL}/messaging/registrations/a`]) {
    const { headers } = await server.inject({ method: "GET", url })
    expect(JSON.stringify(headers)).not.toMatch(/fastify|node|belfry|server|powered/i)
  }
})

test("a handler that returns nothing answers with an empty object", async () => {
  await using server = await openToyServer({ system: [{ ...text, handle: () => undefined }] })
  expect((await server.inject({ method: "GET", url: "/text" })).text).toBe("{}")
})
