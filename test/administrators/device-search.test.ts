import { describe, expect, test } from "vitest"
import { shortHash } from "../../src/runtime/short-hash.ts"
import { openAdministration } from "./administration.ts"

/** Finding devices, and what is known of one. */

async function setup() {
  const server = await openAdministration()
  const { id, number } = await server.services.applications.create("App")
  const headers = await server.bearer("administer")
  const path = `/admin/v1/applications/${id}`
  return {
    server,
    number,
    get: (more: string) => server.ask("GET", path + more, { headers }),
    post: (more: string, body: unknown) => server.ask("POST", path + more, { headers, body }),
    register: (deviceId: string, more: object = {}) =>
      server.services.devices.register(number, {
        ...{ deviceId, deviceToken: `token of ${deviceId}`, os: "IOS", osVersion: "1" },
        ...{ channels: ["all"], expiresAt: undefined },
        ...more,
      }),
  }
}

const idsIn = (reply: { readonly body: object }) =>
  (reply.body as { devices: readonly { deviceId: string }[] }).devices.map(({ deviceId }) => deviceId)

describe("a search", () => {
  test("by the beginning of a device id has the exact one first, on one page only", async () => {
    const { server, get, register } = await setup()
    await using _ = server
    for (const id of ["ab/1", "ab", "AB", "abc", "b"]) await register(id)
    const first = await get("/devices?deviceIdPrefix=ab&limit=2")
    expect(idsIn(first)).toEqual(["ab", "ab/1"])
    const second = await get(`/devices?deviceIdPrefix=ab&limit=2&cursor=${first.body["next"]}`)
    expect(idsIn(second)).toEqual(["abc"])
    const third = await get(`/devices?deviceIdPrefix=ab&limit=2&cursor=${second.body["next"]}`)
    expect(third.body).toEqual({ devices: [], next: null })
    expect(idsIn(await get("/devices?deviceIdPrefix=ab%2F"))).toEqual(["ab/1"])
    expect(idsIn(await get("/devices?deviceIdPrefix="))).toHaveLength(5)
    expect((await get("/devices?deviceIdPrefix=%01")).body).toMatchObject({ code: 90_005 })
  })

  test("combines what it is asked, also for the exact device id", async () => {
    const { server, get, register } = await setup()
    await using _ = server
    await register("ab", { channels: ["news"] })
    await register("abc", { os: "ANDROID" })
    expect(idsIn(await get("/devices?deviceIdPrefix=ab&channel=all"))).toEqual(["abc"])
    expect(idsIn(await get("/devices?deviceIdPrefix=ab&channel=news"))).toEqual(["ab"])
    expect(idsIn(await get("/devices?deviceIdPrefix=ab&os=android"))).toEqual(["abc"])
    expect(idsIn(await get("/devices?deviceIdPrefix=ab&userId=nobody"))).toEqual([])
    const hash = shortHash("token of ab")
    expect(idsIn(await get(`/devices?tokenHash=${hash}`))).toEqual(["ab"])
    expect(idsIn(await get(`/devices?deviceIdPrefix=abc&tokenHash=${hash}`))).toEqual([])
    expect(idsIn(await get(`/devices?deviceIdPrefix=ab&tokenHash=${hash}`))).toEqual(["ab"])
  })

  test.each(["ABCDEF01", "abc", "token of ab"])("by the token hash %j is no search", async (hash) => {
    const { server, get } = await setup()
    await using _ = server
    const { body } = await get(`/devices?tokenHash=${encodeURIComponent(hash)}`)
    expect(body).toMatchObject({ code: 90_005, errorData: { property: "tokenHash" } })
  })

  test("by a token finds every device that registered it, who receives first, page by page", async () => {
    const { server, get, post, register } = await setup()
    await using _ = server
    const deviceToken = "shared/+=?"
    for (const id of ["a", "b", "c", "d"]) await register(id, { deviceToken })
    await register("droid", { deviceToken, os: "ANDROID" })
    await register("odd", { deviceToken, os: "Symbian" })
    await register("gone", { deviceToken, expiresAt: server.clock.now() + 1 })
    await register("b", { deviceToken })
    await server.clock.advance(1)
    const found: string[] = []
    for (let cursor: unknown = "0"; cursor !== null; ) {
      const page = await post("/device-searches", { deviceToken, cursor, limit: 2 })
      found.push(...idsIn(page))
      cursor = page.body["next"]
    }
    expect(found).toEqual(["b", "d", "c", "a", "droid", "odd"])
    expect(idsIn(await post("/device-searches", { deviceToken: "other" }))).toEqual([])
    expect((await post("/device-searches", {})).status).toBe(400)
    expect((await post("/device-searches", { deviceToken, limit: 0 })).status).toBe(400)
    // A cursor is no way into another token's devices.
    const foreign = await register("foreign")
    const astray = await post("/device-searches", { deviceToken, cursor: String(foreign.number) })
    expect(idsIn(astray)).toEqual([])
    expect((await get("/devices")).text).not.toContain("shared")
  })

  test("of another application's devices finds nothing", async () => {
    const { server, register } = await setup()
    await using _ = server
    await register("ab")
    const { id } = await server.services.applications.create("Other")
    const headers = await server.bearer("read", [id])
    const path = `/admin/v1/applications/${id}`
    const ask = (query: string) => server.ask("GET", `${path}/devices?${query}`, { headers })
    expect(idsIn(await ask("deviceIdPrefix=ab"))).toEqual([])
    expect(idsIn(await ask(`tokenHash=${shortHash("token of ab")}`))).toEqual([])
    const body = { deviceToken: "token of ab" }
    expect(idsIn(await server.ask("POST", `${path}/device-searches`, { headers, body }))).toEqual([])
    expect((await server.ask("GET", `${path}/devices/ab`, { headers })).status).toBe(404)
  })
})

describe("a device", () => {
  test("says who receives in its place, where its messages go, and what became of earlier registrations", async () => {
    const { server, number, get, register } = await setup()
    await using _ = server
    const deviceToken = "shared"
    await register("old", { deviceToken })
    await server.services.devices.cancel(number, "old")
    await server.clock.advance(10)
    await register("old", { deviceToken })
    await register("new", { deviceToken })
    const { body } = await get("/devices/old")
    expect(body).toMatchObject({
      receives: false,
      receivedBy: "new",
      delivery: { platform: "ios", provider: "apns", to: "none" },
      history: [{ leftAt: server.clock.now() - 10, reason: "unregistered", detail: "" }],
    })
    expect((await get("/devices/new")).body).toMatchObject({ receives: true, receivedBy: null, history: [] })
    await register("odd", { os: "Symbian" })
    expect((await get("/devices/odd")).body).toMatchObject({ delivery: null })
  })

  test("that is gone still has its messages, with their headers, and says when and why it left", async () => {
    const { server, number, get, post, register } = await setup()
    await using _ = server
    await register("gone", { channels: ["news"] })
    const headers = { "ios-alert-title": "Only a title" }
    await post("/messages", { channel: "news", message: "", headers })
    await server.services.devices.cancel(number, "gone")
    expect((await get("/devices/gone")).body).toMatchObject({ code: 90011 })
    expect((await get("/device-messages/gone?all=true")).body).toMatchObject({
      messages: [{ message: "", headers }],
      history: [{ leftAt: server.clock.now(), reason: "unregistered", detail: "" }],
    })
    expect((await get("/device-messages/never")).body).toEqual({ messages: [], next: null, history: [] })
  })

  test("lists its messages with what became of them, the latest first", async () => {
    const { server, number, get, post, register } = await setup()
    await using _ = server
    await register("early", { channels: ["news"] })
    const publish = async (more: object) =>
      (await post("/messages", { channel: "news", message: "x", ...more })).body["messageId"]
    const first = await publish({})
    await server.clock.advance(5)
    await register("late", { channels: ["news"] })
    const second = await publish({})
    const third = await publish({ deviceIds: ["early"] })
    const fourth = await publish({ deviceIds: ["late", "never"], platforms: ["android"] })
    const of = async (deviceId: string, query = "") => {
      const { body } = await get(`/device-messages/${deviceId}${query}`)
      const messages = body["messages"] as readonly Record<string, unknown>[]
      return { messages: messages.map(({ messageId, verdict }) => [messageId, verdict]), next: body["next"] }
    }
    expect(await of("early")).toEqual({
      messages: [third, second, first].map((id) => [id, "pending"]),
      next: null,
    })
    expect(await of("late")).toEqual({
      messages: [
        [fourth, "not_in_audience"],
        [second, "pending"],
      ],
      next: null,
    })
    expect((await of("late", "?all=true")).messages).toEqual([
      [fourth, "not_in_audience"],
      [third, "not_in_audience"],
      [second, "pending"],
      [first, "not_in_audience"],
    ])
    expect((await of("never")).messages).toEqual([[fourth, "not_registered"]])
    const page = await of("early", "?limit=2")
    expect(page.messages).toHaveLength(2)
    expect((await of("early", `?limit=2&cursor=${page.next}`)).messages).toEqual([[first, "pending"]])
    await server.services.devices.cancel(number, "early")
    expect((await get("/device-messages/early")).body["messages"]).toMatchObject(
      [
        { messageId: third, channel: "news", message: "x", state: "running", summary: expect.any(String) },
        ...[second, first].map(() => expect.anything()),
      ].slice(0, 1),
    )
    expect((await get("/device-messages/early?limit=201")).status).toBe(400)
  })

  test("finds its message behind hundreds for others, with bounded work for each page", async () => {
    const { server, get, post, register } = await setup()
    await using _ = server
    await register("phone")
    await register("other")
    const { body } = await post("/messages", { channel: "all", message: "x", deviceIds: ["phone"] })
    const request = { channel: "all", message: "x", deviceIds: ["other"] }
    await Promise.all(Array.from({ length: 310 }, () => post("/messages", request)))
    const first = await get("/device-messages/phone?limit=10")
    expect(first.body).toMatchObject({ messages: [], next: expect.any(String) })
    const second = await get(`/device-messages/phone?limit=10&cursor=${first.body["next"]}`)
    expect(second.body).toMatchObject({ messages: [{ messageId: body["messageId"] }], next: null })
  })
})
