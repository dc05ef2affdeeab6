import { describe, expect, test } from "vitest"
import { BroadcastSite } from "./broadcasts.ts"
import { Door } from "./doors.ts"
import { auditFinished, expectConserved } from "./fan-out-audit.ts"
import { allFinished } from "./fan-out-course.ts"
import { between, countFrom, jitter, seeded } from "./settings.ts"

const KILLS = 2 * Math.ceil(countFrom("BELFRY_TEST_KILLS", 50) / 10)
const DEVICES = 4_000
/** Every second phone of the site is FCM's. */
const OF_FCM = DEVICES / 2
/** So that a message of this size does what one to millions does at 10 000. */
const RETRYING_MAX = 200
const PUSHES_BETWEEN_KILLS_MAX = 250
const WAIT_MS_MAX = 4_000
const DOUBT_MAX = 256

describe("a server that is killed while one of three providers lets nobody in", () => {
  test(`ends with the others, and with that one when it is back, in ${KILLS} kills`, {
    timeout: 180_000 + KILLS * 10_000,
  }, async () => {
    const random = seeded("one closed door")
    const environment = { BELFRY_DELIVERY_RETRYING_MAX: String(RETRYING_MAX) }
    await using opened = new AsyncDisposableStack()
    const doors: Door[] = []
    const broadcasts = opened.use(
      await BroadcastSite.open(DEVICES, async (origin, provider) => {
        if (provider !== "fcm") return origin
        const door = opened.use(await Door.before(origin))
        doors.push(door)
        return door.origin
      }),
    )
    const killed = async (kill: number) => {
      const server = await broadcasts.site.start({ quickLease: true, environment })
      if (kill === 1) await broadcasts.publish(server, { delivery: "at-most-once" })
      const sent = broadcasts.accepted(between(random, 1, PUSHES_BETWEEN_KILLS_MAX))
      await Promise.race([sent, pause(WAIT_MS_MAX)])
      await jitter(random)
      expect(await server.program.kill()).toMatchObject({ signal: "SIGKILL", stderr: "" })
    }
    for (let kill = 1; kill <= KILLS / 2; kill += 1) await killed(kill)
    const server = await broadcasts.site.start({ quickLease: true, environment })
    for (let pending = DEVICES; pending > OF_FCM; ) {
      await pause(100)
      const reports = await broadcasts.reports(server)
      reports.forEach(expectConserved)
      pending = Math.max(...reports.map((report) => report.pending))
    }
    await server.program.kill()
    // Only now: a server that goes on writing while its files are copied leaves a copy of no moment.
    const { segments, retries } = await broadcasts.stateRows()
    expect(segments).toBe(2)
    expect(retries).toBeGreaterThanOrEqual(RETRYING_MAX)
    expect(retries).toBeLessThan(OF_FCM)
    for (const door of doors) door.open()
    for (let kill = KILLS / 2 + 1; kill <= KILLS; kill += 1) await killed(kill)
    const last = await broadcasts.site.start({ environment })
    const reports = await allFinished(broadcasts, last)
    await last.program.kill()

    const { accepted, unknown, unsent, duplicates } = await auditFinished(broadcasts, reports, 1)
    expect({ all: accepted + unknown, duplicates }).toEqual({ all: DEVICES, duplicates: 0 })
    expect(unknown).toBeLessThanOrEqual((KILLS + 1) * DOUBT_MAX)
    console.log(
      `${KILLS} kills around an outage: ${accepted} accepted + ${unknown} unknown (${unsent} never sent)`,
    )
  })
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
