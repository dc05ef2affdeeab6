import type { Message } from "../domain/message.ts"
import type { Outcome } from "../domain/outcome.ts"
import type { ProviderName } from "../domain/platform.ts"
import type {
  CheckpointAnswer,
  ClaimedSegment,
  Lane,
  ProviderCounts,
  SegmentClaim,
} from "../store/message-store.ts"
import { beginTerm, Lease, type Term } from "./lease.ts"
import type { LiveMessage } from "./live-messages.ts"
import { storeBackOffMs } from "./settings.ts"
import { Signal } from "./signal.ts"
import type { Workplace } from "./workplace.ts"

/** Why a runner must not go on. "expired" and "cancelled" end the segment, the others give it back. */
export type Stop = "expired" | "cancelled" | "paused" | "draining"

/** A claim as it was made: for which lane, when it was started, and what was known then. */
export interface Claiming {
  readonly lane: Lane
  readonly term: Term
  readonly messagesVersion: number
  readonly claimed: ClaimedSegment
}

/** Holding one segment: the lease, the message's state, and calls of the store that survive its failures. */
export class Tenure {
  readonly claim: SegmentClaim
  readonly message: Message
  /** Raised when the runner should look again. */
  readonly signal: Signal
  readonly #workplace: Workplace
  readonly #live: LiveMessage
  readonly #lease: Lease
  #isLost = false
  #retrying: ProviderCounts = { apns: 0, fcm: 0, wns: 0 }
  #keptAt: number

  constructor(workplace: Workplace, { claimed, term, messagesVersion }: Claiming) {
    const { leaseMs, leaseMarginMs } = workplace.settings
    this.#workplace = workplace
    this.claim = claimed.claim
    this.message = claimed.message
    this.signal = new Signal(workplace.clock)
    this.#live = workplace.messages.enter(claimed.message, messagesVersion, this.signal)
    this.#lease = new Lease(term, leaseMs, leaseMarginMs)
    workplace.leases.add(this.#lease)
    this.#keptAt = term.monotonic
  }

  /** Somebody else has the segment, or this engine gave up storing: nothing may be sent or stored any more. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** The verdict on a device that nothing was sent to before the message expired, whatever it waited for until then. */
  expired(obstacle: string): Outcome {
    const reason = this.#live.state === "paused" ? "message_paused" : obstacle
    return { kind: "expired", reason: reason === "" ? "no_turn" : reason }
  }

  /** Whether so many devices of the message waited for a retry with the provider, when last heard, that it is evidently down. */
  isCrowded(provider: ProviderName): boolean {
    return this.#retrying[provider] >= this.#workplace.settings.retryingMax
  }

  /** Milliseconds until the lease is to be renewed at the latest. */
  get renewInMs(): number {
    return this.#keptAt + this.#workplace.settings.renewMs - this.#workplace.clock.monotonic()
  }

  stop(now = this.#workplace.clock.now()): Stop | undefined {
    if (this.message.expiresAt <= now) return "expired"
    if (this.#live.state === "cancelled") return "cancelled"
    if (this.#live.state === "paused") return "paused"
    return this.#workplace.shutdown.isDraining ? "draining" : undefined
  }

  /** The part of the send gate that concerns the segment and its message. Undefined: go. */
  refusal(now: number): Outcome | undefined {
    if (this.#isLost || !this.#lease.isTrusted(now, this.#workplace.clock.monotonic())) return NOT_NOW
    const stop = this.stop(now)
    if (stop === undefined) return undefined
    if (stop === "expired") return this.expired("")
    return stop === "cancelled" ? { kind: stop } : NOT_NOW
  }

  /**
   * A call that is fenced and renews the lease, repeated until the store answers. The store's law is that a call which
   * throws has written nothing, so the same progress is stored again. False: the segment is lost.
   */
  async keep(
    call: (leaseUntil: number, now: number) => Promise<CheckpointAnswer | undefined>,
  ): Promise<boolean> {
    const { clock, messages, settings, shutdown } = this.#workplace
    this.#lease.isBeingRenewed = true
    for (let failures = 0; ; failures += 1) {
      const version = messages.version
      const term = beginTerm(clock)
      try {
        const answer = await call(term.wall + settings.leaseMs, term.wall)
        if (answer === undefined) break
        this.#keptAt = term.monotonic
        this.#lease.renewed(term)
        this.#lease.isBeingRenewed = false
        this.#retrying = answer.retrying
        messages.read(this.message.number, answer.state, version)
        return true
      } catch (error) {
        if (shutdown.hurry.aborted) break
        await this.#rest(error, failures)
      }
    }
    this.#lose()
    return false
  }

  renew(obstacle: string): Promise<boolean> {
    const { segments } = this.#workplace
    return this.keep((leaseUntil, now) => segments.renew(this.claim, leaseUntil, now, obstacle))
  }

  /** A call that only reads, repeated until it succeeds; undefined when the engine is being stopped meanwhile. */
  async read<T>(call: () => Promise<T>): Promise<T | undefined> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await call()
      } catch (error) {
        if (this.#workplace.shutdown.isDraining) return undefined
        await this.#rest(error, failures)
      }
    }
  }

  /** Gives the segment back. Should that fail, the lease runs out. */
  async release(notBefore: number): Promise<void> {
    try {
      await this.#workplace.segments.release(this.claim, notBefore, this.#workplace.clock.now())
    } catch (error) {
      this.#workplace.log.warn({ segment: this.claim.segment, err: error }, "a segment could not be released")
    }
  }

  /** The runner is through with the segment, whatever became of it. */
  leave(): void {
    this.#lose()
    this.#workplace.messages.leave(this.message.number, this.signal)
  }

  #lose(): void {
    this.#isLost = true
    this.#workplace.leases.delete(this.#lease)
  }

  async #rest(error: unknown, failures: number): Promise<void> {
    const { clock, log, shutdown } = this.#workplace
    log.error({ segment: this.claim.segment, err: error }, "the store failed; the call is repeated")
    await clock.sleep(storeBackOffMs(failures), shutdown.hurry)
  }
}

/** Settles nothing: the push was not sent and stays where it was. */
export const NOT_NOW: Outcome = { kind: "retry_later", reason: "not_now" }
