import type {
  Audience,
  Idempotency,
  Message,
  MessageProgress,
  MessageState,
  NewMessage,
  SoughtOutcome,
} from "../domain/message.ts"
import type { Outcome } from "../domain/outcome.ts"
import type { DeviceCounts, Platform, ProviderName } from "../domain/platform.ts"

/**
 * The part of the store port that delivery rests on (design D5, reliability 4.3). Terms: a *segment* is a slice of the
 * audience, the unit of work, lease and checkpoint; its *cursor* is the last device before which everything is settled;
 * only devices up to its durable *reservation* may be sent to; devices between the two without an outcome are
 * *uncertain* after a crash. A segment whose runner leaves out providers goes over its devices again in another *pass*
 * (ADR 28). Devices are named by their registration number.
 */
export interface MessageStore {
  /**
   * Stores message, idempotency row, audience boundary and segments in one transaction. The store cuts the segments
   * (about 50 000 devices each; a list of device ids becomes one segment) and counts the audience: members of the channel
   * that joined before this message, of the platforms asked for. A PUBSUB message has no audience. A message without an
   * audience is finished at once. Creates the channel if it does not exist. A repeated idempotency key answers with the first message, `replayed`;
   * throws DomainError `idempotency_key_reused` when its request differs. `slices`: of a message that is sent again, its
   * audience as `failedDevices` found it; each becomes a segment.
   */
  publish(
    message: NewMessage,
    slices?: readonly AudienceSlice[],
  ): Promise<{ readonly message: Message; readonly replayed: boolean }>
  /** What `publish` would answer to a repeated idempotency key; undefined when it is new. Throws as `publish` does. */
  replayed(idempotency: Idempotency): Promise<Message | undefined>
  /** Whom a message for these devices would be for that is published now; `deviceIds` must be there. */
  namedAudience(application: number, audience: Audience, now: number): Promise<NamedAudience>
  byId(application: number, id: string): Promise<Message | undefined>
  byNumber(number: number): Promise<Message | undefined>
  progress(application: number, id: string): Promise<MessageProgress | undefined>
  /** Latest first; `before` exclusive, undefined for the latest. At most 1 000. */
  page(
    application: number,
    before: number | undefined,
    limit: number,
  ): Promise<{ readonly messages: readonly MessageProgress[]; readonly next: number | undefined }>
  /**
   * Moves to the state if the present one is in `from`; undefined when the message does not exist, else the message after
   * the call and whether it moved. A cancelled message's segments become claimable so that their rest is accounted.
   */
  changeState(
    application: number,
    id: string,
    from: readonly MessageState[],
    to: MessageState,
    now: number,
  ): Promise<{ readonly message: Message; readonly moved: boolean } | undefined>
  /** What became of one device of the audience. */
  deviceOutcome(message: number, registration: number): Promise<DeviceOutcome>
  /**
   * The devices of a message that had one of these outcomes and have stayed in its channel, in any number: read from its
   * log in windows, with others having their turn between them. For a message of which nothing is pending.
   */
  failedDevices(message: number, outcomes: readonly SoughtOutcome[]): Promise<FailedDevices>
  /** Removes idempotency rows older than `before`, and departures older than `departuresBefore`; at most 10 000 each. */
  removeOld(limits: { readonly idempotencyBefore: number; readonly departuresBefore: number }): Promise<void>
}

/** Of the devices that a publish names: those it would be for, and those that are not registered with the channel. */
export interface NamedAudience {
  readonly devices: DeviceCounts
  readonly unknownDeviceIds: readonly string[]
}

export type DeviceOutcome =
  /** `from` and `to` bound the time at which it was settled. */
  | {
      readonly state: "settled"
      readonly outcome: SettledOutcome
      readonly from: number
      readonly to: number
    }
  | {
      readonly state: "retrying"
      readonly attempts: number
      readonly lastReason: string
      readonly notBefore: number
    }
  /** In the audience, its turn has not come (or it is in flight). `obstacle`: what its slice waits for, empty for nothing. */
  | { readonly state: "pending"; readonly obstacle: string }
  | {
      readonly state: "not_in_audience"
      readonly because: "registered_later" | "not_in_channel" | "other_platform" | "not_named"
    }

export interface FailedDevices {
  /** How many had one of the outcomes, whether they stayed or not. */
  readonly matched: number
  /** Where those who stayed are. */
  readonly slices: readonly AudienceSlice[]
}

/** A part of an audience, as large as a segment: registration numbers after `after` up to `last`. */
export interface AudienceSlice {
  readonly after: number
  readonly last: number
  readonly devices: number
  /** Of them, how many have an operating system that no provider serves. */
  readonly unsupported: number
}

/** A final outcome as the log keeps it. */
export interface SettledOutcome {
  readonly kind: Outcome["kind"]
  readonly reason: string
}

/** Which segments a claim may take: small messages have a lane of their own, so no broadcast delays them. */
export type Lane = "express" | "any"

/** Audiences up to this size travel in the express lane. */
export const EXPRESS_AUDIENCE_MAX = 1_000

/** A registration number for each of some providers: that of the last device before those that are meant. */
export type ProviderStarts = { readonly [P in ProviderName]?: number }

/** Which devices of a segment its present way from the first to the last is for, and which the next one. */
export interface SegmentPass {
  /** The devices of these providers after these numbers. Undefined: every device, the first time. */
  readonly only: ProviderStarts | undefined
  /** Left out, for the next pass: the devices of these providers after these numbers. None of them was taken up. */
  readonly later: ProviderStarts
}

export const FIRST_PASS: SegmentPass = { only: undefined, later: {} }

export interface SegmentClaim {
  readonly segment: number
  readonly message: number
  /** Raised by every claim. */
  readonly epoch: number
  readonly owner: string
}

export interface ClaimedSegment {
  readonly claim: SegmentClaim
  readonly message: Message
  /** "retry": the message's list of devices that wait for another attempt; it has no cursor. */
  readonly kind: "audience" | "retry"
  readonly cursor: number
  readonly reserved: number
  /** Settled or moved to the retry list, above the cursor: at most the size of a reservation. */
  readonly doneAbove: readonly number[]
  readonly pass: SegmentPass
  /** What its devices waited for when its owner last said so (obstacle.ts); empty for nothing, and for retries. */
  readonly obstacle: string
}

/** A device of the audience, as the runner needs it. */
export interface AudienceDevice {
  readonly registration: number
  readonly token: string
  readonly platform: Platform | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined
  readonly registeredAt: number
  /** False: a later registration has the same token (design D9). */
  readonly receives: boolean
}

export interface RetryDevice extends AudienceDevice {
  readonly attempts: number
  /** Ambiguous sends so far. */
  readonly copies: number
  /** What its last attempt came to, or what it waits for. */
  readonly reason: string
  /** True when an earlier owner had reserved it for sending and never said what became of it. */
  readonly uncertain: boolean
}

export interface RetryEntry {
  readonly registration: number
  readonly attempts: number
  readonly copies: number
  readonly notBefore: number
  readonly reason: string
  /** What carries to the device; undefined: nothing does, or it left. */
  readonly provider: ProviderName | undefined
}

export interface SettledDevice {
  readonly registration: number
  /** Final (see isFinal). */
  readonly outcome: Outcome
}

export interface SegmentProgress {
  /** Goes back only with the beginning of another pass, in a checkpoint without outcomes and retries. */
  readonly cursor: number
  readonly reserved: number
  readonly doneAbove: readonly number[]
  readonly pass: SegmentPass
  /** Final outcomes since the last checkpoint. */
  readonly settled: readonly SettledDevice[]
  /** Devices that are to be tried again, since the last checkpoint. */
  readonly retries: readonly RetryEntry[]
  /** What the devices above the cursor wait for beyond their turn (obstacle.ts); empty for nothing. */
  readonly obstacle: string
  readonly leaseUntil: number
  readonly now: number
}

export interface RetryProgress {
  readonly settled: readonly SettledDevice[]
  /** Tried and to be tried again: replaces their entries, no longer reserved. */
  readonly retries: readonly RetryEntry[]
  /** About to be sent: marks them reserved, so that a crash leaves them uncertain. */
  readonly reserve: readonly number[]
  readonly leaseUntil: number
  readonly now: number
}

/** What a checkpoint tells the runner: undefined means that the lease is lost and nothing was written. */
export interface CheckpointAnswer {
  readonly state: MessageState
  /** Devices of the message in its retry list, by their provider, for the cap. Those of none are not counted. */
  readonly retrying: ProviderCounts
}

export type ProviderCounts = { readonly [P in ProviderName]: number }

export interface SegmentStore {
  /**
   * Claims the first open segment whose lease has run out and that is due, of a message that is running or cancelled or
   * past its expiry, small audiences first: raises its epoch, sets owner and lease. A retry segment is due when one of
   * its devices is. Undefined: nothing to do.
   */
  claim(lane: Lane, owner: string, now: number, leaseUntil: number): Promise<ClaimedSegment | undefined>
  /** The earliest time at which `claim` could return something new: a retry falling due or a lease running out. */
  nextDue(now: number): Promise<number | undefined>
  /** Devices of the segment after `after` (exclusive) in order of registration number; fewer than `limit`: no more. */
  audiencePage(claim: SegmentClaim, after: number, limit: number): Promise<readonly AudienceDevice[]>
  /**
   * Other registrations of the same token that are in the message's audience and were settled already: a token that
   * moved to this registration after the publish is not pushed to twice.
   */
  tokenSettled(claim: SegmentClaim, registration: number): Promise<boolean>
  /** Due retries of the message, the earliest first. Devices that left meanwhile come with an empty token. */
  retryPage(claim: SegmentClaim, now: number, limit: number): Promise<readonly RetryDevice[]>
  /**
   * In one transaction: moves the cursor, stores what is done above it and the pass, adds outcomes and counters, adds
   * retries, sets the reservation, renews the lease. Fenced by epoch and owner: undefined when the lease is lost; then nothing was written.
   */
  checkpoint(claim: SegmentClaim, progress: SegmentProgress): Promise<CheckpointAnswer | undefined>
  checkpointRetries(claim: SegmentClaim, progress: RetryProgress): Promise<CheckpointAnswer | undefined>
  /**
   * Ends an audience segment: like a checkpoint, and every device that was planned and has no outcome and no retry is
   * counted with `rest` (devices that left, or all that were not sent to because of a cancellation or the expiry). The
   * last segment, with no retries left, finishes the message.
   */
  finish(claim: SegmentClaim, progress: SegmentProgress, rest: Outcome): Promise<CheckpointAnswer | undefined>
  /** Gives the segment back, not to be claimed before `notBefore`. A retry segment without devices ends here. */
  release(claim: SegmentClaim, notBefore: number, now: number): Promise<void>
  /** Renews the lease, says what the segment waits for, and reads the message's state without progress. */
  renew(
    claim: SegmentClaim,
    leaseUntil: number,
    now: number,
    obstacle: string,
  ): Promise<CheckpointAnswer | undefined>
}
