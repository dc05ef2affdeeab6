import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { AppHandle } from "./app-handle.ts"
import { call, type ErrorBody, type Reply } from "./calls.ts"
import { openWorld, type World } from "./world.ts"

/** What a publish must not be: each is refused by naming what is wrong, stores nothing and sends nothing. */

let world: World
let app: AppHandle

beforeAll(async () => {
  world = await openWorld()
  app = await world.app()
  for (const os of ["IOS", "ANDROID", "WP"]) await app.register({ deviceId: `phone-${os}`, os })
})

afterAll(() => world[Symbol.asyncDispose]())

interface Refusal {
  readonly status?: number
  readonly code?: number
  /** What the message names. */
  readonly names: string | RegExp
  readonly property?: string
}

/** The refusal as declared, and afterwards everything as before. */
async function expectRefused(send: () => Promise<Reply>, refusal: Refusal): Promise<ErrorBody> {
  const lines = world.ledger().length
  const { messages } = await app.messages()
  const { status, body } = await send()
  const error = body as ErrorBody
  expect({ status, code: error.code }).toEqual({
    status: refusal.status ?? 400,
    code: refusal.code ?? 90005,
  })
  if (typeof refusal.names === "string") expect(error.message).toContain(refusal.names)
  else expect(error.message).toMatch(refusal.names)
  expect(error.errorData).toMatchObject({
    docs: expect.stringMatching(/^docs\/errors\.md#/),
    ...(refusal.property === undefined ? {} : { property: refusal.property }),
  })
  expect((await app.messages()).messages).toHaveLength(messages.length)
  expect(world.ledger().length).toBe(lines)
  expect(world.bugs()).toEqual([])
  return error
}

const property = (name: string): Refusal => ({ names: name, property: name })

describe("A body is refused when", () => {
  test.each<[string, unknown, Refusal]>([
    ["it is missing", undefined, { code: 90005, names: "the body" }],
    ["it is a list", [], { names: "the body" }],
    ["it is a text", '"text"', { names: "the body" }],
    ["it is null", "null", { names: "the body" }],
    ["it is no JSON", "{message:1}", { code: 90002, names: "position 1 of the body" }],
    ["it ends early", '{"message":"hi"', { code: 90002, names: "ends too early" }],
    ["a name comes twice", '{"message":"hi","message":"ho"}', { code: 90002, names: /message/ }],
    ["a text holds half of a character", { message: "half \ud800" }, { code: 90002, names: /surrogate/ }],
    [
      "it is nested too deeply",
      `{"message":${"[".repeat(40)}${"]".repeat(40)}}`,
      { code: 90002, names: /32/ },
    ],
    ["it has __proto__", '{"message":"hi","__proto__":{"a":1}}', { code: 90002, names: /__proto__/ }],
    ["it is too large", { message: "x".repeat(1_100_000) }, { status: 413, code: 90004, names: /\d/ }],
  ])("%s", async (_name, body, refusal) => {
    await expectRefused(() => app.publish(body), refusal)
  })

  test("it is not declared as JSON", async () => {
    const url = `${app.base("REST")}/messaging/default`
    const send = () => call("POST", url, '{"message":"hi"}', { "content-type": "text/plain" })
    await expectRefused(send, { status: 415, code: 90003, names: "application/json" })
  })
})

describe("A property is refused by its name:", () => {
  test.each<[unknown]>([[undefined], [null], ["\u0000"], ["bell \u0007"]])("message %j", async (message) => {
    await expectRefused(() => app.publish({ message }), property("message"))
  })

  test.each<[unknown]>([
    [16],
    [-1],
    [1.5],
    [999],
    ["16"],
    ["WINDOWS"],
    ["IOS,ANDROID"],
    ["IOS|"],
    ["|"],
    ["FOR_"],
    ["-1"],
    [true],
    [[1]],
    [{}],
  ])("pushBroadcast %j", async (pushBroadcast) => {
    await expectRefused(() => app.publish({ message: "hi", pushBroadcast }), property("pushBroadcast"))
  })

  test.each<[object, string]>([
    [{ publishPolicy: "NONE" }, "publishPolicy"],
    [{ publishPolicy: "EVERYBODY" }, "publishPolicy"],
    [{ publishPolicy: 3 }, "publishPolicy"],
    [{ publishPolicy: -1 }, "publishPolicy"],
    [{ publishPolicy: true }, "publishPolicy"],
    [{ publishPolicy: {} }, "publishPolicy"],
    [{ publishPolicy: "constructor" }, "publishPolicy"],
    [{ pushPolicy: "SOMETIMES" }, "pushPolicy"],
    [{ pushPolicy: 2 }, "pushPolicy"],
    [{ pushPolicy: [] }, "pushPolicy"],
    [{ delivery: "exactly-once" }, "delivery"],
    [{ delivery: 1 }, "delivery"],
    [{ ttlSeconds: 0 }, "ttlSeconds"],
    [{ ttlSeconds: 1 }, "ttlSeconds"],
    [{ ttlSeconds: -5 }, "ttlSeconds"],
    [{ ttlSeconds: 1.5 }, "ttlSeconds"],
    [{ ttlSeconds: "60" }, "ttlSeconds"],
    [{ ttlSeconds: 2_419_201 }, "ttlSeconds"],
    [{ publisherId: 7 }, "publisherId"],
    [{ subtopic: {} }, "subtopic"],
  ])("%j", async (body, name) => {
    await expectRefused(() => app.publish({ message: "hi", ...body }), property(name))
  })

  test.each<[unknown, string]>([
    [[], "headers"],
    ["title", "headers"],
    [5, "headers"],
    [true, "headers"],
    [{ a: {} }, "headers.a"],
    [{ a: [1] }, "headers.a"],
    [{ a: null }, "headers.a"],
    [{ a: true }, "headers.a"],
    [{ a: "\u0000" }, "headers.a"],
    [Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`h${index}`, "x"])), "headers"],
  ])("headers %j", async (headers, name) => {
    await expectRefused(() => app.publish({ message: "hi", headers }), property(name))
  })

  test("a time to live of one second, saying why: it can never be sent", async () => {
    await expectRefused(() => app.publish({ message: "hi", ttlSeconds: 1 }), {
      property: "ttlSeconds",
      names: /whole number from 2 to 2419200: with less than a second left nothing is sent/,
    })
  })

  test.each<[string, string, RegExp, number]>([
    ["without a name", "", /the name of a header is empty/, 90005],
    ["with one that is too long", "n".repeat(201), /the name of a header has 201 characters/, 8000],
    ["with a control character in it", "a\u0000", /the name of a header holds .* U\+0000/, 90005],
    ["with half of a character in it", "a\ud800", /surrogate/, 90002],
  ])("a header %s", async (_what, name, names, code) => {
    const refusal = { code, names, ...(code === 90002 ? {} : { property: "headers" }) }
    await expectRefused(() => app.publish({ message: "hi", headers: { [name]: "x" } }), refusal)
  })

  test("two headers whose names are one in normal form C", async () => {
    const headers = { "\u00e9": "one", "e\u0301": "other" }
    await expectRefused(() => app.publish({ message: "hi", headers }), property("headers.\u00e9"))
  })

  test.each<[object]>([
    [{ "apns-push-type": "shout" }],
    [{ "apns-priority": "7" }],
    [{ "apns-collapse-id": "x".repeat(65) }],
    [{ "fcm-priority": "urgent" }],
    [{ "ios-badge": "abc" }],
    [{ "ios-badge": -1 }],
    [{ "ios-badge": 1.5 }],
  ])("headers that a provider would refuse for every device: %j", async (headers) => {
    const [name = ""] = Object.keys(headers)
    await expectRefused(() => app.publish({ message: "hi", headers }), { names: name, property: "headers" })
  })

  test.each<[unknown, string, number?]>([
    [5, "pushSinglecast[0]"],
    [true, "pushSinglecast[0]"],
    [{}, "pushSinglecast[0]"],
    [[1], "pushSinglecast[0]"],
    [["a", null], "pushSinglecast[1]"],
    [[""], "pushSinglecast[0]"],
    [["."], "pushSinglecast[0]"],
    [[".."], "pushSinglecast[0]"],
    [["a\u0000"], "pushSinglecast[0]"],
    [["x".repeat(46)], "pushSinglecast[0]", 8000],
  ])("pushSinglecast %j", async (pushSinglecast, name, code = 90005) => {
    await expectRefused(() => app.publish({ message: "hi", pushSinglecast }), { ...property(name), code })
  })

  test("pushSinglecast with more than 10 000 device ids, naming count and limit", async () => {
    const pushSinglecast = Array.from({ length: 10_001 }, (_, index) => `d${index}`)
    const error = await expectRefused(() => app.publish({ message: "hi", pushSinglecast }), {
      ...property("pushSinglecast"),
    })
    expect(error.message).toMatch(/10001 device ids; the limit is 10000/)
    expect(error.errorData).toMatchObject({ length: 10_001, limit: 10_000 })
  })
})

describe("What a publish may ask for in Backendless and not here is refused, not ignored:", () => {
  test.each<[object, string]>([
    [{ publishAt: 4_102_444_800_000 }, "publishAt"],
    [{ publishAt: "4102444800000" }, "publishAt"],
    [{ publishAt: 4_102_444_800 }, "publishAt"],
    [{ publishAt: "4102444800.5" }, "publishAt"],
    [{ publishAt: "2100-01-01T00:00:00Z" }, "publishAt"],
    [{ publishAt: "tomorrow" }, "publishAt"],
    [{ publishAt: {} }, "publishAt"],
    [{ publishAt: true }, "publishAt"],
    [{ publishAt: "2100-01-01T00:00:00.000" }, "publishAt"],
    [{ repeatEvery: 60 }, "repeatEvery"],
    [{ repeatEvery: 60, repeatExpiresAt: 4_102_444_800_000 }, "repeatEvery"],
    [{ repeatExpiresAt: 4_102_444_800_000 }, "repeatExpiresAt"],
    [{ segmentQuery: "channelName = 'news'" }, "segmentQuery"],
    [{ query: "1=1" }, "query"],
    [{ templateValues: { a: "b" } }, "templateValues"],
  ])("%j", async (body, name) => {
    await expectRefused(() => app.publish({ message: "hi", ...body }), {
      code: 90016,
      names: name,
      property: name,
    })
  })
})

test.each([1, "1", "1970-06-01", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.000", 0, null, ""])(
  "publishAt %j is no time to come: it is published at once",
  async (publishAt) => {
    await app.settled(await app.published({ message: "hi", publishAt }))
  },
)

describe("A channel name that registration refuses is refused here:", () => {
  test.each<[string, string, number?]>([
    ["a,b", "a,b"],
    ["a::b", "a::b"],
    ["a/b", "a%2Fb"],
    ["46 characters", "c".repeat(46), 8000],
    ["a control character", "a%07b"],
  ])("%s", async (_name, channel, code = 90005) => {
    const registering = await call("POST", `${app.base("ANDROID")}/messaging/registrations`, {
      deviceToken: "t",
      deviceId: "refused",
      os: "IOS",
      osVersion: "1",
      channels: [decodeURIComponent(channel)],
    })
    expect((registering.body as ErrorBody).code).toBe(code)
    await expectRefused(() => app.publish({ message: "hi" }, channel), {
      code,
      names: "channel",
      property: "channel",
    })
  })

  const NAMES = ["registrations", "registration", "push", "pushtemplates", "channels", "email"]
  const noChannel = (name: string) => `messaging/${name} is no channel that can be published to.`
  const noMessage = (name: string) => `messaging/${name} is no message.`
  const noDevice = (name: string) => `A device id belongs behind messaging/${name}/.`
  const withName = (method: string, name: string, kind: "REST" | "ANDROID" = "REST") =>
    call(method, `${app.base(kind)}/messaging/${name}`, method === "POST" ? { message: "hi" } : undefined)

  test.each(["push", "channels", "email"])("the reserved name %s", async (channel) => {
    expect(await app.publish({ message: "hi" }, channel)).toMatchObject({
      status: 404,
      body: { code: 90006, message: noChannel(channel) },
    })
    expect((await app.messages()).messages.map((message) => message.channel)).not.toContain(channel)
  })

  test("the reserved name pushtemplates, which can be read", async () => {
    expect(await app.publish({ message: "hi" }, "pushtemplates")).toMatchObject({
      status: 405,
      body: { code: 90007, message: noChannel("pushtemplates"), errorData: { allow: ["GET"] } },
    })
  })

  test.each(["push", "channels", "email"])(
    "%s is no message either: a path without its rest is told so",
    async (name) => {
      for (const answer of [await app.status(name), await app.cancel(name)]) {
        expect(answer).toMatchObject({ status: 404, body: { code: 90006, message: noMessage(name) } })
      }
    },
  )

  test.each(["registrations", "registration"])(
    "%s is no message either: a device id is missing, and a key that may read no message is told so too",
    async (name) => {
      const error = { code: 90007, message: noDevice(name), errorData: { allow: ["POST"] } }
      for (const method of ["GET", "DELETE"]) {
        for (const kind of ["REST", "ANDROID"] as const) {
          expect(await withName(method, name, kind)).toMatchObject({ status: 405, body: error })
        }
      }
    },
  )

  test("a reserved name that is spelt with escapes is none the less", async () => {
    for (const method of ["GET", "DELETE", "PUT"]) {
      expect(await withName(method, "pus%68")).toMatchObject({ status: 404, body: { code: 90006 } })
    }
  })

  test.each(NAMES)("%s is answered with 405 to no method unless another one is taken", async (name) => {
    const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
    const answers = await Promise.all(
      METHODS.map(async (method) => ({ method, ...(await withName(method, name)) })),
    )
    const taken = answers.filter(({ status }) => status !== 404 && status !== 405)
    const refused = answers.filter((answer) => !taken.includes(answer))
    const allow = taken.map(({ method }) => method)
    for (const answer of refused) {
      expect(answer).toMatchObject(
        allow.length === 0 ? { status: 404 } : { status: 405, body: { errorData: { allow } } },
      )
    }
  })
})

describe("A notification that is larger than a provider takes is refused, naming size and limit:", () => {
  test.each<[string, string, number, string]>([
    ["APNs", "IOS", 4_096, "x".repeat(5_000)],
    ["FCM", "ANDROID", 4_096, "x".repeat(5_000)],
    ["WNS", "WP", 5_000, "x".repeat(5_500)],
    ["APNs", "ALL", 4_096, "é".repeat(2_100)],
  ])("%s (%s)", async (provider, pushBroadcast, limit, message) => {
    const error = await expectRefused(() => app.publish({ message, pushBroadcast }), {
      status: 422,
      code: 90015,
      names: provider,
      property: "message",
    })
    expect(error.errorData).toMatchObject({ provider, limit, length: expect.any(Number) })
    expect(error.errorData["length"]).toBeGreaterThan(limit)
    expect(error.message).toContain(String(error.errorData["length"]))
    expect(error.message).toContain(String(limit))
    expect(error.message).toMatch(
      /Shorten the message or its headers, or publish to the operating systems of other/,
    )
  })

  test("one byte less is sent, one byte more is not", async () => {
    const attempt = (length: number) => app.publish({ message: "x".repeat(length), pushBroadcast: "ANDROID" })
    const { errorData } = (await attempt(4_500)).body as ErrorBody
    const fits = 4_500 - (Number(errorData["length"]) - 4_096)
    await expectRefused(() => attempt(fits + 1), { status: 422, code: 90015, names: "4097" })
    const { status, body } = await attempt(fits)
    expect(status).toBe(200)
    const report = await app.settled((body as { messageId: string }).messageId)
    expect(report.counts["accepted"]).toBe(1)
  })

  test("but not when it is pushed to nobody", async () => {
    const reply = await app.publish({ message: "x".repeat(5_000), publishPolicy: "PUBSUB" })
    expect(reply.status).toBe(200)
  })
})
