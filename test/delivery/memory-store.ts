import {
  endState,
  isTerminal,
  type Message,
  type MessageState,
  type NewMessage,
} from "../../src/domain/message.ts"
import { isFinal, type Outcome, type OutcomeKind } from "../../src/domain/outcome.ts"
import { platformOf } from "../../src/domain/platform.ts"
import type {
  AudienceDevice,
  CheckpointAnswer,
  ClaimedSegment,
  Lane,
  MessageStore,
  RetryDevice,
  RetryEntry,
  RetryProgress,
  SegmentClaim,
  SegmentProgress,
  SegmentStore,
  SettledDevice,
} from "../../src/store/message-store.ts"
import { EXPRESS_AUDIENCE_MAX, FIRST_PASS } from "../../src/store/message-store.ts"
import type { ApplicationStore, DeviceStore } from "../../src/store/store.ts"
import { leftRow, MemoryDevices } from "./memory-devices.ts"
import { brokenByPosition, brokenByStep } from "./memory-law.ts"
import {
  claimed,
  describeOpen,
  firstAbove,
  type Hold,
  isClaimable,
  isFree,
  isOpen,
  isRetryDue,
  NOT_NAMED,
  outcomeOf,
  PERHAPS_SHOWN,
  progressOf,
  retryingOf,
  type Segment,
  type StoredMessage,
  turnOf,
  uncertainOf,
} from "./memory-records.ts"

/** The part of the store that the delivery tests use: any store that offers it can be tested with. */
export interface DeliveryStore {
  readonly applications: Pick<ApplicationStore, "create">
  readonly devices: Pick<DeviceStore, "register" | "unregister" | "removeGone">
  readonly messages: Pick<MessageStore, "publish" | "byId" | "progress" | "changeState" | "deviceOutcome">
  readonly segments: SegmentStore
}

/**
 * The store port for delivery in memory, written to be obviously correct rather than fast: the reference that the engine
 * and its simulation are judged with. `violations` lists the rules of the port that a caller broke.
 */
export class MemoryStore implements DeliveryStore {
  readonly violations: string[] = []
  readonly #segmentSize: number
  readonly #messages = new Map<number, StoredMessage>()
  readonly #holds = new Map<
    number,
    { readonly stored: StoredMessage; readonly segment: Segment | undefined }
  >()
  readonly #registered = new MemoryDevices(() => this.#numbers)
  readonly devices: DeliveryStore["devices"] = this.#registered.port
  #applications = 0
  #numbers = 0
  #segments = 0

  constructor(options: { readonly segmentSize?: number } = {}) {
    this.#segmentSize = options.segmentSize ?? 50_000
  }

  readonly applications: DeliveryStore["applications"] = {
    create: async ({ id, name, preset }, now) => {
      this.#applications += 1
      return { number: this.#applications, id, name, preset, createdAt: now }
    },
  }

  readonly messages: DeliveryStore["messages"] = {
    publish: async (request) => ({ message: this.#publish(request), replayed: false }),
    byId: async (_application, id) => this.#byId(id)?.message,
    progress: async (_application, id) => {
      const stored = this.#byId(id)
      return stored && progressOf(stored)
    },
    changeState: async (_application, id, from, to, now) => {
      const stored = this.#byId(id)
      if (stored === undefined) return undefined
      const moved = from.includes(stored.message.state)
      if (moved) this.#become(stored, to, now)
      return { message: stored.message, moved }
    },
    deviceOutcome: async (number, registration) => {
      const stored = this.#messages.get(number)
      return stored === undefined ? NOT_NAMED : outcomeOf(stored, registration)
    },
  }

  readonly segments: SegmentStore = {
    claim: async (lane, owner, now, leaseUntil) => this.#claim(lane, owner, now, leaseUntil),
    nextDue: async () => this.#nextDue(),
    audiencePage: async (claim, after, limit) => {
      const held = this.#holds.get(claim.segment)
      if (held?.segment === undefined) return []
      const { planned } = held.segment
      const rows: AudienceDevice[] = []
      for (
        let index = firstAbove(planned, after);
        index < planned.length && rows.length < limit;
        index += 1
      ) {
        const device = this.#registered.member(held.stored.message, planned[index] as number)
        if (device !== undefined) rows.push(this.#registered.row(device))
      }
      return rows
    },
    tokenSettled: async (claim, registration) => {
      const stored = this.#holds.get(claim.segment)?.stored
      const device = this.#registered.get(registration)
      if (stored === undefined || device === undefined) return false
      return this.#registered.holders(device).some((other) => {
        const settled = stored.outcomes.get(other.number)
        return other !== device && settled !== undefined && PERHAPS_SHOWN.has(settled.outcome.kind)
      })
    },
    retryPage: async (claim, now, limit) => this.#retryPage(claim, now, limit),
    checkpoint: async (claim, progress) => this.#checkpoint(claim, progress),
    checkpointRetries: async (claim, progress) => this.#checkpointRetries(claim, progress),
    finish: async (claim, progress, rest) => this.#finish(claim, progress, rest),
    release: async (claim, notBefore) => {
      const hold = this.#hold(claim)
      if (hold === undefined) return
      hold.leaseUntil = 0
      hold.notBefore = notBefore
    },
    renew: async (claim, leaseUntil, _now, obstacle) => {
      const hold = this.#hold(claim)
      if (hold === undefined) return undefined
      const segment = this.#holds.get(claim.segment)?.segment
      if (segment !== undefined) segment.obstacle = obstacle
      hold.leaseUntil = leaseUntil
      return this.#answer(claim)
    },
  }

  /** Whether the stored reservation allows a push to the device at this moment. */
  maySend(message: number, registration: number): boolean {
    const stored = this.#messages.get(message)
    if (stored === undefined || stored.outcomes.has(registration)) return false
    const retry = stored.retries.get(registration)
    if (retry !== undefined) return retry.reservedEpoch > 0
    const segment = stored.segments.find(({ plannedSet }) => plannedSet.has(registration))
    if (segment === undefined) return false
    // What carries to a device is not known of one that left since.
    const hasStayed = this.hasStayed(stored.message, registration)
    if (hasStayed && this.#turnOf(segment, registration) !== "now") return false
    return segment.cursor < registration && registration <= segment.reserved
  }

  /** How many devices would be in doubt if every node crashed now. */
  uncertain(message: number): number {
    const stored = this.#messages.get(message) as StoredMessage
    return stored.segments
      .filter(({ isDone }) => !isDone)
      .flatMap((segment) => uncertainOf(segment).filter((one) => this.#turnOf(segment, one) === "now")).length
  }

  #turnOf({ pass }: Segment, registration: number) {
    return turnOf(pass, this.#registered.provider(registration), registration)
  }

  /** Whether the device is in the audience to this day. */
  hasStayed(message: Message, registration: number): boolean {
    return this.#registered.member(message, registration) !== undefined
  }

  get unfinished(): number {
    return [...this.#messages.values()].filter(isOpen).length
  }

  /** A line for each message that is not finished, for the message of a failed simulation. */
  describe(): string {
    return [...this.#messages.values()].filter(isOpen).map(describeOpen).join("\n")
  }

  #byId(id: string): StoredMessage | undefined {
    return [...this.#messages.values()].find(({ message }) => message.id === id)
  }

  #publish(request: NewMessage): Message {
    this.#numbers += 1
    const { idempotency: _, ...rest } = request
    const audience = this.#registered.audience(request)
    const message: Message = {
      ...rest,
      number: this.#numbers,
      state: audience.length === 0 ? "finished" : "running",
      stateChangedAt: request.acceptedAt,
      audienceSize: audience.length,
      unsupported: audience.filter(
        (number) => platformOf(this.#registered.get(number)?.os ?? "") === undefined,
      ).length,
      unknownDeviceIds: [],
    }
    const stored: StoredMessage = {
      message,
      segments: [],
      retryHold: this.#newHold(),
      retries: new Map(),
      outcomes: new Map(),
    }
    this.#holds.set(stored.retryHold.number, { stored, segment: undefined })
    for (let start = 0; start < audience.length; start += this.#segmentSize) {
      const planned = audience.slice(start, start + this.#segmentSize)
      const hold = this.#newHold()
      const cursor = (planned[0] as number) - 1
      const segment: Segment = {
        number: hold.number,
        planned,
        plannedSet: new Set(planned),
        cursor,
        reserved: cursor,
        doneAbove: [],
        pass: FIRST_PASS,
        isDone: false,
        obstacle: "",
        hold,
      }
      stored.segments.push(segment)
      this.#holds.set(hold.number, { stored, segment })
    }
    this.#messages.set(message.number, stored)
    return message
  }

  #newHold(): Hold {
    this.#segments += 1
    return { number: this.#segments, epoch: 0, owner: "", leaseUntil: 0, notBefore: 0 }
  }

  #become(stored: StoredMessage, state: MessageState, now: number): void {
    stored.message = { ...stored.message, state, stateChangedAt: now }
  }

  #claim(lane: Lane, owner: string, now: number, leaseUntil: number): ClaimedSegment | undefined {
    const candidates = [...this.#messages.values()]
      .filter((stored) => isOpen(stored) && isClaimable(stored, now))
      .filter(({ message }) => lane === "any" || message.audienceSize <= EXPRESS_AUDIENCE_MAX)
      .sort((a, b) => a.message.audienceSize - b.message.audienceSize || a.message.number - b.message.number)
    for (const stored of candidates) {
      const segment = stored.segments.find(({ isDone, hold }) => !isDone && isFree(hold, now))
      if (segment !== undefined) return claimed(stored, segment, owner, leaseUntil)
      if (isFree(stored.retryHold, now) && isRetryDue(stored, now)) {
        return claimed(stored, undefined, owner, leaseUntil)
      }
    }
    return undefined
  }

  #nextDue(): number | undefined {
    const times: number[] = []
    for (const stored of this.#messages.values()) {
      if (!isOpen(stored)) continue
      const { message, segments, retryHold, retries } = stored
      const from = message.state === "paused" ? message.expiresAt : 0
      for (const { isDone, hold } of segments) {
        if (!isDone) times.push(Math.max(from, hold.leaseUntil, hold.notBefore))
      }
      for (const { notBefore } of retries.values()) {
        const due = Math.min(notBefore, message.state === "cancelled" ? 0 : message.expiresAt)
        times.push(Math.max(from, due, retryHold.leaseUntil, retryHold.notBefore))
      }
    }
    return times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b))
  }

  #hold(claim: SegmentClaim): Hold | undefined {
    const held = this.#holds.get(claim.segment)
    const hold = held?.segment?.hold ?? held?.stored.retryHold
    const isFenced = hold === undefined || hold.epoch !== claim.epoch || hold.owner !== claim.owner
    return isFenced || held?.segment?.isDone ? undefined : hold
  }

  #answer(claim: SegmentClaim): CheckpointAnswer {
    const { stored } = this.#holds.get(claim.segment) as { stored: StoredMessage }
    return { state: stored.message.state, retrying: retryingOf(stored) }
  }

  #checkpoint(claim: SegmentClaim, progress: SegmentProgress): CheckpointAnswer | undefined {
    const hold = this.#hold(claim)
    const held = this.#holds.get(claim.segment)
    if (hold === undefined || held?.segment === undefined) return undefined
    const { stored, segment } = held
    for (const rule of brokenByStep(segment, progress)) this.#check(false, rule)
    for (const { registration } of [...progress.settled, ...progress.retries]) {
      this.#check(segment.plannedSet.has(registration), `${registration} is not in the segment`)
      this.#check(!stored.retries.has(registration), `${registration} is in the retry list already`)
    }
    this.#settle(stored, progress.settled, progress.now)
    for (const retry of progress.retries) this.#addRetry(stored, retry)
    segment.cursor = progress.cursor
    segment.reserved = progress.reserved
    segment.obstacle = progress.obstacle
    segment.doneAbove = [...progress.doneAbove]
    segment.pass = progress.pass
    hold.leaseUntil = progress.leaseUntil
    for (const rule of brokenByPosition(stored, segment, this.#registered)) this.#check(false, rule)
    return this.#answer(claim)
  }

  #checkpointRetries(claim: SegmentClaim, progress: RetryProgress): CheckpointAnswer | undefined {
    const hold = this.#hold(claim)
    if (hold === undefined) return undefined
    const { stored } = this.#holds.get(claim.segment) as { stored: StoredMessage }
    for (const { registration } of progress.settled) {
      this.#check(stored.retries.delete(registration), `${registration} is not in the retry list`)
    }
    this.#settle(stored, progress.settled, progress.now)
    for (const retry of progress.retries) {
      const provider = stored.retries.get(retry.registration)?.provider
      this.#check(stored.retries.delete(retry.registration), `${retry.registration} is not in the retry list`)
      this.#addRetry(stored, { ...retry, provider })
    }
    for (const registration of progress.reserve) {
      const retry = stored.retries.get(registration)
      this.#check(retry !== undefined, `${registration} is not in the retry list`)
      if (retry !== undefined) stored.retries.set(registration, { ...retry, reservedEpoch: claim.epoch })
    }
    hold.leaseUntil = progress.leaseUntil
    this.#finishMessage(stored, progress.now)
    return this.#answer(claim)
  }

  #finish(claim: SegmentClaim, progress: SegmentProgress, rest: Outcome): CheckpointAnswer | undefined {
    if (this.#checkpoint(claim, progress) === undefined) return undefined
    const { stored, segment } = this.#holds.get(claim.segment) as { stored: StoredMessage; segment: Segment }
    const left = segment.planned.filter(
      (registration) => !stored.outcomes.has(registration) && !stored.retries.has(registration),
    )
    this.#settle(
      stored,
      left.map((registration) => ({ registration, outcome: rest })),
      progress.now,
    )
    segment.isDone = true
    this.#finishMessage(stored, progress.now)
    return this.#answer(claim)
  }

  #finishMessage(stored: StoredMessage, now: number): void {
    if (isOpen(stored) || isTerminal(stored.message.state)) return
    const kinds = Object.keys(progressOf(stored).counts) as OutcomeKind[]
    this.#become(stored, endState(kinds), now)
  }

  #settle(stored: StoredMessage, settled: readonly SettledDevice[], at: number): void {
    for (const { registration, outcome } of settled) {
      this.#check(isFinal(outcome), `${outcome.kind} is not final`)
      this.#check(!stored.outcomes.has(registration), `${registration} is settled a second time`)
      stored.outcomes.set(registration, { outcome, at })
    }
  }

  #addRetry(stored: StoredMessage, retry: RetryEntry): void {
    this.#check(
      !stored.outcomes.has(retry.registration),
      `${retry.registration} is settled and to be retried`,
    )
    stored.retries.set(retry.registration, { ...retry, reservedEpoch: 0 })
  }

  #retryPage(claim: SegmentClaim, now: number, limit: number): RetryDevice[] {
    const { stored } = this.#holds.get(claim.segment) as { stored: StoredMessage }
    const due = [...stored.retries.values()]
      .filter(({ notBefore }) => notBefore <= now)
      .sort((a, b) => a.notBefore - b.notBefore || a.registration - b.registration)
    return due.slice(0, limit).map(({ registration, attempts, copies, reason, reservedEpoch }) => {
      const device = this.#registered.member(stored.message, registration)
      const uncertain = reservedEpoch > 0 && reservedEpoch !== claim.epoch
      const row = device === undefined ? leftRow(registration) : this.#registered.row(device)
      return { ...row, attempts, copies, reason, uncertain }
    })
  }

  #check(isKept: boolean, rule: string): void {
    if (!isKept) this.violations.push(rule)
  }
}
