import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Preset } from "../../src/domain/permission.ts"
import type { ApiKeyKind } from "../../src/domain/roles.ts"
import {
  type AccessServer,
  IN_FORCE_MS,
  newDevice,
  openAccessServer,
  type TestApplication,
} from "./access-server.ts"

/** Who may do what, seen from outside: presets, roles, rules of channels and users, and how soon a change is in force. */

let server: AccessServer

beforeAll(async () => {
  server = await openAccessServer()
})

afterAll(() => server[Symbol.asyncDispose]())

type Headers = Readonly<Record<string, string>>

const register = (path: string, channels?: readonly string[], headers: Headers = {}) =>
  server.ask({ method: "POST", url: `${path}/messaging/registrations`, headers, body: newDevice(channels) })

const publish = (path: string, channel: string, headers: Headers = {}) =>
  server.ask({ method: "POST", url: `${path}/messaging/${channel}`, headers, body: { message: "Hello" } })

const get = (path: string, headers: Headers = {}) => server.ask({ method: "GET", url: path, headers })

/** Sets a rule and waits until it must be in force. */
async function rule({ id }: TestApplication, body: object): Promise<void> {
  const reply = await server.admin("PUT", `/${id}/permissions`, body)
  expect(reply).toMatchObject({ status: 200, body })
  await server.clock.advance(IN_FORCE_MS)
}

async function addRole({ id }: TestApplication, name: string): Promise<void> {
  expect((await server.admin("POST", `/${id}/roles`, { name })).status).toBe(200)
}

const registered = { status: 200, body: { registrationId: expect.any(String) } }
const published = { status: 200, body: { status: "scheduled" } }
const refused = { status: 403, body: { code: 1011 } }

describe("deleting a channel and publishing from a template", () => {
  const remove = (path: string, channel: string) =>
    server.ask({ method: "DELETE", url: `${path}/messaging/channels/${channel}` })
  const fromTemplate = (path: string) =>
    server.ask({ method: "POST", url: `${path}/messaging/push/greeting`, body: {} })

  it("are decided for the channel, and for the application", async () => {
    const application = await server.addApplication()
    const path = application.pathOf("JS")
    await register(path, ["mine", "theirs"])
    expect(await remove(path, "mine")).toMatchObject(refused)
    expect(await fromTemplate(path)).toMatchObject(refused)
    const grant = { role: "JSUser", access: "grant", channel: "mine" }
    await rule(application, { ...grant, level: "channel", operation: "channel:delete" })
    await rule(application, { ...grant, level: "channel", operation: "message:publish-template" })
    expect(await remove(path, "theirs")).toMatchObject(refused)
    expect(await fromTemplate(path)).toMatchObject(refused)
    expect(await remove(path, "mine")).toMatchObject({ status: 200, body: { result: true } })
    expect(await remove(path, "mine")).toMatchObject({ status: 404, body: { code: 90011 } })
    expect(await fromTemplate(application.pathOf("REST"))).toMatchObject({ body: { code: 90016 } })
  })
})

describe("without rules the preset decides", () => {
  const CLIENTS: readonly ApiKeyKind[] = ["JS", "ANDROID", "IOS", "WP"]
  const CASES = (["locked", "compatible"] as const).flatMap((preset) =>
    ([...CLIENTS, "REST", "BL"] as const).map((kind) => [preset, kind] as const),
  )

  it.each<readonly [Preset, ApiKeyKind]>(CASES)("%s: the %s key", async (preset, kind) => {
    const application = await server.addApplication(preset)
    const path = application.pathOf(kind)
    const mayPublish = preset === "compatible" || !CLIENTS.includes(kind)
    expect(await register(path, ["made by registering"])).toMatchObject(registered)
    expect(await register(path)).toMatchObject(registered)
    const device = newDevice()
    const row = `${path}/messaging/registrations/${device.deviceId}`
    await server.ask({ method: "POST", url: `${path}/messaging/registrations`, body: device })
    expect((await get(row)).status).toBe(200)
    expect((await server.ask({ method: "DELETE", url: row })).status).toBe(200)
    for (const open of ["info", "messaging/pushtemplates/ios"]) {
      expect((await get(`${path}/${open}`)).status).toBe(200)
    }
    const message = (await publish(application.pathOf("REST"), "default")).body?.["messageId"] as string
    for (const [reply, allowed] of [
      [await publish(path, "default"), published],
      [await get(`${path}/messaging/${message}`), { status: 200 }],
      [await server.ask({ method: "DELETE", url: `${path}/messaging/${message}` }), { status: 200 }],
    ] as const)
      expect(reply).toMatchObject(mayPublish ? allowed : refused)
  })

  it("an AS key is a client key, and a CUSTOM key may do what its role is granted", async () => {
    const application = await server.addApplication()
    await addRole(application, "bot")
    const add = async (body: object) => {
      const { body: added } = await server.admin("POST", `/${application.id}/keys`, body)
      return `/${application.id}/${added?.["key"]}`
    }
    const flash = await add({ kind: "AS" })
    expect(await register(flash)).toMatchObject(registered)
    expect(await publish(flash, "default")).toMatchObject(refused)
    const bot = await add({ kind: "CUSTOM", role: "bot" })
    expect(await register(bot)).toMatchObject(refused)
    expect(await publish(bot, "default")).toMatchObject(refused)
    await rule(application, {
      level: "application",
      role: "bot",
      operation: "message:publish",
      access: "grant",
    })
    expect(await publish(bot, "default")).toMatchObject(published)
    expect(await register(bot)).toMatchObject(refused)
  })

  it("another preset is in force within five seconds", async () => {
    const application = await server.addApplication()
    const path = application.pathOf("JS")
    expect(await publish(path, "default")).toMatchObject(refused)
    const change = (body: object) => server.admin("PUT", `/${application.id}`, body)
    expect(await change({ preset: "compatible" })).toMatchObject({
      body: { preset: "compatible", name: "Shop" },
    })
    await server.clock.advance(IN_FORCE_MS)
    expect(await publish(path, "default")).toMatchObject(published)
    await change({ preset: "locked" })
    await server.clock.advance(IN_FORCE_MS)
    expect(await publish(path, "default")).toMatchObject(refused)
  })
})

describe("a refusal", () => {
  it("names the operation, the channel and the roles it was tried with", async () => {
    const application = await server.addApplication()
    await rule(application, {
      level: "channel",
      channel: "news",
      role: "RestUser",
      operation: "message:publish",
      access: "deny",
    })
    const { body } = await publish(application.pathOf("REST"), "news")
    expect(body).toEqual({
      code: 1011,
      message:
        'No permission to publish a message (message:publish) on the channel "news" with the roles RestUser, NotAuthenticatedUser: it is denied to RestUser.',
      errorData: {
        operation: "message:publish",
        channel: "news",
        roles: ["RestUser", "NotAuthenticatedUser"],
        docs: "docs/errors.md#no_permission",
      },
    })
  })

  it("says when no rule but the preset is the reason", async () => {
    const application = await server.addApplication()
    const { body } = await publish(application.pathOf("IOS"), "news")
    expect(body?.message).toBe(
      'No permission to publish a message (message:publish) on the channel "news" with the roles IOSUser, NotAuthenticatedUser: the preset "locked" grants it to none of them.',
    )
    expect(body?.errorData).toMatchObject({ operation: "message:publish", channel: "news" })
  })

  it("speaks of any channel where the path names none", async () => {
    const application = await server.addApplication()
    await rule(application, {
      level: "application",
      role: "IOSUser",
      operation: "device:register",
      access: "deny",
    })
    const { status, body } = await register(application.pathOf("IOS"), ["news"])
    expect([status, body?.message]).toEqual([
      403,
      "No permission to register a device (device:register) on any channel with the roles IOSUser, NotAuthenticatedUser: it is denied to IOSUser.",
    ])
  })
})

describe("rules of the application", () => {
  it("a denial to one role of a request beats a grant to another", async () => {
    const application = await server.addApplication("compatible")
    const ann = application.logIn({ id: "ann", kind: "registered", roles: ["editor", "guest writer"] })
    for (const name of ["editor", "guest writer"]) await addRole(application, name)
    const place = { level: "application", operation: "message:publish" }
    await rule(application, { ...place, role: "editor", access: "grant" })
    expect(await publish(application.pathOf("JS"), "news", ann)).toMatchObject(published)
    await rule(application, { ...place, role: "guest writer", access: "deny" })
    expect(await publish(application.pathOf("JS"), "news", ann)).toMatchObject(refused)
    await rule(application, { ...place, role: "guest writer", access: "inherit" })
    expect(await publish(application.pathOf("JS"), "news", ann)).toMatchObject(published)
  })

  it("what a custom role says is heard before what a system role says", async () => {
    const application = await server.addApplication()
    await addRole(application, "editor")
    const ann = application.logIn({ id: "ann", kind: "registered", roles: ["editor"] })
    const place = { level: "application", operation: "message:publish" }
    await rule(application, { ...place, role: "RestUser", access: "deny" })
    await rule(application, { ...place, role: "editor", access: "grant" })
    expect(await publish(application.pathOf("REST"), "news", ann)).toMatchObject(published)
    expect(await publish(application.pathOf("REST"), "news")).toMatchObject(refused)
  })

  it("guests and users from elsewhere have roles of their own besides that of every user", async () => {
    const application = await server.addApplication()
    const path = application.pathOf("JS")
    const guest = application.logIn({ id: "guest", kind: "guest", roles: [] })
    const social = application.logIn({ id: "social", kind: "social", roles: [] })
    const ann = application.logIn({ id: "ann", kind: "registered", roles: [] })
    const place = { level: "application", operation: "device:register" }
    await rule(application, { ...place, role: "NotAuthenticatedUser", access: "deny" })
    expect(await register(path)).toMatchObject(refused)
    for (const user of [guest, social, ann]) expect(await register(path, [], user)).toMatchObject(registered)
    await rule(application, { ...place, role: "GuestUser", access: "deny" })
    await rule(application, { ...place, role: "SocialUser", access: "deny" })
    for (const user of [guest, social]) expect(await register(path, [], user)).toMatchObject(refused)
    expect(await register(path, [], ann)).toMatchObject(registered)
    await rule(application, { ...place, role: "AuthenticatedUser", access: "deny" })
    expect(await register(path, [], ann)).toMatchObject(refused)
  })
})

describe("a user who logs in", () => {
  it("keeps the roles of the key and of the host name", async () => {
    const application = await server.addApplication()
    const ann = application.logIn({ id: "ann", kind: "registered", roles: ["of user"] })
    for (const name of ["of user", "of key", "of host"]) await addRole(application, name)
    const key = await server.admin("POST", `/${application.id}/keys`, { kind: "JS", role: "of key" })
    const host = `${application.id.toLowerCase()}.example`
    const binding = { key: key.body?.["number"], role: "of host" }
    expect((await server.admin("PUT", `/${application.id}/hosts/${host}`, binding)).status).toBe(200)
    for (const role of ["of user", "of key", "of host"]) {
      const place = { level: "application", role, operation: "message:publish" }
      await rule(application, { ...place, access: "grant" })
      expect(await publish("/api", "news", { host, ...ann })).toMatchObject(published)
      await rule(application, { ...place, access: "inherit" })
      expect(await publish("/api", "news", { host, ...ann })).toMatchObject(refused)
    }
  })

  it("with a token that nobody knows is refused, and not taken for nobody", async () => {
    const application = await server.addApplication("compatible")
    const headers = { "user-token": "token zoe" }
    expect(await publish(application.pathOf("JS"), "news", headers)).toMatchObject({
      status: 400,
      body: { code: 3064 },
    })
  })
})

describe("rules of a channel", () => {
  const onNews = (role: string, operation: string, access: string) => ({
    level: "channel",
    channel: "news",
    role,
    operation,
    access,
  })

  it("publishing is granted on one channel and stays refused on the others", async () => {
    const application = await server.addApplication()
    const path = application.pathOf("JS")
    await rule(application, onNews("JSUser", "message:publish", "grant"))
    expect(await publish(path, "news")).toMatchObject(published)
    expect(await publish(path, "sport")).toMatchObject({
      ...refused,
      body: { errorData: { channel: "sport" } },
    })
    expect(await publish(application.pathOf("IOS"), "news")).toMatchObject(refused)
  })

  it("registering is checked on each channel that is named, and a refused one registers nothing", async () => {
    const application = await server.addApplication()
    const path = application.pathOf("ANDROID")
    await rule(application, onNews("AndroidUser", "device:register", "deny"))
    // The first request takes the ordinary way, the later ones the fast lane.
    for (let lane = 0; lane < 2; lane++) {
      expect(await register(path, ["sport"])).toMatchObject(registered)
      const device = newDevice(["sport", "news"])
      expect(
        await server.ask({ method: "POST", url: `${path}/messaging/registrations`, body: device }),
      ).toMatchObject({ ...refused, body: { errorData: { channel: "news" } } })
      expect(await get(`${path}/messaging/registrations/${device.deviceId}`)).toMatchObject({
        body: { code: 5000 },
      })
    }
    expect(await register(application.pathOf("IOS"), ["news"])).toMatchObject(registered)
  })

  it("registering and publishing create a channel only with the permission for it", async () => {
    const application = await server.addApplication()
    const path = application.pathOf("REST")
    await register(path, ["old"])
    const place = { level: "application", operation: "channel:create", role: "RestUser" }
    await rule(application, { ...place, access: "deny" })
    for (let lane = 0; lane < 2; lane++) {
      expect(await register(path, ["old"])).toMatchObject(registered)
      expect(await register(path, ["old", "new"])).toMatchObject({
        ...refused,
        body: { errorData: { operation: "channel:create", channel: "new" } },
      })
    }
    expect(await publish(path, "old")).toMatchObject(published)
    expect(await publish(path, "new")).toMatchObject(refused)
    expect(await server.store.channels.byName(application.number, "new")).toBeUndefined()
    await rule(application, { ...place, level: "channel", channel: "new", access: "grant" })
    expect(await register(path, ["new"])).toMatchObject(registered)
    expect(await register(path, ["newer"])).toMatchObject(refused)
  })

  it("a message is read and cancelled with the permissions of its channel", async () => {
    const application = await server.addApplication()
    const [rest, js] = [application.pathOf("REST"), application.pathOf("JS")]
    await register(rest, ["news", "sport"])
    const messageOn = async (channel: string) =>
      `/messaging/${(await publish(rest, channel)).body?.["messageId"]}`
    const [news, sport] = [await messageOn("news"), await messageOn("sport")]
    await rule(application, onNews("JSUser", "message:read", "grant"))
    await rule(application, onNews("JSUser", "message:cancel", "grant"))
    await rule(application, onNews("RestUser", "message:read", "deny"))
    expect((await get(js + news)).status).toBe(200)
    expect(await get(js + sport)).toMatchObject(refused)
    expect(await get(rest + news)).toMatchObject(refused)
    expect((await get(rest + sport)).status).toBe(200)
    expect(await server.ask({ method: "DELETE", url: js + sport })).toMatchObject(refused)
    expect((await server.ask({ method: "DELETE", url: js + news })).status).toBe(200)
    expect(await get(`${js}/messaging/message:none`)).toMatchObject(refused)
    expect((await get(`${rest}/messaging/message:none`)).status).toBe(200)
  })

  it("a device leaves one channel with the permission of that channel, and all with that of the application", async () => {
    const application = await server.addApplication()
    const path = application.pathOf("IOS")
    const device = newDevice(["news", "sport"])
    await server.ask({ method: "POST", url: `${path}/messaging/registrations`, body: device })
    const rows = await server.ask({
      method: "POST",
      url: `${path}/data/DeviceRegistration/find`,
      body: { where: `deviceId='${device.deviceId}'` },
    })
    const rowOf = (channel: string) => {
      const found = (rows.body as unknown as { channelName: string; objectId: string }[]).find(
        ({ channelName }) => channelName === channel,
      )
      return `${path}/data/DeviceRegistration/${found?.objectId}`
    }
    await rule(application, { ...onNews("IOSUser", "device:cancel", "grant") })
    const place = { level: "application", operation: "device:cancel", role: "IOSUser" }
    await rule(application, { ...place, access: "deny" })
    const all = `${path}/messaging/registrations/${device.deviceId}`
    expect(await server.ask({ method: "DELETE", url: all })).toMatchObject(refused)
    expect(await server.ask({ method: "DELETE", url: rowOf("sport") })).toMatchObject(refused)
    expect((await server.ask({ method: "DELETE", url: rowOf("news") })).status).toBe(200)
    expect(await get(all)).toMatchObject({ body: [{ channels: ["sport"] }] })
  })
})

describe("rules of a user on a channel", () => {
  it("are heard before those of any role, on that channel alone", async () => {
    const application = await server.addApplication()
    await addRole(application, "editor")
    const path = application.pathOf("JS")
    const ann = application.logIn({ id: "ann", kind: "registered", roles: ["editor"] })
    const bob = application.logIn({ id: "bob", kind: "registered", roles: ["editor"] })
    const place = { level: "channel", channel: "news", operation: "message:publish" }
    await rule(application, { ...place, role: "editor", access: "deny" })
    await rule(application, { ...place, user: "ann", access: "grant" })
    expect(await publish(path, "news", ann)).toMatchObject(published)
    expect(await publish(path, "news", bob)).toMatchObject(refused)
    expect(await publish(path, "sport", ann)).toMatchObject(refused)
    await rule(application, { ...place, role: "editor", access: "grant" })
    await rule(application, { ...place, user: "ann", access: "deny" })
    expect(await publish(path, "news", ann)).toMatchObject(refused)
    expect(await publish(path, "news", bob)).toMatchObject(published)
  })

  it("are of the application in which they were made", async () => {
    const [one, other] = [await server.addApplication(), await server.addApplication()]
    const place = { level: "channel", channel: "news", user: "ann", operation: "message:publish" }
    const ann = one.logIn({ id: "ann", kind: "registered", roles: [] })
    other.logIn({ id: "ann", kind: "registered", roles: [] })
    await rule(one, { ...place, access: "grant" })
    expect(await publish(one.pathOf("JS"), "news", ann)).toMatchObject(published)
    expect(await publish(other.pathOf("JS"), "news", ann)).toMatchObject(refused)
  })
})
