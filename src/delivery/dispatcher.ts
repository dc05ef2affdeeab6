import type { Outcome } from "../domain/outcome.ts"
import type { OutcomeSink, OutgoingBatch, SendGate } from "../provider/provider.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { Carrier } from "./carrier.ts"
import { InvalidationWatch } from "./invalidation-watch.ts"
import { Limiter } from "./limiter.ts"
import { PairingWatch } from "./pairing-watch.ts"
import type { PushCounts, PushFigures } from "./push-counts.ts"
import { RetryBudget } from "./retry-budget.ts"
import { storeBackOffMs } from "./settings.ts"
import type { Signal } from "./signal.ts"

/** Pushes offered at once, so that the runners of one credential take turns. */
const QUANTUM = 64
/** A provider that took less and never called back is asked again after this time. */
const FORGOTTEN_ROOM_MS = 5_000
const TIMER_MS_MAX = 30_000
/** An eighth of what is under way, at most so much, is left free by broadcasts: a small message goes out at once. */
const EXPRESS_KEPT_MAX = 4

export interface DispatcherOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Ends the attempts to store a pause. */
  readonly stopped: AbortSignal
  readonly onPaused: ((credential: string, reason: string) => void) | undefined
  readonly counts: PushCounts
}

/** The pushes of one runner that wait for their turn; see outlet.ts. */
export interface PushQueue extends OutcomeSink {
  readonly isExpress: boolean
  readonly gate: SendGate
  readonly pending: number
  /** Whether the dispatcher has it in its line. */
  isQueued: boolean
  /** The first `count` pushes that wait. */
  batch(count: number): OutgoingBatch
  /** Forgets the first `count` pushes that wait: the provider has them. */
  taken(count: number): void
}

/**
 * One credential's way out, shared by all runners: hands their pushes to the provider within the limits, express before
 * bulk and in turns, and draws the consequences of the answers for the credential. Kept as long as the credential is used.
 */
export class Dispatcher {
  readonly key: string
  readonly limiter: Limiter
  readonly budget: RetryBudget
  readonly invalidations: InvalidationWatch
  readonly #options: DispatcherOptions
  readonly #pairings = new PairingWatch()
  readonly #counts: ReturnType<PushCounts["of"]>
  readonly #express: PushQueue[] = []
  readonly #bulk: PushQueue[] = []
  /** Of runners that have nothing to do until something can be sent again. */
  readonly #idle = new Set<Signal>()
  /** Devices for which a place was reserved and which the provider has not taken yet. */
  #promised = 0
  #obstacle: string | undefined
  #carrier: Carrier
  #wasPaused = false
  #isPausing = false
  #isFull = false
  #rooms = 0
  #isPumpDue = false
  #cancelRecheck: (() => void) | undefined

  constructor(carrier: Carrier, options: DispatcherOptions) {
    const now = options.clock.monotonic()
    this.key = carrier.key
    this.#carrier = carrier
    this.#options = options
    this.#counts = options.counts.of(carrier.provider.name)
    this.limiter = new Limiter(carrier.provider.limits.inFlightMax, options.random)
    this.budget = new RetryBudget(now)
    this.invalidations = new InvalidationWatch(now)
  }

  get carrier(): Carrier {
    return this.#carrier
  }

  get isIdle(): boolean {
    const isQuiet = this.limiter.inFlight === 0 && this.#promised === 0
    return isQuiet && this.#express.length === 0 && this.#bulk.length === 0
  }

  /** The carrier as it was found just now. */
  found(carrier: Carrier): void {
    this.#carrier = carrier
    if (carrier.paused() !== undefined) {
      this.#wasPaused = true
    } else if (this.#wasPaused) {
      this.#wasPaused = false
      this.#pairings.reset()
    }
  }

  /** Why nothing may be sent with the credential; undefined: it may. */
  paused(): string | undefined {
    return this.#carrier.paused()
  }

  /** For how long it makes no sense to hold pushes ready; 0: their turn will come soon. */
  blockedMs(): number {
    return this.limiter.blockedMs(this.#options.clock.monotonic())
  }

  /** What devices wait for that cannot be sent to with the credential (obstacle.ts); undefined: for their turn. */
  obstacle(): string | undefined {
    const ofLimits = this.limiter.obstacle(this.#options.clock.monotonic())
    // The provider's own words say more, unless they are those from before a pause.
    return ofLimits === "credential_throttled" ? ofLimits : (this.#obstacle ?? ofLimits)
  }

  /**
   * For how many of `wanted` devices more a reservation makes sense because they can be sent to at once: what a crash
   * leaves in doubt is then what was being sent.
   */
  vacancies(wanted: number, isExpress: boolean): number {
    const now = this.#options.clock.monotonic()
    const busy = this.limiter.inFlight + this.#promised
    const kept = this.#promised + (isExpress ? 0 : Math.min(EXPRESS_KEPT_MAX, busy >> 3))
    const allowed = Math.min(kept + wanted, this.limiter.capacity(now))
    if (allowed <= kept) return 0
    const { room, obstacle } = this.#carrier.provider.ready(allowed, this)
    // The next attempt to connect is no better news than the last one, until it succeeds.
    if (room > 0 || obstacle !== undefined) this.#obstacle = obstacle
    this.limiter.asked(room > 0, now)
    return Math.max(0, room - kept)
  }

  /** A place is reserved for a device, or (-1) the provider has taken it or it will not be sent to. */
  promise(change: 1 | -1): void {
    this.#promised += change
  }

  /** How long nothing may be offered. */
  pauseMs(): number {
    return this.limiter.pauseMs(this.#options.clock.monotonic())
  }

  /** Raises the signal as soon as `vacancies` may have another answer. */
  onVacancy(signal: Signal): void {
    this.#idle.add(signal)
  }

  /** Queues an outlet that has pushes waiting. They go out in the next turn of the micro-task queue. */
  enqueue(outlet: PushQueue): void {
    if (!outlet.isQueued && outlet.pending > 0) {
      outlet.isQueued = true
      const queue = outlet.isExpress ? this.#express : this.#bulk
      queue.push(outlet)
    }
    this.#pumpSoon()
  }

  offVacancy(signal: Signal): void {
    this.#idle.delete(signal)
  }

  /** What the provider, or its silence, said about a push that was sent. */
  answered(outcome: Outcome): void {
    const now = this.#options.clock.monotonic()
    this.limiter.answered(outcome, now)
    this.invalidations.note(outcome, now)
    this.#counts[outcome.kind] = (this.#counts[outcome.kind] ?? 0) + 1
    const isPairingWrong = this.#pairings.note(outcome)
    if (outcome.kind !== "credential_refused") return
    if (outcome.scope === "credential" || isPairingWrong) this.#pause(outcome.reason)
  }

  returned(): void {
    this.limiter.returned()
    this.#raiseIdle()
    if (this.#express.length > 0 || this.#bulk.length > 0) this.#pumpSoon()
  }

  room(): void {
    this.#rooms += 1
    this.#isFull = false
    this.limiter.room()
    this.#pumpSoon()
    this.#raiseIdle()
  }

  #raiseIdle(): void {
    if (this.#idle.size === 0) return
    const signals = [...this.#idle]
    this.#idle.clear()
    for (const signal of signals) signal.raise()
  }

  /** Once for a burst of answers, so that what they make room for goes out as one batch. */
  #pumpSoon(): void {
    if (this.#isPumpDue || this.#isFull) return
    this.#isPumpDue = true
    queueMicrotask(() => {
      this.#isPumpDue = false
      this.#pump()
    })
  }

  #pump(): void {
    while (!this.#isFull) {
      const queue = this.#express.length > 0 ? this.#express : this.#bulk
      const outlet = queue[0]
      if (outlet === undefined) return
      const now = this.#options.clock.monotonic()
      const count = Math.min(outlet.pending, this.limiter.capacity(now), QUANTUM)
      if (count === 0 && outlet.pending > 0) {
        this.#recheckAfter(this.limiter.pauseMs(now))
        return
      }
      if (count > 0) this.#offer(outlet, count, now)
      queue.shift()
      outlet.isQueued = outlet.pending > 0
      if (outlet.isQueued) queue.push(outlet)
    }
  }

  #offer(outlet: PushQueue, count: number, now: number): void {
    const batch = outlet.batch(count)
    const rooms = this.#rooms
    this.limiter.offering(count)
    const taken = this.#take(batch, outlet)
    outlet.taken(taken)
    this.limiter.offered(count, taken, now)
    if (taken === count) return
    this.#isFull = true
    this.#recheck(rooms === this.#rooms ? FORGOTTEN_ROOM_MS : 0, () => this.room())
  }

  /** A provider that throws is broken: whether it sent the pushes is not known. */
  #take(batch: OutgoingBatch, outlet: PushQueue): number {
    try {
      return this.#carrier.provider.offer(batch, 0, outlet.gate, outlet)
    } catch (error) {
      this.#options.log.error({ credential: this.key, err: error }, "a provider failed to take pushes")
      for (const ticket of batch.tickets)
        outlet.settle(ticket, { kind: "ambiguous", reason: "provider_failed" })
      return batch.tickets.length
    }
  }

  #recheckAfter(ms: number): void {
    if (ms > 0) this.#recheck(Math.min(Math.ceil(ms), TIMER_MS_MAX), () => this.#pumpSoon())
  }

  #recheck(ms: number, callback: () => void): void {
    this.#cancelRecheck?.()
    this.#cancelRecheck = this.#options.clock.after(ms, callback)
  }

  #pause(reason: string): void {
    if (this.#isPausing || this.paused() !== undefined) return
    this.#isPausing = true
    void this.#storePause(reason)
    if (this.paused() === undefined) return
    this.#wasPaused = true
    this.#options.log.error({ credential: this.key, reason }, "credential paused: the provider refuses it")
    this.#options.onPaused?.(this.key, reason)
  }

  async #storePause(reason: string): Promise<void> {
    const { clock, log, stopped } = this.#options
    for (let failures = 0; this.#isPausing && !stopped.aborted; failures += 1) {
      try {
        await this.#carrier.pause(reason)
        this.#isPausing = false
      } catch (err) {
        log.error({ credential: this.key, err }, "the pause of a credential could not be stored")
        await clock.sleep(storeBackOffMs(failures), stopped)
      }
    }
  }
}

/** At most so many credentials keep their limits in memory; the one that was idle longest is forgotten first. */
const DISPATCHERS_MAX = 1_000

export class Dispatchers {
  readonly #options: DispatcherOptions
  readonly #byKey = new Map<string, Dispatcher>()

  constructor(options: DispatcherOptions) {
    this.#options = options
  }

  for(carrier: Carrier): Dispatcher {
    let dispatcher = this.#byKey.get(carrier.key)
    if (dispatcher === undefined) {
      dispatcher = new Dispatcher(carrier, this.#options)
      this.#forgetOne()
    } else {
      dispatcher.found(carrier)
      this.#byKey.delete(carrier.key)
    }
    this.#byKey.set(carrier.key, dispatcher)
    return dispatcher
  }

  figures(): PushFigures {
    const inFlight = [...this.#byKey.values()].reduce((sum, { limiter }) => sum + limiter.inFlight, 0)
    return { inFlight, answers: this.#options.counts.answers() }
  }

  #forgetOne(): void {
    if (this.#byKey.size < DISPATCHERS_MAX) return
    for (const [key, dispatcher] of this.#byKey) {
      if (dispatcher.isIdle) {
        this.#byKey.delete(key)
        return
      }
    }
  }
}
