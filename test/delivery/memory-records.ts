import type { Message, MessageProgress, ObstacleCount, OutcomeCounts } from "../../src/domain/message.ts"
import type { Outcome, OutcomeKind } from "../../src/domain/outcome.ts"
import type { ProviderName } from "../../src/domain/platform.ts"
import type {
  ClaimedSegment,
  DeviceOutcome,
  ProviderCounts,
  RetryEntry,
  SegmentPass,
} from "../../src/store/message-store.ts"
import { FIRST_PASS } from "../../src/store/message-store.ts"

/** What the store in memory keeps of a message, and what can be read from it. */

export interface Segment {
  readonly number: number
  readonly planned: readonly number[]
  readonly plannedSet: ReadonlySet<number>
  cursor: number
  reserved: number
  doneAbove: readonly number[]
  pass: SegmentPass
  isDone: boolean
  obstacle: string
  readonly hold: Hold
}

/** Who may work on a segment. */
export interface Hold {
  readonly number: number
  epoch: number
  owner: string
  leaseUntil: number
  notBefore: number
}

interface Retry extends RetryEntry {
  readonly reservedEpoch: number
}

export interface StoredMessage {
  message: Message
  readonly segments: Segment[]
  readonly retryHold: Hold
  readonly retries: Map<number, Retry>
  readonly outcomes: Map<number, { readonly outcome: Outcome; readonly at: number }>
}

/** Outcomes after which a phone may show the message. */
export const PERHAPS_SHOWN: ReadonlySet<OutcomeKind> = new Set([
  "accepted",
  "token_changed",
  "outcome_unknown",
])

export const NOT_NAMED: DeviceOutcome = { state: "not_in_audience", because: "not_named" }

export function isOpen({ segments, retries }: StoredMessage): boolean {
  return retries.size > 0 || segments.some(({ isDone }) => !isDone)
}

export function isClaimable({ message }: StoredMessage, now: number): boolean {
  return message.state === "running" || message.state === "cancelled" || message.expiresAt <= now
}

export function isFree(hold: Hold, now: number): boolean {
  return hold.leaseUntil <= now && hold.notBefore <= now
}

export function isRetryDue({ message, retries }: StoredMessage, now: number): boolean {
  const isEnding = message.state === "cancelled" || message.expiresAt <= now
  return [...retries.values()].some(({ notBefore }) => isEnding || notBefore <= now)
}

export function claimed(
  { message, retryHold }: StoredMessage,
  segment: Segment | undefined,
  owner: string,
  leaseUntil: number,
): ClaimedSegment {
  const hold = segment?.hold ?? retryHold
  hold.epoch += 1
  hold.owner = owner
  hold.leaseUntil = leaseUntil
  return {
    claim: { segment: hold.number, message: message.number, epoch: hold.epoch, owner },
    message,
    kind: segment === undefined ? "retry" : "audience",
    cursor: segment?.cursor ?? 0,
    reserved: segment?.reserved ?? 0,
    doneAbove: segment?.doneAbove ?? [],
    pass: segment?.pass ?? FIRST_PASS,
    obstacle: segment?.obstacle ?? "",
  }
}

export function uncertainOf({ planned, cursor, reserved, doneAbove }: Segment): number[] {
  return planned.filter((number) => number > cursor && number <= reserved && !doneAbove.includes(number))
}

/** When a device has its turn: in this pass or the next, or it had it in an earlier one. */
export function turnOf(
  { only, later }: SegmentPass,
  provider: ProviderName | undefined,
  registration: number,
): "now" | "later" | "over" {
  const start = only === undefined ? 0 : provider && only[provider]
  if (start === undefined || registration <= start) return "over"
  const end = provider && later[provider]
  return end !== undefined && registration > end ? "later" : "now"
}

export function retryingOf({ retries }: StoredMessage): ProviderCounts {
  const counts = { apns: 0, fcm: 0, wns: 0 }
  for (const { provider } of retries.values()) {
    if (provider !== undefined) counts[provider] += 1
  }
  return counts
}

export function progressOf(stored: StoredMessage): MessageProgress {
  const counts: { -readonly [K in keyof OutcomeCounts]: number } = {}
  const reasons = new Map<string, { kind: Outcome["kind"]; reason: string; count: number }>()
  for (const { outcome } of stored.outcomes.values()) {
    counts[outcome.kind] = (counts[outcome.kind] ?? 0) + 1
    const { kind } = outcome
    const reason = "reason" in outcome ? outcome.reason : ""
    const known = reasons.get(`${kind} ${reason}`)
    reasons.set(`${kind} ${reason}`, { kind, reason, count: (known?.count ?? 0) + 1 })
  }
  return {
    message: stored.message,
    counts,
    pending: stored.message.audienceSize - stored.outcomes.size,
    retrying: stored.retries.size,
    reasons: [...reasons.values()].sort((a, b) => b.count - a.count),
    obstacles: obstaclesOf(stored),
  }
}

export function outcomeOf(stored: StoredMessage, registration: number): DeviceOutcome {
  const settled = stored.outcomes.get(registration)
  if (settled !== undefined) {
    const { outcome, at } = settled
    const reason = "reason" in outcome ? outcome.reason : ""
    return { state: "settled", outcome: { kind: outcome.kind, reason }, from: at, to: at }
  }
  const retry = stored.retries.get(registration)
  if (retry !== undefined) {
    const { attempts, reason, notBefore } = retry
    return { state: "retrying", attempts, lastReason: reason, notBefore }
  }
  const segment = stored.segments.find(({ plannedSet }) => plannedSet.has(registration))
  return segment === undefined ? NOT_NAMED : { state: "pending", obstacle: segment.obstacle }
}

function obstaclesOf({ segments, retries, outcomes }: StoredMessage): ObstacleCount[] {
  const waiting = segments
    .filter(({ isDone }) => !isDone)
    .flatMap(({ planned, obstacle }) =>
      planned.filter((number) => !outcomes.has(number) && !retries.has(number)).map(() => obstacle),
    )
    .filter((obstacle) => obstacle !== "")
  const all = [...waiting, ...[...retries.values()].map(({ reason }) => reason)]
  return [...new Set(all)].map((obstacle) => ({
    obstacle,
    devices: all.filter((other) => other === obstacle).length,
  }))
}

/** A message that is not finished, for people who look for the reason. */
export function describeOpen(stored: StoredMessage): string {
  const { message, segments, retries } = stored
  const open = segments.filter(({ isDone }) => !isDone).map(({ planned: _, plannedSet: __, ...rest }) => rest)
  return JSON.stringify({
    ...progressOf(stored).counts,
    number: message.number,
    state: message.state,
    expiresAt: message.expiresAt,
    open,
    retries: [...retries.values()].slice(0, 3),
  })
}

/** Index of the first number above `after` in a sorted list. */
export function firstAbove(numbers: readonly number[], after: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] as number) <= after) low = middle + 1
    else high = middle
  }
  return low
}
