import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { AppHandle } from "./app-handle.ts"
import { expected } from "./calls.ts"
import { openEventStream } from "./event-stream.ts"
import { openWorld, simulatorCredential, type World } from "./world.ts"

/** Virtual phones: what they show, as it arrives, and of their own application alone. */

let world: World

beforeAll(async () => {
  world = await openWorld({ flags: { sandbox: true } })
})

afterAll(async () => {
  expect(world.bugs()).toEqual([])
  await world[Symbol.asyncDispose]()
})

interface Notification {
  readonly sequence: number
  readonly deviceId: string
  readonly os: string
  readonly messageId?: string
  readonly shown: Readonly<Record<string, unknown>>
}

interface Phone {
  readonly deviceId: string
  readonly name: string
  readonly os: string
  readonly channels: readonly string[]
  readonly sandboxed: boolean
  readonly notifications: readonly Notification[]
}

const path = (app: AppHandle) => `/applications/${app.id}`
const addPhone = (app: AppHandle, body: object) =>
  expected<Phone>(world.admin("POST", `${path(app)}/phones`, body))
const phonesOf = async (app: AppHandle) =>
  (await expected<{ phones: readonly Phone[] }>(world.admin("GET", `${path(app)}/phones`))).phones
const publish = (app: AppHandle, body: object) =>
  expected<{ messageId: string }>(world.admin("POST", `${path(app)}/messages`, body))
const eventsOf = (app: AppHandle, headers: Readonly<Record<string, string>> = {}) =>
  openEventStream(`${world.url}/admin/v1${path(app)}/phones/events`, { ...world.authorization, ...headers })

describe("A virtual phone", () => {
  test.each(["IOS", "ANDROID", "WP"])("of %s shows what the preview said it would", async (os) => {
    const app = await world.app("none")
    const phone = await addPhone(app, { os, channels: ["news"] })
    expect(phone).toMatchObject({ os, channels: ["news"], sandboxed: true, notifications: [] })
    const message = {
      channel: "news",
      message: 'Hello "world" & <all>',
      headers: { "ios-alert-title": "T", "android-content-title": "T", "wp-title": "T", "ios-badge": 3 },
    }
    const preview = await expected<{ payloads: readonly { platform: string; shown: object }[] }>(
      world.admin("POST", `${path(app)}/message-previews`, message),
    )
    const stream = await eventsOf(app)
    const { messageId } = await publish(app, message)
    const event = await stream.next()
    stream.close()
    const platform = os.toLowerCase()
    const { messageId: _, ...shown } = (preview.payloads.find((one) => one.platform === platform)?.shown ??
      {}) as Record<string, unknown>
    expect(event).toMatchObject({ event: "notification", id: expect.stringMatching(/-1$/) })
    const notification = event?.data as Notification
    expect(notification).toMatchObject({ sequence: 1, deviceId: phone.deviceId, os })
    const { messageId: carried, ...seen } = notification.shown
    expect(seen).toEqual(shown)
    // WNS has no room for the id of the message in what Windows shows.
    expect([messageId, undefined]).toContain(carried)
    expect(await phonesOf(app)).toMatchObject([
      { deviceId: phone.deviceId, notifications: [{ sequence: 1 }] },
    ])
  })

  test("is an ordinary device, and goes when its registration does", async () => {
    const app = await world.app("none")
    const first = await addPhone(app, { os: "IOS", name: "Anna's" })
    const second = await addPhone(app, { os: "ANDROID" })
    expect((await phonesOf(app)).map(({ name }) => name)).toEqual(["Anna's", "Android phone"])
    await app.unregister(first.deviceId)
    expect((await phonesOf(app)).map(({ deviceId }) => deviceId)).toEqual([second.deviceId])
    const gone = `${path(app)}/phones/${first.deviceId}`
    expect((await world.admin("DELETE", gone)).status).toBe(404)
    await expected(world.admin("DELETE", `${path(app)}/phones/${second.deviceId}`))
    expect(await phonesOf(app)).toEqual([])
    expect((await world.admin("GET", `${path(app)}/devices/${second.deviceId}`)).status).toBe(404)
  })

  test("cannot be had where the platform has a credential, and says so of one that was there before", async () => {
    const app = await world.app("none")
    await addPhone(app, { os: "ANDROID" })
    await app.setCredential("fcm", simulatorCredential(world.simulators, "fcm"))
    expect(await phonesOf(app)).toMatchObject([{ sandboxed: false }])
    const refused = await world.admin("POST", `${path(app)}/phones`, { os: "ANDROID" })
    expect(refused).toMatchObject({ status: 409, body: { code: 90_012, errorData: { provider: "fcm" } } })
    await addPhone(app, { os: "WP" })
    for (const body of [
      { os: "OSX" },
      { os: "Symbian" },
      {},
      { os: "IOS", channels: ["a/b"] },
      { os: "IOS", name: "" },
    ]) {
      expect((await world.admin("POST", `${path(app)}/phones`, body)).status).toBe(400)
    }
    expect(await phonesOf(app)).toHaveLength(2)
  })

  test("is one of twenty at most", async () => {
    const app = await world.app("none")
    for (let count = 0; count < 20; count++) await addPhone(app, { os: "IOS" })
    expect((await world.admin("POST", `${path(app)}/phones`, { os: "IOS" })).body).toMatchObject({
      code: 90_012,
      errorData: { limit: 20 },
    })
  })
})

describe("The stream", () => {
  test("goes on after the event that was seen last, misses none and repeats none", async () => {
    const app = await world.app("none")
    await addPhone(app, { os: "IOS" })
    const stream = await eventsOf(app)
    await publish(app, { channel: "default", message: "one" })
    const first = await stream.next()
    stream.close()
    for (const message of ["two", "three"]) {
      const { messageId } = await publish(app, { channel: "default", message })
      await app.settled(messageId)
    }
    const resumed = await eventsOf(app, { "last-event-id": String(first?.id) })
    const bodies = [await resumed.next(), await resumed.next()].map(
      (event) => (event?.data as Notification | undefined)?.shown["body"],
    )
    expect(bodies).toEqual(["two", "three"])
    resumed.close()
    // An id of an earlier run of the server says nothing about this one: everything that is known comes again.
    const strange = await eventsOf(app, { "last-event-id": "FFFFFFFF-9" })
    expect((await strange.next())?.data).toMatchObject({ sequence: 1 })
    strange.close()
  })

  test("has nothing of another application, whose devices have the same ids and tokens", async () => {
    const [own, foreign] = [await world.app("none"), await world.app("none")]
    const phone = await addPhone(own, { os: "IOS" })
    await addPhone(foreign, { os: "IOS" })
    // The other application registers this very phone: same device id, same token.
    const { services } = world
    const { number } = await services.applications.get(own.id)
    const registration = await services.devices.get(number, phone.deviceId)
    await foreign.register({ deviceId: phone.deviceId, os: "IOS", token: registration.deviceToken })
    const stream = await eventsOf(own)
    const { messageId } = await publish(foreign, { channel: "default", message: "a secret of theirs" })
    expect((await foreign.settled(messageId)).counts["accepted"]).toBe(2)
    await publish(own, { channel: "default", message: "for us" })
    expect((await stream.next())?.data).toMatchObject({ sequence: 1, shown: { body: "for us" } })
    stream.close()
    const shown = JSON.stringify(await phonesOf(own))
    expect(shown).toContain("for us")
    expect(shown).not.toContain("secret")
    expect(JSON.stringify(await phonesOf(foreign))).not.toContain("for us")
  })

  test("keeps what the phones got while a broadcast to others fills the journal", async () => {
    const app = await world.app("none")
    const phone = await addPhone(app, { os: "IOS" })
    await app.settled((await publish(app, { channel: "default", message: "early" })).messageId)
    await app.registerAll(
      Array.from({ length: 2_500 }, (_, index) => ({ deviceId: `other-${index}`, channels: ["crowd"] })),
    )
    await app.settled((await publish(app, { channel: "crowd", message: "noise" })).messageId)
    const [seen] = await phonesOf(app)
    expect(seen).toMatchObject({ deviceId: phone.deviceId, notifications: [{ shown: { body: "early" } }] })
  })

  test("ends when its caller is revoked", async () => {
    const app = await world.app("none")
    const { token, number } = await world.services.administratorTokens.create({ scope: "read" })
    const stream = await openEventStream(`${world.url}/admin/v1${path(app)}/phones/events`, {
      authorization: `Bearer ${token}`,
    })
    expect(stream.status).toBe(200)
    const end = stream.next()
    await world.services.administratorTokens.revoke(number)
    expect(await end).toBeUndefined()
  })
})
