import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { MessageView } from "../../src/http/admin/views.ts"
import { type AppHandle, tokenFor } from "./app-handle.ts"
import { expected } from "./calls.ts"
import { DEADLINE_MS, eventually } from "./eventually.ts"
import { linesFor } from "./ledger.ts"
import { SkippingClock } from "./skipping-clock.ts"
import { openWorld, scaled, type World } from "./world.ts"

/** What people do to a message that is on its way (reliability, T-18 and invariant I2). */

const DEVICES = scaled(20_000)
const BROADCAST = scaled(60_000)
/** Nothing starts later than this after a pause or a cancel was answered. */
const HALT_MS = 2_000

let world: World

beforeAll(async () => {
  world = await openWorld()
})

afterAll(async () => {
  expect(world.bugs()).toEqual([])
  await world[Symbol.asyncDispose]()
})

async function openAudience(count: number, where: World = world): Promise<AppHandle> {
  const app = await where.app()
  await app.registerAll(
    Array.from({ length: count }, (_, index) => ({ deviceId: `${app.id.slice(0, 8)}-${index}` })),
  )
  return app
}

function settledOf({ audience, pending }: MessageView): number {
  return audience - pending
}

function sumOf({ counts }: MessageView): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** The report as soon as a tenth of the audience is settled. */
function underWay(app: AppHandle, id: string): Promise<MessageView> {
  return eventually("a tenth is settled", async () => {
    const report = await app.report(id)
    return settledOf(report) * 10 >= report.audience && report
  })
}

/** The simulator's times of the pushes of a message. */
function times(id: string, where: World = world): readonly number[] {
  return where.ledger(id).map(({ at }) => at)
}

async function passed(instant: number): Promise<void> {
  await eventually("that time has passed", () => world.clock.now() > instant)
}

describe("Pausing", () => {
  test("halts a message within two seconds, and resuming sends the rest once", {
    timeout: DEADLINE_MS,
  }, async () => {
    const app = await openAudience(DEVICES)
    const id = await app.published({ message: "wait" })
    await underWay(app, id)
    const paused = await app.change(id, "pause")
    const answeredAt = world.clock.now()
    expect(paused.status).toBe(200)
    await passed(answeredAt + HALT_MS + 500)
    expect(Math.max(...times(id))).toBeLessThanOrEqual(answeredAt + HALT_MS)
    const halted = await eventually("all that was under way is counted", async () => {
      const report = await app.report(id)
      return report.counts["accepted"] === times(id).length && report
    })
    expect(halted.state).toBe("paused")
    expect(halted.pending).toBeGreaterThan(0)
    const last = `${app.id.slice(0, 8)}-${DEVICES - 1}`
    expect(await app.device(id, last)).toMatchObject({
      verdict: "pending",
      summary: "The device is in the audience, and the message is paused.",
      next: "Resume the message.",
    })
    expect((await app.change(id, "pause")).status).toBe(200)
    expect((await app.report(id)).pending).toBe(halted.pending)

    expect((await app.change(id, "resume")).status).toBe(200)
    const report = await app.settled(id)
    expect(report).toMatchObject({ state: "finished", counts: { accepted: DEVICES } })
    expect(times(id)).toHaveLength(DEVICES)
    expect(new Set(world.ledger(id).map(({ token }) => token)).size).toBe(DEVICES)
  })
})

describe("Cancelling", () => {
  test("halts a message for good within two seconds and accounts for the rest", {
    timeout: DEADLINE_MS,
  }, async () => {
    const app = await openAudience(DEVICES)
    const id = await app.published({ message: "stop" })
    await underWay(app, id)
    const cancelled = await app.cancel(id)
    const answeredAt = world.clock.now()
    expect(cancelled.body).toMatchObject({ status: "CANCELLED" })
    const report = await app.settled(id)
    await passed(answeredAt + HALT_MS + 500)
    expect(Math.max(...times(id))).toBeLessThanOrEqual(answeredAt + HALT_MS)
    expect(report.state).toBe("cancelled")
    expect(report.counts["accepted"]).toBe(times(id).length)
    expect((report.counts["cancelled"] ?? 0) + (report.counts["accepted"] ?? 0)).toBe(DEVICES)
    expect(report.counts["cancelled"]).toBeGreaterThan(0)
    const last = await app.device(id, `${app.id.slice(0, 8)}-${DEVICES - 1}`)
    expect(last.summary).toBe("The message was cancelled before it was sent.")
    for (const verb of ["resume", "pause"] as const) {
      expect((await app.change(id, verb)).status).toBe(409)
    }
    expect((await app.change(id, "cancel")).status).toBe(400)
    expect(times(id)).toHaveLength(report.counts["accepted"] ?? 0)
  })

  test("a paused message sends nothing more", { timeout: DEADLINE_MS }, async () => {
    const app = await openAudience(DEVICES)
    const id = await app.published({ message: "stop" })
    await underWay(app, id)
    await app.change(id, "pause")
    await app.change(id, "cancel")
    const report = await app.settled(id)
    expect(report.state).toBe("cancelled")
    expect(sumOf(report)).toBe(DEVICES)
    expect(times(id)).toHaveLength(report.counts["accepted"] ?? 0)
  })
})

test("A message to one device overtakes a broadcast", { timeout: 2 * DEADLINE_MS }, async () => {
  // With a single runner for broadcasts, only a lane of its own gets the small message through.
  await using narrow = await openWorld({ flags: { "delivery-bulk-runners": "1" } })
  const app = await openAudience(BROADCAST, narrow)
  await app.register({ deviceId: "the-one", os: "IOS", channels: ["one"] })
  const broadcast = await app.published({ message: "to all" })
  await underWay(app, broadcast)
  const before = narrow.simulators.counters().apns.accepted
  const single = await app.published({ message: "to you" }, "one")
  const report = await app.settled(single)
  expect(report.counts["accepted"]).toBe(1)
  await app.settled(broadcast, 2 * DEADLINE_MS)
  // The ledger has the pushes in their order.
  const pushes = narrow.ledger()
  const place = pushes.findIndex(({ messageId }) => messageId === single)
  expect(place).toBeGreaterThanOrEqual(before)
  expect(place - before).toBeLessThanOrEqual(BROADCAST / 10)
  expect(place).toBeLessThan(BROADCAST)
  expect(narrow.bugs()).toEqual([])
})

describe("Nothing is sent after its time:", () => {
  const slow = { provider: "apns", action: { do: "delay", ms: 1_000 } } as const
  const LIFE_S = 3_600
  /** 256 at a time, a second each: it takes ten seconds, of which a few pass before the clock is put forward. */
  const crowd = 3_000
  const clock = new SkippingClock()
  let late: World

  beforeAll(async () => {
    late = await openWorld({ clock })
  })

  afterAll(async () => {
    expect(late.bugs()).toEqual([])
    await late[Symbol.asyncDispose]()
  })

  test("a message that expires on its way", { timeout: DEADLINE_MS }, async () => {
    const app = await openAudience(crowd, late)
    late.simulators.faults.add({ ...slow, when: { nth: { from: 100 } } })
    const id = await app.published({ message: "soon over", ttlSeconds: LIFE_S })
    await underWay(app, id)
    clock.skip(LIFE_S * 1_000)
    const report = await app.settled(id)
    late.simulators.faults.clear()
    expect(report.counts["expired"]).toBeGreaterThan(0)
    expect(report.counts["accepted"]).toBeGreaterThan(0)
    expect(sumOf(report)).toBe(crowd)
    expect(Math.max(...times(id, late))).toBeLessThanOrEqual(report.expiresAt + 1_000)
    const last = await app.device(id, `${app.id.slice(0, 8)}-${crowd - 1}`)
    expect(last.summary).toBe(
      "The message expired before it could be sent. What kept it from being sent: its time to live was over before its turn came, or no server was running.",
    )
  })

  test("registrations that expire on the way", { timeout: DEADLINE_MS }, async () => {
    const app = await openAudience(10, late)
    const expiresAt = clock.now() + LIFE_S * 1_000
    await app.registerAll(
      Array.from({ length: crowd }, (_, index) => ({ deviceId: `brief-${index}`, expiration: expiresAt })),
    )
    late.simulators.faults.add({ ...slow, when: { nth: { from: 100 } } })
    const id = await app.published({ message: "still there?" })
    await underWay(app, id)
    clock.skip(LIFE_S * 1_000)
    const report = await app.settled(id)
    late.simulators.faults.clear()
    expect(report.audience).toBe(crowd + 10)
    expect(report.counts["suppressed"]).toBeGreaterThan(0)
    expect(sumOf(report)).toBe(crowd + 10)
    const mine = new Set(Array.from({ length: crowd }, (_, index) => tokenFor("IOS", `brief-${index}`)))
    const tooLate = late.ledger(id).filter(({ at, token }) => mine.has(token) && at > expiresAt + 1_000)
    expect(tooLate).toEqual([])
    const last = await eventually("the last one has been removed", async () => {
      const report = await app.device(id, `brief-${crowd - 1}`)
      return report.departures.length > 0 && report
    })
    expect(last.summary).toMatch(
      /^The registration of the device expired\. It was removed after the message was published\.$|had expired\.$|before its turn came\.$/,
    )
    expect(last.departures).toMatchObject([{ reason: "expired" }])
  })
})

test("The list of messages shows the latest first, each adding up", async () => {
  const app = await openAudience(5)
  const ids: string[] = []
  for (const message of ["one", "two", "three"]) ids.push(await app.published({ message }))
  await Promise.all(ids.map((id) => app.settled(id)))
  const { messages } = await app.messages()
  expect(messages.map(({ messageId }) => messageId)).toEqual(ids.toReversed())
  for (const report of messages) expect(sumOf(report)).toBe(5)
  const page = await expected<{ messages: readonly MessageView[]; next: string | null }>(
    world.admin("GET", `/applications/${app.id}/messages?limit=2`),
  )
  expect(page.messages).toHaveLength(2)
  const rest = await expected<{ messages: readonly MessageView[]; next: string | null }>(
    world.admin("GET", `/applications/${app.id}/messages?limit=2&cursor=${page.next}`),
  )
  expect(rest.messages.map(({ messageId }) => messageId)).toEqual([ids[0]])
})

test("A device that is unregistered while it waits for its turn is accounted for and not sent to", async () => {
  const app = await openAudience(10)
  await app.register({ deviceId: "leaving", os: "IOS" })
  world.simulators.faults.add({
    provider: "apns",
    action: { do: "answer", status: 503, headers: { "retry-after": "1" } },
    when: { token: tokenFor("IOS", "leaving") },
  })
  const id = await app.published({ message: "bye" })
  await eventually("it waits for another attempt", async () => {
    const report = await app.device(id, "leaving")
    return report.verdict === "retrying"
  })
  await app.unregister("leaving")
  // The fault stays until the end: an attempt may have begun before the device left.
  const report = await app.settled(id)
  world.simulators.faults.clear()
  expect(report.counts).toMatchObject({ accepted: 10, suppressed: 1 })
  expect(
    linesFor(world.ledger(id), "apns", tokenFor("IOS", "leaving")).map(({ outcome }) => outcome),
  ).not.toContain("accepted")
  expect((await app.device(id, "leaving")).departures).toMatchObject([{ reason: "unregistered" }])
})

test("A device whose only channel was deleted is not said to have cancelled its registration", async () => {
  const app = await openAudience(1)
  await app.register({ deviceId: "bereft", os: "IOS", channels: ["short-lived"] })
  await expected(world.admin("DELETE", `/applications/${app.id}/channels/short-lived`))
  const id = await app.published({ message: "anybody?" }, "short-lived")
  const summary = await eventually("the device is gone", async () => {
    const report = await app.device(id, "bereft")
    return report.verdict === "not_registered" && report.summary
  })
  // The registration goes a little later than the channel, perhaps after the publish.
  expect(summary).toMatch(
    /^The only channel of the device was deleted, and its registration with it\.(?: It was removed after the message was published\.)?$/,
  )
})
