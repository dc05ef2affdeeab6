import { describe, expect, test } from "vitest"
import { type Administration, openAdministration } from "./administration.ts"

/** What administrators see of devices and channels, and what they can do with them. */

async function setup() {
  const server = await openAdministration()
  const { id, number } = await server.services.applications.create("App")
  const headers = await server.bearer("administer")
  const path = `/admin/v1/applications/${id}`
  return {
    server,
    get: (more: string) => server.ask("GET", path + more, { headers }),
    post: (more: string, body: unknown) => server.ask("POST", path + more, { headers, body }),
    remove: (more: string) => server.ask("DELETE", path + more, { headers }),
    register: (deviceId: string, os = "ANDROID", channels: readonly string[] = ["default"]) =>
      server.services.devices.register(number, {
        deviceId,
        deviceToken: `secret token of ${deviceId}`,
        os,
        osVersion: "16",
        channels,
        expiresAt: undefined,
      }),
    number,
  }
}

async function idsOf(
  get: (more: string) => Promise<{ readonly body: object }>,
  query: string,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (let cursor: string | null = "0"; cursor !== null; ) {
    const { body } = await get(`/devices?cursor=${cursor}&${query}`)
    const page = body as {
      readonly devices: readonly { readonly deviceId: string }[]
      readonly next: string | null
    }
    ids.push(...page.devices.map(({ deviceId }) => deviceId))
    cursor = page.next
  }
  return ids
}

describe("devices", () => {
  test("are listed page by page, of all channels or of one, of all systems or of one", async () => {
    const { server, get, register } = await setup()
    await using _ = server
    for (let index = 0; index < 30; index++) {
      await register(
        `phone-${index}`,
        index % 3 === 0 ? "IOS" : "ANDROID",
        index % 2 === 0 ? ["even", "all"] : ["all"],
      )
    }
    const names = (every: (index: number) => boolean) =>
      Array.from({ length: 30 }, (_, index) => index)
        .filter(every)
        .map((index) => `phone-${index}`)
    expect(await idsOf(get, "limit=7")).toEqual(names(() => true))
    expect(await idsOf(get, "limit=4&channel=even")).toEqual(names((index) => index % 2 === 0))
    expect(await idsOf(get, "limit=4&os=ios")).toEqual(names((index) => index % 3 === 0))
    expect(await idsOf(get, "limit=4&os=Android&channel=even")).toEqual(
      names((index) => index % 3 !== 0 && index % 2 === 0),
    )
    expect(await idsOf(get, "os=symbian")).toEqual([])
  })

  test("never show their tokens, only what tells two apart", async () => {
    const { server, get, register } = await setup()
    await using _ = server
    await register("a/b ♪", "IOS", ["news"])
    const { text, body } = await get(`/devices/${encodeURIComponent("a/b ♪")}`)
    expect(body).toMatchObject({
      deviceId: "a/b ♪",
      os: "IOS",
      channels: ["news"],
      tokenHash: expect.stringMatching(/^[0-9a-f]{8}$/),
      tokenLength: "secret token of a/b ♪".length,
      expiresAt: null,
      userId: null,
      receives: true,
    })
    expect(text).not.toContain("secret")
    expect((await get("/devices")).text).not.toContain("secret")
  })

  test("are removed, once", async () => {
    const { server, get, remove, register } = await setup()
    await using _ = server
    await register("phone")
    expect((await remove("/devices/phone")).body).toEqual({ done: true })
    expect((await get("/devices/phone")).body).toMatchObject({ code: 90_011 })
    expect((await remove("/devices/phone")).body).toMatchObject({ code: 5001 })
  })

  test.each(["limit=0", "limit=1001", "cursor=x", "cursor=-1"])("are not listed with %s", async (query) => {
    const { server, get } = await setup()
    await using _ = server
    expect((await get(`/devices?${query}`)).status).toBe(400)
  })

  test("of a channel that does not exist are not found", async () => {
    const { server, get } = await setup()
    await using _ = server
    expect((await get("/devices?channel=none")).body).toMatchObject({ code: 90_011 })
  })
})

describe("channels", () => {
  test("are listed by name with their sizes by platform", async () => {
    const { server, get, register } = await setup()
    await using _ = server
    await register("a", "IOS", ["news", "all"])
    await register("b", "ANDROID", ["all"])
    await register("c", "Linux", ["all"])
    const first = await get("/channels?limit=1")
    expect(first.body).toMatchObject({
      channels: [{ name: "all", devices: { ios: 1, osx: 0, android: 1, wp: 0, other: 1 } }],
    })
    const second = await get(`/channels?limit=1&cursor=${first.body["next"]}`)
    expect(second.body).toMatchObject({ channels: [{ name: "news", devices: { ios: 1, android: 0 } }] })
    expect((await get(`/channels?limit=1&cursor=${second.body["next"]}`)).body).toEqual({
      channels: [],
      next: null,
    })
    expect((await get("/channels/news")).body).toMatchObject({ name: "news", devices: { ios: 1 } })
    expect((await get("/channels/none")).body).toMatchObject({ code: 90_011 })
  })

  test("are found by the beginning of their names", async () => {
    const { server, get, register } = await setup()
    await using _ = server
    await register("a", "IOS", ["News", "a", "caf\u00e9", "new", "news", "weather"])
    const first = await get("/channels?namePrefix=new&limit=1")
    expect(first.body).toMatchObject({ channels: [{ name: "new", devices: { ios: 1 } }] })
    const second = await get(`/channels?namePrefix=new&limit=5&cursor=${first.body["next"]}`)
    expect(second.body).toMatchObject({ channels: [{ name: "news" }], next: null })
    const composed = await get(`/channels?namePrefix=${encodeURIComponent("cafe\u0301")}`)
    expect(composed.body).toMatchObject({ channels: [{ name: "caf\u00e9" }] })
    expect((await get("/channels?namePrefix=")).body["channels"]).toHaveLength(6)
    expect((await get("/channels?namePrefix=none")).body).toEqual({ channels: [], next: null })
    expect((await get("/channels?namePrefix=%C2%85")).body).toMatchObject({
      code: 90_005,
      errorData: { property: "namePrefix" },
    })
  })

  test("are made with the same names that apps may use, and once", async () => {
    const { server, post } = await setup()
    await using _ = server
    expect((await post("/channels", { name: "news" })).body).toMatchObject({
      name: "news",
      devices: { ios: 0 },
    })
    expect((await post("/channels", { name: "news" })).status).toBe(409)
    for (const name of ["", "a/b", "a,b", "a::b", "..", "x".repeat(46), 7, undefined]) {
      expect((await post("/channels", { name })).status).toBe(400)
    }
  })

  test("are deleted with their members, who keep their other channels", async () => {
    const { server, get, remove, register } = await setup()
    await using _ = server
    await register("both", "IOS", ["news", "all"])
    await register("only", "IOS", ["news"])
    expect((await remove("/channels/news")).body).toEqual({ done: true })
    expect((await get("/channels/news")).status).toBe(404)
    expect((await get("/devices/both")).body).toMatchObject({ channels: ["all"] })
    expect((await get("/devices/only")).status).toBe(404)
    expect((await remove("/channels/news")).status).toBe(404)
  })

  test("of any size are deleted without keeping the caller waiting for the last member", async () => {
    const { server, get, remove, register, number } = await setup()
    await using _ = server
    await Promise.all(Array.from({ length: 5_600 }, (_, index) => register(`phone-${index}`, "IOS", ["big"])))
    expect((await remove("/channels/big")).status).toBe(200)
    expect((await server.store.devices.count(number)).ios).toBe(600)
    expect((await get("/channels/big")).status).toBe(404)
  })
})

describe("the audience of a message that would be published now", () => {
  test("is exact, by platform, and the same number that the message reports", async () => {
    const { server, get, register, number } = await setup()
    await using _ = server
    await register("a", "IOS", ["news"])
    await register("b", "ANDROID", ["news"])
    await register("c", "ANDROID", ["news"])
    await register("d", "Linux", ["news"])
    const count = (query: string) => get(`/audience?${query}`)
    expect((await count("channel=news")).body).toEqual({
      exists: true,
      total: 4,
      devices: { ios: 1, osx: 0, android: 2, wp: 0, other: 1 },
    })
    expect((await count("channel=news&platforms=android,wp")).body).toMatchObject({
      total: 2,
      devices: { ios: 0, android: 2, other: 0 },
    })
    const sizes = [
      { query: "channel=news", platforms: undefined },
      { query: "channel=news&platforms=android", platforms: ["android"] },
      { query: "channel=news&platforms=ios,android", platforms: ["ios", "android"] },
    ] as const
    for (const { query, platforms } of sizes) {
      const published = await publish(server, number, platforms)
      expect((await count(query)).body["total"]).toBe(published)
    }
  })

  test("of a channel that does not exist is nobody; of no channel or platform it is a question badly put", async () => {
    const { server, get } = await setup()
    await using _ = server
    expect((await get("/audience?channel=new")).body).toMatchObject({ exists: false, total: 0 })
    for (const query of [
      "",
      "channel=",
      "channel=a/b",
      "channel=a&platforms=",
      "channel=a&platforms=ios,symbian",
    ]) {
      expect((await get(`/audience?${query}`)).status).toBe(400)
    }
  })
})

test("an overview counts devices by platform, and channels", async () => {
  const { server, get, register } = await setup()
  await using _ = server
  await register("a", "IOS", ["x", "y"])
  await register("b", "WP", ["x"])
  expect((await get("/overview")).body).toEqual({
    devices: { ios: 1, osx: 0, android: 0, wp: 1, other: 0 },
    delivery: [
      { platform: "ios", provider: "apns", to: "none" },
      { platform: "osx", provider: "apns", to: "none" },
      { platform: "android", provider: "fcm", to: "none" },
      { platform: "wp", provider: "wns", to: "none" },
    ],
    channels: { count: 2, isComplete: true },
  })
})

async function publish(
  server: Administration,
  application: number,
  platforms: readonly ("ios" | "android")[] | undefined,
): Promise<number> {
  const { message } = await server.store.messages.publish({
    id: `message:${platforms?.join() ?? "all"}`,
    application,
    audience: { channel: "news", platforms, deviceIds: undefined },
    messageJson: '"Hello"',
    headers: new Map(),
    policy: "PUSH",
    delivery: "at-least-once",
    acceptedAt: server.clock.now(),
    expiresAt: server.clock.now() + 1000,
    publisherId: undefined,
    subtopic: undefined,
    idempotency: undefined,
    again: undefined,
  })
  return message.audienceSize
}
