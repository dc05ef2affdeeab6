import { expect } from "vitest"
import { BroadcastSite } from "./broadcasts.ts"
import { type Audit, auditFinished } from "./fan-out-audit.ts"
import { allFinished, MESSAGES_AT_ONCE, underWay } from "./fan-out-course.ts"
import { between, countFrom, jitter, seeded } from "./settings.ts"

export const KILLS = countFrom("BELFRY_TEST_KILLS", 100)
export const DEVICES = countFrom("BELFRY_TEST_DEVICES", 20_000)
export const TIMEOUT_MS = 120_000 + KILLS * 20_000
/** So many devices may be in doubt after one crash, over all messages (docs/reliability.md). */
const DOUBT_MAX = 256
const PUSHES_BETWEEN_KILLS_MAX = 600
/** One for each 50 000 devices of the audience, and one for its retries. */
const SEGMENTS_OF_A_MESSAGE = Math.ceil(DEVICES / 50_000) + 1

export interface Run {
  readonly kills: number
  readonly devices: number
  readonly delivery: "at-least-once" | "at-most-once"
  readonly copiesMax: number
}

/** Kills the server so often in the midst of broadcasts, then lets it finish, and audits. */
export async function crashedBroadcasts({ kills, devices, delivery, copiesMax }: Run): Promise<Audit> {
  const random = seeded(`fan-out, ${delivery}`)
  await using broadcasts = await BroadcastSite.open(devices)
  for (let kill = 1; kill <= kills; kill += 1) {
    const server = await broadcasts.site.start({ quickLease: true })
    await underWay(broadcasts, server, between(random, 1, PUSHES_BETWEEN_KILLS_MAX), { delivery })
    await jitter(random)
    expect(await server.program.kill()).toMatchObject({ signal: "SIGKILL", stderr: "" })
    if (kill % 10 === 0) await expectFewStateRows(broadcasts)
  }
  const last = await broadcasts.site.start({ quickLease: true })
  const reports = await allFinished(broadcasts, last)
  await last.program.kill()
  await expectFewStateRows(broadcasts)
  const audit = await auditFinished(broadcasts, reports, copiesMax)
  const { accepted, unknown, unsent, duplicates } = audit
  // Whoever was in doubt got a second copy, or ends as unknown.
  expect(duplicates + unknown).toBeLessThanOrEqual(kills * DOUBT_MAX)
  console.log(
    `${delivery}, ${kills} kills: ${reports.length} messages to ${devices} devices each: ` +
      `${accepted} accepted + ${unknown} unknown (${unsent} never sent) = ${accepted + unknown}; ${duplicates} second copies`,
  )
  return audit
}

/** The state of a message is a few rows, whatever its audience (design D5). Healthy providers leave hardly any retries. */
async function expectFewStateRows(broadcasts: BroadcastSite): Promise<void> {
  const { segments, retries, messages } = await broadcasts.stateRows()
  expect(segments).toBeLessThanOrEqual(messages * SEGMENTS_OF_A_MESSAGE)
  expect(retries).toBeLessThanOrEqual(MESSAGES_AT_ONCE * DOUBT_MAX)
}
