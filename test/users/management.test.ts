import { describe, expect, test } from "vitest"
import { DEFAULT_USER_SETTINGS } from "../../src/domain/user-settings.ts"
import { IN_FORCE_MS, openUserServer, PASSWORD } from "./user-server.ts"

/** Users in the management API, and what administrators' changes do to what users may. */

describe("users", () => {
  test("are created, read, changed and removed, and log in with what they were given", async () => {
    await using server = await openUserServer()
    const { application } = server
    await application.change({ registration: false, requiredProperties: ["team"] })
    const properties = { name: "Ann ♪", bio: "one\ntwo", age: 7 }
    const made = await application.manage("POST", "users", {
      identity: "ann@example.com",
      password: PASSWORD,
      properties,
    })
    const user = {
      userId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      kind: "registered",
      status: "ENABLED",
      identity: "ann@example.com",
      issuer: null,
      subject: null,
      properties,
      roles: [],
      createdAt: server.clock.now(),
      updatedAt: null,
      lastLoginAt: null,
    }
    expect(made).toMatchObject({ status: 200, body: user })
    const path = `users/${made.body["userId"]}`
    expect((await application.manage("GET", path)).body).toEqual(made.body)
    const { body } = await application.logIn("ann@example.com")
    expect(body).toMatchObject({ ...properties, email: "ann@example.com" })
    await application.manage("PUT", path, { identity: "eve@example.com", password: "new", properties: {} })
    expect((await application.logIn("ann@example.com")).status).toBe(401)
    expect((await application.logIn("eve@example.com", "new")).body).not.toHaveProperty("bio")
    expect((await application.manage("DELETE", path)).body).toEqual({ done: true })
    expect((await application.manage("GET", path)).status).toBe(404)
    expect((await application.logIn("eve@example.com", "new")).status).toBe(401)
  })

  test.each([
    [{ password: "x" }, 90005],
    [{ identity: "no address" }, 3040],
    [{ identity: "ann@example.com" }, 3033],
    [{ identity: "b@example.com", password: "" }, 3011],
    [{ identity: "b@example.com", status: "GUEST" }, 90005],
    [{ identity: "b@example.com", roles: ["x"] }, 90005],
    [{ identity: "b@example.com", properties: [] }, 90005],
    [{ identity: "b@example.com", properties: { "": 1 } }, 90005],
    [{ identity: "b@example.com", properties: { a: "\u0000" } }, 90005],
    [{ identity: "b@example.com", properties: { a: [[[[[[1]]]]]] } }, 90005],
    [{ identity: "b@example.com", properties: { a: "x".repeat(4001) } }, 8000],
    [{ identity: "b@example.com", properties: { a: Array(50).fill("x".repeat(400)) } }, 8000],
    [
      {
        identity: "b@example.com",
        properties: Object.fromEntries([...Array(101).keys()].map((n) => [`p${n}`, n])),
      },
      8000,
    ],
  ])("are not created from %j", async (form, code) => {
    await using server = await openUserServer()
    await server.application.user("ANN@example.com")
    expect((await server.application.manage("POST", "users", form)).body["code"]).toBe(code)
  })

  test("are searched by the beginning of their identity and paged", async () => {
    await using server = await openUserServer()
    const { application } = server
    for (const name of ["bob", "Ann", "anna", "carl"]) await application.user(`${name}@example.com`)
    const list = async (query: string) => {
      const { body } = await application.manage("GET", `users?${query}`)
      return {
        found: (body["users"] as { identity: string }[]).map(({ identity }) => identity),
        next: body["next"],
      }
    }
    expect(await list("identityPrefix=AN")).toEqual({
      found: ["Ann@example.com", "anna@example.com"],
      next: null,
    })
    const first = await list("limit=3")
    expect(first.found).toEqual(["bob@example.com", "Ann@example.com", "anna@example.com"])
    expect(await list(`limit=3&cursor=${first.next}`)).toEqual({ found: ["carl@example.com"], next: null })
    expect((await application.manage("GET", "users?cursor=x")).body["code"]).toBe(90005)
  })

  test("who are guests have no password to get, and no status but their own", async () => {
    await using server = await openUserServer()
    const { application } = server
    const { body } = await application.call("POST", "users/register/guest")
    for (const change of [{ password: "x" }, { identity: "a@example.com" }, { status: "ENABLED" }]) {
      expect((await application.manage("PUT", `users/${body["objectId"]}`, change)).status).toBe(409)
    }
    await application.change({ guests: false })
    expect((await application.call("POST", "users/register/guest")).body["code"]).toBe(3009)
  })

  test("leave traces in the audit log without what is secret", async () => {
    await using server = await openUserServer()
    const { application } = server
    const { body } = await application.manage("POST", "users", {
      identity: "ann@example.com",
      password: "canary",
    })
    const id = String(body["userId"])
    await application.manage("POST", "roles", { name: "editor" })
    await application.manage("PUT", `users/${id}`, { password: "canary2" })
    await application.manage("PUT", `users/${id}`, { properties: { note: "canary3" }, status: "DISABLED" })
    await application.manage("PUT", `users/${id}/roles`, { roles: ["editor"] })
    await application.manage("DELETE", `users/${id}/sessions`)
    await application.manage("PUT", "user-settings", { failedLoginsLock: 3 })
    await application.manage("DELETE", `users/${id}`)
    const { entries } = await server.services.audit.page({ application: application.id }, undefined, 20)
    expect(entries.map(({ action, target }) => `${action} ${target}`).toReversed()).toEqual([
      `user.create ${id}`,
      "role.create editor",
      `user.change ${id} password`,
      `user.change ${id} properties status DISABLED`,
      `user.set-roles ${id} editor`,
      `user.end-sessions ${id}`,
      "user-settings.change failedLoginsLock",
      `user.remove ${id}`,
    ])
    expect(JSON.stringify(entries)).not.toContain("canary")
  })
})

test("a password among the properties is never kept nor shown", async () => {
  await using server = await openUserServer()
  const { application } = server
  const made = await application.manage("POST", "users", {
    identity: "ann@example.com",
    properties: { password: "canary", "user-token": "canary", name: "Ann" },
  })
  expect(made.body["properties"]).toEqual({ name: "Ann" })
})

test("a publish is kept under the name of its user, whose Idempotency-Key is theirs alone", async () => {
  await using server = await openUserServer()
  const application = await server.addApplication("compatible")
  const ann = await application.user("ann@example.com")
  const bob = await application.user("bob@example.com")
  const publish = (userToken: string, message: string) =>
    application.call("POST", "messaging/news", {
      key: "JS",
      userToken,
      headers: { "idempotency-key": "1" },
      body: { message },
    })
  const [first, again, other] = [
    await publish(ann.token, "of ann"),
    await publish(ann.token, "of ann"),
    await publish(bob.token, "of bob"),
  ]
  expect(again.body["messageId"]).toBe(first.body["messageId"])
  expect(other.status).toBe(200)
  expect(other.body["messageId"]).not.toBe(first.body["messageId"])
  const { entries } = await server.services.audit.page({ application: application.id }, undefined, 9)
  expect(entries.map(({ actor }) => actor)).toContainEqual(
    expect.stringMatching(`^key JS \\d+ user ${bob.id}$`),
  )
})

describe("settings", () => {
  test("are the defaults until they are changed, one by one", async () => {
    await using server = await openUserServer()
    const { application } = server
    expect((await application.manage("GET", "user-settings")).body).toEqual(DEFAULT_USER_SETTINGS)
    const changed = await application.manage("PUT", "user-settings", { sessionIdleMs: null, guests: false })
    expect(changed.body).toEqual({ ...DEFAULT_USER_SETTINGS, sessionIdleMs: null, guests: false })
    expect((await application.manage("GET", "user-settings")).body).toEqual(changed.body)
  })

  test.each([
    { registration: "yes" },
    { maxConcurrentLogins: 101 },
    { failedLoginsLock: -1 },
    { sessionIdleMs: 1 },
    { identityProperty: "password" },
    { identityProperty: "user-token" },
    { requiredProperties: ["userStatus"] },
    { requiredProperties: "name" },
    { unknownProperties: "ignore" },
    { surprise: true },
  ])("of the kind %j are refused by name", async (change) => {
    await using server = await openUserServer()
    const { body } = await server.application.manage("PUT", "user-settings", change)
    expect(body).toMatchObject({
      code: 90005,
      message: expect.stringContaining(Object.keys(change)[0] as string),
    })
  })

  test("let users log in with another property, as long as nobody logs in with the present one", async () => {
    await using server = await openUserServer()
    const { application } = server
    await application.change({ identityProperty: "nick" })
    const register = (body: object) => application.call("POST", "users/register", { body })
    expect((await register({ email: "a@example.com", password: "x" })).body["code"]).toBe(3013)
    expect((await register({ nick: "ann", email: "no address", password: "x" })).body["code"]).toBe(3040)
    const { body } = await register({ nick: 7, email: "a@example.com", password: "x" })
    expect(body).toMatchObject({ nick: "7", email: "a@example.com" })
    expect((await application.logIn("7", "x")).status).toBe(200)
    expect((await application.manage("PUT", "user-settings", { identityProperty: "email" })).status).toBe(409)
  })
})

describe("roles and rules of a user", () => {
  test("decide what requests with their token may do, within five seconds", async () => {
    await using server = await openUserServer()
    const { application, clock } = server
    const ann = await application.user("ann@example.com")
    const bob = await application.user("bob@example.com")
    const publish = async (userToken?: string) =>
      (
        await application.call("POST", "messaging/news", {
          body: { message: "hi" },
          ...(userToken && { userToken }),
        })
      ).status
    const all = async () => [await publish(ann.token), await publish(bob.token), await publish()]
    expect(await all()).toEqual([403, 403, 403])

    const onNews = { level: "channel", channel: "news", operation: "message:publish" }
    await application.manage("PUT", "permissions", { ...onNews, user: ann.id, access: "grant" })
    await clock.advance(IN_FORCE_MS)
    expect(await all()).toEqual([200, 403, 403])

    await application.manage("POST", "roles", { name: "editor" })
    await application.manage("PUT", "permissions", { ...onNews, role: "editor", access: "grant" })
    await application.manage("PUT", `users/${bob.id}/roles`, { roles: ["editor"] })
    await clock.advance(IN_FORCE_MS)
    expect(await all()).toEqual([200, 200, 403])

    // A rule of the user comes before every role.
    await application.manage("PUT", "permissions", { ...onNews, user: bob.id, access: "deny" })
    await application.manage("DELETE", `users/${ann.id}`)
    await clock.advance(IN_FORCE_MS)
    expect(await all()).toEqual([400, 403, 403])
    const { body } = await application.manage(
      "GET",
      `explain?operation=message:publish&channel=news&key=ANDROID&user=${bob.id}`,
    )
    expect(body).toMatchObject({ allowed: false, decidedBy: { level: "channel_user", subject: bob.id } })
    expect((await application.manage("GET", "permissions")).body["rules"]).toHaveLength(2)
  })

  test("are set for users and roles that exist only", async () => {
    await using server = await openUserServer()
    const { application } = server
    const { id } = await application.user("ann@example.com")
    expect((await application.manage("PUT", `users/${id}/roles`, { roles: ["nobody"] })).status).toBe(404)
    expect((await application.manage("PUT", `users/${id}/roles`, { roles: ["RestUser"] })).status).toBe(404)
    const rule = {
      level: "channel",
      channel: "news",
      operation: "message:publish",
      user: "X",
      access: "grant",
    }
    expect((await application.manage("PUT", "permissions", rule)).status).toBe(404)
  })

  test("of a guest include those of guests, which rules can speak of", async () => {
    await using server = await openUserServer()
    const { application, clock } = server
    const rule = { level: "application", role: "GuestUser", operation: "device:register", access: "deny" }
    await application.manage("PUT", "permissions", rule)
    await clock.advance(IN_FORCE_MS)
    const guest = (await application.call("POST", "users/register/guest")).body["user-token"]
    const { token } = await application.user("ann@example.com")
    const register = (userToken: string) =>
      application.call("POST", "messaging/registrations", {
        body: { deviceId: "d", deviceToken: "t", os: "IOS", osVersion: "1" },
        userToken,
      })
    expect((await register(String(guest))).body["code"]).toBe(1011)
    expect((await register(token)).status).toBe(200)
  })

  test("can forbid to register and to log in, but not hinder a login by a token that is over", async () => {
    await using server = await openUserServer()
    const { application, clock } = server
    await application.user("ann@example.com")
    await application.manage("PUT", "permissions", {
      level: "application",
      role: "AndroidUser",
      operation: "user:login",
      access: "deny",
    })
    await clock.advance(IN_FORCE_MS)
    expect((await application.logIn("ann@example.com")).body["code"]).toBe(1011)
    expect(
      (await application.logIn("ann@example.com", PASSWORD, { key: "JS", userToken: "over" })).status,
    ).toBe(200)
  })
})
