import { expect } from "vitest"
import type { OutcomeKind } from "../../src/domain/outcome.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import type { BroadcastSite, MessageReport } from "./broadcasts.ts"

/** What is true of every message at any moment: nothing is counted twice and nobody is forgotten. */
export function expectConserved({ counts, pending, audience }: MessageReport): void {
  expect(sum(Object.values(counts)) + pending).toBe(audience)
}

export interface Audit {
  readonly accepted: number
  readonly unknown: number
  /** Of the unknown: those that no provider has received, because the crash came before the push was written. */
  readonly unsent: number
  /** Pushes beyond the first that a device got of a message. */
  readonly duplicates: number
}

/**
 * Holds the reports of finished messages, the outcome of each device in the store and what the providers received against
 * each other. No server may run.
 */
export async function auditFinished(
  broadcasts: BroadcastSite,
  reports: readonly MessageReport[],
  copiesMax: number,
): Promise<Audit> {
  const { copies, refusals } = await broadcasts.ledger()
  expect(refusals).toEqual([])
  expect([...copies.keys()].filter((id) => !reports.some(({ messageId }) => messageId === id))).toEqual([])
  let duplicates = 0
  let unsent = 0
  for (const report of reports) {
    const received = copies.get(report.messageId) ?? new Map<number, number>()
    expect(report).toMatchObject({ state: "finished", pending: 0, audience: broadcasts.devices.size })
    expectConserved(report)
    expect(Math.max(...received.values())).toBeLessThanOrEqual(copiesMax)
    const outcomes = await outcomesOf(broadcasts, report, received)
    expect(outcomes.counts).toEqual(presentOnly(report.counts))
    unsent += outcomes.unsent
    duplicates += sum([...received.values()]) - received.size
  }
  expect(broadcasts.site.integrity()).toBe("ok")
  const total = (kind: OutcomeKind) => sum(reports.map(({ counts }) => counts[kind] ?? 0))
  return { accepted: total("accepted"), unknown: total("outcome_unknown"), unsent, duplicates }
}

/** The outcomes of the devices one by one, counted. Throws when one is called accepted that no provider accepted. */
async function outcomesOf(
  { site, devices }: BroadcastSite,
  { messageId }: MessageReport,
  received: ReadonlyMap<number, number>,
): Promise<{ readonly counts: Record<string, number>; readonly unsent: number }> {
  const store = openSqliteStore({ file: site.database, now: 0, random: systemRandom })
  const message = await store.messages.byId(1, messageId)
  const counts: Record<string, number> = {}
  let unsent = 0
  for (const registration of devices.values()) {
    const settled = await store.messages.deviceOutcome(message?.number ?? 0, registration)
    const kind = settled.state === "settled" ? settled.outcome.kind : settled.state
    if (kind === "accepted" && !received.has(registration))
      throw new Error(`${registration} is accepted in the store, and no provider has accepted it`)
    if (kind === "outcome_unknown" && !received.has(registration)) unsent += 1
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  await store.close()
  return { counts, unsent }
}

function presentOnly(counts: MessageReport["counts"]): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
