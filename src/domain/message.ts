import type { OutcomeKind } from "./outcome.ts"
import type { Platform } from "./platform.ts"

/**
 * Terms: a *message* is content with its options, published to an *audience*; the audience is fixed in the moment of the
 * publish. Life: running ⇄ paused → finished; running | paused → cancelled; running | paused → failed, see
 * `endState`.
 */
export type MessageState = "running" | "paused" | "finished" | "cancelled" | "failed"

const TERMINAL_STATES: ReadonlySet<MessageState> = new Set(["finished", "cancelled", "failed"])

export function isTerminal(state: MessageState): boolean {
  return TERMINAL_STATES.has(state)
}

/** After one of these the phone may show the message. */
const PERHAPS_SHOWN: ReadonlySet<OutcomeKind> = new Set(["accepted", "token_changed", "outcome_unknown"])

export function isPerhapsShown(kind: OutcomeKind): boolean {
  return PERHAPS_SHOWN.has(kind)
}

/**
 * How a message ends when nothing more will be tried. Failed: something was tried and certainly nobody has it, so that it
 * can be published again. What was suppressed on purpose is no failure.
 */
export function endState(outcomes: readonly OutcomeKind[]): "finished" | "failed" {
  const wasOnlySuppressed = outcomes.every((kind) => kind === "suppressed")
  return wasOnlySuppressed || outcomes.some(isPerhapsShown) ? "finished" : "failed"
}

/** PUBSUB messages are stored and pushed to nobody (contract 3.1). */
export type PublishPolicy = "PUSH" | "PUBSUB" | "BOTH"

/** Whether a lost answer may be followed by a second copy (reliability 4.1). */
export type DeliveryPromise = "at-least-once" | "at-most-once"

/** How many more copies may follow an ambiguous first one. */
export const RESENDS: { readonly [P in DeliveryPromise]: number } = { "at-least-once": 1, "at-most-once": 0 }

/** Who a publish is for: the channel's devices, narrowed and never widened. */
export interface Audience {
  readonly channel: string
  /** Undefined: every operating system, also those that no provider serves. */
  readonly platforms: readonly Platform[] | undefined
  /** Undefined: every device of the channel. Otherwise only these, at most the limit `deviceIdsPerPublish`. */
  readonly deviceIds: readonly string[] | undefined
}

/** What a publish asks for, validated. */
export interface NewMessage {
  /** `message:<UUID>`. */
  readonly id: string
  readonly application: number
  readonly audience: Audience
  readonly policy: PublishPolicy
  readonly delivery: DeliveryPromise
  /** The published `message` as JSON text. */
  readonly messageJson: string
  readonly headers: ReadonlyMap<string, string>
  readonly publisherId: string | undefined
  readonly subtopic: string | undefined
  /** Milliseconds since 1970. */
  readonly acceptedAt: number
  readonly expiresAt: number
  readonly idempotency: Idempotency | undefined
  /** Undefined: it is published for the first time. */
  readonly again: SentAgain | undefined
}

/** A message that is sent again: of an earlier message's audience, those who had one of the outcomes. */
export interface SentAgain {
  readonly messageId: string
  readonly outcomes: readonly SoughtOutcome[]
}

/** With this reason, or with any. */
export interface SoughtOutcome {
  readonly kind: OutcomeKind
  readonly reason?: string
}

/** An `Idempotency-Key` within its scope (reliability 4.6). Kept 24 hours. */
export interface Idempotency {
  /** Who used it for what: application, API key and operation. */
  readonly scope: string
  readonly key: string
  /** Hash of the canonical request: the same key with another request is refused. */
  readonly requestHash: string
}

/** A stored message without its progress. */
export interface Message extends Omit<NewMessage, "idempotency"> {
  /** Grows with every message; a member that joined at or after it is not in the audience. */
  readonly number: number
  readonly state: MessageState
  readonly stateChangedAt: number
  /** How many devices are in the audience; never changes. */
  readonly audienceSize: number
  /** Of them, how many have an operating system without a push provider. */
  readonly unsupported: number
  /** Device ids that the publish named and that were not registered with the channel. */
  readonly unknownDeviceIds: readonly string[]
}

export type OutcomeCounts = { readonly [K in OutcomeKind]?: number }

/** How a message is going. `pending` and the counts add up to the audience, always. */
export interface MessageProgress {
  readonly message: Message
  readonly counts: OutcomeCounts
  /** Devices without a final outcome: not reached yet, in flight, or waiting for a retry. */
  readonly pending: number
  /** Of those, how many wait for a retry. */
  readonly retrying: number
  /** The reasons behind the counts, most frequent first, at most 100. */
  readonly reasons: readonly OutcomeReason[]
  /** What pending devices wait for beyond their turn, most devices first, at most 100; left out of lists of messages. */
  readonly obstacles: readonly ObstacleCount[]
}

export interface ObstacleCount {
  /** See obstacle.ts; of a device that waits for another attempt, perhaps what the provider answered. */
  readonly obstacle: string
  readonly devices: number
}

export interface OutcomeReason {
  readonly kind: OutcomeKind
  /** The provider's word or the engine's; empty for `accepted`. */
  readonly reason: string
  readonly count: number
}
