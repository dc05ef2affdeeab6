import { OUTCOMES } from "../../domain/outcome.ts"
import type { SoughtOutcome } from "../message-store.ts"
import type { Connection } from "./connection.ts"
import { decodePage } from "./outcome-pages.ts"

/** Pages that one step decodes, of about a thousand devices each: a millisecond or two, then others have their turn. */
const PAGES_AT_ONCE = 50
const LOOKUP_CHUNK = 1_000

export const OUTCOME_SEARCH_STATEMENTS = {
  codes: "select code, kind, reason, count from outcome_reasons where message = ?",
  segments: "select number from segments where message = ?",
  pages: `select first_registration as first, entries from outcome_pages
    where segment = ? and first_registration > ? order by first_registration limit ?`,
  devices: `select r.device_id from json_each(?) j cross join registrations r on r.number = j.value
    where r.expires_at is null or r.expires_at > ?`,
} as const

interface Found {
  readonly matched: number
  readonly deviceIds: readonly string[]
}

/** Finds devices by what became of a message: from its counters how many, from its log which. */
export class OutcomeSearch {
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(connection: Connection) {
    this.#statements = prepareStatements(connection)
  }

  async devices(
    message: number,
    outcomes: readonly SoughtOutcome[],
    limit: number,
    now: number,
  ): Promise<Found> {
    const sought = this.#statements.codes
      .all(message)
      .filter((row) => outcomes.some((one) => isSought(row, one)))
    const matched = sought.reduce((sum, { count }) => sum + count, 0)
    if (matched === 0 || matched > limit) return { matched, deviceIds: [] }
    const registrations = await this.#registrations(message, new Set(sought.map(({ code }) => code)))
    const deviceIds: string[] = []
    for (let from = 0; from < registrations.length; from += LOOKUP_CHUNK) {
      const chunk = JSON.stringify(registrations.slice(from, from + LOOKUP_CHUNK))
      deviceIds.push(...this.#statements.devices.all(chunk, now))
    }
    return { matched, deviceIds }
  }

  async #registrations(message: number, codes: ReadonlySet<number>): Promise<number[]> {
    const found: number[] = []
    for (const segment of this.#statements.segments.all(message)) {
      let after = -1
      for (;;) {
        const pages = this.#statements.pages.all(segment, after, PAGES_AT_ONCE)
        for (const { first, entries } of pages) {
          for (const { registration, code } of decodePage(first, entries)) {
            if (codes.has(code)) found.push(registration)
          }
        }
        if (pages.length < PAGES_AT_ONCE) break
        after = pages.at(-1)?.first as number
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    return found
  }
}

function isSought(row: { readonly kind: number; readonly reason: string }, sought: SoughtOutcome): boolean {
  return row.kind === OUTCOMES[sought.kind].code && (sought.reason ?? row.reason) === row.reason
}

function prepareStatements(connection: Connection) {
  const sql = OUTCOME_SEARCH_STATEMENTS
  return {
    codes: connection.prepare<
      [number],
      { readonly code: number; readonly kind: number; readonly reason: string; readonly count: number }
    >(sql.codes),
    segments: connection.prepare<[number], number>(sql.segments).pluck(),
    pages: connection.prepare<[number, number, number], { readonly first: number; readonly entries: Buffer }>(
      sql.pages,
    ),
    devices: connection.prepare<[string, number], string>(sql.devices).pluck(),
  }
}
