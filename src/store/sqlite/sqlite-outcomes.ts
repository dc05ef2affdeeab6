import type { Statement } from "better-sqlite3"
import type { OutcomeReason } from "../../domain/message.ts"
import { FINAL_KINDS, isFinal, OUTCOMES, type Outcome, type OutcomeKind } from "../../domain/outcome.ts"
import type { SettledDevice, SettledOutcome } from "../message-store.ts"
import type { Connection } from "./connection.ts"
import { decodePage, encodePage, findInPage, type LoggedDevice } from "./outcome-pages.ts"
import type { SegmentRow } from "./sqlite-segment-rows.ts"

/** Characters of a provider's reason that are kept. */
const REASON_LENGTH_MAX = 200
/** Different outcomes that one message keeps apart; further reasons of a kind are counted together. */
const DICTIONARY_MAX = 500
const FURTHER_REASONS = "other"
const PAGE_DEVICES = 1_000
/** A page with fewer devices is merged with others when a segment has gathered this many of them, and at its end. */
const SMALL_PAGE = PAGE_DEVICES / 2
export const FRESH_PAGES_MAX = 256

const KIND_OF_CODE = new Map(FINAL_KINDS.map((kind) => [OUTCOMES[kind].code, kind]))

export const OUTCOME_STATEMENTS = {
  count: `update outcome_reasons set count = count + ? where message = ? and kind = ? and reason = ?
    returning code`,
  lastCode: "select max(code) from outcome_reasons where message = ?",
  addReason: "insert into outcome_reasons (message, code, kind, reason, count) values (?, ?, ?, ?, ?)",
  reason: "select kind, reason from outcome_reasons where message = ? and code = ?",
  reasons: "select kind, reason, count from outcome_reasons where message = ?",
  append: `insert into outcome_pages (segment, first_registration, last_registration, from_time, to_time, is_fresh,
      entries)
    values (?, ?, ?, ?, ?, ?, ?)`,
  freshPages: `select first_registration as first, from_time as fromTime, to_time as toTime, entries
    from outcome_pages where segment = ? and is_fresh = 1`,
  removeFresh: "delete from outcome_pages where segment = ? and is_fresh = 1",
  pageOf: `select first_registration as first, from_time as fromTime, to_time as toTime, entries from outcome_pages
    where segment = ? and first_registration <= ? and last_registration >= ?`,
} as const

interface PageRow {
  readonly first: number
  readonly fromTime: number
  readonly toTime: number
  readonly entries: Buffer
}

interface TimedDevice extends LoggedDevice {
  readonly fromTime: number
  readonly toTime: number
}

/** When something was settled: not before `from`, not after `to`. */
export interface SettledSpan {
  readonly from: number
  readonly to: number
}

interface LoggedOutcome extends SettledSpan {
  readonly outcome: SettledOutcome
}

/** `now`: milliseconds since 1970. */
type Counted = (message: number, kind: OutcomeKind, devices: number, now: number) => void

/** What became of the devices of messages, in pages for each segment, with counters for each different outcome. */
export class OutcomeLog {
  readonly #counted: Counted
  readonly #statements: ReturnType<typeof prepareStatements>

  /** `counted` hears of every device that gets a final outcome. */
  constructor(connection: Connection, counted: Counted) {
    this.#counted = counted
    this.#statements = prepareStatements(connection)
  }

  /** Counts and logs devices, ascending and each once; returns how many fresh pages that added to the segment. */
  append(message: number, segment: number, settled: readonly SettledDevice[], span: SettledSpan): number {
    const codes = this.#countAll(message, settled, span.to)
    const devices = settled.map(({ registration, outcome }) => ({
      registration,
      code: codes.get(outcomeKey(outcome)) as number,
      fromTime: span.from,
      toTime: span.to,
    }))
    return this.#writePages(segment, devices, SMALL_PAGE)
  }

  /** Counts devices without an entry for each; returns the code of their outcome. */
  count(message: number, outcome: Outcome, devices: number, now: number): number {
    if (!isFinal(outcome)) throw new Error(`${outcome.kind} is not final: it cannot be counted`)
    const reason = "reason" in outcome ? keptReason(outcome.reason) : ""
    this.#counted(message, outcome.kind, devices, now)
    return this.#count(message, outcome.kind, reason, devices)
  }

  /** Merges the segment's fresh pages into large ones. */
  merge(segment: number): void {
    const devices: TimedDevice[] = []
    for (const page of this.#statements.freshPages.all(segment)) {
      const { fromTime, toTime } = page
      for (const device of decodePage(page.first, page.entries)) {
        devices.push({ registration: device.registration, code: device.code, fromTime, toTime })
      }
    }
    if (devices.length === 0) return
    this.#statements.removeFresh.run(segment)
    devices.sort((a, b) => a.registration - b.registration)
    this.#writePages(segment, devices, 0)
  }

  /** The entry of one device in those segments of a message that can hold it. */
  find(segments: readonly SegmentRow[], registration: number): LoggedOutcome | undefined {
    for (const segment of segments) {
      for (const page of this.#statements.pageOf.all(segment.number, registration, registration)) {
        const code = findInPage(page.first, page.entries, registration)
        if (code === undefined) continue
        return { outcome: this.outcome(segment.message, code), from: page.fromTime, to: page.toTime }
      }
    }
    return undefined
  }

  /** As `find`: the code in the message's dictionary alone. */
  findCode(segments: readonly SegmentRow[], registration: number): number | undefined {
    for (const segment of segments) {
      for (const page of this.#statements.pageOf.all(segment.number, registration, registration)) {
        const code = findInPage(page.first, page.entries, registration)
        if (code !== undefined) return code
      }
    }
    return undefined
  }

  outcome(message: number, code: number): SettledOutcome {
    const row = this.#statements.reason.get(message, code)
    if (row === undefined) throw new Error(`message ${message} has no outcome ${code} in its dictionary`)
    return { kind: kindOf(row.kind), reason: row.reason }
  }

  /** The different outcomes of a message with their counts, in no particular order. */
  reasons(message: number): OutcomeReason[] {
    const rows = this.#statements.reasons.all(message)
    return rows.map((row) => ({ kind: kindOf(row.kind), reason: row.reason, count: row.count }))
  }

  /** The code of each outcome by its key. */
  #countAll(message: number, settled: readonly SettledDevice[], now: number): Map<string, number> {
    const groups = new Map<string, { readonly outcome: Outcome; devices: number }>()
    for (const { outcome } of settled) {
      const key = outcomeKey(outcome)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { outcome, devices: 1 })
      else group.devices++
    }
    const codes = new Map<string, number>()
    for (const [key, { outcome, devices }] of groups)
      codes.set(key, this.count(message, outcome, devices, now))
    return codes
  }

  #count(message: number, kind: OutcomeKind, reason: string, devices: number): number {
    const kindCode = OUTCOMES[kind].code
    const known = this.#statements.count.get(devices, message, kindCode, reason)
    if (known !== undefined) return known
    const last = this.#statements.lastCode.get(message) ?? 0
    if (last >= DICTIONARY_MAX && reason !== FURTHER_REASONS) {
      return this.#count(message, kind, FURTHER_REASONS, devices)
    }
    this.#statements.addReason.run(message, last + 1, kindCode, reason, devices)
    return last + 1
  }

  #writePages(segment: number, devices: readonly TimedDevice[], freshBelow: number): number {
    let fresh = 0
    for (let from = 0; from < devices.length; from += PAGE_DEVICES) {
      const page = devices.slice(from, from + PAGE_DEVICES)
      const isFresh = page.length < freshBelow
      if (isFresh) fresh++
      this.#statements.append.run(
        segment,
        (page[0] as TimedDevice).registration,
        (page.at(-1) as TimedDevice).registration,
        page.reduce((least, device) => Math.min(least, device.fromTime), Number.POSITIVE_INFINITY),
        page.reduce((most, device) => Math.max(most, device.toTime), 0),
        isFresh ? 1 : 0,
        encodePage(page),
      )
    }
    return fresh
  }
}

/** Tells outcomes apart as the dictionary does. */
function outcomeKey(outcome: Outcome): string {
  return "reason" in outcome ? `${outcome.kind} ${outcome.reason}` : outcome.kind
}

/** A provider may answer with anything of any length; the store keeps the beginning, as well-formed text (design D8). */
export function keptReason(reason: string): string {
  // Cut twice: a character outside the basic plane has two code units and must not be cut in half.
  const characters = Array.from(reason.slice(0, REASON_LENGTH_MAX * 2))
  return characters.slice(0, REASON_LENGTH_MAX).join("").toWellFormed()
}

function kindOf(code: number): OutcomeKind {
  const kind = KIND_OF_CODE.get(code)
  if (kind === undefined) throw new Error(`the outcome log holds the unknown kind ${code}`)
  return kind
}

function prepareStatements(connection: Connection) {
  const sql = OUTCOME_STATEMENTS
  return {
    count: connection.prepare<[number, number, number, string], number>(sql.count).pluck(),
    lastCode: connection.prepare<[number], number | null>(sql.lastCode).pluck(),
    addReason: connection.prepare(sql.addReason) as Statement<(number | string)[]>,
    reason: connection.prepare<[number, number], { readonly kind: number; readonly reason: string }>(
      sql.reason,
    ),
    reasons: connection.prepare<
      [number],
      { readonly kind: number; readonly reason: string; readonly count: number }
    >(sql.reasons),
    append: connection.prepare(sql.append) as Statement<(number | Buffer)[]>,
    freshPages: connection.prepare<[number], PageRow>(sql.freshPages),
    removeFresh: connection.prepare<[number]>(sql.removeFresh),
    pageOf: connection.prepare<[number, number, number], PageRow>(sql.pageOf),
  }
}
