import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { MessageView } from "../../src/http/admin/views.ts"
import { type AppHandle, tokenFor } from "./app-handle.ts"
import { linesFor } from "./ledger.ts"
import { openWorld, type World } from "./world.ts"

/** Who gets a message: every spelling of pushBroadcast, pushSinglecast and the policies (contract 3.1 and 3.2). */

/** One phone of each system; the letter names it in the tables. */
const PHONES = { i: "IOS", m: "osx", a: "Android", w: "wp", t: "Tizen" } as const
type Letter = keyof typeof PHONES

const PROVIDERS: Readonly<Record<Letter, "apns" | "fcm" | "wns" | undefined>> = {
  i: "apns",
  m: "apns",
  a: "fcm",
  w: "wns",
  t: undefined,
}

let world: World
let app: AppHandle

beforeAll(async () => {
  world = await openWorld()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

async function openPhones(): Promise<void> {
  app = await world.app()
  for (const [letter, os] of Object.entries(PHONES)) await app.register({ deviceId: deviceId(letter), os })
  await app.register({ deviceId: elsewhere(), os: "IOS", channels: ["elsewhere"] })
}

/** Unique among the applications of the test, so that a ledger line has one meaning. */
function deviceId(letter: string): string {
  return `${letter}-${app.id}`
}

/** A phone that is in another channel. */
function elsewhere(): string {
  return deviceId("elsewher")
}

/** The letters of the phones whose provider got the message since the line count before it. */
function receivers(before: number): string {
  const lines = world.ledger().slice(before)
  const got = (letter: Letter) => {
    const provider = PROVIDERS[letter]
    return (
      provider !== undefined &&
      linesFor(lines, provider, tokenFor(PHONES[letter], deviceId(letter))).length === 1
    )
  }
  return (Object.keys(PHONES) as Letter[]).filter(got).join("")
}

async function publish(body: object): Promise<{ report: MessageView; received: string; sent: number }> {
  const before = world.ledger().length
  const report = await app.settled(await app.published({ message: "to whom?", ...body }))
  return { report, received: receivers(before), sent: world.ledger().length - before }
}

describe("pushBroadcast chooses the systems:", () => {
  beforeAll(openPhones)

  test.each<[unknown, string]>([
    [undefined, "imaw"],
    [null, "imaw"],
    [0, "imaw"],
    ["", "imaw"],
    ["0", "imaw"],
    [15, "imaw"],
    ["15", "imaw"],
    ["ALL", "imaw"],
    ["FOR_ALL", "imaw"],
    [" for_all ", "imaw"],
    ["IOS|ANDROID|WP|OSX", "imaw"],
    [1, "i"],
    ["1", "i"],
    ["IOS", "i"],
    ["ios", "i"],
    ["FOR_IOS", "i"],
    [2, "a"],
    ["android", "a"],
    ["FOR_ANDROID", "a"],
    [4, "w"],
    ["WP", "w"],
    ["FOR_WP", "w"],
    [8, "m"],
    ["OSX", "m"],
    [3, "ia"],
    ["IOS|ANDROID", "ia"],
    ["FOR_IOS|FOR_ANDROID", "ia"],
    [" ios | for_android ", "ia"],
    ["IOS|IOS", "i"],
    ["IOS|ALL", "imaw"],
    [7, "iaw"],
    [14, "maw"],
    ["FOR_NONE", ""],
    ["NONE", ""],
    ["NONE|WP", "w"],
  ])("%j reaches %s", async (pushBroadcast, expectedLetters) => {
    const { report, received, sent } = await publish({ pushBroadcast })
    expect(received).toBe(expectedLetters)
    expect(sent).toBe(expectedLetters.length)
    expect(report.counts["accepted"]).toBe(expectedLetters.length)
    // A system without a provider is in the audience of "everybody", and is accounted for.
    const others = expectedLetters === "imaw" ? 1 : 0
    expect(report.counts["suppressed"]).toBe(others)
    expect(report.audience).toBe(expectedLetters.length + others)
  })
})

describe("pushSinglecast narrows the channel to named devices and never widens it:", () => {
  beforeAll(openPhones)

  const ids = (letters: string) => [...letters].map(deviceId)

  test.each<[string, () => object, string]>([
    ["one device", () => ({ pushSinglecast: ids("i") }), "i"],
    ["a bare string instead of a list", () => ({ pushSinglecast: deviceId("a") }), "a"],
    ["several devices", () => ({ pushSinglecast: ids("iw") }), "iw"],
    ["the same device twice", () => ({ pushSinglecast: ids("ii") }), "i"],
    ["an empty list is no restriction", () => ({ pushSinglecast: [] }), "imaw"],
    ["null is no restriction", () => ({ pushSinglecast: null }), "imaw"],
    [
      "systems and devices together: both must hold",
      () => ({ pushSinglecast: ids("ia"), pushBroadcast: "IOS" }),
      "i",
    ],
    [
      "FOR_NONE beside devices means these devices",
      () => ({ pushSinglecast: ids("a"), pushBroadcast: "FOR_NONE" }),
      "a",
    ],
    ["0 beside devices means these devices", () => ({ pushSinglecast: ids("w"), pushBroadcast: 0 }), "w"],
    ["ALL beside devices does not widen", () => ({ pushSinglecast: ids("m"), pushBroadcast: "ALL" }), "m"],
  ])("%s", async (_name, body, expectedLetters) => {
    const { report, received, sent } = await publish(body())
    expect(received).toBe(expectedLetters)
    expect(sent).toBe(expectedLetters.length)
    expect(report.unknownDeviceIds).toEqual([])
  })

  test("device ids that are not in the channel are listed, and the others are sent to", async () => {
    const { report, received } = await publish({ pushSinglecast: [...ids("i"), "nobody", elsewhere()] })
    expect(received).toBe("i")
    expect(report.audience).toBe(1)
    expect([...report.unknownDeviceIds].sort()).toEqual(["nobody", elsewhere()].sort())
  })

  test("a message to devices that nobody knows is finished at once and lists them", async () => {
    const { report, sent } = await publish({ pushSinglecast: ["nobody"] })
    expect(sent).toBe(0)
    expect(report).toMatchObject({ audience: 0, pending: 0, unknownDeviceIds: ["nobody"] })
  })

  test("10 000 device ids are taken", async () => {
    const many = Array.from({ length: 9_999 }, (_, index) => `nobody-${index}`)
    const { report, received } = await publish({ pushSinglecast: [...many, deviceId("i")] })
    expect(received).toBe("i")
    expect(report.unknownDeviceIds).toHaveLength(9_999)
  })

  test("a named device whose system has no provider is accounted for", async () => {
    const { report, sent } = await publish({ pushSinglecast: ids("t") })
    expect(sent).toBe(0)
    expect(report.reasons).toEqual([{ kind: "suppressed", reason: "unsupported_os", count: 1 }])
  })
})

describe("publishPolicy and its older name pushPolicy decide whether phones are pushed to:", () => {
  beforeAll(openPhones)

  test.each<[object, "pushed" | "not pushed"]>([
    [{}, "pushed"],
    [{ publishPolicy: null }, "pushed"],
    [{ publishPolicy: "" }, "pushed"],
    [{ publishPolicy: "PUSH" }, "pushed"],
    [{ publishPolicy: " push " }, "pushed"],
    [{ publishPolicy: "BOTH" }, "pushed"],
    [{ publishPolicy: "Both" }, "pushed"],
    [{ publishPolicy: 0 }, "pushed"],
    [{ publishPolicy: 2 }, "pushed"],
    [{ publishPolicy: "PUBSUB" }, "not pushed"],
    [{ publishPolicy: "pubsub" }, "not pushed"],
    [{ publishPolicy: 1 }, "not pushed"],
    [{ pushPolicy: "ONLY" }, "pushed"],
    [{ pushPolicy: "also" }, "pushed"],
    [{ pushPolicy: 0 }, "pushed"],
    [{ pushPolicy: 1 }, "pushed"],
    [{ pushPolicy: "NONE" }, "not pushed"],
    [{ publishPolicy: "PUBSUB", pushPolicy: "ONLY" }, "not pushed"],
  ])("%j: %s", async (body, verdict) => {
    const { report, received } = await publish(body)
    expect(received).toBe(verdict === "pushed" ? "imaw" : "")
    expect(report.audience).toBe(verdict === "pushed" ? 5 : 0)
    expect(report.state).toBe("finished")
  })
})

describe("The audience is fixed in the moment of the publish:", () => {
  beforeAll(openPhones)

  test("who registers, or joins the channel, later does not get it", async () => {
    const { faults } = world.simulators
    faults.add({ provider: "apns", action: { do: "delay", ms: 1_500 } })
    const id = await app.published({ message: "now" })
    await app.register({ deviceId: "late", os: "ANDROID" })
    await app.register({ deviceId: elsewhere(), os: "IOS", channels: ["default"] })
    const report = await app.settled(id)
    faults.clear()
    expect(report.counts["accepted"]).toBe(4)
    expect(linesFor(world.ledger(), "fcm", tokenFor("ANDROID", "late"))).toEqual([])
    for (const late of ["late", elsewhere()]) {
      expect(await app.device(id, late)).toMatchObject({
        verdict: "not_in_audience",
        summary: "The device registered, or joined the channel, after the message was published.",
      })
    }
    const next = await app.settled(await app.published({ message: "next" }))
    expect(next.counts["accepted"]).toBe(6)
  })

  test("a channel that nobody has joined takes messages and reaches nobody", async () => {
    const id = await app.published({ message: "hello?" }, "empty-channel")
    expect(await app.settled(id)).toMatchObject({ audience: 0, state: "finished" })
    await app.register({ deviceId: "first", os: "IOS", channels: ["empty-channel"] })
    expect(await app.device(id, "first")).toMatchObject({ verdict: "not_in_audience" })
  })
})
