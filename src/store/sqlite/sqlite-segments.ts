import { isPerhapsShown, isTerminal, type Message } from "../../domain/message.ts"
import type { Outcome } from "../../domain/outcome.ts"
import type {
  AudienceDevice,
  CheckpointAnswer,
  ClaimedSegment,
  Lane,
  RetryDevice,
  RetryProgress,
  SegmentClaim,
  SegmentProgress,
  SegmentStore,
  SettledDevice,
} from "../message-store.ts"
import type { SqliteContext } from "./context.ts"
import { decodeNumbers, encodeNumbers } from "./outcome-pages.ts"
import { ResentAudience } from "./resent-audience.ts"
import { AudienceReader, NO_END } from "./sqlite-audience.ts"
import { MessageCourse } from "./sqlite-message-course.ts"
import type { MessageBoundary } from "./sqlite-message-rows.ts"
import { FRESH_PAGES_MAX, keptReason } from "./sqlite-outcomes.ts"
import { decodePass, encodePass, type SegmentChange, type SegmentRow } from "./sqlite-segment-rows.ts"

export interface SegmentOptions {
  /** How many devices a segment has at most. Defaults to 50 000. */
  readonly segmentDevices?: number
}

export const SEGMENT_DEVICES = 50_000

/** Smaller steps of the clock are the business of time services; a wait that is so much longer is none. */
const STEP_BACK_MS = 1_000

/** Segments in SQLite (design D5): what the engine claims, sends and accounts for. */
export class SqliteSegments implements SegmentStore {
  readonly #context: SqliteContext
  readonly #course: MessageCourse
  readonly #audience: AudienceReader
  readonly #resent: ResentAudience
  readonly #segmentDevices: number
  /** By the clock of the caller. What it was for the one who had the file before is not known: it may have been any. */
  #claimedAt = Number.POSITIVE_INFINITY

  constructor(context: SqliteContext, options: SegmentOptions = {}) {
    this.#context = context
    this.#course = new MessageCourse(context)
    this.#audience = new AudienceReader(context)
    this.#resent = new ResentAudience(context, this.#course)
    this.#segmentDevices = options.segmentDevices ?? SEGMENT_DEVICES
  }

  async claim(
    lane: Lane,
    owner: string,
    now: number,
    leaseUntil: number,
  ): Promise<ClaimedSegment | undefined> {
    if (now < this.#claimedAt - STEP_BACK_MS) await this.#bringForward(now, leaseUntil)
    this.#claimedAt = now
    // An idle engine asks all the time: it need not take the writer for the answer "nothing".
    const earliest = this.#course.segments.earliest()
    if (earliest === undefined || earliest > now) return undefined
    return this.#context.writer.write(() => {
      const segment = this.#course.segments.first(lane, now)
      return segment === undefined ? undefined : this.#claim(segment, owner, now, leaseUntil)
    })
  }

  /** Never earlier than `now`. */
  async nextDue(now: number): Promise<number | undefined> {
    const earliest = this.#course.segments.earliest()
    return earliest === undefined ? undefined : Math.max(earliest, now)
  }

  async audiencePage(claim: SegmentClaim, after: number, limit: number): Promise<readonly AudienceDevice[]> {
    const segment = this.#course.segments.byNumber(claim.segment)
    const boundary = this.#course.messages.boundary(claim.message)
    if (segment === undefined || boundary === undefined) return []
    if (this.#resent.has(claim.message)) {
      return this.#resent.page(claim.message, Math.max(after, segment.low), segment.high, limit)
    }
    if (segment.isListed === 1) return this.#listedPage(segment, boundary, after, limit)
    return this.#audience.page(boundary, Math.max(after, segment.low), segment.high, limit)
  }

  async tokenSettled(claim: SegmentClaim, registration: number): Promise<boolean> {
    for (const other of this.#context.tokenHolders.others(registration)) {
      const segments = this.#course.segments.holding(claim.message, other)
      const logged = this.#course.outcomes.find(segments, other)
      if (logged !== undefined && isPerhapsShown(logged.outcome.kind)) return true
    }
    return false
  }

  /** Of a message that is cancelled or past its expiry every retry is due, so that it can be accounted. */
  async retryPage(claim: SegmentClaim, now: number, limit: number): Promise<readonly RetryDevice[]> {
    const boundary = this.#course.messages.boundary(claim.message)
    if (boundary === undefined) return []
    const { state, expiresAt } = this.#course.messages.status(claim.message)
    const due = state === "cancelled" || expiresAt <= now ? NO_END : now
    return this.#course.retries.page(boundary, due, claim.epoch, limit)
  }

  checkpoint(claim: SegmentClaim, progress: SegmentProgress): Promise<CheckpointAnswer | undefined> {
    return this.#context.writer.write(() => {
      const row = this.#course.segments.held(claim, "audience")
      if (row === undefined) return undefined
      const change = this.#record(row, progress)
      this.#course.segments.save(row.number, change)
      this.#course.schedule({ ...row, leaseUntil: progress.leaseUntil }, row.message)
      return this.#answer(row.message)
    })
  }

  checkpointRetries(claim: SegmentClaim, progress: RetryProgress): Promise<CheckpointAnswer | undefined> {
    return this.#context.writer.write(() => {
      const row = this.#course.segments.held(claim, "retry")
      if (row === undefined) return undefined
      const settled = this.#course.removeRetries(row.message, ascending(progress.settled))
      this.#course.retries.replace(row.message, progress.retries)
      this.#course.retries.reserve(row.message, progress.reserve, row.epoch)
      const { leaseUntil, now } = progress
      const freshPages = this.#log(row, settled, now)
      this.#course.segments.save(row.number, { ...row, leaseUntil, freshPages, checkedAt: now })
      this.#course.schedule({ ...row, leaseUntil }, row.message)
      this.#course.endIfDone(row.message, now)
      return this.#answer(row.message)
    })
  }

  finish(
    claim: SegmentClaim,
    progress: SegmentProgress,
    rest: Outcome,
  ): Promise<CheckpointAnswer | undefined> {
    return this.#context.writer.write(() => {
      const row = this.#course.segments.held(claim, "audience")
      if (row === undefined) return undefined
      const change = this.#record(row, progress)
      this.#course.segments.save(row.number, change)
      const uncounted = row.planned - change.accounted
      const restCode =
        uncounted > 0 ? this.#course.outcomes.count(row.message, rest, uncounted, progress.now) : null
      this.#course.endSegment(row.number, restCode)
      this.#course.endIfDone(row.message, progress.now)
      return this.#answer(row.message)
    })
  }

  release(claim: SegmentClaim, notBefore: number, now: number): Promise<void> {
    return this.#context.writer.write(() => {
      const row = this.#course.segments.held(claim)
      if (row === undefined) return
      if (row.kind === "retry" && this.#course.messages.status(row.message).retrying === 0) {
        this.#course.endSegment(row.number, null)
        this.#course.endIfDone(row.message, now)
        return
      }
      this.#course.segments.giveBack(row.number, notBefore)
      this.#course.schedule({ ...row, leaseUntil: 0, notBefore }, row.message)
    })
  }

  renew(
    claim: SegmentClaim,
    leaseUntil: number,
    _now: number,
    obstacle: string,
  ): Promise<CheckpointAnswer | undefined> {
    return this.#context.writer.write(() => {
      const row = this.#course.segments.held(claim)
      if (row === undefined) return undefined
      this.#course.segments.save(row.number, { ...row, leaseUntil, obstacle: keptReason(obstacle) })
      this.#course.schedule({ ...row, leaseUntil }, row.message)
      return this.#answer(row.message)
    })
  }

  async #bringForward(now: number, leaseUntil: number): Promise<void> {
    const messages = this.#course.segments.waitingMessages()
    if (messages.size === 0) return
    await this.#context.writer.write(() => {
      for (const message of messages) this.#course.bringForward(message, now, leaseUntil)
    })
  }

  #claim(number: number, owner: string, now: number, leaseUntil: number): ClaimedSegment | undefined {
    const row = this.#course.segments.byNumber(number)
    if (row === undefined) return undefined
    const message = this.#course.messages.existing(row.message)
    if (this.#isToBeCut(row, message, now)) this.#cut(row)
    this.#course.segments.take(number, owner, leaseUntil, now)
    this.#course.schedule({ number, kind: row.kind, leaseUntil, notBefore: 0 }, row.message)
    return {
      claim: { segment: number, message: row.message, epoch: row.epoch + 1, owner },
      message,
      kind: row.kind,
      cursor: row.cursor,
      reserved: row.reserved,
      doneAbove: decodeNumbers(row.doneAbove),
      pass: decodePass(row.pass),
      obstacle: row.obstacle,
    }
  }

  /** Once, before anybody worked on it; what is only to be accounted for stays in one piece. */
  #isToBeCut(row: SegmentRow, message: Message, now: number): boolean {
    if (row.kind === "retry" || row.isListed === 1 || row.epoch > 0) return false
    return row.planned > this.#segmentDevices && !isTerminal(message.state) && message.expiresAt > now
  }

  #cut(row: SegmentRow): void {
    const boundary = this.#course.messages.boundary(row.message) as MessageBoundary
    const cut = this.#audience.cut(boundary, row.low, this.#segmentDevices)
    if (cut === undefined) return
    this.#course.segments.shorten(row.number, cut.last, cut.planned)
    this.#course.segments.insert({ ...row, low: cut.last, planned: row.planned - cut.planned })
  }

  #listedPage(
    segment: SegmentRow,
    boundary: MessageBoundary,
    after: number,
    limit: number,
  ): AudienceDevice[] {
    const list = this.#course.segments.list(segment.number)
    const found: AudienceDevice[] = []
    let from = list.findIndex((registration) => registration > after)
    while (from >= 0 && from < list.length && found.length < limit) {
      const chunk = list.slice(from, from + limit - found.length)
      found.push(...this.#audience.listedPage(boundary, chunk))
      from += chunk.length
    }
    return found
  }

  /** Logs and counts what is new, and says how the segment stands after it. What was told before changes nothing. */
  #record(row: SegmentRow, progress: SegmentProgress): SegmentChange {
    const done = new Set(decodeNumbers(row.doneAbove))
    const isNew = ({ registration }: { readonly registration: number }) => {
      if (registration <= row.cursor || registration > row.high || done.has(registration)) return false
      done.add(registration)
      return true
    }
    const settled = ascending(progress.settled).filter(isNew)
    const retries = progress.retries.filter(isNew)
    const { cursor, reserved, pass, leaseUntil, now, obstacle } = progress
    const freshPages = this.#log(row, settled, now)
    const added = this.#course.addRetries(row.message, row.isBulk, retries)
    return {
      accounted: row.accounted + settled.length + added,
      cursor,
      reserved,
      doneAbove: encodeNumbers([...progress.doneAbove].sort((a, b) => a - b)),
      leaseUntil,
      checkedAt: now,
      freshPages,
      obstacle: keptReason(obstacle),
      pass: encodePass(pass),
    }
  }

  /** Returns how many fresh pages the segment has afterwards. */
  #log(row: SegmentRow, settled: readonly SettledDevice[], now: number): number {
    if (settled.length === 0) return row.freshPages
    const span = { from: Math.min(row.checkedAt, now), to: now }
    const fresh = row.freshPages + this.#course.outcomes.append(row.message, row.number, settled, span)
    if (fresh < FRESH_PAGES_MAX) return fresh
    this.#course.outcomes.merge(row.number)
    return 0
  }

  #answer(message: number): CheckpointAnswer {
    const { state, apns, fcm, wns } = this.#course.messages.status(message)
    return { state, retrying: { apns, fcm, wns } }
  }
}

function ascending(settled: readonly SettledDevice[]): SettledDevice[] {
  return [...settled].sort((a, b) => a.registration - b.registration)
}
