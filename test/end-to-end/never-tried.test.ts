import { afterAll, beforeAll, expect, test } from "vitest"
import { UNUSED_ORIGIN } from "../provider/unused-origin.ts"
import type { AppHandle } from "./app-handle.ts"
import { eventually } from "./eventually.ts"
import { SkippingClock } from "./skipping-clock.ts"
import { openWorld, simulatorCredential, type World } from "./world.ts"

/** Devices that nothing was sent to are told what they waited for. */

const LIFE_S = 600

const clock = new SkippingClock()
let world: World
let app: AppHandle

beforeAll(async () => {
  world = await openWorld({ clock })
  app = await world.app()
})

afterAll(async () => {
  expect(world.bugs()).toEqual([])
  await world[Symbol.asyncDispose]()
})

test("A device that was never tried says why not, while it waits and after the message expired", async () => {
  const remote = await world.app("none")
  await remote.register({ deviceId: "far", os: "IOS" })
  const { caCertificatePem: ca } = world.simulators
  const origin = UNUSED_ORIGIN
  await remote.setCredential("apns", { ...simulatorCredential(world.simulators, "apns"), origin, ca })
  const id = await remote.published({ message: "hi", ttlSeconds: LIFE_S })
  const waiting = await eventually("it is known what the device waits for", async () => {
    const report = await remote.device(id, "far")
    return report.summary.includes("ECONNREFUSED") && report
  })
  expect(["pending", "retrying"]).toContain(waiting.verdict)
  expect(waiting.summary).toMatch(
    /What kept it from being sent: there was no connection to the provider \(no connection: .*ECONNREFUSED.*\)\.$/,
  )
  expect(waiting.next).toMatch(/Look at the way from this server to the provider/)
  clock.skip(LIFE_S * 1_000)
  const report = await remote.settled(id)
  const [reason] = report.reasons
  expect(reason).toMatchObject({ kind: "expired", reason: expect.stringContaining("ECONNREFUSED"), count: 1 })
  const told = await remote.device(id, "far")
  expect(told.summary).toMatch(
    /^The message expired before it could be sent\. What kept it from being sent: there was no connection/,
  )
  expect(told.next).toMatch(/^Look at the way .+ Send it again to those that it expired for/)
})

test("A message that is paused until it expires says so of its devices", async () => {
  await app.register({ deviceId: "held", os: "IOS", channels: ["held"] })
  world.simulators.faults.add({
    provider: "apns",
    action: { do: "answer", status: 503, headers: { "retry-after": "2" } },
  })
  const id = await app.published({ message: "hi", ttlSeconds: LIFE_S }, "held")
  await eventually("it waits", async () => (await app.device(id, "held")).verdict === "retrying")
  await app.change(id, "pause")
  clock.skip(LIFE_S * 1_000)
  await app.settled(id)
  world.simulators.faults.clear()
  expect((await app.device(id, "held")).summary).toBe(
    "The message expired before it could be sent. What kept it from being sent: somebody had paused the message.",
  )
})
