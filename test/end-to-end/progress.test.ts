import { type IncomingMessage, request } from "node:http"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { MessageView } from "../../src/http/admin/views.ts"
import type { AppHandle } from "./app-handle.ts"
import { DEADLINE_MS } from "./eventually.ts"
import { SkippingClock } from "./skipping-clock.ts"
import { openWorld, scaled, type World } from "./world.ts"

/** The stream of a message's progress, as the Console shows it. */

let world: World
let app: AppHandle
const clock = new SkippingClock()

beforeAll(async () => {
  world = await openWorld({ clock })
  app = await world.app()
})

afterAll(async () => {
  expect(world.bugs()).toEqual([])
  await world[Symbol.asyncDispose]()
})

const LATER_S = 3_600
/** Keeps a message from being finished for as long as a test needs. */
const NOT_YET = {
  provider: "apns",
  action: { do: "answer", reason: "TooManyRequests", headers: { "retry-after": String(LATER_S) } },
} as const

interface Stream {
  readonly status: number
  readonly contentType: string | undefined
  events(): AsyncGenerator<string>
  close(): void
}

function openStream(
  id: string,
  headers: Readonly<Record<string, string>> = world.authorization,
): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const asked = request(`${world.url}${app.eventsPath(id)}`, { agent: false, headers }, (response) => {
      resolve({
        status: response.statusCode ?? 0,
        contentType: response.headers["content-type"],
        events: () => eventsOf(response),
        close: () => asked.destroy(),
      })
    })
    asked.on("error", reject)
    asked.end()
  })
}

async function* eventsOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = ""
  for await (const chunk of response.setEncoding("utf8")) {
    const parts = (rest + chunk).split("\n\n")
    rest = parts.pop() ?? ""
    yield* parts
  }
  expect(rest).toBe("")
}

/** All reports until the stream ends; `seen` is called with each and waited for. */
async function reportsOf(
  stream: Stream,
  seen: (report: MessageView) => Promise<void> = async () => {},
): Promise<{ readonly reports: readonly MessageView[]; readonly last: string }> {
  const reports: MessageView[] = []
  let last = ""
  for await (const event of stream.events()) {
    last = event
    if (!event.startsWith("data: ")) continue
    const report = JSON.parse(event.slice("data: ".length)) as MessageView
    reports.push(report)
    await seen(report)
  }
  return { reports, last }
}

function settledOf({ counts }: MessageView): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

describe("The progress stream", () => {
  test("always adds up, only ever grows, and ends with the message", { timeout: DEADLINE_MS }, async () => {
    const count = scaled(3_000)
    await app.registerAll(
      Array.from({ length: count }, (_, index) => ({
        deviceId: `d-${index}`,
        os: index % 5 === 0 ? "ANDROID" : "IOS",
      })),
    )
    // Some are through soon, and the rest is not before the message was halted.
    world.simulators.faults.add({
      provider: "apns",
      action: { do: "delay", ms: 2_000 },
      when: { nth: { from: 100 } },
    })
    const id = await app.published({ message: "watch me" })
    const stream = await openStream(id)
    expect(stream).toMatchObject({
      status: 200,
      contentType: expect.stringMatching(/^text\/event-stream/),
    })
    // A halt in the middle makes sure that there is something to see of it.
    let isHalted = false
    const { reports, last } = await reportsOf(stream, async ({ state, counts }) => {
      if (!isHalted && (counts["accepted"] ?? 0) > 0) {
        isHalted = true
        await app.change(id, "pause")
      }
      if (state === "paused") {
        world.simulators.faults.clear()
        await app.change(id, "resume")
      }
    })
    expect(last).toBe("event: end\ndata: {}")
    expect(reports.map(({ state }) => state)).toContain("paused")
    let before = 0
    for (const report of reports) {
      expect(report.messageId).toBe(id)
      expect(settledOf(report) + report.pending).toBe(count)
      expect(report.retrying).toBeLessThanOrEqual(report.pending)
      expect(settledOf(report)).toBeGreaterThanOrEqual(before)
      expect(report.ratePerSecond).toBeGreaterThanOrEqual(0)
      before = settledOf(report)
    }
    expect(reports.at(-1)).toMatchObject({ state: "finished", pending: 0, secondsLeft: 0 })
  })

  test("of a finished message shows it once and ends", async () => {
    const id = await app.published({ message: "over" }, "nobody")
    await app.settled(id)
    const { reports, last } = await reportsOf(await openStream(id))
    expect(reports).toMatchObject([{ state: "finished", audience: 0 }])
    expect(last).toBe("event: end\ndata: {}")
  })

  test("says now and then that it is still there, so that no proxy ends it", async () => {
    await app.register({ deviceId: "quiet", os: "IOS", channels: ["quiet"] })
    world.simulators.faults.add(NOT_YET)
    const id = await app.published({ message: "later" }, "quiet")
    expect((await app.change(id, "pause")).status).toBe(200)
    const stream = await openStream(id)
    for await (const event of stream.events()) {
      // Whatever changes goes on changing the report; a paused message comes to rest.
      if (event === ": still here") break
      expect(event).toMatch(/^data: /)
      clock.skip(20_000)
    }
    stream.close()
    world.simulators.faults.clear()
    await app.change(id, "resume")
    clock.skip(LATER_S * 1_000)
    await app.settled(id)
  })

  test("shows a pause, and ends when the message is cancelled and accounted for", async () => {
    await app.registerAll(
      Array.from({ length: 500 }, (_, index) => ({ deviceId: `s-${index}`, channels: ["slow"] })),
    )
    world.simulators.faults.add(NOT_YET)
    const id = await app.published({ message: "slowly" }, "slow")
    expect((await app.change(id, "pause")).status).toBe(200)
    const stream = await openStream(id)
    let isCancelled = false
    const { reports } = await reportsOf(stream, async () => {
      if (!isCancelled) await app.change(id, "cancel")
      isCancelled = true
    })
    world.simulators.faults.clear()
    const states = reports.map(({ state }) => state)
    for (const report of reports) expect(settledOf(report) + report.pending).toBe(500)
    expect(states[0]).toBe("paused")
    expect(states.at(-1)).toBe("cancelled")
  })

  test("needs an administrator and a message that exists", async () => {
    const id = await app.published({ message: "secret" }, "nobody")
    const refused = await openStream(id, {})
    expect(refused.status).toBe(401)
    refused.close()
    const missing = await openStream("message:nonsense")
    expect(missing.status).toBe(404)
    missing.close()
  })

  test("that its reader leaves does not hold up the server", async () => {
    world.simulators.faults.add({ provider: "apns", action: { do: "delay", ms: 500 }, times: 1 })
    const id = await app.published({ message: "bye" })
    const stream = await openStream(id)
    for await (const _event of stream.events()) {
      stream.close()
      break
    }
    const report = await app.settled(id)
    world.simulators.faults.clear()
    expect(report.state).toBe("finished")
  })
})
