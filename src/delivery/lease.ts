import type { Clock } from "../runtime/clock.ts"

/** How far wall time may drift from monotonic time within a term: more means a suspended machine or a set clock. */
const DIVERGENCE_MAX_MS = 1_000

/** The two times at which a claim or a renewal was started. */
export interface Term {
  readonly wall: number
  readonly monotonic: number
}

export function beginTerm(clock: Clock): Term {
  return { wall: clock.now(), monotonic: clock.monotonic() }
}

/**
 * Until when a node may believe that it holds a segment (reliability 4.3). Trust is counted from the start of the call
 * that took or renewed the lease and ends a margin before the lease does, so a slow store never stretches it. A suspended
 * machine, whose monotonic clock stood still, is found by the wall clock that ran on. The store's fence decides; this
 * only makes a node stop earlier.
 */
export class Lease {
  readonly #trustMs: number
  #trustedUntil: number
  #offset: number

  constructor(term: Term, leaseMs: number, marginMs: number) {
    this.#trustMs = leaseMs - marginMs
    this.#trustedUntil = term.monotonic + this.#trustMs
    this.#offset = term.wall - term.monotonic
  }

  renewed(term: Term): void {
    this.#trustedUntil = term.monotonic + this.#trustMs
    this.#offset = term.wall - term.monotonic
  }

  isTrusted(wall: number, monotonic: number): boolean {
    return monotonic < this.#trustedUntil && Math.abs(wall - monotonic - this.#offset) <= DIVERGENCE_MAX_MS
  }
}
