import { describe, expect, test } from "vitest"
import { BroadcastSite } from "./broadcasts.ts"
import { Door } from "./doors.ts"
import { auditFinished } from "./fan-out-audit.ts"
import { allFinished } from "./fan-out-course.ts"
import { countFrom, seeded } from "./settings.ts"

const KILLS = Math.ceil(countFrom("BELFRY_TEST_KILLS", 50) / 10)
const DEVICES = 1_500
const MESSAGES = 2
const PROVIDERS = 3
/** About as long as a device waits for its provider. */
const WAIT_MS_MAX = 1_500

describe("a server that is killed while no provider lets it in", () => {
  test(`puts nobody in doubt: it has sent nothing, in ${KILLS} kills`, {
    timeout: 120_000 + KILLS * 10_000,
  }, async () => {
    const random = seeded("closed doors")
    await using opened = new AsyncDisposableStack()
    const doors: Door[] = []
    const broadcasts = opened.use(
      await BroadcastSite.open(DEVICES, async (origin) => {
        const door = opened.use(await Door.before(origin))
        doors.push(door)
        return door.origin
      }),
    )
    expect(doors).toHaveLength(PROVIDERS)
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const knocked = doors.map((door) => door.knocked())
      const server = await broadcasts.site.start({ quickLease: true })
      for (let count = 0; kill === 1 && count < MESSAGES; count += 1)
        await broadcasts.publish(server, { delivery: "at-most-once" })
      // Devices that were put off before are taken up again only some seconds later.
      await Promise.race([Promise.all(knocked), pause(WAIT_MS_MAX)])
      await pause(random.fraction() * WAIT_MS_MAX)
      expect(await server.program.kill()).toMatchObject({ signal: "SIGKILL", stderr: "" })
    }
    for (const door of doors) door.open()
    // Its lease is the real one: a machine that is busy for half a second must not bring doubt of its own.
    const last = await broadcasts.site.start()
    const reports = await allFinished(broadcasts, last)
    await last.program.kill()
    const audit = await auditFinished(broadcasts, reports, 1)
    expect(audit).toEqual({ accepted: MESSAGES * DEVICES, unknown: 0, unsent: 0, duplicates: 0 })
    console.log(`${KILLS} kills before anything could be sent: ${audit.accepted} accepted, 0 unknown`)
  })
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
