import { afterAll, beforeAll, expect, test } from "vitest"
import type { AppHandle } from "./app-handle.ts"
import { eventually } from "./eventually.ts"
import { SkippingClock } from "./skipping-clock.ts"
import { openWorld, type World } from "./world.ts"

/** What is said of a device whose push a provider has not answered yet, when something happens meanwhile. */

/** Nearly as long as an answer is waited for. */
const ANSWERED_AFTER_MS = 8_000

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

/** The message, with its push to the device under way. */
async function underWay(deviceId: string): Promise<string> {
  await app.register({ deviceId, os: "IOS", channels: [deviceId] })
  world.simulators.faults.add({ provider: "apns", action: { do: "delay", ms: ANSWERED_AFTER_MS } })
  const id = await app.published({ message: "hello" }, deviceId)
  await eventually("the provider is asked", async () => world.simulators.faults.list()[0]?.struck === 1)
  return id
}

/** Lets the provider answer, and returns what is said of the device then. */
async function answered(id: string, deviceId: string) {
  world.simulators.faults.clear()
  clock.skip(ANSWERED_AFTER_MS)
  await app.settled(id)
  return app.device(id, deviceId)
}

test("The message is cancelled: nothing more is sent, and what came of it is told", async () => {
  const id = await underWay("cancelled")
  await app.change(id, "cancel")
  expect(await app.device(id, "cancelled")).toMatchObject({
    verdict: "pending",
    summary: "The device is in the audience: its turn has not come, or its push is under way.",
    next: "Nothing more is sent. What came of it is told here.",
  })
  expect(await answered(id, "cancelled")).toMatchObject({ outcome: { kind: "accepted" } })
})

test("Its only channel is deleted: how the message counts it is told, and what came of it", async () => {
  const id = await underWay("bereft")
  await world.admin("DELETE", `/applications/${app.id}/channels/bereft`)
  const report = await eventually("the registration is gone", async () => {
    const report = await app.device(id, "bereft")
    return report.verdict === "not_registered" && report
  })
  expect(report.summary).toBe(
    "The only channel of the device was deleted, and its registration with it. It was removed after the message was published.",
  )
  expect(report.next).toMatch(
    /^If the device was in the audience, it is not sent to any more and counted as left_audience; a push that was under way is told here once it is answered\. Open the app/,
  )
  expect(await answered(id, "bereft")).toMatchObject({ outcome: { kind: "accepted" } })
})
