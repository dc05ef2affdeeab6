import { endState, type MessageState } from "../../domain/message.ts"
import type { ProviderName } from "../../domain/platform.ts"
import type { RetryEntry, SettledDevice } from "../message-store.ts"
import type { SqliteContext } from "./context.ts"
import { NO_END } from "./sqlite-audience.ts"
import { MessageRows } from "./sqlite-message-rows.ts"
import { OutcomeLog } from "./sqlite-outcomes.ts"
import { RetryList } from "./sqlite-retries.ts"
import { SegmentRows, type Timing } from "./sqlite-segment-rows.ts"

/**
 * Keeps the parts of a message in step: its state, its segments, its retry list and its outcomes. Everything here happens
 * inside the transaction of the caller.
 */
export class MessageCourse {
  readonly messages: MessageRows
  readonly segments: SegmentRows
  readonly retries: RetryList
  readonly outcomes: OutcomeLog

  constructor(context: SqliteContext) {
    this.messages = new MessageRows(context)
    this.segments = new SegmentRows(context.connection)
    this.retries = new RetryList(context.connection)
    this.outcomes = new OutcomeLog(context.connection, (message, kind, devices, now) =>
      context.figures.count(this.messages.applicationOf(message), now, kind, devices),
    )
  }

  /** Decides anew when a segment can be claimed. */
  schedule(segment: Timing, message: number): void {
    const earliest = segment.kind === "retry" ? this.retries.earliest(message) : undefined
    this.segments.schedule(segment, this.messages.status(message), earliest)
  }

  /**
   * After the clock was set back: what was to happen so long after the last write about a message happens so long after
   * now, and no lease ends later than one that is taken now. A message that was not written to since is left as it is.
   */
  bringForward(message: number, now: number, leaseUntil: number): void {
    const ahead = this.segments.latestWrite(message) - now
    if (ahead > 0) this.retries.bringForward(message, ahead)
    this.segments.bringForward(message, now, leaseUntil)
    for (const segment of this.segments.open(message)) this.schedule(segment, message)
  }

  /** After a change of the message's state. A cancelled message waits for nothing: its rest is to be accounted. */
  changeState(message: number, state: MessageState, now: number): void {
    this.messages.setState(message, state, now)
    if (state === "cancelled") this.segments.forgetDelays(message)
    for (const segment of this.segments.open(message)) this.schedule(segment, message)
  }

  /** Puts devices on the retry list, whose segment is made or opened again as needed; returns how many were new. */
  addRetries(message: number, isBulk: number, entries: readonly RetryEntry[]): number {
    if (entries.length === 0) return 0
    const added = this.retries.add(message, entries)
    this.messages.addRetrying(message, 1, added)
    this.schedule(this.#openRetrySegment(message, isBulk), message)
    return added.length
  }

  /** Takes devices off the retry list; returns those that were on it. */
  removeRetries(message: number, settled: readonly SettledDevice[]): SettledDevice[] {
    const removed: SettledDevice[] = []
    const providers: (ProviderName | undefined)[] = []
    for (const device of settled) {
      const row = this.retries.remove(message, device.registration)
      if (row === undefined) continue
      removed.push(device)
      providers.push(row.provider ?? undefined)
    }
    this.messages.addRetrying(message, -1, providers)
    return removed
  }

  /** Finishes the message when no audience is left and no retry. A cancelled one stays cancelled. */
  endIfDone(message: number, now: number): void {
    const { state, retrying } = this.messages.status(message)
    if (retrying > 0 || this.segments.hasOpenAudience(message)) return
    const retry = this.segments.retry(message)
    if (retry !== undefined && retry.isDone === 0) this.endSegment(retry.number, null)
    if (state !== "running" && state !== "paused") return
    this.messages.setState(message, endState(this.outcomes.reasons(message).map(({ kind }) => kind)), now)
  }

  endSegment(segment: number, restCode: number | null): void {
    this.outcomes.merge(segment)
    this.segments.end(segment, restCode)
  }

  #openRetrySegment(message: number, isBulk: number): Timing {
    const existing = this.segments.retry(message)
    if (existing !== undefined) {
      if (existing.isDone === 0) return existing
      this.segments.reopen(existing.number)
      return { ...existing, leaseUntil: 0, notBefore: 0 }
    }
    const segment = { message, kind: "retry", isListed: 0, isBulk, low: 0, high: NO_END, planned: 0 } as const
    return { number: this.segments.insert(segment), kind: "retry", leaseUntil: 0, notBefore: 0 }
  }
}
