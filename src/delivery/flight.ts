import { isFinal, type Outcome, type OutcomeKind } from "../domain/outcome.ts"
import { PROVIDER_OF, providerOf } from "../domain/platform.ts"
import type { AudienceDevice, RetryEntry, SettledDevice } from "../store/message-store.ts"
import type { GoneToken } from "../store/store.ts"
import type { Dispatcher } from "./dispatcher.ts"
import { Outlet, type Source } from "./outlet.ts"
import { Outlets } from "./outlets.ts"
import { afterAttempt, type PassingOutcome, retryDelayMs } from "./retry.ts"
import { NOT_NOW, type Tenure } from "./tenure.ts"
import { isRegistrationExpired, REGISTRATION_EXPIRED, UNSUPPORTED_OS, verdictOn } from "./verdict.ts"
import type { Workplace } from "./workplace.ts"

/** Admitted and not on its way. */
const HELD = 1
/** With an outlet or the provider. */
const SENT = 2
/** With the provider, which was told not to send it. */
const GATED = 3
const DONE = 4

/** What came of devices since the last checkpoint. */
export interface Results {
  readonly settled: readonly SettledDevice[]
  readonly retries: readonly RetryEntry[]
  readonly gone: readonly { readonly dispatcher: Dispatcher; readonly token: GoneToken }[]
}

/** What is known of a device when it is admitted. */
export interface History {
  readonly attempts: number
  /** Sends that may have reached the device. */
  readonly copies: number
  /** What its last attempt came to, or what it waited for; empty when it was not taken up before. */
  readonly reason: string
}

export const NO_HISTORY: History = { attempts: 0, copies: 0, reason: "" }

/** Reasons to put a device off that do not replace what it waited for before. */
const SAYS_LITTLE: ReadonlySet<string> = new Set(["not_now", "retry_budget"])

/** What a provider may say of a push that it did not even write. */
const NOT_WRITTEN: ReadonlySet<OutcomeKind> = new Set(["expired", "cancelled", "suppressed"])

/**
 * The devices of one runner between their admission and the checkpoint that stores what came of them: the tickets, the
 * send gate, and the translation of answers into outcomes and retries. Tickets are consecutive numbers; at most
 * `capacity` may be open, in arrays that are allocated once.
 */
export class Flight implements Source {
  readonly outlets: Outlets
  /** The runner waits for so many unsaved results; infinite while it does not wait. */
  wakeAt = Number.POSITIVE_INFINITY
  /** What the device that went to the retry list last waits for; empty: none did. */
  obstacle = ""
  readonly #workplace: Workplace
  readonly #tenure: Tenure
  readonly #mask: number
  readonly #devices: (AudienceDevice | undefined)[]
  readonly #tickets: Float64Array
  readonly #states: Uint8Array
  readonly #attempts: Uint16Array
  readonly #copies: Uint16Array
  readonly #reasons: string[]
  /** What a provider answered to the device's push, where whoever carries it next decides whether that is final. */
  readonly #refusals: (Outcome | undefined)[]
  readonly #sentAt: Float64Array
  /** Where a place is promised to the device until a provider takes it. */
  readonly #promises: (Dispatcher | undefined)[]
  #settled: SettledDevice[] = []
  #retries: RetryEntry[] = []
  #gone: { dispatcher: Dispatcher; token: GoneToken }[] = []
  #inFlight = 0
  #open = 0

  constructor(workplace: Workplace, tenure: Tenure, capacity: number, isExpress: boolean) {
    const size = 2 ** Math.ceil(Math.log2(capacity))
    this.#workplace = workplace
    this.#tenure = tenure
    this.outlets = new Outlets(workplace, tenure.message, this, isExpress)
    this.#mask = size - 1
    this.#devices = new Array<AudienceDevice | undefined>(size).fill(undefined)
    this.#tickets = new Float64Array(size).fill(-1)
    this.#states = new Uint8Array(size)
    this.#attempts = new Uint16Array(size)
    this.#copies = new Uint16Array(size)
    this.#reasons = new Array<string>(size).fill("")
    this.#refusals = new Array<Outcome | undefined>(size).fill(undefined)
    this.#sentAt = new Float64Array(size)
    this.#promises = new Array<Dispatcher | undefined>(size).fill(undefined)
  }

  /** With an outlet or a provider: their outcome is still to come. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Admitted and not done. */
  get open(): number {
    return this.#open
  }

  /** Outcomes and retries that wait for a checkpoint. */
  get unsaved(): number {
    return this.#settled.length + this.#retries.length
  }

  registration(ticket: number): number {
    return this.#device(ticket & this.#mask).registration
  }

  isDone(ticket: number): boolean {
    return this.#states[ticket & this.#mask] === DONE
  }

  isInFlight(ticket: number): boolean {
    const state = this.#states[ticket & this.#mask]
    return state === SENT || state === GATED
  }

  /** Whether the device may have got the message already. */
  isInDoubt(ticket: number): boolean {
    return this.#copies[ticket & this.#mask] !== 0
  }

  /** Takes in a device, to be held until it is sent, settled or postponed. */
  hold(ticket: number, device: AudienceDevice, history: History): void {
    this.#put(ticket, device, history, HELD)
    this.#open += 1
  }

  /** The way by which a device could be sent to if there were room; undefined: it can be reserved or settled at once. */
  obstructed(device: AudienceDevice): Outlet | undefined {
    const way = verdictOn(device, this.outlets, this.#workplace.clock.now())
    if (!(way instanceof Outlet) || way.dispatcher.blockedMs() > 0) return undefined
    return way.hasVacancy(this.#workplace.settings.reservation) ? undefined : way
  }

  /** Settles or postpones a device that is held and cannot be sent to now. The way out of one that is to be reserved. */
  judge(ticket: number): Outlet | undefined {
    const slot = ticket & this.#mask
    const way = this.#states[slot] === HELD ? this.#way(slot) : undefined
    if (way !== undefined && this.#promises[slot] === undefined) {
      this.#promises[slot] = way.dispatcher
      way.promise()
    }
    return way
  }

  taken(ticket: number): void {
    const slot = ticket & this.#mask
    if (this.#tickets[slot] === ticket) this.#release(slot)
  }

  /** The runner is through: no place is kept for what it still holds. */
  leave(): void {
    for (let slot = 0; slot <= this.#mask; slot += 1) {
      if (this.#states[slot] === HELD) this.#release(slot)
    }
  }

  /** Takes in a device that an earlier owner was done with. */
  skip(ticket: number, device: AudienceDevice): void {
    this.#put(ticket, device, NO_HISTORY, DONE)
  }

  /** Hands a device that is held to its outlet, if it can be sent to. See `flush`. */
  send(ticket: number): void {
    const slot = ticket & this.#mask
    if (this.#states[slot] !== HELD) return
    const outlet = this.#way(slot)
    if (outlet === undefined) return
    this.#states[slot] = SENT
    this.#inFlight += 1
    outlet.add(ticket, this.#device(slot).token)
  }

  flush(): void {
    this.outlets.flush()
  }

  /** Settles a device that is held, without sending. */
  settle(ticket: number, outcome: Outcome): void {
    const slot = ticket & this.#mask
    if (this.#states[slot] === HELD) this.#conclude(slot, outcome)
  }

  /** Holds again what no provider has taken; with `blockedOnly`, only what has no prospect of being taken soon. */
  withdraw(blockedOnly = false): void {
    for (const ticket of this.outlets.withdraw(blockedOnly)) {
      this.#states[ticket & this.#mask] = HELD
      this.#inFlight -= 1
    }
  }

  /** Puts a device that is held into the retry list as if it had not been taken up: nothing was sent. */
  postpone(ticket: number, notBefore: number, reason: string): void {
    const slot = ticket & this.#mask
    if (this.#states[slot] === HELD) this.#postpone(slot, notBefore, reason)
  }

  take(): Results {
    const results = { settled: this.#settled, retries: this.#retries, gone: this.#gone }
    this.#settled = []
    this.#retries = []
    this.#gone = []
    return results
  }

  refusal(ticket: number, outlet: Outlet): Outcome | undefined {
    const slot = ticket & this.#mask
    const now = this.#workplace.clock.now()
    const refusal =
      this.#tenure.refusal(now) ??
      (isRegistrationExpired(this.#device(slot), now) ? REGISTRATION_EXPIRED : undefined) ??
      // Held until the credential was asked for anew: another may have taken its place.
      (outlet.dispatcher.paused() === undefined ? undefined : NOT_NOW)
    if (refusal === undefined) this.#sentAt[slot] = now
    else this.#states[slot] = GATED
    return refusal
  }

  settled(ticket: number, outcome: Outcome, outlet: Outlet): boolean {
    const slot = ticket & this.#mask
    const state = this.#states[slot]
    if (this.#tickets[slot] !== ticket || (state !== SENT && state !== GATED)) {
      this.#workplace.log.error({ ticket, kind: outcome.kind }, "a provider settled a push twice")
      return false
    }
    const { unsaved } = this
    this.#inFlight -= 1
    this.#states[slot] = HELD
    if (state === SENT) outlet.dispatcher.answered(outcome)
    if (this.#tenure.isLost) this.#workplace.hooks.onAnswersDropped?.(1)
    else if (state === SENT) this.#answered(slot, outcome, outlet)
    else if (outcome.kind !== "retry_later") this.#conclude(slot, outcome)
    if (this.#isWorthALook(unsaved, outlet)) this.#tenure.signal.raise()
    return true
  }

  /** A push that is held again is worth a look only to a runner that waits for the last one. */
  #isWorthALook(unsavedBefore: number, { dispatcher }: Outlet): boolean {
    if (this.wakeAt === Number.POSITIVE_INFINITY) return false
    const isLast = this.#inFlight === 0
    if (this.unsaved === unsavedBefore) {
      return isLast && (this.#tenure.stop() !== undefined || dispatcher.paused() !== undefined)
    }
    return isLast || this.unsaved >= this.wakeAt
  }

  #answered(slot: number, outcome: Outcome, outlet: Outlet): void {
    const { dispatcher } = outlet
    const attempts = (this.#attempts[slot] as number) + 1
    this.#attempts[slot] = attempts
    if (outcome.kind === "token_gone") {
      const { registration, token } = this.#device(slot)
      const knownSince = outcome.since ?? (this.#sentAt[slot] as number)
      this.#gone.push({ dispatcher, token: { registration, token, knownSince, reason: outcome.reason } })
    }
    if (attempts === 1) dispatcher.budget.sentFirst()
    else if (isFinal(outcome)) dispatcher.budget.retrySettled()
    if (outcome.kind === "credential_refused" && this.#mayHaveSuccessor(slot, outlet)) {
      // Held until the credential was asked for anew, as are those that were not sent.
      this.#refusals[slot] = outcome
      this.#reasons[slot] = outcome.reason
    } else if (this.#isOnlyOfThisAttempt(outcome)) {
      this.#conclude(slot, outcome)
    } else {
      this.#record(slot, outcome)
    }
  }

  /** Whether another credential has, or may have, taken the place of that which the device's push was sent with. */
  #mayHaveSuccessor(slot: number, outlet: Outlet): boolean {
    const { platform } = this.#device(slot)
    if (platform === undefined) return false
    return outlet.dispatcher.paused() !== undefined || this.outlets.at(platform) !== outlet
  }

  /** Says nothing of an earlier attempt, which may have been accepted. */
  #isOnlyOfThisAttempt(outcome: Outcome): boolean {
    const isOfCredential = outcome.kind === "credential_refused" && outcome.scope === "credential"
    return isOfCredential || NOT_WRITTEN.has(outcome.kind)
  }

  /** A verdict of the engine. Where an earlier copy may have arrived, it must not say that nothing was sent. */
  #conclude(slot: number, verdict: Outcome): void {
    if (!isFinal(verdict)) this.#attempts[slot] = (this.#attempts[slot] as number) + 1
    const isDoubtful = this.#copies[slot] !== 0 && isFinal(verdict) && !this.#isCertain(slot, verdict)
    const isExpired = verdict.kind === "expired"
    const reason = "reason" in verdict && !isExpired ? verdict.reason : verdict.kind
    if (isDoubtful) this.#record(slot, { kind: "outcome_unknown", reason })
    else this.#record(slot, isExpired ? this.#tenure.expired(this.#reasons[slot] || verdict.reason) : verdict)
  }

  /** A device that kept its operating system since the publish cannot have been sent to before. */
  #isCertain(slot: number, verdict: Outcome): boolean {
    return verdict === UNSUPPORTED_OS && this.#device(slot).registeredAt <= this.#tenure.message.acceptedAt
  }

  #record(slot: number, outcome: Outcome): void {
    this.#done(slot)
    if (isFinal(outcome)) this.#settled.push({ registration: this.#device(slot).registration, outcome })
    else this.#retryAfter(slot, outcome as PassingOutcome)
  }

  #retryAfter(slot: number, outcome: PassingOutcome): void {
    const { clock, random, settings } = this.#workplace
    const { registration, platform } = this.#device(slot)
    const history = { attempts: this.#attempts[slot] as number, copies: this.#copies[slot] as number }
    const provider = PROVIDER_OF[platform ?? "android"]
    const delay = retryDelayMs(outcome, history.attempts, provider, settings.retry, random)
    const notBefore = clock.now() + delay
    const next = afterAttempt(
      { registration, provider, ...history },
      outcome,
      this.#tenure.message,
      notBefore,
      settings.retry,
    )
    if ("outcome" in next) {
      this.#settled.push(next)
    } else {
      this.obstacle = next.reason
      this.#retries.push(next)
    }
  }

  /** Where a device can be sent; undefined: it was settled or postponed instead. */
  #way(slot: number): Outlet | undefined {
    const { clock, random } = this.#workplace
    const now = clock.now()
    const way = verdictOn(this.#device(slot), this.outlets, now)
    if (!(way instanceof Outlet)) {
      const isRefusal = way.kind === "credential_refused"
      this.#conclude(slot, isRefusal ? (this.#refusals[slot] ?? way) : way)
      return undefined
    }
    const blockedMs = way.dispatcher.blockedMs()
    if (blockedMs === 0) return way
    this.#postpone(
      slot,
      now + Math.ceil(blockedMs + random.fraction() * 1_000),
      way.dispatcher.obstacle() ?? "provider_unreachable",
    )
    return undefined
  }

  /** Not beyond the expiry: then the device is due for its last verdict. */
  #postpone(slot: number, wishedFor: number, reason: string): void {
    const { registration, platform } = this.#device(slot)
    const notBefore = Math.min(wishedFor, this.#tenure.message.expiresAt)
    const attempts = this.#attempts[slot] as number
    const copies = this.#copies[slot] as number
    const earlier = SAYS_LITTLE.has(reason) ? this.#reasons[slot] : undefined
    this.#done(slot)
    this.obstacle = earlier || reason
    const provider = providerOf(platform)
    this.#retries.push({ registration, attempts, copies, notBefore, reason: this.obstacle, provider })
  }

  #done(slot: number): void {
    this.#states[slot] = DONE
    this.#open -= 1
    this.#release(slot)
  }

  #release(slot: number): void {
    this.#promises[slot]?.promise(-1)
    this.#promises[slot] = undefined
  }

  #put(ticket: number, device: AudienceDevice, history: History, state: number): void {
    const slot = ticket & this.#mask
    this.#devices[slot] = device
    this.#tickets[slot] = ticket
    this.#attempts[slot] = history.attempts
    this.#copies[slot] = history.copies
    this.#reasons[slot] = history.reason
    this.#refusals[slot] = undefined
    this.#states[slot] = state
  }

  #device(slot: number): AudienceDevice {
    return this.#devices[slot] as AudienceDevice
  }
}
