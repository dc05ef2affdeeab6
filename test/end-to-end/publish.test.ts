import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type AppHandle, tokenFor } from "./app-handle.ts"
import { call, type ErrorBody } from "./calls.ts"
import { eventually } from "./eventually.ts"
import { openWorld, type World } from "./world.ts"

/** The calls of the dialect about a message: POST, GET and DELETE messaging/… (contract 3.3 to 3.6). */

/** What keeps a message from being finished until the fault is gone. */
const NOT_YET = {
  provider: "apns",
  action: { do: "answer", reason: "TooManyRequests", headers: { "retry-after": "1" } },
} as const

let world: World
let app: AppHandle

beforeAll(async () => {
  world = await openWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

async function openPhone(): Promise<void> {
  app = await world.app()
  await app.register({ deviceId: `phone-${app.id}`, os: "IOS" })
}

/** What the phone would show of the message; undefined while nothing has come. */
function shown(os: string, deviceId: string, id: string) {
  return world.simulators.journal
    .read({ token: tokenFor(os, deviceId), limit: 1_000 })
    .find(({ messageId }) => messageId === id)
}

describe("A publish", () => {
  beforeAll(openPhone)

  test("is answered with exactly the three properties that every SDK reads", async () => {
    const { status, body } = await app.publish({ message: "hi" })
    expect(status).toBe(200)
    expect(body).toEqual({
      messageId: expect.stringMatching(/^message:[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}$/),
      status: "scheduled",
      errorMessage: null,
    })
  })

  test.each<[unknown, string]>([
    ["Hi there", "Hi there"],
    ["", ""],
    ["two\nlines\tand a tab", "two\nlines\tand a tab"],
    ["Grüße 👋🏽", "Grüße 👋🏽"],
    ["e\u0301", "\u00e9"],
    [42, "42"],
    [0, "0"],
    [false, "false"],
    [{ a: [1, null] }, '{"a":[1,null]}'],
    [["x", 2], '["x",2]'],
  ])("takes the message %j", async (message, text) => {
    const id = await app.published({ message })
    const report = await app.settled(id)
    expect(report.counts["accepted"]).toBe(1)
    const entry = await eventually("it arrived", () => shown("IOS", `phone-${app.id}`, id))
    expect(entry.body ?? "").toBe(text)
    expect(JSON.parse(entry.payload)).toMatchObject({ message: text, messageId: id })
  })

  test("carries headers to the systems that they are for, numbers as text", async () => {
    await app.register({ deviceId: `droid-${app.id}`, os: "ANDROID" })
    const id = await app.published({
      message: "body",
      headers: {
        "ios-alert-title": "for iOS",
        "ios-badge": 3,
        "android-content-title": "for Android",
        "wp-title": "for Windows",
        ttl_of_the_app: 20,
        free: "é",
      },
    })
    await app.settled(id)
    const apple = await eventually("it arrived", () => shown("IOS", `phone-${app.id}`, id))
    expect(apple).toMatchObject({ title: "for iOS", body: "body", badge: 3 })
    expect(JSON.parse(apple.payload)).toMatchObject({ ttl_of_the_app: "20", free: "é" })
    expect(apple.payload).not.toContain("Windows")
    const google = await eventually("it arrived", () => shown("ANDROID", `droid-${app.id}`, id))
    const { data } = (JSON.parse(google.payload) as { message: { data: object } }).message
    expect(data).toEqual({
      message: "body",
      "android-content-title": "for Android",
      ttl_of_the_app: "20",
      free: "é",
      messageId: id,
    })
  })

  test("ignores properties that it does not know", async () => {
    const body = { message: "hi", ___class: "PublishMessageInfo", timestamp: 1, deep: { er: [] } }
    expect((await app.publish(body)).status).toBe(200)
  })

  test("with a publishAt in the past is sent now", async () => {
    const past = world.clock.now() - 60_000
    for (const publishAt of [past, String(past), 0, null, ""]) {
      const report = await app.settled(await app.published({ message: "hi", publishAt }))
      expect(report.counts["accepted"]).toBeGreaterThan(0)
    }
  })

  test.each([["REST"], ["BL"]] as const)("is taken from the %s key", async (kind) => {
    const reply = await call("POST", `${app.base(kind)}/messaging/default`, { message: "hi" })
    expect(reply.status).toBe(200)
  })

  test.each([["JS"], ["ANDROID"], ["IOS"], ["WP"]] as const)(
    "is refused from the %s key, which is public",
    async (kind) => {
      const before = (await app.messages()).messages.length
      const reply = await call("POST", `${app.base(kind)}/messaging/default`, { message: "hi" })
      expect(reply.status).toBe(403)
      expect((reply.body as ErrorBody).code).toBe(1011)
      expect((await app.messages()).messages).toHaveLength(before)
    },
  )
})

describe("The status of a message", () => {
  beforeAll(openPhone)

  test("is scheduled, then published, in lower case and in the same shape", async () => {
    world.simulators.faults.add(NOT_YET)
    const id = await app.published({ message: "hi" })
    const { body } = await app.status(id)
    expect(body).toEqual({ messageId: id, status: "scheduled", errorMessage: null })
    world.simulators.faults.clear()
    await app.settled(id)
    expect((await app.status(id)).body).toEqual({ messageId: id, status: "published", errorMessage: null })
    const encoded = await app.status(encodeURIComponent(id))
    expect(encoded.body).toEqual({ messageId: id, status: "published", errorMessage: null })
  })

  test("is failed when nobody was accepted", async () => {
    await app.register({ deviceId: "gone", os: "IOS", channels: ["gone"] })
    const token = tokenFor("IOS", "gone")
    world.simulators.devices.declare(
      { provider: "apns", token, condition: "unregistered" },
      world.clock.now(),
    )
    const id = await app.published({ message: "hi" }, "gone")
    await app.settled(id)
    expect((await app.status(id)).body).toMatchObject({ status: "failed" })
  })

  test("of a message that does not exist, or of another application, is unknown", async () => {
    const id = await app.published({ message: "hi" })
    const other = await world.app()
    expect((await other.status(id)).body).toEqual({ messageId: id, status: "unknown", errorMessage: null })
    expect((await app.status("message:nonsense")).body).toMatchObject({ status: "unknown" })
  })
})

describe("A cancel", () => {
  beforeAll(openPhone)

  test("of a message that is being sent is answered with CANCELLED, and the rest is not sent", async () => {
    const phones = Array.from({ length: 50 }, (_, index) => ({
      deviceId: `crowd-${index}`,
      channels: ["crowd"],
    }))
    await app.registerAll(phones)
    world.simulators.faults.add({ ...NOT_YET, when: { nth: { from: 2 } } })
    const id = await app.published({ message: "hi" }, "crowd")
    const { status, body } = await app.cancel(id)
    expect({ status, body }).toEqual({
      status: 200,
      body: { messageId: id, status: "CANCELLED", errorMessage: null },
    })
    const report = await app.settled(id)
    world.simulators.faults.clear()
    expect(report.state).toBe("cancelled")
    expect(report.counts["cancelled"]).toBeGreaterThan(0)
    expect((report.counts["cancelled"] ?? 0) + (report.counts["accepted"] ?? 0)).toBe(50)
    expect((await app.status(id)).body).toMatchObject({ status: "cancelled" })
    await expectRefusal(app.cancel(id))
  })

  test("of a finished message is refused with 5040", async () => {
    const id = await app.published({ message: "hi" })
    await app.settled(id)
    await expectRefusal(app.cancel(id))
    expect((await app.status(id)).body).toMatchObject({ status: "published" })
  })

  test("of a message that never existed, or of another application, is refused with 5040", async () => {
    await expectRefusal(app.cancel("message:6ED94D19-172B-48AE-BB2C-7AA8E305CD31"))
    const other = await world.app()
    const id = await app.published({ message: "hi" }, "nobody-here")
    await expectRefusal(other.cancel(id))
  })

  async function expectRefusal(reply: ReturnType<AppHandle["cancel"]>): Promise<void> {
    const { status, body } = await reply
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 5040 } })
    expect((body as ErrorBody).message).toMatch(/cancelled already, has finished or never existed/)
  }
})

describe("An Idempotency-Key", () => {
  beforeAll(openPhone)

  const keyed = (body: unknown, key: string, kind: "REST" | "BL" = "REST") =>
    call("POST", `${app.base(kind)}/messaging/default`, body, { "idempotency-key": key })

  test("makes the same message of the same request, however often it comes", async () => {
    const first = await keyed({ message: "once", headers: { a: "1", b: "2" } }, "key-1")
    await app.settled((first.body as { messageId: string }).messageId)
    const lines = world.ledger().length
    const again = await keyed({ headers: { b: "2", a: "1" }, message: "once" }, "key-1")
    expect(again).toEqual(first)
    expect((await app.messages()).messages).toHaveLength(1)
    expect(world.ledger().length).toBe(lines)
  })

  test("knows a request again whose names and device ids come in another order", async () => {
    const first = await keyed(
      { message: { a: 1, b: [{ c: 2, d: 3 }] }, pushSinglecast: ["x", "y"] },
      "key-order",
    )
    const again = { pushSinglecast: ["y", "x", "y"], message: { b: [{ d: 3, c: 2 }], a: 1 } }
    expect(await keyed(again, "key-order")).toEqual(first)
    const other = { ...again, message: { b: [{ d: 3, c: 2 }, 1], a: 1 } }
    expect(await keyed(other, "key-order")).toMatchObject({ status: 422, body: { code: 90013 } })
  })

  test("makes one message of twenty requests at once", async () => {
    const before = (await app.messages()).messages.length
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => keyed({ message: "at once" }, "key-2")),
    )
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
    const ids = new Set(replies.map(({ body }) => (body as { messageId: string }).messageId))
    expect(ids.size).toBe(1)
    expect((await app.messages()).messages).toHaveLength(before + 1)
  })

  test("is refused with another request: 422, and nothing is sent", async () => {
    await keyed({ message: "one" }, "key-3")
    const before = (await app.messages()).messages.length
    const { status, body } = await keyed({ message: "another" }, "key-3")
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 90013 } })
    expect((await app.messages()).messages).toHaveLength(before)
  })

  test("belongs to the API key that used it", async () => {
    const mine = await keyed({ message: "mine" }, "key-4")
    const theirs = await keyed({ message: "theirs" }, "key-4", "BL")
    expect({ mine: mine.status, theirs: theirs.status }).toEqual({ mine: 200, theirs: 200 })
    expect((mine.body as { messageId: string }).messageId).not.toBe(
      (theirs.body as { messageId: string }).messageId,
    )
  })

  test.each([["x".repeat(256)], ["with space"], ["\u00e9"]])("of %j is refused by name", async (key) => {
    const { status, body } = await keyed({ message: "hi" }, key)
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { code: 90005, errorData: { property: "Idempotency-Key" } },
    })
  })
})
