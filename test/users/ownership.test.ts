import { describe, expect, test } from "vitest"
import { openUserServer, type UserServer } from "./user-server.ts"

/** What who may do to a registration that belongs to a user (docs/adr/0013). */

type Application = UserServer["application"]

const device = (deviceToken: string, channels: readonly string[] = ["news"]) => ({
  deviceId: "phone",
  deviceToken,
  os: "ANDROID",
  osVersion: "16",
  channels,
})

async function openOwned(preset: "locked" | "compatible" = "locked") {
  const server = await openUserServer()
  const application = await server.addApplication(preset)
  const ann = await application.user("ann@example.com")
  const bob = await application.user("bob@example.com")
  const register = (body: object, more: Parameters<Application["call"]>[2] = {}) =>
    application.call("POST", "messaging/registrations", { body, ...more })
  const made = await register(device("token of ann", ["news", "private"]), { userToken: ann.token })
  if (made.status !== 200) throw new Error(made.text)
  return Object.assign(server, {
    application,
    ann,
    bob,
    register,
    stored: async () => {
      const found = await server.store.devices.byDeviceId(application.number, "phone", server.clock.now())
      return (
        found && {
          user: found.userId,
          token: found.deviceToken,
          channels: found.channels.map(({ name }) => name),
        }
      )
    },
    read: async (more: Parameters<Application["call"]>[2] = {}) => {
      const { body } = await application.call("GET", "messaging/registrations/phone", more)
      return (body as unknown as readonly Record<string, unknown>[])[0]
    },
    rows: async (more: Parameters<Application["call"]>[2] = {}) => {
      const where = { where: "deviceId='phone'" }
      const { body } = await application.call("POST", "data/DeviceRegistration/find", {
        body: where,
        ...more,
      })
      return body as unknown as readonly Record<string, unknown>[]
    },
  })
}

describe("in the preset locked, a client key", () => {
  test("of the owner reads the token, and everybody else reads all but the token and the owner", async () => {
    await using server = await openOwned()
    const { ann, bob } = server
    expect(await server.read({ userToken: ann.token })).toMatchObject({ deviceToken: "token of ann" })
    for (const caller of [{}, { userToken: bob.token }, { key: "JS" as const }]) {
      expect(await server.read(caller)).toMatchObject({
        deviceToken: "",
        deviceId: "phone",
        channels: ["news", "private"],
      })
      for (const row of await server.rows(caller))
        expect(row).toMatchObject({ deviceToken: "", ownerId: null })
    }
    const [row] = await server.rows({ userToken: ann.token })
    expect(row).toMatchObject({ deviceToken: "token of ann", ownerId: ann.id })
  })

  test("that has the device token renews the registration, logged in or not", async () => {
    await using server = await openOwned()
    await server.register(device("token of ann", ["more"]))
    expect(await server.stored()).toEqual({
      user: server.ann.id,
      token: "token of ann",
      channels: ["news", "private", "more"],
    })
  })

  test("of the owner changes the device token and keeps the channels", async () => {
    await using server = await openOwned()
    await server.register(device("another", ["more"]), { userToken: server.ann.token })
    expect(await server.stored()).toEqual({
      user: server.ann.id,
      token: "another",
      channels: ["news", "private", "more"],
    })
  })

  test("of nobody, with another device token, registers anew: without the owner and the owner's channels", async () => {
    await using server = await openOwned()
    expect((await server.register(device("stolen"))).status).toBe(200)
    expect(await server.stored()).toEqual({ user: undefined, token: "stolen", channels: ["news"] })
  })

  test("of another user, with another device token, registers anew as theirs", async () => {
    await using server = await openOwned()
    await server.register(device("stolen"), { userToken: server.bob.token })
    expect(await server.stored()).toEqual({ user: server.bob.id, token: "stolen", channels: ["news"] })
  })

  test("of another user on the same phone takes the registration over", async () => {
    await using server = await openOwned()
    await server.register(device("token of ann"), { userToken: server.bob.token })
    expect(await server.stored()).toEqual({
      user: server.bob.id,
      token: "token of ann",
      channels: ["news", "private"],
    })
  })

  test("cancels after a logout, as apps do", async () => {
    await using server = await openOwned()
    const { application, ann } = server
    await application.call("GET", "users/logout", { userToken: ann.token })
    const { body } = await application.call("DELETE", "messaging/registrations/phone")
    expect(body).toEqual({ result: true })
    expect(await server.stored()).toBeUndefined()
  })

  test("does as ever with a registration that belongs to nobody", async () => {
    await using server = await openOwned()
    await server.register({ ...device("t"), deviceId: "other" })
    await server.register({ ...device("u", ["more"]), deviceId: "other" })
    const { body } = await server.application.call("GET", "messaging/registrations/other")
    expect(body).toMatchObject([{ deviceToken: "u", channels: ["news", "more"] }])
  })
})

describe("a server's key", () => {
  test.each(["REST", "BL"] as const)("of the type %s reads and changes everything", async (key) => {
    await using server = await openOwned()
    expect(await server.read({ key })).toMatchObject({ deviceToken: "token of ann" })
    await server.register(device("another", ["more"]), { key })
    expect(await server.stored()).toEqual({
      user: server.ann.id,
      token: "another",
      channels: ["news", "private", "more"],
    })
  })
})

describe("in the preset compatible", () => {
  test("everybody reads and changes everything, as with Backendless", async () => {
    await using server = await openOwned("compatible")
    expect(await server.read()).toMatchObject({ deviceToken: "token of ann" })
    await server.register(device("another", ["more"]))
    expect(await server.stored()).toEqual({
      user: server.ann.id,
      token: "another",
      channels: ["news", "private", "more"],
    })
  })
})
