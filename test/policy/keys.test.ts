import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  type AccessServer,
  IN_FORCE_MS,
  newDevice,
  openAccessServer,
  type TestApplication,
} from "./access-server.ts"

/** API keys and host names, managed over /admin/v1 and used over the dialect. */

const HOUR_MS = 3_600_000

let server: AccessServer
let application: TestApplication

beforeAll(async () => {
  server = await openAccessServer()
})

afterAll(() => server[Symbol.asyncDispose]())

interface Key {
  readonly number: number
  readonly kind: string
  readonly key: string
  readonly [name: string]: unknown
}

const register = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  server.ask({ method: "POST", url: `${path}/messaging/registrations`, headers, body: newDevice() })

const withKey = (key: string) => register(`/${application.id}/${key}`)

const withHost = (host: string) => register("/api", { host })

const manage = (method: string, path: string, body?: unknown) =>
  server.admin(method, `/${application.id}${path}`, body)

async function done(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const reply = await manage(method, path, body)
  expect(reply.status).toBe(200)
  return reply.body as Record<string, unknown>
}

const addKey = async (body: object) => (await done("POST", "/keys", body)) as Key

async function keysOf(): Promise<readonly Key[]> {
  return (await done("GET", "/keys"))["keys"] as readonly Key[]
}

const works = { status: 200 }
const wrongKey = { status: 400, body: { code: 2002 } }

describe("keys", () => {
  beforeAll(async () => {
    application = await server.addApplication()
  })

  it("are listed without themselves, and shown only to who may administer", async () => {
    const listed = await server.admin("GET", `/${application.id}/keys`, undefined, "read")
    expect(listed.status).toBe(200)
    const keys = listed.body?.["keys"] as readonly Key[]
    expect(keys.map(({ kind }) => kind)).toEqual(["REST", "JS", "ANDROID", "IOS", "WP", "BL"])
    expect(keys[0]).toEqual({
      number: expect.any(Number),
      kind: "REST",
      label: "",
      role: null,
      createdAt: server.clock.now(),
      expiresAt: null,
      regeneratedAt: null,
      previousUntil: null,
      lastUsedAt: null,
      addresses: [],
      requestsPerSecond: null,
    })
    for (const scope of ["read", "operate"] as const) {
      const path = `/${application.id}/keys?reveal=true`
      expect(await server.admin("GET", path, undefined, scope)).toMatchObject({
        status: 403,
        body: { code: 1011 },
      })
    }
    const revealed = (await done("GET", "/keys?reveal=true"))["keys"] as readonly Key[]
    expect(revealed.map(({ key, kind }) => [kind, `/${application.id}/${key}`])).toEqual(
      (["REST", "JS", "ANDROID", "IOS", "WP", "BL"] as const).map((kind) => [kind, application.pathOf(kind)]),
    )
    expect((await manage("GET", "/keys?reveal=yes")).status).toBe(400)
  })

  it("can be several of a type, each with a label of its own", async () => {
    const ci = await addKey({ kind: "REST", label: "CI ♪" })
    const backup = await addKey({ kind: "REST" })
    expect(ci).toMatchObject({ kind: "REST", label: "CI ♪", role: null })
    expect(ci.key).not.toBe(backup.key)
    for (const { key } of [ci, backup]) expect(await withKey(key)).toMatchObject(works)
    expect((await keysOf()).filter(({ kind }) => kind === "REST")).toHaveLength(3)
  })

  it("of one application are wrong for another", async () => {
    const { key } = await addKey({ kind: "JS" })
    const other = await server.addApplication()
    expect(await register(`/${other.id}/${key}`)).toMatchObject(wrongKey)
  })

  it("that are revoked stop working within five seconds, alone", async () => {
    const [leaked, good] = [await addKey({ kind: "JS" }), await addKey({ kind: "JS" })]
    for (const { key } of [leaked, good]) expect(await withKey(key)).toMatchObject(works)
    expect(await done("DELETE", `/keys/${leaked.number}`)).toEqual({ done: true, hosts: [] })
    await server.clock.advance(IN_FORCE_MS)
    expect(await withKey(leaked.key)).toMatchObject(wrongKey)
    expect(await withKey(good.key)).toMatchObject(works)
    expect((await manage("DELETE", `/keys/${leaked.number}`)).status).toBe(404)
  })

  it("that expire work until then, remembered or not", async () => {
    const expiresAt = server.clock.now() + 1_500
    const { key, ...view } = await addKey({ kind: "JS", expiresAt })
    expect(view).toMatchObject({ expiresAt })
    expect(await withKey(key)).toMatchObject(works)
    await server.clock.advance(1_499)
    expect(await withKey(key)).toMatchObject(works)
    await server.clock.advance(1)
    expect(await withKey(key)).toMatchObject(wrongKey)
  })

  it("know when they were last used, to the minute, by themselves or by a host name", async () => {
    const { key, number } = await addKey({ kind: "JS" })
    const lastUsedAt = async () => (await keysOf()).find((one) => one.number === number)?.["lastUsedAt"]
    expect(await lastUsedAt()).toBeNull()
    const first = server.clock.now()
    await withKey(key)
    expect(await lastUsedAt()).toBe(first)
    await server.clock.advance(59_999)
    await withKey(key)
    expect(await lastUsedAt()).toBe(first)
    await server.clock.advance(IN_FORCE_MS)
    await withKey(key)
    expect(await lastUsedAt()).toBe(server.clock.now())
    await done("PUT", "/hosts/used.example", { key: number })
    await server.clock.advance(60_000)
    await withHost("used.example")
    expect(await lastUsedAt()).toBe(server.clock.now())
  })

  it("can be given another label, role and expiration, in force within five seconds", async () => {
    await done("POST", "/roles", { name: "barred" })
    await done("PUT", "/permissions", {
      level: "application",
      role: "barred",
      operation: "device:register",
      access: "deny",
    })
    const { key, ...created } = await addKey({ kind: "JS" })
    expect(await withKey(key)).toMatchObject(works)
    const change = (body: object) => done("PUT", `/keys/${created.number}`, body)
    expect(await change({ label: "Web", role: "barred" })).toEqual({
      ...created,
      label: "Web",
      role: "barred",
      lastUsedAt: expect.any(Number),
    })
    await server.clock.advance(IN_FORCE_MS)
    expect(await withKey(key)).toMatchObject({ status: 403 })
    const expiresAt = server.clock.now() + IN_FORCE_MS + 1
    expect(await change({ role: null, expiresAt })).toMatchObject({ label: "Web", role: null, expiresAt })
    await server.clock.advance(IN_FORCE_MS)
    expect(await withKey(key)).toMatchObject(works)
    await server.clock.advance(1)
    expect(await withKey(key)).toMatchObject(wrongKey)
    await change({ expiresAt: null })
    expect(await withKey(key)).toMatchObject(works)
  })

  it.each([
    [{ expiresAt: 1 }, 400, 5004],
    [{ expiresAt: "tomorrow" }, 400, 90005],
    [{ label: "x".repeat(101) }, 400, 8000],
    [{ role: "nobody's" }, 404, 90011],
    [{ role: "" }, 400, 90005],
    [{ kind: "REST" }, 400, 90005],
    [{ key: "mine" }, 400, 90005],
  ])("are not changed by %j", async (body, status, code) => {
    const { number } = await addKey({ kind: "JS", label: "as it was" })
    expect(await manage("PUT", `/keys/${number}`, body)).toMatchObject({ status, body: { code } })
    expect((await keysOf()).find((key) => key.number === number)).toMatchObject({
      kind: "JS",
      label: "as it was",
      role: null,
      expiresAt: null,
    })
  })

  it("of the type CUSTOM keep a role", async () => {
    await done("POST", "/roles", { name: "robot" })
    const { number } = await addKey({ kind: "CUSTOM", role: "robot" })
    expect(await manage("PUT", `/keys/${number}`, { role: null })).toMatchObject({ status: 400 })
    expect(await done("PUT", `/keys/${number}`, { label: "R" })).toMatchObject({ role: "robot" })
  })

  it("of another application are not there to be changed", async () => {
    const { number } = await addKey({ kind: "JS" })
    const other = await server.addApplication()
    const theirs = await server.admin("PUT", `/${other.id}/keys/${number}`, { label: "mine" })
    const nobodys = await server.admin("PUT", `/${other.id}/keys/999999`, { label: "mine" })
    expect(theirs.status).toBe(404)
    expect({ ...theirs.body, message: "" }).toEqual({ ...nobodys.body, message: "" })
  })

  it("that are regenerated keep number, label and role; the old one works for a day", async () => {
    await done("POST", "/roles", { name: "bot" })
    const old = await addKey({ kind: "CUSTOM", label: "Bot", role: "bot" })
    await done("PUT", "/permissions", {
      level: "application",
      role: "bot",
      operation: "device:register",
      access: "grant",
    })
    await done("PUT", "/permissions", {
      level: "application",
      role: "bot",
      operation: "channel:create",
      access: "grant",
    })
    await server.clock.advance(IN_FORCE_MS)
    const now = server.clock.now()
    const { key, ...view } = (await done("POST", `/keys/${old.number}/regenerate`)) as unknown as Key
    const { key: oldKey, ...oldView } = old
    expect(view).toEqual({ ...oldView, regeneratedAt: now, previousUntil: now + 24 * HOUR_MS })
    for (const one of [key, oldKey]) expect(await withKey(one)).toMatchObject(works)
    await server.clock.advance(24 * HOUR_MS - 1)
    for (const one of [key, oldKey]) expect(await withKey(one)).toMatchObject(works)
    await server.clock.advance(1)
    expect(await withKey(oldKey)).toMatchObject(wrongKey)
    expect(await withKey(key)).toMatchObject(works)
  })

  it("that leaked are regenerated without an overlap, and the old one stops within five seconds", async () => {
    const leaked = await addKey({ kind: "REST" })
    expect(await withKey(leaked.key)).toMatchObject(works)
    const fresh = (await done("POST", `/keys/${leaked.number}/regenerate`, {
      overlapHours: 0,
    })) as unknown as Key
    await server.clock.advance(IN_FORCE_MS)
    expect(await withKey(leaked.key)).toMatchObject(wrongKey)
    expect(await withKey(fresh.key)).toMatchObject(works)
  })

  it("that expire get as long a life again when they are regenerated", async () => {
    const old = await addKey({ kind: "JS", expiresAt: server.clock.now() + 10 * HOUR_MS })
    await server.clock.advance(4 * HOUR_MS)
    const fresh = await done("POST", `/keys/${old.number}/regenerate`, { overlapHours: 48 })
    expect(fresh).toMatchObject({
      expiresAt: server.clock.now() + 10 * HOUR_MS,
      previousUntil: server.clock.now() + 6 * HOUR_MS,
    })
  })

  it.each<[what: string, body: unknown, status: number, message: RegExp]>([
    ["an unknown type", { kind: "COBOL" }, 400, /^kind must be one of REST, /],
    ["no type", {}, 400, /^kind must be one of REST, /],
    ["a CUSTOM key without a role", { kind: "CUSTOM" }, 400, /^role is missing; a CUSTOM key /],
    ["an unknown role", { kind: "REST", role: "nobody" }, 404, /^The application has no role "nobody"\.$/],
    ["a system role", { kind: "REST", role: "ServerCodeUser" }, 404, /no role "ServerCodeUser"/],
    ["a past expiration", { kind: "REST", expiresAt: 1 }, 400, /^expiresAt must be later than now\.$/],
    ["an expiration in words", { kind: "REST", expiresAt: "tomorrow" }, 400, /^expiresAt is a string; /],
    ["a misspelt property", { kind: "REST", expiresat: 1 }, 400, /^expiresat is unknown; there are kind, /],
    ["a long label", { kind: "REST", label: "x".repeat(101) }, 400, /^label has 101 characters/],
    [
      "a list",
      [],
      400,
      /^The body must be an object with kind, label, role, expiresAt, addresses, requestsPerSecond\.$/,
    ],
  ])("are not made with %s", async (_what, body, status, message) => {
    const before = await keysOf()
    const reply = await manage("POST", "/keys", body)
    expect(reply).toMatchObject({ status, body: { message: expect.stringMatching(message) } })
    expect(await keysOf()).toEqual(before)
  })

  it.each([-1, 721, 1.5, "24", null])(
    "are not regenerated with an overlap of %s hours",
    async (overlapHours) => {
      const { number, key } = await addKey({ kind: "JS" })
      expect(await manage("POST", `/keys/${number}/regenerate`, { overlapHours })).toMatchObject({
        status: 400,
        body: { errorData: { property: "overlapHours" } },
      })
      expect(await withKey(key)).toMatchObject(works)
      await done("DELETE", `/keys/${number}`)
    },
  )

  it.each(["/keys/4711", "/keys/REST", "/keys/1e1"])("that do not exist are not found: %s", async (path) => {
    expect((await manage("DELETE", path)).status).toBe(404)
    expect((await manage("POST", `${path}/regenerate`)).status).toBe(404)
  })

  it("of an application that shows them are the oldest of each type that work", async () => {
    const { id } = application
    const first = await server.services.applications.show(id)
    await addKey({ kind: "WP" })
    expect((await server.services.applications.show(id)).apiKeys).toEqual(first.apiKeys)
    for (const { number, kind } of await keysOf()) if (kind === "WP") await done("DELETE", `/keys/${number}`)
    const { WP: _, ...others } = first.apiKeys
    expect((await server.services.applications.show(id)).apiKeys).toEqual(others)
  })
})

describe("host names", () => {
  beforeAll(async () => {
    application = await server.addApplication()
  })

  const publishAt = (host: string) =>
    server.ask({ method: "POST", url: "/api/messaging/news", headers: { host }, body: { message: "Hello" } })

  it("have the rights of their key and of their role", async () => {
    await done("POST", "/roles", { name: "newsroom" })
    await done("PUT", "/permissions", {
      level: "channel",
      channel: "news",
      role: "newsroom",
      operation: "message:publish",
      access: "grant",
    })
    await done("PUT", "/hosts/plain.example", {})
    const bound = await done("PUT", "/hosts/News.Example", { key: "IOS", role: "newsroom" })
    expect(bound).toMatchObject({ host: "news.example", keyKind: "IOS", role: "newsroom" })
    for (const host of ["plain.example", "news.example:9000"])
      expect(await withHost(host)).toMatchObject(works)
    expect(await publishAt("plain.example")).toMatchObject({ status: 403 })
    expect(await publishAt("news.example")).toMatchObject(works)
    expect(await done("GET", "/hosts")).toEqual({
      hosts: [bound, expect.objectContaining({ host: "plain.example", keyKind: "JS", role: null })],
    })
  })

  it("that are unbound serve nothing within five seconds", async () => {
    await done("PUT", "/hosts/gone.example", { key: "REST" })
    expect(await withHost("gone.example")).toMatchObject(works)
    await done("DELETE", "/hosts/gone.example")
    await server.clock.advance(IN_FORCE_MS)
    expect(await withHost("gone.example")).toMatchObject(wrongKey)
    expect((await manage("DELETE", "/hosts/gone.example")).status).toBe(404)
  })

  it("stay when their key is regenerated and go when it is revoked", async () => {
    const { number } = await addKey({ kind: "REST" })
    await done("PUT", "/hosts/bound.example", { key: number })
    await done("POST", `/keys/${number}/regenerate`, { overlapHours: 0 })
    await server.clock.advance(IN_FORCE_MS)
    expect(await withHost("bound.example")).toMatchObject(works)
    expect(await done("DELETE", `/keys/${number}`)).toEqual({ done: true, hosts: ["bound.example"] })
    await server.clock.advance(IN_FORCE_MS)
    expect(await withHost("bound.example")).toMatchObject(wrongKey)
  })

  it("of another application are out of reach", async () => {
    await done("PUT", "/hosts/mine.example", {})
    const other = await server.addApplication()
    expect((await server.admin("DELETE", `/${other.id}/hosts/mine.example`)).status).toBe(404)
    expect(await server.admin("PUT", `/${other.id}/hosts/mine.example`, {})).toMatchObject({
      status: 409,
      body: { code: 90012 },
    })
    expect(await done("GET", "/hosts")).toMatchObject({
      hosts: expect.arrayContaining([expect.objectContaining({ host: "mine.example" })]),
    })
    expect(await withHost("mine.example")).toMatchObject(works)
  })

  it.each<[what: string, host: string, body: unknown, status: number]>([
    ["a port", "a.example:80", {}, 400],
    ["an underscore", "a_b.example", {}, 400],
    ["an unknown type of key", "a.example", { key: "COBOL" }, 400],
    ["an unknown number of a key", "a.example", { key: 4711 }, 404],
    ["a type of key that the application lacks", "a.example", { key: "AS" }, 404],
    ["an unknown role", "a.example", { role: "nobody" }, 404],
    ["a misspelt property", "a.example", { kind: "REST" }, 400],
  ])("are not bound with %s", async (_what, host, body, status) => {
    expect((await manage("PUT", `/hosts/${host}`, body)).status).toBe(status)
    expect(await withHost("a.example")).toMatchObject(wrongKey)
  })

  it("say of a key that is none what it may be, by the name of the property that was sent", async () => {
    const { body } = await manage("PUT", "/hosts/a.example", { key: "rest" })
    expect(body).toMatchObject({
      message: expect.stringMatching(/^key must be the number of a key or one of REST, /),
      errorData: { property: "key" },
    })
  })
})

it("no request led to an internal error", () => {
  expect(server.incidents).toEqual([])
})
