import type { Message, MessageProgress, SentAgain } from "../../domain/message.ts"
import { FINAL_KINDS } from "../../domain/outcome.ts"

/** Domain values → the JSON of the management API. Times are milliseconds since 1970. */

export interface MessageView {
  readonly messageId: string
  readonly state: Message["state"]
  readonly channel: string
  readonly platforms: readonly string[] | null
  readonly policy: string
  readonly delivery: string
  readonly message: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly acceptedAt: number
  readonly expiresAt: number
  readonly stateChangedAt: number
  /** Devices in the audience: `counts` and `pending` add up to it. */
  readonly audience: number
  /** Devices by final outcome; every kind is there, also with 0. */
  readonly counts: Readonly<Record<string, number>>
  readonly pending: number
  readonly retrying: number
  /** Settled devices per second: since the publish, or between two events of a stream. */
  readonly ratePerSecond: number
  /** Null when nothing is known: paused, or nothing was settled yet. */
  readonly secondsLeft: number | null
  readonly reasons: MessageProgress["reasons"]
  /** What pending devices wait for beyond their turn. */
  readonly obstacles: MessageProgress["obstacles"]
  readonly unknownDeviceIds: readonly string[]
  readonly again: { readonly messageId: string; readonly outcomes: readonly string[] } | null
}

function sentAgain({ messageId, outcomes }: SentAgain): NonNullable<MessageView["again"]> {
  return { messageId, outcomes: outcomes.map(({ kind }) => kind) }
}

/** What was settled at a time, to tell a rate from the difference. */
export interface Sample {
  readonly at: number
  readonly settled: number
}

export function settledOf(progress: MessageProgress): number {
  return progress.message.audienceSize - progress.pending
}

export function messageView(progress: MessageProgress, now: number, since?: Sample): MessageView {
  const { message, counts, pending } = progress
  const { at, settled } = since ?? { at: message.acceptedAt, settled: 0 }
  const end = pending === 0 ? Math.max(message.stateChangedAt, at) : now
  const ratePerSecond = ((settledOf(progress) - settled) * 1000) / Math.max(1, end - at)
  const isMoving = message.state === "running" && pending > 0 && ratePerSecond > 0
  return {
    messageId: message.id,
    state: message.state,
    channel: message.audience.channel,
    platforms: message.audience.platforms ?? null,
    policy: message.policy,
    delivery: message.delivery,
    message: JSON.parse(message.messageJson) as unknown,
    headers: Object.fromEntries(message.headers),
    acceptedAt: message.acceptedAt,
    expiresAt: message.expiresAt,
    stateChangedAt: message.stateChangedAt,
    audience: message.audienceSize,
    counts: Object.fromEntries(FINAL_KINDS.map((kind) => [kind, counts[kind] ?? 0])),
    pending,
    retrying: progress.retrying,
    ratePerSecond: Math.round(ratePerSecond * 10) / 10,
    secondsLeft: pending === 0 ? 0 : isMoving ? Math.ceil(pending / ratePerSecond) : null,
    reasons: progress.reasons,
    obstacles: progress.obstacles,
    unknownDeviceIds: message.unknownDeviceIds,
    again: message.again === undefined ? null : sentAgain(message.again),
  }
}
