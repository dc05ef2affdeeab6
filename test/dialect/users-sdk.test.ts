import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { DEFAULT_USER_SETTINGS, type UserSettings } from "../../src/domain/user-settings.ts"
import { openRegistrationServer, type RegistrationServer } from "../registration-server.ts"
import { sdkSession } from "./sdk-process.ts"
import type { SdkCall, SdkResult, SdkStart } from "./sdk-session.ts"

/** Users as the official JavaScript SDK sees them: the scenarios of its own end-to-end suite (contract 11). */

let server: RegistrationServer

beforeAll(async () => {
  server = await openRegistrationServer({ threaded: true })
})

afterEach(async () => {
  await server.services.userSettings.change(server.applicationId, DEFAULT_USER_SETTINGS)
})

afterAll(async () => {
  expect(server.incidents).toEqual([])
  await server[Symbol.asyncDispose]()
})

const start = (kind: "JS" | "BL" = "JS"): SdkStart => ({
  serverURL: server.url,
  applicationId: server.applicationId,
  apiKey: server.apiKeys[kind],
})

const calls = async (...made: readonly SdkCall[]): Promise<readonly SdkResult[]> =>
  (await sdkSession(start(), made)).results

const settings = (changes: Partial<UserSettings>) =>
  server.services.userSettings.change(server.applicationId, changes)

let users = 0
const newUser = (more: object = {}) => ({ email: `ann-${++users}@example.com`, password: "qwerty", ...more })
const register = (user: object): SdkCall => ({ call: "register", user: { ...user } })
const login = ({ email }: { email: string }, password = "qwerty"): SdkCall => ({
  call: "login",
  login: email,
  password,
})
const withToken = (userToken: string): SdkCall => ({ call: "rememberUserToken", userToken })

/** A user who is registered already. */
async function registered(more: object = {}): Promise<{ email: string; password: string }> {
  const user = newUser(more)
  const [result] = await calls(register(user))
  expect(result).toHaveProperty("value")
  return user
}

async function tokenOf(user: { email: string }): Promise<string> {
  const [result] = await calls(login(user))
  if (result === undefined || !("value" in result)) throw new Error(JSON.stringify(result))
  return (result.value as Record<string, string>)["user-token"] as string
}

const value = (expected: unknown): SdkResult => ({ value: expected })
const fault = (code: number, status = 400, message: unknown = expect.any(String)) => ({
  error: { code, status, message },
})

describe("registering", () => {
  it("gives the user without a password and without a login", async () => {
    const user = newUser({ name: "Ann ♪", age: 7, tags: ["a", { b: null }] })
    const [made, token, loggedOut] = await calls(
      register(user),
      { call: "currentUserToken" },
      { call: "logout" },
    )
    expect(made).toEqual(
      value({
        email: user.email,
        name: "Ann ♪",
        age: 7,
        tags: ["a", { b: null }],
        blUserLocale: expect.any(String),
        ___class: "Users",
        objectId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
        ownerId: expect.any(String),
        userStatus: "ENABLED",
        socialAccount: "BACKENDLESS",
        created: server.clock.now(),
        updated: null,
        lastLogin: null,
      }),
    )
    expect([token, loggedOut]).toEqual([value(null), value(null)])
  })

  it("is refused with the codes of the contract", async () => {
    const user = await registered()
    const taken = { ...user, email: user.email.toUpperCase() }
    expect(
      await calls(
        register({}),
        register({ email: "a@example.com" }),
        register({ password: "qwerty" }),
        register(taken),
        register(newUser({ id: "mine" })),
        register(newUser({ email: "no address" })),
        register(newUser({ text: "x".repeat(4001) })),
      ),
    ).toEqual([fault(3011), fault(3011), fault(3013), fault(3033), fault(3039), fault(3040), fault(8000)])
  })

  it("that is off says so with 403", async () => {
    await settings({ registration: false })
    const message = "User registration is denied for this version of application"
    expect(await calls(register(newUser()), { call: "loginAsGuest" })).toEqual([
      fault(3009, 403, message),
      fault(3009, 403, message),
    ])
  })

  it("keeps, drops or refuses properties that the application does not know, and asks for those it needs", async () => {
    await settings({ unknownProperties: "drop", requiredProperties: ["team"] })
    const [dropped] = await calls(register(newUser({ team: "red", foo: 1 })))
    expect(dropped).toMatchObject({ value: { team: "red" } })
    expect(dropped).not.toHaveProperty("value.foo")
    await settings({ unknownProperties: "refuse" })
    expect(await calls(register(newUser({ team: "red", foo: 1 })), register(newUser()))).toEqual([
      fault(3010, 400, expect.stringContaining("foo")),
      fault(3012, 400, expect.stringContaining("team")),
    ])
  })
})

describe("logging in", () => {
  it("gives the user with a token that is valid until the logout", async () => {
    const user = await registered()
    const [loggedIn, isValid, roles, loggedOut, token] = await calls(
      login(user),
      { call: "isValidLogin" },
      { call: "getUserRoles" },
      { call: "logout" },
      { call: "currentUserToken" },
    )
    expect(loggedIn).toMatchObject({
      value: {
        email: user.email,
        lastLogin: server.clock.now(),
        "user-token": expect.stringMatching(/^[\w-]{43}$/),
      },
    })
    expect(loggedIn).not.toHaveProperty("value.password")
    expect(isValid).toEqual(value(true))
    expect(roles).toEqual(value(["JSUser", "AuthenticatedUser"]))
    expect([loggedOut, token]).toEqual([value(null), value(null)])
  })

  it("with a wrong login or password answers the same: 3003 with 401", async () => {
    const user = await registered()
    const [unknown, wrong] = await calls(login({ email: "nobody" }), login(user, "wrong"))
    expect(unknown).toEqual(fault(3003, 401))
    expect(wrong).toEqual(unknown)
  })

  it("is refused to a disabled user, to one whose address is not confirmed, and when logins are off", async () => {
    const user = await registered()
    const [made] = await calls(login(user))
    const id = (made as { value: { objectId: string } }).value.objectId
    await server.services.users.update(server.applicationId, id, { status: "DISABLED" })
    expect(await calls(login(user))).toEqual([fault(3090)])
    await server.services.users.update(server.applicationId, id, { status: "EMAIL_CONFIRMATION_PENDING" })
    expect(await calls(login(user))).toEqual([fault(3000)])
    await settings({ login: false })
    expect(await calls(login(user))).toEqual([fault(3034)])
  })

  it("a second time ends the first login, unless the application wants the second one refused", async () => {
    const user = await registered()
    const first = await tokenOf(user)
    const second = await tokenOf(user)
    const isValid: SdkCall = { call: "isValidLogin" }
    expect(await calls(withToken(first), isValid, withToken(second), isValid)).toEqual([
      value(null),
      value(false),
      value(null),
      value(true),
    ])
    await settings({ logoutLastUser: true })
    expect(await calls(login(user), withToken(second), isValid)).toEqual([
      fault(3002),
      value(null),
      value(true),
    ])
  })

  it("as often as the application allows, and not more often", async () => {
    await settings({ multipleLogins: true, maxConcurrentLogins: 2 })
    const user = await registered()
    const tokens = [await tokenOf(user), await tokenOf(user)]
    const isValid = tokens.flatMap((token): SdkCall[] => [withToken(token), { call: "isValidLogin" }])
    const [third, ...valid] = await calls(login(user), ...isValid)
    expect(third).toEqual(fault(3044))
    expect(valid).toEqual([value(null), value(true), value(null), value(true)])
  })

  it("after too many wrong passwords waits, when the application says how many", async () => {
    await settings({ failedLoginsLock: 2 })
    const user = await registered()
    const wrong = login(user, "wrong")
    const results = await calls(wrong, login(user), wrong, wrong, login(user))
    expect(results[1]).toHaveProperty("value")
    expect(results.slice(2)).toEqual([fault(3003, 401), fault(3003, 401), fault(3036)])
    await server.clock.advance(30_000)
    expect(await calls(login(user))).toEqual([value(expect.anything())])
  })

  it("as a guest gives a user with a token and the role of guests", async () => {
    const [guest, roles] = await calls({ call: "loginAsGuest" }, { call: "getUserRoles" })
    expect(guest).toMatchObject({
      value: {
        ___class: "Users",
        userStatus: "GUEST",
        objectId: expect.any(String),
        "user-token": expect.any(String),
      },
    })
    expect(roles).toEqual(value(["JSUser", "AuthenticatedUser", "GuestUser"]))
  })

  it("by object id is for keys of server code", async () => {
    const [made] = await calls(register(newUser()))
    const { objectId } = (made as { value: { objectId: string } }).value
    const byId: SdkCall = { call: "loginById", objectId }
    expect(await calls(byId)).toEqual([
      fault(2014, 400, "Login by object id is allowed only for Code Runner API key"),
    ])
    const { results } = await sdkSession(start("BL"), [byId])
    expect(results).toEqual([value(expect.objectContaining({ objectId, "user-token": expect.any(String) }))])
  })
})

describe("a token that is over", () => {
  it("is refused with 3064, does not stand in the way of a login, and a logout with it clears the SDK", async () => {
    const user = await registered()
    const first = await tokenOf(user)
    await tokenOf(user)
    const device: SdkCall = { call: "setupDevice", uuid: "phone", platform: "android", version: "16" }
    const results = await calls(
      device,
      withToken(first),
      { call: "registerDevice", token: "t" },
      { call: "logout" },
      { call: "currentUserToken" },
      withToken(first),
      login(user),
      { call: "registerDevice", token: "t" },
    )
    expect(results.slice(2)).toEqual([
      fault(3064, 400, expect.stringContaining("Not existing user token")),
      fault(3064),
      value(null),
      value(null),
      value(expect.objectContaining({ email: user.email })),
      value({ registrationId: expect.any(String) }),
    ])
    const registration = await server.store.devices.byDeviceId(server.applicationNumber, "phone", 0)
    expect(registration?.userId).toBe((results[6] as { value: { objectId: string } }).value.objectId)
  })
})
