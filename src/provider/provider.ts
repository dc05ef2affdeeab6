import type { Outcome } from "../domain/outcome.ts"
import type { Platform, ProviderName } from "../domain/platform.ts"
import type { PushContent } from "../domain/push-content.ts"

/**
 * The provider port. Terms: a *ticket* is the engine's number for one push of a batch (one message to one token);
 * *prepared* is a message translated once for a provider, so that nothing is translated per device.
 */

/**
 * Asked synchronously right before a push is written: lease trusted, not expired, not cancelled, credential not
 * paused. Undefined means go; otherwise the outcome to settle instead of sending.
 */
export type SendGate = (ticket: number) => Outcome | undefined

export interface RoomWaiter {
  /** There is room again after `offer` took less than it was given, or `ready` promised less than it was asked for. */
  room(): void
}

export interface OutcomeSink extends RoomWaiter {
  /** Called exactly once per ticket taken, in any order, never synchronously from inside `offer` for a sent push. */
  settle(ticket: number, outcome: Outcome): void
}

export interface Readiness {
  /** So many pushes would be written (or settled, should the credential be refused) at once if they were offered now. */
  readonly room: number
  /** Why there is no room and none is in sight, in the words of an outcome's reason. */
  readonly obstacle?: string
}

/** A message translated for one provider: its bytes do not depend on the device. Opaque to the engine. */
export interface PreparedPush {
  /** The size that counts against the provider's limit, in bytes. */
  readonly payloadBytes: number
}

export interface OutgoingBatch {
  readonly push: PreparedPush
  /** Parallel arrays: push number i goes to tokens[i] and is settled as tickets[i]. At most 1 000 entries. */
  readonly tickets: readonly number[]
  readonly tokens: readonly string[]
}

/**
 * One provider with one credential. Sends each push once: no retry inside, the engine decides about that. (A single
 * renewal of the provider's own access token followed by one more try of a push that was refused with 401 counts as one
 * send.)
 */
export interface Provider {
  readonly name: ProviderName
  /** Upper bounds that the engine respects. */
  readonly limits: { readonly inFlightMax: number; readonly payloadBytesMax: number }
  /** Translates a message for a platform of this provider. Pure. */
  prepare(content: PushContent, platform: Platform): PreparedPush
  /**
   * Whether `wanted` pushes could be written now; asked before devices are reserved, so that a crash leaves none in doubt
   * that was not sent to. Sets under way what is missing: a connection, an access token. With less room than wanted, the
   * waiter is told when to ask again.
   */
  ready(wanted: number, waiter: RoomWaiter): Readiness
  /**
   * Takes pushes from the front of the batch, starting at index `from`, while there is room, and returns how many it
   * took. Each push taken is settled exactly once through the sink.
   */
  offer(batch: OutgoingBatch, from: number, gate: SendGate, sink: OutcomeSink): number
  /** Stops taking, settles what is in flight (as answered, or `ambiguous` once the signal aborts), closes. */
  close(signal: AbortSignal): Promise<void>
}
