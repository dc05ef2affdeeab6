import type { Clock } from "../runtime/clock.ts"

/** How far wall time may drift from monotonic time within a term: more means a suspended machine or a set clock. */
const DIVERGENCE_MAX_MS = 1_000

/** A runner has so long to renew a lease that is over before others of its node may look for work as if it were not there. */
const PATIENCE_MS = 5_000

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
  /** A call that renews it is under way, or is repeated until the store answers. */
  isBeingRenewed = false
  readonly #trustMs: number
  #trustedUntil: number
  #offset: number
  /** When it was first seen to be over; monotonic. */
  #overAt: number | undefined

  constructor(term: Term, leaseMs: number, marginMs: number) {
    this.#trustMs = leaseMs - marginMs
    this.#trustedUntil = term.monotonic + this.#trustMs
    this.#offset = term.wall - term.monotonic
  }

  renewed(term: Term): void {
    this.#trustedUntil = term.monotonic + this.#trustMs
    this.#offset = term.wall - term.monotonic
    this.#overAt = undefined
  }

  isTrusted(wall: number, monotonic: number): boolean {
    return monotonic < this.#trustedUntil && Math.abs(wall - monotonic - this.#offset) <= DIVERGENCE_MAX_MS
  }

  /** It is over, and its runner is expected to renew it. */
  isLate(wall: number, monotonic: number): boolean {
    if (this.isTrusted(wall, monotonic)) return false
    this.#overAt ??= monotonic
    return this.isBeingRenewed || monotonic - this.#overAt < PATIENCE_MS
  }
}

/**
 * The leases of all runners of a node. After a sleep of the machine or an outage of the store they are over, all at once. A
 * runner that claims then would take a segment from another that is about to go on with it, and leave in doubt what that one
 * has under way.
 */
export class Leases {
  readonly #held = new Set<Lease>()

  add(lease: Lease): void {
    this.#held.add(lease)
  }

  delete(lease: Lease): void {
    this.#held.delete(lease)
  }

  isAnyLate({ wall, monotonic }: Term): boolean {
    for (const lease of this.#held) if (lease.isLate(wall, monotonic)) return true
    return false
  }
}
