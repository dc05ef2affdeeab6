import { describe, expect, test } from "vitest"
import { BroadcastSite } from "./broadcasts.ts"
import type { Ended } from "./child-program.ts"
import { auditFinished } from "./fan-out-audit.ts"
import { allFinished, underWay } from "./fan-out-course.ts"
import type { RunningServer } from "./server-site.ts"
import { between, countFrom, seeded } from "./settings.ts"

const ROUNDS = countFrom("BELFRY_TEST_STOPS", 10)
const DEVICES = 4_000
const DEVICES_IN_SILENCE = 1_500
const PUSHES_BETWEEN_STOPS_MAX = 1_500
/** When orchestrators lose their patience. */
const GRACE_MS = 10_000
const SILENCE_MS = 20_000
const TIMEOUT_MS = 120_000 + ROUNDS * 20_000

describe("a server that is asked to stop in the midst of broadcasts", () => {
  test(`ends with 0 in time, sends nothing twice and leaves nothing in doubt, in ${ROUNDS} stops`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const random = seeded("stops")
    await using broadcasts = await BroadcastSite.open(DEVICES)
    for (let round = 1; round <= ROUNDS; round += 1) {
      const server = await broadcasts.site.start()
      await underWay(broadcasts, server, between(random, 1, PUSHES_BETWEEN_STOPS_MAX))
      server.program.signal("SIGTERM")
      await server.program.noted(/stopping after SIGTERM/)
      expect(await isTurnedAway(server)).toBe(true)
      expect(await endedInTime(server)).toMatchObject({ code: 0 })
    }
    const last = await broadcasts.site.start()
    const reports = await allFinished(broadcasts, last)
    await last.program.kill()
    const audit = await auditFinished(broadcasts, reports, 1)
    expect(audit).toEqual({ accepted: reports.length * DEVICES, unknown: 0, unsent: 0, duplicates: 0 })
    console.log(`${ROUNDS} stops: ${audit.accepted} accepted, 0 second copies, 0 unknown`)
  })

  test("whose providers have fallen silent, ends in time, or at once when asked again, and accounts for all", {
    timeout: TIMEOUT_MS,
  }, async () => {
    await using broadcasts = await BroadcastSite.open(DEVICES_IN_SILENCE)
    const { faults } = broadcasts.simulators
    for (const provider of ["apns", "fcm", "wns"] as const)
      faults.add({ provider, action: { do: "delay", ms: SILENCE_MS } })

    const impatient = await broadcasts.site.start()
    await underWay(broadcasts, impatient, 20)
    impatient.program.signal("SIGTERM")
    await impatient.program.noted(/stopping after SIGTERM/)
    // A copy within half a second counts as the same request.
    const again = setInterval(() => impatient.program.signal("SIGTERM"), 100)
    const cutShort = await impatient.program.ended
    clearInterval(again)
    expect(cutShort).toMatchObject({ code: null, signal: "SIGTERM" })

    const patient = await broadcasts.site.start()
    await underWay(broadcasts, patient, 20)
    patient.program.signal("SIGTERM")
    expect(await endedInTime(patient)).toMatchObject({ code: 0 })

    faults.clear()
    const last = await broadcasts.site.start()
    const reports = await allFinished(broadcasts, last)
    await last.program.kill()
    const { accepted, unknown, duplicates } = await auditFinished(broadcasts, reports, 2)
    expect(accepted + unknown).toBe(reports.length * DEVICES_IN_SILENCE)
    console.log(`silent providers: ${accepted} accepted, ${duplicates} second copies, ${unknown} unknown`)
  })
})

/** As an orchestrator does it: who has not ended after ten seconds is killed. */
async function endedInTime({ program }: RunningServer): Promise<Ended> {
  const patience = setTimeout(() => program.signal("SIGKILL"), GRACE_MS)
  const ended = await program.ended
  clearTimeout(patience)
  return ended
}

/** On a new connection by the system, on one kept alive by the server. */
function isTurnedAway({ url }: RunningServer): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    ({ status }) => status === 503,
    () => true,
  )
}
