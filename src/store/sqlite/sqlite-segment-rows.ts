import type { Statement } from "better-sqlite3"
import type { ObstacleCount } from "../../domain/message.ts"
import { FIRST_PASS, type Lane, type SegmentClaim, type SegmentPass } from "../message-store.ts"
import type { Connection } from "./connection.ts"
import { decodeNumbers, encodeNumbers } from "./outcome-pages.ts"
import type { MessageStatus } from "./sqlite-message-rows.ts"

export interface SegmentRow {
  readonly number: number
  readonly message: number
  readonly kind: "audience" | "retry"
  readonly isListed: number
  readonly isBulk: number
  readonly low: number
  readonly high: number
  readonly planned: number
  readonly accounted: number
  readonly cursor: number
  readonly reserved: number
  readonly doneAbove: Buffer
  readonly epoch: number
  readonly leaseUntil: number
  readonly notBefore: number
  readonly isDone: number
  readonly checkedAt: number
  readonly freshPages: number
  readonly restCode: number | null
  readonly obstacle: string
  /** See `decodePass`. */
  readonly pass: string
}

/** A segment to be stored: claimable at once. */
export type NewSegment = Pick<
  SegmentRow,
  "message" | "kind" | "isListed" | "isBulk" | "low" | "high" | "planned"
>

/** What a checkpoint changes. */
export type SegmentChange = Pick<
  SegmentRow,
  | "accounted"
  | "cursor"
  | "reserved"
  | "doneAbove"
  | "leaseUntil"
  | "checkedAt"
  | "freshPages"
  | "obstacle"
  | "pass"
>

/** What a segment itself says about when it can be claimed. */
export type Timing = Pick<SegmentRow, "number" | "kind" | "leaseUntil" | "notBefore">

/** Later than every time: never by itself. */
const NEVER = Number.MAX_SAFE_INTEGER

const COLUMNS = `number, message, kind, is_listed as isListed, is_bulk as isBulk, low, high, planned, accounted, cursor,
  reserved, done_above as doneAbove, epoch, lease_until as leaseUntil, not_before as notBefore,
  is_done as isDone, checked_at as checkedAt, fresh_pages as freshPages, rest_code as restCode,
  obstacle, pass`

export const SEGMENT_STATEMENTS = {
  insert: `insert into segments (message, kind, is_listed, is_bulk, low, high, planned, cursor, reserved, available_at,
      is_ready, checked_at)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, 0)`,
  insertList: "insert into segment_lists (segment, registrations) values (?, ?)",
  list: "select registrations from segment_lists where segment = ?",
  byNumber: `select ${COLUMNS} from segments where number = ?`,
  held: `select ${COLUMNS} from segments where number = ? and epoch = ? and owner = ? and is_done = 0`,
  covering: `select ${COLUMNS} from segments where message = ? and kind = 'audience' and low < ?
    order by low desc limit 1`,
  retry: `select ${COLUMNS} from segments where message = ? and kind = 'retry'`,
  open: `select ${COLUMNS} from segments where message = ? and is_done = 0`,
  waiting: "select message from segments where is_done = 0 and is_ready = 0",
  latestWrite: "select max(checked_at) from segments where message = ?",
  bringForward: `update segments
    set checked_at = min(checked_at, ?), lease_until = min(lease_until, ?), not_before = min(not_before, ?)
    where message = ?`,
  obstacles: `select obstacle, planned - accounted as devices from segments
    where message = ? and kind = 'audience' and is_done = 0 and obstacle <> ''`,
  hasOpenAudience: "select 1 from segments where message = ? and kind = 'audience' and is_done = 0 limit 1",
  hasReady: "select 1 from segments where is_done = 0 and is_ready = 1 limit 1",
  earliest: "select min(available_at) from segments where is_done = 0 and is_ready = 0",
  makeReady: "update segments set is_ready = 1 where is_done = 0 and is_ready = 0 and available_at <= ?",
  firstExpress: `select number from segments where is_done = 0 and is_ready = 1 and is_bulk = 0
    order by message, kind desc, number limit 1`,
  first: `select number from segments where is_done = 0 and is_ready = 1
    order by is_bulk, message, kind desc, number limit 1`,
  shorten: "update segments set high = ?, planned = ? where number = ?",
  take: `update segments set epoch = epoch + 1, owner = ?, lease_until = ?, not_before = 0, checked_at = ?
    where number = ?`,
  save: `update segments set accounted = ?, cursor = ?, reserved = ?, done_above = ?, lease_until = ?,
      checked_at = ?, fresh_pages = ?, obstacle = ?, pass = ?
    where number = ?`,
  giveBack: "update segments set owner = null, lease_until = 0, not_before = ? where number = ?",
  end: "update segments set is_done = 1, owner = null, fresh_pages = 0, rest_code = ? where number = ?",
  forgetDelays: "update segments set not_before = 0 where message = ? and is_done = 0",
  reopen: "update segments set is_done = 0, not_before = 0, lease_until = 0 where number = ?",
  schedule: "update segments set available_at = ?, is_ready = 0 where number = ?",
} as const

/** Segments as rows: reading and writing them, inside whatever transaction runs. */
export class SegmentRows {
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(connection: Connection) {
    this.#statements = prepareStatements(connection)
  }

  insert(segment: NewSegment): number {
    const { message, kind, isListed, isBulk, low, high, planned } = segment
    const row = [message, kind, isListed, isBulk, low, high, planned, low, low]
    return Number(this.#statements.insert.run(...row).lastInsertRowid)
  }

  insertList(segment: number, registrations: readonly number[]): void {
    this.#statements.insertList.run(segment, encodeNumbers(registrations))
  }

  /** The registration numbers of a segment made of named devices, ascending. */
  list(segment: number): number[] {
    const encoded = this.#statements.list.get(segment)
    return encoded === undefined ? [] : decodeNumbers(encoded)
  }

  byNumber(number: number): SegmentRow | undefined {
    return this.#statements.byNumber.get(number)
  }

  /** The segment of a claim, fenced by epoch and owner; undefined when the lease is lost. */
  held(claim: SegmentClaim, kind?: SegmentRow["kind"]): SegmentRow | undefined {
    const row = this.#statements.held.get(claim.segment, claim.epoch, claim.owner)
    if (row !== undefined && kind !== undefined && row.kind !== kind) {
      throw new Error(`segment ${row.number} is of the kind ${row.kind}, not ${kind}`)
    }
    return row
  }

  /** The slice of the audience that a registration number falls into; undefined for a message without an audience. */
  covering(message: number, registration: number): SegmentRow | undefined {
    return this.#statements.covering.get(message, registration)
  }

  /** The segments of a message that can have logged a device. */
  holding(message: number, registration: number): SegmentRow[] {
    const both = [this.covering(message, registration), this.retry(message)]
    return both.filter((segment) => segment !== undefined)
  }

  retry(message: number): SegmentRow | undefined {
    return this.#statements.retry.get(message)
  }

  open(message: number): SegmentRow[] {
    return this.#statements.open.all(message)
  }

  /** The messages of which a segment cannot be claimed at present. */
  waitingMessages(): ReadonlySet<number> {
    return new Set(this.#statements.waiting.all())
  }

  /** When the message was last worked on, by the clock of that time. */
  latestWrite(message: number): number {
    return this.#statements.latestWrite.get(message) ?? 0
  }

  /** Lets nothing about a message's segments be later than now, and nobody have or avoid one for longer than a lease. */
  bringForward(message: number, now: number, leaseUntil: number): void {
    this.#statements.bringForward.run(now, leaseUntil, leaseUntil, message)
  }

  /** What the devices of each open segment wait for, and how many that are; those on the retry list not counted. */
  obstacles(message: number): ObstacleCount[] {
    return this.#statements.obstacles.all(message)
  }

  hasOpenAudience(message: number): boolean {
    return this.#statements.hasOpenAudience.get(message) !== undefined
  }

  /** The earliest time at which a segment can be claimed, 0 for at once; undefined: none by itself. */
  earliest(): number | undefined {
    if (this.#statements.hasReady.get() !== undefined) return 0
    const earliest = this.#statements.earliest.get() ?? NEVER
    return earliest === NEVER ? undefined : earliest
  }

  /** The first segment that can be claimed now: small audiences first, then by message, then who waited once already. */
  first(lane: Lane, now: number): number | undefined {
    this.#statements.makeReady.run(now)
    return lane === "express" ? this.#statements.firstExpress.get() : this.#statements.first.get()
  }

  shorten(number: number, high: number, planned: number): void {
    this.#statements.shorten.run(high, planned, number)
  }

  take(number: number, owner: string, leaseUntil: number, now: number): void {
    this.#statements.take.run(owner, leaseUntil, now, number)
  }

  save(number: number, change: SegmentChange): void {
    const { accounted, cursor, reserved, doneAbove, leaseUntil, checkedAt, freshPages } = change
    const row = [accounted, cursor, reserved, doneAbove, leaseUntil, checkedAt, freshPages]
    this.#statements.save.run(...row, change.obstacle, change.pass, number)
  }

  giveBack(number: number, notBefore: number): void {
    this.#statements.giveBack.run(notBefore, number)
  }

  end(number: number, restCode: number | null): void {
    this.#statements.end.run(restCode, number)
  }

  /** Takes back what `giveBack` said of a message's segments. */
  forgetDelays(message: number): void {
    this.#statements.forgetDelays.run(message)
  }

  reopen(number: number): void {
    this.#statements.reopen.run(number)
  }

  /** Must follow every change of a segment, of its message's state or of its retry list. */
  schedule(segment: Timing, status: MessageStatus, earliestRetry: number | undefined): void {
    this.#statements.schedule.run(availableAt(segment, status, earliestRetry), segment.number)
  }
}

/** Nearly every segment has but one pass, on which nothing is left out: that is the empty text. */
export function encodePass({ only, later }: SegmentPass): string {
  return only === undefined && Object.keys(later).length === 0 ? "" : JSON.stringify({ only, later })
}

export function decodePass(encoded: string): SegmentPass {
  if (encoded === "") return FIRST_PASS
  const { only, later } = JSON.parse(encoded) as Partial<SegmentPass>
  return { only, later: later ?? {} }
}

/** From when a segment can be claimed: its lease has run out, it is due, and its message is not paused (or expired). */
function availableAt(segment: Timing, message: MessageStatus, earliestRetry: number | undefined): number {
  const bound = Math.max(segment.leaseUntil, segment.notBefore)
  if (segment.kind === "retry" && earliestRetry === undefined) return NEVER
  if (message.state === "cancelled") return bound
  if (message.state === "paused") return Math.max(bound, message.expiresAt)
  if (segment.kind === "audience") return bound
  return Math.max(bound, Math.min(earliestRetry ?? NEVER, message.expiresAt))
}

function prepareStatements(connection: Connection) {
  const sql = SEGMENT_STATEMENTS
  type Values = (number | string | Buffer | null)[]
  return {
    insert: connection.prepare(sql.insert) as Statement<Values>,
    insertList: connection.prepare<[number, Buffer]>(sql.insertList),
    list: connection.prepare<[number], Buffer>(sql.list).pluck(),
    byNumber: connection.prepare<[number], SegmentRow>(sql.byNumber),
    held: connection.prepare<[number, number, string], SegmentRow>(sql.held),
    covering: connection.prepare<[number, number], SegmentRow>(sql.covering),
    retry: connection.prepare<[number], SegmentRow>(sql.retry),
    open: connection.prepare<[number], SegmentRow>(sql.open),
    waiting: connection.prepare<[], number>(sql.waiting).pluck(),
    latestWrite: connection.prepare<[number], number | null>(sql.latestWrite).pluck(),
    bringForward: connection.prepare<[number, number, number, number]>(sql.bringForward),
    obstacles: connection.prepare<[number], ObstacleCount>(sql.obstacles),
    hasOpenAudience: connection.prepare<[number], number>(sql.hasOpenAudience),
    hasReady: connection.prepare<[], number>(sql.hasReady),
    earliest: connection.prepare<[], number | null>(sql.earliest).pluck(),
    makeReady: connection.prepare<[number]>(sql.makeReady),
    firstExpress: connection.prepare<[], number>(sql.firstExpress).pluck(),
    first: connection.prepare<[], number>(sql.first).pluck(),
    shorten: connection.prepare<[number, number, number]>(sql.shorten),
    take: connection.prepare<[string, number, number, number]>(sql.take),
    save: connection.prepare(sql.save) as Statement<Values>,
    giveBack: connection.prepare<[number, number]>(sql.giveBack),
    end: connection.prepare<[number | null, number]>(sql.end),
    forgetDelays: connection.prepare<[number]>(sql.forgetDelays),
    reopen: connection.prepare<[number]>(sql.reopen),
    schedule: connection.prepare<[number, number]>(sql.schedule),
  }
}
