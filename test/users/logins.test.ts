import { hash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { IN_FORCE_MS, openUserServer, PASSWORD, type UserServer } from "./user-server.ts"

/** What a login is, how long it lasts, and what it cannot be made to do. */

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

describe("a login", () => {
  test("answers in both URL forms with what the contract says", async () => {
    await using server = await openUserServer()
    const { id, call } = server.application
    const key = (await server.services.keys.list(id)).find(({ kind }) => kind === "JS")
    await server.services.hosts.bind(id, "push.example.com", { key: key?.number })
    const ask = (path: string, body: unknown) =>
      server.ask("POST", `/api/users/${path}`, { headers: { host: "push.example.com" }, body })
    const made = await ask("register", { email: "ann@example.com", password: PASSWORD })
    expect(made).toMatchObject({ status: 200, body: { email: "ann@example.com", userStatus: "ENABLED" } })
    const { status, body } = await ask("login", { login: "ANN@example.com", password: PASSWORD })
    expect(status).toBe(200)
    expect(body).toEqual({
      ...made.body,
      lastLogin: server.clock.now(),
      "user-token": expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    })
    const token = String(body["user-token"])
    expect((await call("GET", `users/isvalidusertoken/${token}`)).text).toBe("true")
    expect((await call("GET", "users/isvalidusertoken/x")).text).toBe("false")
    const out = await call("GET", "users/logout", { userToken: token })
    expect([out.status, out.text]).toEqual([200, "{}"])
    expect((await call("GET", `users/isvalidusertoken/${token}`)).text).toBe("false")
    expect((await call("GET", "users/logout", { userToken: token })).body).toMatchObject({ code: 3064 })
    expect((await call("GET", "users/logout")).status).toBe(200)
  })

  test.each([
    [{}, 3038],
    [{ login: "a" }, 3038],
    [{ login: "a", password: null }, 3038],
    [{ login: "", password: "x" }, 3006],
    [{ login: "a", password: "" }, 3006],
    [{ login: 7, password: "x" }, 3003],
    [{ login: ["a"], password: "x" }, 90005],
    [{ login: "a".repeat(255), password: "x" }, 8000],
    [{ login: "a", password: "x".repeat(257) }, 8000],
    [{ objectId: "x" }, 2014],
  ])("that says %j is refused with %i", async (body, code) => {
    await using server = await openUserServer()
    expect((await server.application.call("POST", "users/login", { body })).body["code"]).toBe(code)
  })

  test("begins under a new token whatever the app brought along, and makes no token of the app's choice valid", async () => {
    await using server = await openUserServer()
    const { application } = server
    const { token } = await application.user("ann@example.com")
    for (const brought of [token, "chosen-by-an-attacker"]) {
      const { body } = await application.logIn("ann@example.com", PASSWORD, { userToken: brought })
      expect(body["user-token"]).toMatch(/^[\w-]{43}$/)
      expect(body["user-token"]).not.toBe(brought)
      expect(await application.isValid(brought)).toBe("false")
    }
  })

  test("leaves only a hash in the store", async () => {
    await using server = await openUserServer()
    const { application } = server
    const { token } = await application.user("ann@example.com")
    const bounds = { usedSince: -1, begunSince: -1 }
    const { users } = server.store
    expect(await users.sessionByHash(application.number, hash("sha256", token, "hex"), bounds)).toBeDefined()
    expect(await users.sessionByHash(application.number, token, bounds)).toBeUndefined()
  })

  test("is over when it was not used for long, or is old, as the application wants it", async () => {
    await using server = await openUserServer()
    const { application } = server
    await application.change({ sessionIdleMs: 20 * MINUTE_MS, sessionLastsMs: 60 * MINUTE_MS })
    const { token } = await application.user("ann@example.com")
    // Uses are noted once a minute here: half an hour with a use every 15 minutes.
    for (const _ of [1, 2, 3]) {
      await server.clock.advance(15 * MINUTE_MS)
      expect((await application.call("GET", "info", { userToken: token })).status).toBe(200)
    }
    await server.clock.advance(15 * MINUTE_MS)
    expect((await application.call("GET", "info", { userToken: token })).body["code"]).toBe(3064)
    const again = String((await application.logIn("ann@example.com")).body["user-token"])
    await server.clock.advance(20 * MINUTE_MS)
    expect(await application.isValid(again)).toBe("false")
  })

  test("lasts while it is used, also where the application wants the shortest time", async () => {
    await using server = await openUserServer()
    const { application } = server
    await application.change({ sessionIdleMs: MINUTE_MS })
    const { token } = await application.user("ann@example.com")
    for (let use = 0; use < 10; use++) {
      await server.clock.advance(20_000)
      expect((await application.call("GET", "info", { userToken: token })).status).toBe(200)
    }
    await server.clock.advance(MINUTE_MS)
    expect((await application.call("GET", "info", { userToken: token })).body["code"]).toBe(3064)
  })

  test("does not begin with a password that was replaced while it was compared", async () => {
    await using server = await openUserServer()
    const { application, userPasswords } = server
    const { id } = await application.user("ann@example.com")
    const turn = userPasswords.turn.bind(userPasswords)
    userPasswords.turn = (address) => ({
      matches: async (password, known) => {
        const isRight = await turn(address).matches(password, known)
        await application.manage("PUT", `users/${id}`, { password: "a new one" })
        return isRight
      },
      [Symbol.dispose]: () => {},
    })
    const { status, body } = await application.logIn("ann@example.com")
    expect([status, body["code"]]).toEqual([401, 3003])
    userPasswords.turn = turn
    expect((await application.logIn("ann@example.com", "a new one")).status).toBe(200)
  })

  test("lasts while it is used, and ninety days without a use, where the application says nothing", async () => {
    await using server = await openUserServer()
    const { application } = server
    const { token } = await application.user("ann@example.com")
    for (const days of [89, 88, 89]) {
      await server.clock.advance(days * DAY_MS)
      expect((await application.call("GET", "info", { userToken: token })).status).toBe(200)
    }
    await server.clock.advance(90 * DAY_MS)
    expect(await application.isValid(token)).toBe("false")
  })
})

describe("a guess", () => {
  test("costs the same work for a login that exists, for one that does not, and for a user without a password", async () => {
    await using server = await openUserServer()
    const { application, userPasswords } = server
    await application.user("ann@example.com")
    await application.manage("POST", "users", { identity: "bob@example.com" })
    const work = async (email: string) => {
      const before = userPasswords.count
      const reply = await application.logIn(email, "wrong")
      return { work: userPasswords.count - before, status: reply.status, text: reply.text }
    }
    const known = await work("ann@example.com")
    expect(known).toMatchObject({ work: 1, status: 401 })
    expect(await work("nobody@example.com")).toEqual(known)
    expect(await work("bob@example.com")).toEqual(known)
  })

  test.each([0, 1, 3, 100])(
    "with failedLoginsLock %i is looked at ten times in any 15 minutes at most",
    async (lock) => {
      await using server = await openUserServer()
      const { application, clock, userPasswords } = server
      await application.user("ann@example.com")
      await application.change({ failedLoginsLock: lock })
      const times: number[] = []
      const refusals = new Set<unknown>()
      const start = clock.now()
      while (clock.now() - start < 120 * MINUTE_MS) {
        const before = userPasswords.count
        const { headers, body } = await application.logIn("ann@example.com", "wrong")
        if (userPasswords.count > before) times.push(clock.now())
        else {
          refusals.add(body["code"])
          await clock.advance(Number(headers["retry-after"]) * 1000)
        }
      }
      const most = times.map(
        (from) => times.filter((time) => time >= from && time < from + 15 * MINUTE_MS).length,
      )
      expect(Math.max(...most)).toBeLessThanOrEqual(10)
      expect([...refusals]).toEqual([lock === 0 ? 90014 : 3036])
    },
  )

  test("from elsewhere does not keep the owner out, nor end what the owner has", async () => {
    await using server = await openUserServer()
    const { application } = server
    const { token } = await application.user("ann@example.com")
    await application.change({ failedLoginsLock: 1, multipleLogins: true })
    const attacker = { from: "198.51.100.7" }
    for (let guess = 0; guess < 30; guess++) await application.logIn("ann@example.com", "wrong", attacker)
    expect((await application.logIn("ann@example.com", PASSWORD, attacker)).body["code"]).toBe(3036)
    expect(await application.isValid(token)).toBe("true")
    expect((await application.logIn("ann@example.com")).status).toBe(200)
  })

  test("that nobody has time for is not counted, so that it pushes none out of the memory of those that are", async () => {
    await using server = await openUserServer()
    const { application, userPasswords } = server
    await application.user("ann@example.com")
    userPasswords.isBusy = true
    for (let guess = 0; guess < 20; guess++) {
      expect((await application.logIn("ann@example.com", "wrong")).status).toBe(429)
    }
    userPasswords.isBusy = false
    expect((await application.logIn("ann@example.com")).status).toBe(200)
  })
})

/** What ends a login, and whether the server that did it knows at once. */
const ENDINGS: readonly [string, (server: UserServer, id: string, token: string) => Promise<unknown>][] = [
  ["a logout", ({ application }, _, token) => application.call("GET", "users/logout", { userToken: token })],
  ["another login", ({ application }) => application.logIn("ann@example.com")],
  [
    "disabling the user",
    ({ application }, id) => application.manage("PUT", `users/${id}`, { status: "DISABLED" }),
  ],
  ["a new password", ({ application }, id) => application.manage("PUT", `users/${id}`, { password: "new" })],
  ["an administrator", ({ application }, id) => application.manage("DELETE", `users/${id}/sessions`)],
  ["removing the user", ({ application }, id) => application.manage("DELETE", `users/${id}`)],
]

describe("a login that is remembered", () => {
  test.each(ENDINGS)("is refused at once after %s", async (_, end) => {
    await using server = await openUserServer()
    const { application } = server
    const { id, token } = await application.user("ann@example.com")
    const use = () => application.call("POST", "messaging/registrations", { userToken: token, body: DEVICE })
    // The first is looked up, the second remembered.
    expect([(await use()).status, (await use()).status]).toEqual([200, 200])
    expect(await end(server, id, token)).toMatchObject({ status: 200 })
    expect((await use()).body["code"]).toBe(3064)
  })

  test("is refused within five seconds when another process ended it", async () => {
    await using server = await openUserServer()
    const { application } = server
    const { id, token } = await application.user("ann@example.com")
    const use = () => application.call("POST", "messaging/registrations", { userToken: token, body: DEVICE })
    expect((await use()).status).toBe(200)
    await server.store.users.endSessions(application.number, id, server.clock.now())
    await server.clock.advance(IN_FORCE_MS)
    expect((await use()).body["code"]).toBe(3064)
  })

  test("costs the store nothing for two seconds", async () => {
    await using server = await openUserServer()
    const { application, store } = server
    const { token } = await application.user("ann@example.com")
    let asked = 0
    const { sessionByHash } = store.users
    store.users.sessionByHash = (...parameters) => {
      asked++
      return sessionByHash.apply(store.users, parameters)
    }
    const use = () => application.call("POST", "messaging/registrations", { userToken: token, body: DEVICE })
    for (let time = 0; time < 10; time++) expect((await use()).status).toBe(200)
    expect(asked).toBe(1)
    await server.clock.advance(2_000)
    await use()
    expect(asked).toBe(2)
  })
})

const DEVICE = { deviceId: "phone", deviceToken: "t", os: "ANDROID", osVersion: "16" }

describe("another application", () => {
  test("knows neither token nor user", async () => {
    await using server = await openUserServer()
    const { application } = server
    const other = await server.addApplication()
    const { id, token } = await application.user("ann@example.com")
    expect(await other.isValid(token)).toBe("false")
    for (const path of ["info", "users/logout", "users/userroles", "messaging/registrations/phone"]) {
      const { status, body } = await other.call("GET", path, { userToken: token })
      expect([path, status, body["code"]]).toEqual([path, 400, 3064])
    }
    const registering = await other.call("POST", "messaging/registrations", {
      userToken: token,
      body: DEVICE,
    })
    expect(registering.body["code"]).toBe(3064)
    expect((await other.logIn("ann@example.com")).body["code"]).toBe(3003)
    expect((await other.manage("GET", `users/${id}`)).status).toBe(404)
    expect((await other.manage("GET", "users?identityPrefix=ann")).body["users"]).toEqual([])
    // Nor may it end what it does not know.
    await other.manage("DELETE", `users/${id}/sessions`)
    await other.manage("DELETE", `users/${id}`)
    expect(await application.isValid(token)).toBe("true")
    const same = await other.user("ann@example.com")
    expect(same.id).not.toBe(id)
    expect(await application.isValid(same.token)).toBe("false")
  })
})
