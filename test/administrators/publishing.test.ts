import { describe, expect, test } from "vitest"
import { openAdministration } from "./administration.ts"

/** Publishing, previewing and sending again through the management API. */

async function setup() {
  const server = await openAdministration()
  const { id, number } = await server.services.applications.create("App")
  const headers = await server.bearer("operate")
  const path = `/admin/v1/applications/${id}`
  const register = (deviceId: string, os: string, channels = ["news"]) =>
    server.services.devices.register(number, {
      ...{ deviceId, deviceToken: `token-${deviceId}`, os, osVersion: "1", channels },
      expiresAt: undefined,
    })
  return {
    server,
    id,
    number,
    register,
    async devices() {
      await register("apple", "IOS")
      await register("droid", "ANDROID")
      await register("window", "WP")
      await register("other", "Symbian")
      await register("elsewhere", "IOS", ["sport"])
    },
    get: (more: string) => server.ask("GET", path + more, { headers }),
    post: (more: string, body: unknown, also: Record<string, string> = {}) =>
      server.ask("POST", path + more, { headers: { ...headers, ...also }, body }),
  }
}

describe("a publish", () => {
  test("says how many it is for, how many of them no provider serves, and whom it does not know", async () => {
    const { server, post, get, devices } = await setup()
    await using _ = server
    await devices()
    const all = await post("/messages", { channel: "news", message: "Hello" })
    expect(all.body).toEqual({
      messageId: expect.stringMatching(/^message:[0-9A-F-]{36}$/),
      audience: 4,
      unsupported: 1,
      unknownDeviceIds: [],
    })
    const named = await post("/messages", {
      ...{ channel: "news", message: "Hello", deviceIds: ["apple", "other", "nobody", "elsewhere"] },
      ...{ policy: "PUSH", delivery: "at-most-once", ttlSeconds: 60, headers: { "ios-badge": 3 } },
    })
    expect(named.body).toMatchObject({ audience: 2, unsupported: 1 })
    expect(named.body["unknownDeviceIds"]).toEqual(["nobody", "elsewhere"])
    expect((await get(`/messages/${named.body["messageId"]}`)).body).toMatchObject({
      ...{ channel: "news", policy: "PUSH", delivery: "at-most-once", headers: { "ios-badge": "3" } },
      expiresAt: server.clock.now() + 60_000,
    })
    const narrowed = await post("/messages", { channel: "news", message: "Hi", platforms: ["wp", "ios"] })
    expect(narrowed.body).toMatchObject({ audience: 2, unsupported: 0 })
    const stored = await post("/messages", { channel: "news", message: "Hi", policy: "PUBSUB" })
    expect(stored.body).toMatchObject({ audience: 0, unsupported: 0 })
  })

  test("with the names of the dialect means the same", async () => {
    const { server, post, devices } = await setup()
    await using _ = server
    await devices()
    const body = {
      channel: "news",
      message: "Hello",
      pushBroadcast: "IOS|WP",
      pushSinglecast: ["apple", "droid"],
    }
    expect((await post("/messages", body)).body).toMatchObject({ audience: 1, unknownDeviceIds: [] })
  })

  test("with an Idempotency-Key happens once for each caller", async () => {
    const { server, post, get, devices } = await setup()
    await using _ = server
    await devices()
    const key = { "idempotency-key": "once" }
    const body = { channel: "news", message: "Hello" }
    const first = await post("/messages", body, key)
    expect((await post("/messages", body, key)).body).toEqual(first.body)
    const other = await server.bearer("operate")
    expect((await post("/messages", body, { ...key, ...other })).body["messageId"]).not.toBe(
      first.body["messageId"],
    )
    expect((await post("/messages", { ...body, message: "Bye" }, key)).body).toMatchObject({ code: 90_013 })
    expect((await get("/messages")).body["messages"]).toHaveLength(2)
  })

  test.each([
    ["message", { channel: "news" }],
    ["channel", { message: "x" }],
    ["channel", { channel: "a/b", message: "x" }],
    ["plaforms", { channel: "news", message: "x", plaforms: ["ios"] }],
    ["platforms", { channel: "news", message: "x", platforms: [] }],
    ["platforms", { channel: "news", message: "x", platforms: ["ios", "symbian"] }],
    ["platforms", { channel: "news", message: "x", platforms: "ios" }],
    ["platforms", { channel: "news", message: "x", platforms: ["ios"], pushBroadcast: "IOS" }],
    ["deviceIds", { channel: "news", message: "x", deviceIds: [] }],
    ["deviceIds[1]", { channel: "news", message: "x", deviceIds: ["a", 7] }],
    ["deviceIds", { channel: "news", message: "x", deviceIds: ["a"], pushSinglecast: ["a"] }],
    ["policy", { channel: "news", message: "x", policy: "push" }],
    ["delivery", { channel: "news", message: "x", delivery: "exactly-once" }],
    ["ttlSeconds", { channel: "news", message: "x", ttlSeconds: 0 }],
    ["ttlSeconds", { channel: "news", message: "x", ttlSeconds: 1 }],
    ["headers.a", { channel: "news", message: "x", headers: { a: true } }],
    ["publishAt", { channel: "news", message: "x", publishAt: 9_999_999_999_999 }],
    ["message", { channel: "news", message: "x".repeat(5_000) }],
  ])("is refused because of %s", async (property, body) => {
    const { server, post, get, devices } = await setup()
    await using _ = server
    await devices()
    const reply = await post("/messages", body)
    expect(reply.status).toBe(reply.body["code"] === 90_015 ? 422 : 400)
    expect(reply.body).toMatchObject({ errorData: { property } })
    // The preview says the same, before anybody has published.
    const preview = await post("/message-previews", body)
    expect(preview.body).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ property })]),
    })
    expect((await get("/messages")).body["messages"]).toEqual([])
  })
})

describe("a preview", () => {
  test("shows for each platform what it would get, and stores nothing", async () => {
    const { server, post, get, devices } = await setup()
    await using _ = server
    await devices()
    const { body } = await post("/message-previews", {
      channel: "news",
      message: "Hello",
      headers: { "ios-alert-title": "T", "android-content-title": "A", "wp-title": "W", "ios-badge": 2 },
    })
    expect(body["problems"]).toEqual([])
    expect(body["audience"]).toEqual({
      exists: true,
      total: 4,
      devices: { ios: 1, osx: 0, android: 1, wp: 1, other: 1 },
      unknownDeviceIds: [],
    })
    const payloads = body["payloads"] as readonly Record<string, unknown>[]
    expect(payloads.map(({ platform, provider, shown }) => [platform, provider, shown])).toMatchObject([
      ["ios", "apns", { kind: "alert", silent: false, title: "T", body: "Hello", badge: 2 }],
      ["osx", "apns", { title: "T", body: "Hello", badge: 2 }],
      ["android", "fcm", { kind: "data", silent: false, title: "A", body: "Hello" }],
      ["wp", "wns", { kind: "toast", silent: false, title: "W", body: "Hello" }],
    ])
    for (const { bytes, limit, fits, payload } of payloads) {
      expect(fits).toBe(true)
      expect(bytes).toBeLessThanOrEqual(limit as number)
      expect(payload).toContain("Hello")
    }
    const apple = payloads[0] ?? {}
    expect(Buffer.byteLength(apple["payload"] as string)).toBe(apple["bytes"])
    expect(apple["headers"]).toMatchObject({ "apns-push-type": "alert", "apns-priority": "10" })
    expect((await get("/messages")).body["messages"]).toEqual([])
    expect((await get("/channels/unborn")).status).toBe(404)
  })

  test("of a message that is too large for one provider says so, and shows it nevertheless", async () => {
    const { server, post } = await setup()
    await using _ = server
    const { body } = await post("/message-previews", { channel: "unborn", message: "x".repeat(4_500) })
    const payloads = body["payloads"] as readonly Record<string, unknown>[]
    expect(payloads.map(({ provider, fits }) => [provider, fits])).toEqual([
      ["apns", false],
      ["apns", false],
      ["fcm", false],
      ["wns", true],
    ])
    // A toast with one text has it as its title.
    const texts = payloads.map(({ shown }) => shown as { body?: string; title?: string })
    expect(texts.map(({ body: text, title }) => (text ?? title)?.length)).toEqual([
      4_500, 4_500, 4_500, 4_500,
    ])
    expect(body["problems"]).toMatchObject([
      { property: "message", message: expect.stringMatching(/APNs takes at most 4096/) },
      { property: "message", message: expect.stringMatching(/FCM takes at most 4096/) },
    ])
    expect(body["audience"]).toMatchObject({ exists: false, total: 0 })
  })

  test("counts named devices exactly as the publish does", async () => {
    const { server, post, devices } = await setup()
    await using _ = server
    await devices()
    const bodies = [
      { deviceIds: ["apple", "droid", "other", "nobody", "elsewhere", "apple"] },
      { deviceIds: ["apple", "droid", "nobody"], platforms: ["android"] },
      { deviceIds: ["nobody"] },
    ]
    for (const more of bodies) {
      const body = { channel: "news", message: "Hello", ...more }
      const preview = (await post("/message-previews", body)).body["audience"]
      const published = (await post("/messages", body)).body
      expect(preview).toMatchObject({
        total: published["audience"],
        unknownDeviceIds: published["unknownDeviceIds"],
      })
    }
  })

  test("is for whoever may read, and publishing is not", async () => {
    const { server, id, post } = await setup()
    await using _ = server
    const reader = await server.bearer("read")
    expect((await post("/message-previews", { channel: "a", message: "x" }, reader)).status).toBe(200)
    expect((await post("/messages", { channel: "a", message: "x" }, reader)).status).toBe(403)
    const browser = await server.person("Reader", "read")
    const path = `/applications/${id}/message-previews`
    expect((await browser.ask("POST", path, { channel: "a", message: "x" })).status).toBe(200)
  })
})
