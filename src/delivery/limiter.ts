import type { Outcome } from "../domain/outcome.ts"
import type { Random } from "../runtime/random.ts"

const START_LIMIT = 64
/** Failures come in bursts, one for each push that was in flight: they count as one reason to slow down. */
const HALVING_PAUSE_MS = 500
const FAILURES_TO_OPEN = 16
const BREAK_MS_MIN = 1_000
const BREAK_MS_MAX = 60_000
/** A probe, or an offer that is not taken, may hold up others for so long before they are told to come back later. */
const PATIENCE_MS = 1_000
const STALL_MS = 5_000

/**
 * How much may be in flight with one credential. Terms: the *limit* grows with every answer and halves when the provider
 * shows strain; the *breaker* opens when nothing but failures come back, and lets a single push through as a probe after
 * a pause that doubles. All times are monotonic milliseconds.
 */
export class Limiter {
  readonly #limitMax: number
  readonly #random: Random
  #limit: number
  #isSlowStart = true
  #inFlight = 0
  #halvedAt = Number.NEGATIVE_INFINITY
  #throttledUntil = 0
  #throttles = 0
  #failures = 0
  #lastFailure = ""
  #breakMs = 0
  #openUntil = 0
  #refusedSince: number | undefined

  constructor(inFlightMax: number, random: Random) {
    this.#limitMax = Math.max(1, inFlightMax)
    this.#limit = Math.min(START_LIMIT, this.#limitMax)
    this.#random = random
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get limit(): number {
    return Math.floor(this.#limit)
  }

  /** How many more pushes may be offered now. */
  capacity(now: number): number {
    if (this.pauseMs(now) > 0) return 0
    if (this.#isTripped) return this.#inFlight === 0 ? 1 : 0
    return Math.max(0, this.limit - this.#inFlight)
  }

  /** Until nothing may be offered: the provider's own wish or the open breaker. 0: something may. */
  pauseMs(now: number): number {
    return Math.max(0, this.#throttledUntil - now, this.#openUntil - now)
  }

  /** For how long it makes no sense to hold a push ready; 0: its turn will come soon. */
  blockedMs(now: number): number {
    const pause = this.pauseMs(now)
    if (pause > PATIENCE_MS) return pause
    if (this.#isTripped && this.#inFlight > 0 && now - this.#openUntil > PATIENCE_MS) return this.#breakMs
    return this.#isStalled(now) && !this.#isForgotten(now) && this.#inFlight === 0 ? STALL_MS : 0
  }

  /** What a device waits for that cannot be sent to (obstacle.ts); undefined: for its turn. */
  obstacle(now: number): string | undefined {
    if (this.#throttledUntil > now) return "credential_throttled"
    const isQuiet = this.#isStalled(now) && this.#inFlight === 0
    if (!this.#isTripped && !isQuiet) return undefined
    return this.#lastFailure === "" ? "provider_unreachable" : `provider_unreachable: ${this.#lastFailure}`
  }

  /** The provider took `taken` of the `offered` pushes that were counted with `offering`. */
  offered(offered: number, taken: number, now: number): void {
    this.#inFlight -= offered - taken
    this.asked(taken === offered, now)
  }

  /** The provider was asked whether it would take anything. */
  asked(hasRoom: boolean, now: number): void {
    if (hasRoom) this.#refusedSince = undefined
    else if (this.#refusedSince === undefined || this.#isForgotten(now)) this.#refusedSince = now
  }

  #isStalled(now: number): boolean {
    return this.#refusedSince !== undefined && now - this.#refusedSince > PATIENCE_MS
  }

  /** It refused long ago and has not been heard of since: time to ask again. */
  #isForgotten(now: number): boolean {
    return this.#refusedSince !== undefined && now - this.#refusedSince > PATIENCE_MS + STALL_MS
  }

  offering(count: number): void {
    this.#inFlight += count
  }

  /** The provider says that there is room again. */
  room(): void {
    this.#refusedSince = undefined
  }

  /** A push came back, whether it was sent or not. */
  returned(): void {
    this.#inFlight -= 1
  }

  /** What the provider, or its silence, said about a push. */
  answered(outcome: Outcome, now: number): void {
    switch (outcome.kind) {
      case "throttled":
        this.#alive()
        if (outcome.scope === "credential") this.#throttle(outcome.afterMs ?? 0, now)
        break
      case "retry_later":
      case "ambiguous":
        this.#halve(now)
        this.#lastFailure = outcome.reason
        this.#fail(now)
        break
      default:
        this.#alive()
        this.#throttles = 0
        this.#grow()
    }
  }

  get #isTripped(): boolean {
    return this.#breakMs > 0
  }

  #alive(): void {
    this.#failures = 0
    this.#lastFailure = ""
    this.#breakMs = 0
    this.#refusedSince = undefined
  }

  #grow(): void {
    if (this.#limit >= this.#limitMax || this.#inFlight * 2 < this.#limit) return
    const step = this.#isSlowStart ? 1 : 1 / this.#limit
    this.#limit = Math.min(this.#limitMax, this.#limit + step)
  }

  #halve(now: number): void {
    if (now - this.#halvedAt < HALVING_PAUSE_MS) return
    this.#halvedAt = now
    this.#isSlowStart = false
    this.#limit = Math.max(1, this.#limit / 2)
  }

  /** Without a time from the provider, or with one that is past: 1 s, doubled with each throttling in a row, at most a minute. */
  #throttle(afterMs: number, now: number): void {
    this.#halve(now)
    if (afterMs === 0 && this.#throttledUntil > now) return
    const pause = afterMs || Math.min(BREAK_MS_MAX, BREAK_MS_MIN * 2 ** Math.min(this.#throttles++, 6))
    this.#throttledUntil = Math.max(this.#throttledUntil, now + pause)
  }

  #fail(now: number): void {
    this.#failures += 1
    const isProbe = this.#isTripped && now >= this.#openUntil
    if (!isProbe && (this.#isTripped || this.#failures < FAILURES_TO_OPEN)) return
    this.#breakMs = Math.min(BREAK_MS_MAX, Math.max(BREAK_MS_MIN, this.#breakMs * 2))
    this.#openUntil = now + this.#breakMs * (0.5 + this.#random.fraction() / 2)
  }
}
