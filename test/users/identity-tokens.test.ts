import { describe, expect, test } from "vitest"
import { systemRandom } from "../../src/runtime/random.ts"
import { IdentityTokens } from "../../src/service/identity-tokens.ts"
import { Issuers } from "../../src/service/issuers.ts"
import { KeySets } from "../../src/service/key-sets.ts"
import { ALL, openWith } from "./issuer-server.ts"
import {
  ALGORITHMS,
  ISSUER,
  KEY_SET,
  makeConfusedToken,
  makeUnsignedTokens,
  otherKey,
  otherSpellings,
} from "./token-maker.ts"
import { IN_FORCE_MS, openUserServer, type UserServer } from "./user-server.ts"

/** User tokens of a customer's identity provider (docs/adr/0014). */

const URL_OF_KEYS = "https://id.example.com/keys"
const MINUTE_S = 60
const DAY_S = 86_400

describe("a token of a configured issuer", () => {
  test.each(ALGORITHMS)("signed with %s is a user's", async (algorithm) => {
    await using server = await openWith()
    expect(server.set.status).toBe(200)
    const { status, body } = await server.use(server.token({ algorithm }))
    expect([status, body]).toEqual([200, ["AndroidUser", "AuthenticatedUser", "SocialUser"]])
  })

  test("makes its user once, who can be seen, given roles, disabled, and is not the one of another subject", async () => {
    await using server = await openWith()
    const { application } = server
    const [first, second] = await Promise.all([1, 2].map(() => server.use(server.token())))
    expect([first?.status, second?.status]).toEqual([200, 200])
    await server.use(server.token({ claims: { sub: "bob" } }))
    const { users } = (await application.manage("GET", "users")).body as { users: Record<string, unknown>[] }
    expect(users.map(({ kind, issuer, subject }) => [kind, issuer, subject])).toEqual([
      ["social", ISSUER, "ann"],
      ["social", ISSUER, "bob"],
    ])
    const [ann] = users
    await application.manage("POST", "roles", { name: "editor" })
    await application.manage("PUT", `users/${ann?.["userId"]}/roles`, { roles: ["editor"] })
    expect((await server.use(server.token())).body).toContain("editor")
    await application.manage("PUT", `users/${ann?.["userId"]}`, { status: "DISABLED" })
    expect((await server.use(server.token())).body["code"]).toBe(3064)
    await server.clock.advance(1_000)
    expect((await server.use(server.token())).body["code"]).toBe(3090)
    expect((await server.use(server.token({ claims: { sub: "bob" } }))).status).toBe(200)
  })

  test("has a user whom no unconfirmed address keeps out, so nobody can set that", async () => {
    await using server = await openWith()
    const { application } = server
    await server.use(server.token())
    const [ann] = (await application.manage("GET", "users")).body["users"] as { userId: string }[]
    const pending = { status: "EMAIL_CONFIRMATION_PENDING" }
    expect((await application.manage("PUT", `users/${ann?.userId}`, pending)).status).toBe(409)
    expect((await server.use(server.token())).status).toBe(200)
  })

  test("owns the registration that it makes", async () => {
    await using server = await openWith()
    const { application } = server
    const body = { deviceId: "phone", deviceToken: "t", os: "IOS", osVersion: "18" }
    await application.call("POST", "messaging/registrations", { body, userToken: server.token() })
    const device = await server.store.devices.byDeviceId(application.number, "phone", server.clock.now())
    const { users } = (await application.manage("GET", "users")).body as { users: { userId: string }[] }
    expect(device?.userId).toBe(users[0]?.userId)
  })

  test.each([
    ["a list", "roles", { roles: ["editor", "author"] }],
    ["words", "roles", { roles: "editor author" }],
    ["a path", "realm_access.roles", { realm_access: { roles: ["editor", "author"] } }],
    ["a name with dots", "https://example.com/roles", { "https://example.com/roles": ["author", "editor"] }],
  ])("names custom roles in a claim that is %s", async (_, rolesClaim, claims) => {
    await using server = await openWith({ ...ALL, rolesClaim })
    const { body } = await server.use(server.token({ claims }))
    expect(body).toEqual(expect.arrayContaining(["author", "editor"]))
  })

  test("cannot name system roles: an issuer makes nobody the holder of a server's key", async () => {
    await using server = await openWith({ ...ALL, rolesClaim: "roles" })
    const token = server.token({
      claims: { roles: ["RestUser", "ServerCodeUser", 7, null, "x".repeat(51), "ok"] },
    })
    expect((await server.use(token)).body).toEqual(["AndroidUser", "AuthenticatedUser", "SocialUser", "ok"])
    const publish = { body: { message: "hi" }, userToken: token }
    expect((await server.application.call("POST", "messaging/news", publish)).status).toBe(403)
  })

  test("runs with the rules of the roles that it names", async () => {
    await using server = await openWith({ ...ALL, rolesClaim: "roles" })
    const { application } = server
    await application.manage("POST", "roles", { name: "editor" })
    await application.manage("PUT", "permissions", {
      level: "application",
      role: "editor",
      operation: "message:publish",
      access: "grant",
    })
    await server.clock.advance(IN_FORCE_MS)
    const publish = (roles: readonly string[]) =>
      application.call("POST", "messaging/news", {
        body: { message: "hi" },
        userToken: server.token({ claims: { roles } }),
      })
    expect((await publish(["editor"])).status).toBe(200)
    expect((await publish(["author"])).status).toBe(403)
  })
})

/** Each is a good token but for one thing. */
const BAD: readonly [string, (server: Awaited<ReturnType<typeof openWith>>) => string | readonly string[]][] =
  [
    ["has no signature", ({ application, clock }) => makeUnsignedTokens(application.id, clock.now())],
    [
      "is signed by HMAC with the public key",
      ({ application, clock }) => makeConfusedToken(application.id, clock.now()),
    ],
    ["is signed with another key", ({ token }) => token({ key: otherKey() })],
    ["names another key of the set", ({ token }) => token({ header: { kid: "rs256" } })],
    ["names an unknown key", ({ token }) => token({ header: { kid: "unknown" } })],
    ["names no key", ({ token }) => token({ header: { kid: undefined } })],
    ["says another algorithm than it has", ({ token }) => token({ header: { alg: "EdDSA" } })],
    ["points to keys elsewhere", ({ token }) => token({ header: { jku: "https://evil.example/keys" } })],
    ["points to a certificate", ({ token }) => token({ header: { x5u: "https://evil.example/x" } })],
    ["brings its key", ({ token }) => token({ header: { jwk: KEY_SET.keys[1] } })],
    ["brings a certificate", ({ token }) => token({ header: { x5c: ["AAAA"] } })],
    ["has critical extensions", ({ token }) => token({ header: { crit: ["exp"] } })],
    ["is of another issuer", ({ token }) => token({ claims: { iss: "https://evil.example" } })],
    ["is for another audience", ({ token }) => token({ claims: { aud: "another" } })],
    ["is for nobody", ({ token }) => token({ claims: { aud: undefined } })],
    [
      "has expired",
      ({ token, seconds }) => token({ claims: { iat: seconds() - 200, exp: seconds() - MINUTE_S - 1 } }),
    ],
    ["does not count yet", ({ token, seconds }) => token({ claims: { nbf: seconds() + MINUTE_S + 1 } })],
    [
      "was issued in the future",
      ({ token, seconds }) => token({ claims: { iat: seconds() + MINUTE_S + 1 } }),
    ],
    ["never expires", ({ token }) => token({ claims: { exp: undefined } })],
    ["lasts longer than a day", ({ token, seconds }) => token({ claims: { exp: seconds() + DAY_S + 1 } })],
    ["says not when it was issued", ({ token }) => token({ claims: { iat: undefined } })],
    ["has no subject", ({ token }) => token({ claims: { sub: undefined } })],
    ["has an empty subject", ({ token }) => token({ claims: { sub: "" } })],
    ["has a subject that is no text", ({ token }) => token({ claims: { sub: { a: 1 } } })],
    ["has a subject that stores disagree on", ({ token }) => token({ claims: { sub: "e\u0301" } })],
    ["has a subject with a NUL", ({ token }) => token({ claims: { sub: "a\u0000b" } })],
    ["is too long", ({ token }) => token({ claims: { sub: "ann", more: "x".repeat(8_192) } })],
    ["is cut", ({ token }) => token().slice(0, -4)],
    ["is none", () => ["a.b.c", "..", ".", "a.b", `${"a".repeat(100)}.e30.`]],
  ]

describe("a token is refused with 3064 that", () => {
  test.each(BAD)("%s", async (_, make) => {
    await using server = await openWith()
    const tokens = [make(server)].flat()
    for (const token of tokens) {
      const { status, body } = await server.use(token)
      expect([token, status, body["code"]]).toEqual([token, 400, 3064])
      expect(await server.application.isValid(token)).toMatch(/^false$|malformed|path/)
    }
    expect((await server.application.manage("GET", "users")).body["users"]).toEqual([])
    expect(server.incidents).toEqual([])
  })

  test("is of an algorithm that the issuer is not known to use", async () => {
    await using server = await openWith({ ...ALL, algorithms: ["ES256"] })
    expect((await server.use(server.token({ algorithm: "RS256" }))).body["code"]).toBe(3064)
    expect((await server.use(server.token({ algorithm: "ES256" }))).status).toBe(200)
  })

  test("is of an application that knows the issuer too", async () => {
    await using server = await openWith()
    const other = await server.addApplication()
    await other.manage("PUT", "issuers/main", ALL)
    expect((await other.call("GET", "info", { userToken: server.token() })).body["code"]).toBe(3064)
    const both = server.token({ claims: { aud: [server.application.id, other.id] } })
    expect((await other.call("GET", "info", { userToken: both })).status).toBe(200)
  })

  test("expired a minute ago, but not one that expired within the clock's skew", async () => {
    await using server = await openWith()
    const expired = (ago: number) =>
      server.token({ claims: { iat: server.seconds() - 600, exp: server.seconds() - ago } })
    expect((await server.use(expired(MINUTE_S - 1))).status).toBe(200)
    expect((await server.use(expired(MINUTE_S))).body["code"]).toBe(3064)
  })
})

/** Logs the first user out everywhere. */
async function endSessions({ application }: Pick<UserServer, "application">): Promise<void> {
  const [user] = (await application.manage("GET", "users")).body["users"] as { userId: string }[]
  expect((await application.manage("DELETE", `users/${user?.userId}/sessions`)).status).toBe(200)
}

describe("a token ends", () => {
  test("by a logout, and no other one of the user", async () => {
    await using server = await openWith()
    const [ended, other] = [server.token(), server.token({ claims: { jti: "2" } })]
    expect((await server.application.call("GET", "users/logout", { userToken: ended })).status).toBe(200)
    expect((await server.use(ended)).body["code"]).toBe(3064)
    expect((await server.use(other)).status).toBe(200)
  })

  test.each(ALGORITHMS)("in every spelling of a signature by %s that says the same", async (algorithm) => {
    await using server = await openWith()
    const token = server.token({ algorithm })
    const twins = otherSpellings(token, algorithm)
    for (const twin of twins) expect((await server.use(twin)).status).toBe(200)
    await server.application.call("GET", "users/logout", { userToken: token })
    for (const twin of [token, ...twins]) expect((await server.use(twin)).body["code"]).toBe(3064)
  })

  test("with all that were issued until an administrator said so", async () => {
    await using server = await openWith()
    const before = server.token()
    expect((await server.use(before)).status).toBe(200)
    const [user] = (await server.application.manage("GET", "users")).body["users"] as { userId: string }[]
    await server.application.manage("DELETE", `users/${user?.userId}/sessions`)
    expect((await server.use(before)).body["code"]).toBe(3064)
    await server.clock.advance(1_000)
    expect((await server.use(server.token())).status).toBe(200)
  })

  test("with all that were issued until then, also by a clock that is ahead", async () => {
    await using server = await openWith()
    const AHEAD_S = 50
    const ahead = () => server.token({ claims: { iat: Math.floor(server.seconds()) + AHEAD_S } })
    const before = ahead()
    expect((await server.use(before)).status).toBe(200)
    const [user] = (await server.application.manage("GET", "users")).body["users"] as { userId: string }[]
    await server.application.manage("DELETE", `users/${user?.userId}/sessions`)
    await server.clock.advance(1_000)
    expect((await server.use(before)).body["code"]).toBe(3064)
    await server.clock.advance(AHEAD_S * 1000)
    expect((await server.use(before)).body["code"]).toBe(3064)
    await server.clock.advance(MINUTE_S * 1000)
    expect((await server.use(before)).body["code"]).toBe(3064)
    expect((await server.use(ahead())).status).toBe(200)
  })

  test("and whoever logs in again soon after is let in, also where the clock is a little ahead", async () => {
    await using server = await openWith()
    const AHEAD_S = 2
    const logIn = () => server.use(server.token({ claims: { iat: Math.floor(server.seconds()) + AHEAD_S } }))
    expect((await logIn()).status).toBe(200)
    await endSessions(server)
    await server.clock.advance(1_000)
    expect((await logIn()).body["code"]).toBe(3064)
    await server.clock.advance(5_000)
    expect((await logIn()).status).toBe(200)
  })

  test("for good, though it was dated after the ending and the server is another one", async () => {
    await using server = await openWith()
    const AHEAD_S = 50
    const ahead = () => server.token({ claims: { iat: Math.floor(server.seconds()) + AHEAD_S } })
    const before = ahead()
    expect((await server.use(before)).status).toBe(200)
    await endSessions(server)
    await server.clock.advance((AHEAD_S + 1) * 1000)
    const { store, clock } = server
    const issuers = new Issuers(store, new KeySets(async () => KEY_SET, clock), clock)
    const restarted = new IdentityTokens({ store, clock, issuers, random: systemRandom })
    expect(await restarted.userOf(server.application, before)).toBeUndefined()
    expect(await restarted.userOf(server.application, ahead())).toBeDefined()
  })

  test("whatever another application has seen of an issuer that it calls the same", async () => {
    await using server = await openWith()
    const other = await server.addApplication()
    await other.manage("PUT", "issuers/main", ALL)
    const claims = { aud: other.id, iat: Math.floor(server.seconds()) + 50 }
    expect((await other.call("GET", "info", { userToken: server.token({ claims }) })).status).toBe(200)
    expect((await server.use(server.token())).status).toBe(200)
    await endSessions(server)
    await server.clock.advance(1_000)
    expect((await server.use(server.token())).status).toBe(200)
  })

  test("when its user is removed: whoever comes back needs one that was issued since", async () => {
    await using server = await openWith()
    const { application } = server
    const before = server.token()
    await server.use(before)
    const usersNow = async () =>
      (await application.manage("GET", "users")).body["users"] as { userId: string }[]
    const [user] = await usersNow()
    await application.manage("PUT", `users/${user?.userId}`, { status: "DISABLED" })
    await application.manage("DELETE", `users/${user?.userId}`)
    await server.clock.advance(IN_FORCE_MS)
    expect((await server.use(before)).body["code"]).toBe(3064)
    expect((await server.use(server.token())).status).toBe(200)
    const [anew, ...others] = await usersNow()
    expect(anew?.userId).not.toBe(user?.userId)
    expect(others).toEqual([])
    expect((await server.use(before)).body["code"]).toBe(3064)
  })

  test("within five seconds when the issuer is removed", async () => {
    await using server = await openWith()
    const token = server.token()
    expect((await server.use(token)).status).toBe(200)
    await server.application.manage("DELETE", "issuers/main")
    await server.clock.advance(IN_FORCE_MS)
    expect((await server.use(token)).body["code"]).toBe(3064)
  })
})

describe("an issuer", () => {
  const refused = async (server: UserServer, input: object) =>
    (await server.application.manage("PUT", "issuers/main", input)).body["errorData"]

  test.each([
    ["algorithms", { ...ALL, algorithms: ["HS256"] }],
    ["algorithms", { ...ALL, algorithms: ["none"] }],
    ["algorithms", { ...ALL, algorithms: [] }],
    ["jwksUrl", { ...ALL, jwksUrl: URL_OF_KEYS }],
    ["jwksUrl", { issuer: ISSUER, algorithms: ["ES256"] }],
    ["jwksUrl", { issuer: ISSUER, algorithms: ["ES256"], jwksUrl: "http://id.example.com/keys" }],
    ["jwksUrl", { issuer: ISSUER, algorithms: ["ES256"], jwksUrl: "https://id.example.com:8443/keys" }],
    ["jwksUrl", { issuer: ISSUER, algorithms: ["ES256"], jwksUrl: "https://a@id.example.com/keys" }],
    ["jwks", { ...ALL, jwks: { keys: [] } }],
    [
      "jwks",
      { ...ALL, jwks: { keys: [otherKey().export({ format: "jwk" })].map((key) => ({ ...key, kid: "1" })) } },
    ],
    ["issuer", { ...ALL, issuer: "" }],
    ["surprise", { ...ALL, surprise: 1 }],
  ])("with a wrong %s is refused", async (property, input) => {
    await using server = await openUserServer()
    expect(await refused(server, input)).toMatchObject({ property })
  })

  test("is listed as it was set, replaced under its name, and leaves traces in the audit log", async () => {
    await using server = await openWith({ ...ALL, rolesClaim: "roles" })
    const { application } = server
    await server.put({ ...ALL, algorithms: ["ES256"] })
    const twin = await application.manage("PUT", "issuers/twin", ALL)
    expect([twin.status, twin.body["code"]]).toEqual([409, 90012])
    const { body } = await application.manage("GET", "issuers")
    expect(body["issuers"]).toMatchObject([
      { name: "main", issuer: ISSUER, algorithms: ["ES256"], jwksUrl: null, rolesClaim: null, problem: null },
    ])
    expect((await application.manage("DELETE", "issuers/main")).status).toBe(200)
    expect((await application.manage("DELETE", "issuers/main")).status).toBe(404)
    const { entries } = await server.services.audit.page({ application: application.id }, undefined, 9)
    expect(entries.map(({ action, target }) => `${action} ${target}`)).toEqual([
      "issuer.remove main",
      "issuer.set main",
      "issuer.set main",
    ])
  })
})
