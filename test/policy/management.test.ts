import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  type AccessServer,
  IN_FORCE_MS,
  newDevice,
  openAccessServer,
  type TestApplication,
} from "./access-server.ts"

/** Roles and rules as administrators manage them. */

let server: AccessServer
let application: TestApplication

beforeAll(async () => {
  server = await openAccessServer()
})

beforeEach(async () => {
  application = await server.addApplication()
})

afterAll(() => server[Symbol.asyncDispose]())

const manage = (method: string, path: string, body?: unknown) =>
  server.admin(method, `/${application.id}${path}`, body)

const matrix = async (query = "") => (await manage("GET", `/permissions${query}`)).body ?? {}

const grant = { level: "application", role: "JSUser", operation: "message:publish", access: "grant" }

describe("an application", () => {
  it.each(["", "  ", "\u00a0\u3000"])("is not named %j, when it is made or later", async (name) => {
    const refused = { status: 400, body: { code: 90005, errorData: { property: "name" } } }
    expect(await server.admin("POST", "", { name })).toMatchObject(refused)
    expect(await manage("PUT", "", { name })).toMatchObject(refused)
  })
})

describe("roles", () => {
  it("are the system roles and those that were made", async () => {
    expect(await manage("POST", "/roles", { name: "Rédaction", description: "who writes" })).toEqual({
      status: 200,
      body: { name: "Rédaction", isSystem: false, description: "who writes" },
    })
    const roles = (await manage("GET", "/roles")).body?.["roles"] as readonly Record<string, unknown>[]
    expect(roles.map(({ name }) => name)).toEqual([
      "NotAuthenticatedUser",
      "AuthenticatedUser",
      "GuestUser",
      "SocialUser",
      "RestUser",
      "JSUser",
      "AndroidUser",
      "IOSUser",
      "DotNetUser",
      "ASUser",
      "ServerCodeUser",
      "Rédaction",
    ])
    expect(roles.filter(({ isSystem }) => isSystem)).toHaveLength(11)
    expect((await server.addApplication()).id).not.toBe(application.id)
  })

  it.each<[what: string, body: unknown, status: number]>([
    ["no name", {}, 400],
    ["an empty name", { name: "" }, 400],
    ["a name that no path can carry", { name: ".." }, 400],
    ["a slash in the name", { name: "a/b" }, 400],
    ["a line break in the name", { name: "a\nb" }, 400],
    ["a name of 51 characters", { name: "x".repeat(51) }, 400],
    ["the name of a system role", { name: "RestUser" }, 409],
    ["the name of a system role in other letters", { name: "RESTUSER" }, 409],
    ["a description that is a number", { name: "a", description: 1 }, 400],
  ])("are not made with %s", async (_what, body, status) => {
    expect((await manage("POST", "/roles", body)).status).toBe(status)
    expect((await manage("GET", "/roles")).body?.["roles"]).toHaveLength(11)
  })

  it("are made once", async () => {
    expect((await manage("POST", "/roles", { name: "editor" })).status).toBe(200)
    expect(await manage("POST", "/roles", { name: "editor" })).toMatchObject({
      status: 409,
      body: { code: 90012 },
    })
  })

  it("go with their rules, unless something is bound to them", async () => {
    await manage("POST", "/roles", { name: "bot" })
    await manage("PUT", "/permissions", { ...grant, role: "bot" })
    const key = await manage("POST", "/keys", { kind: "REST", role: "bot" })
    expect((await manage("DELETE", "/roles/bot")).status).toBe(409)
    await manage("DELETE", `/keys/${key.body?.["number"]}`)
    expect((await manage("DELETE", "/roles/bot")).status).toBe(200)
    expect((await manage("DELETE", "/roles/bot")).status).toBe(404)
    expect((await matrix())["rules"]).toEqual([])
    expect((await manage("DELETE", "/roles/JSUser")).status).toBe(409)
  })
})

describe("rules", () => {
  it("are shown with the roles and what the preset grants them", async () => {
    await manage("POST", "/roles", { name: "editor" })
    const ofChannel = { ...grant, level: "channel", channel: "news", role: "editor", access: "deny" }
    const ofOther = { ...ofChannel, channel: "sport" }
    for (const rule of [grant, ofChannel, ofOther])
      expect((await manage("PUT", "/permissions", rule)).status).toBe(200)
    const { preset, operations, roles, rules } = await matrix()
    expect(preset).toBe("locked")
    expect(operations).toContainEqual({
      operation: "device:retrieve",
      meaning: "retrieve a registration",
      onChannels: false,
    })
    expect(operations).toHaveLength(14)
    expect(roles).toContainEqual({
      name: "JSUser",
      isSystem: true,
      description: "a request with a JS key",
      presetGrants: [
        "device:register",
        "device:retrieve",
        "device:cancel",
        "channel:create",
        "template:list",
        "application:info",
        "user:register",
        "user:login",
        "user:session",
      ],
    })
    expect(roles).toContainEqual({ name: "editor", isSystem: false, description: "", presetGrants: [] })
    expect(rules).toHaveLength(3)
    expect(rules).toContainEqual({ ...grant, channel: null, user: null })
    expect(rules).toContainEqual({ ...ofChannel, user: null })
    expect((await matrix("?channel=sport"))["rules"]).toEqual([
      { ...grant, channel: null, user: null },
      { ...ofOther, user: null },
    ])
  })

  it.each<[what: string, body: object, status: number, property?: string]>([
    ["an unknown operation", { ...grant, operation: "dance" }, 400, "operation"],
    ["an operation of every object", { ...grant, operation: "constructor" }, 400, "operation"],
    ["an operation of management", { ...grant, operation: "admin:read" }, 400, "operation"],
    ["an unknown access", { ...grant, access: "maybe" }, 400, "access"],
    ["an unknown level", { ...grant, level: "galaxy" }, 400, "level"],
    ["a channel at the level of the application", { ...grant, channel: "news" }, 400, "channel"],
    ["no channel at the level of channels", { ...grant, level: "channel" }, 400, "channel"],
    ["a channel that cannot be", { ...grant, level: "channel", channel: "a,b" }, 400, "channel"],
    ["a role and a user", { ...grant, level: "channel", channel: "news", user: "ann" }, 400, "role"],
    [
      "neither role nor user",
      { level: "channel", channel: "news", operation: "message:publish", access: "deny" },
      400,
      "role",
    ],
    [
      "a user at the level of the application",
      { level: "application", user: "ann", operation: "message:publish", access: "deny" },
      400,
      "user",
    ],
    [
      "an operation that no channel decides",
      { ...grant, level: "channel", channel: "news", operation: "device:retrieve" },
      400,
      "channel",
    ],
    ["a misspelt property", { ...grant, chanel: "news" }, 400, "chanel"],
    ["an unknown role", { ...grant, role: "editor" }, 404],
    [
      "an unknown user",
      { level: "channel", channel: "news", user: "ann", operation: "message:publish", access: "deny" },
      404,
    ],
  ])("are not set with %s", async (_what, body, status, property) => {
    const reply = await manage("PUT", "/permissions", body)
    expect(reply).toMatchObject({ status, body: property === undefined ? {} : { errorData: { property } } })
    expect((await matrix())["rules"]).toEqual([])
  })

  it("that were changed are in force within five seconds, on every way to the same operation", async () => {
    const path = application.pathOf("JS")
    const register = () =>
      server.ask({ method: "POST", url: `${path}/messaging/registrations`, body: newDevice() })
    expect((await register()).status).toBe(200)
    const deny = { level: "channel", channel: "default", role: "JSUser", operation: "device:register" }
    for (const [access, status] of [
      ["deny", 403],
      ["inherit", 200],
      ["deny", 403],
      ["grant", 200],
    ] as const) {
      await manage("PUT", "/permissions", { ...deny, access })
      await server.clock.advance(IN_FORCE_MS)
      // The first request authenticates anew, the second one finds its caller remembered.
      expect([(await register()).status, (await register()).status]).toEqual([status, status])
    }
  })
})

describe("every change", () => {
  it("is in the audit log, with what was changed", async () => {
    await manage("POST", "/roles", { name: "editor" })
    await manage("PUT", "/permissions", { ...grant, level: "channel", channel: "news", role: "editor" })
    const { body: key } = await manage("POST", "/keys", { kind: "REST", label: "CI" })
    await manage("POST", `/keys/${key?.["number"]}/regenerate`)
    await manage("GET", "/keys")
    await manage("GET", "/keys?reveal=true")
    await manage("PUT", "/hosts/a.example", { key: key?.["number"] })
    await manage("DELETE", `/keys/${key?.["number"]}`)
    await manage("PUT", "", { preset: "compatible" })
    await manage("DELETE", "/roles/editor")
    const { entries } = await server.store.audit.page({ application: application.id }, undefined, 100)
    expect(entries.map(({ action, target }) => [action, target]).toReversed()).toEqual([
      ["role.create", "editor"],
      ["permission.set", "grant message:publish, role editor, channel news"],
      ["key.create", `REST ${key?.["number"]}`],
      ["key.regenerate", `REST ${key?.["number"]}`],
      ["key.reveal", "all keys"],
      ["host.bind", "a.example"],
      ["key.revoke", `${key?.["number"]}`],
      ["application.change", "preset compatible"],
      ["role.delete", "editor"],
    ])
    expect(JSON.stringify(entries)).not.toContain(key?.["key"])
  })

  it.each([
    ["POST", "/keys", { kind: "REST" }],
    ["PUT", "/hosts/b.example", {}],
    ["POST", "/roles", { name: "editor" }],
    ["PUT", "/permissions", grant],
    ["PUT", "", { preset: "compatible" }],
  ])("needs the scope administer: %s %s", async (method, path, body) => {
    for (const scope of ["read", "operate"] as const)
      expect((await server.admin(method, `/${application.id}${path}`, body, scope)).status).toBe(403)
    expect((await manage(method, path, body)).status).toBe(200)
  })

  it("of an application that does not exist is not found", async () => {
    for (const [method, path, body] of [
      ["GET", "/none/keys", undefined],
      ["POST", "/none/keys", { kind: "REST" }],
      ["GET", "/none/hosts", undefined],
      ["PUT", "/none/hosts/b.example", {}],
      ["GET", "/none/roles", undefined],
      ["POST", "/none/roles", { name: "editor" }],
      ["GET", "/none/permissions", undefined],
      ["PUT", "/none/permissions", grant],
      ["GET", "/none/explain?operation=message:publish&key=JS", undefined],
      ["PUT", "/none", { name: "a" }],
    ] as const)
      expect(await server.admin(method, path, body)).toMatchObject({ status: 404, body: { code: 90011 } })
  })
})

it("no request led to an internal error", () => {
  expect(server.incidents).toEqual([])
})
