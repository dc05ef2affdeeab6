import type { ProviderName } from "../domain/platform.ts"
import type { Random } from "../runtime/random.ts"
import { type ApnsEnvironment, addressOf } from "./device-states.ts"
import {
  checkFault,
  type Fault,
  type FaultAction,
  type FaultConditions,
  type FaultEndpoint,
} from "./fault-rules.ts"

/** Where a request came in, for the choice of faults. */
interface FaultSite {
  readonly provider: ProviderName
  readonly environment?: ApnsEnvironment
  readonly endpoint: FaultEndpoint
}

export interface ListedFault {
  readonly id: number
  readonly fault: Fault
  /** Requests that met all conditions but nth and probability. */
  readonly seen: number
  /** How often it struck. */
  readonly struck: number
}

interface SetFault {
  readonly id: number
  readonly fault: Fault
  readonly setAt: number
  seen: number
  struck: number
}

const FAULTS_MAX = 1_000

/** The faults that are set. The first one that applies strikes; without faults a request pays nothing. */
export class FaultScript {
  readonly #monotonic: () => number
  readonly #random: Random
  #faults: SetFault[] = []
  #lastId = 0

  /** `monotonic`: milliseconds since some fixed point. */
  constructor(monotonic: () => number, random: Random) {
    this.#monotonic = monotonic
    this.#random = random
  }

  /** Sets a fault after those already set and returns its number. Throws TypeError for what is no fault. */
  add(fault: Fault): number {
    const checked = checkFault(fault)
    if (!checked.ok) throw new TypeError(`not a fault: ${checked.problem}`)
    if (this.#faults.length >= FAULTS_MAX) throw new RangeError(`at most ${FAULTS_MAX} faults can be set`)
    this.#lastId += 1
    this.#faults.push({ id: this.#lastId, fault, setAt: this.#monotonic(), seen: 0, struck: 0 })
    return this.#lastId
  }

  /** False when there is no fault of this number. */
  remove(id: number): boolean {
    const before = this.#faults.length
    this.#faults = this.#faults.filter((set) => set.id !== id)
    return this.#faults.length < before
  }

  clear(): void {
    this.#faults = []
  }

  /** In the order in which they are tried. */
  list(): readonly ListedFault[] {
    return this.#faults.map(({ id, fault, seen, struck }) => ({ id, fault, seen, struck }))
  }

  /** The action of the fault that strikes this request, or undefined. `tokenOf` is only called when a fault asks. */
  strike(site: FaultSite, tokenOf: () => string | undefined): FaultAction | undefined {
    if (this.#faults.length === 0) return undefined
    let chosen: SetFault | undefined
    for (const set of this.#faults) {
      // All faults count the requests, struck by another one or not: "the third push" stays the third.
      if (this.#applies(set, site, tokenOf)) chosen ??= set
    }
    if (chosen === undefined) return undefined
    chosen.struck += 1
    return chosen.fault.action
  }

  #applies(set: SetFault, site: FaultSite, tokenOf: () => string | undefined): boolean {
    const { fault } = set
    const isSpent = fault.times !== undefined && set.struck >= fault.times
    if (isSpent || !isAt(fault, site)) return false
    const { nth, probability, window, token } = fault.when ?? {}
    if (!isInWindow(window, this.#monotonic() - set.setAt)) return false
    if (token !== undefined && !isSameDevice(site.provider, token, tokenOf())) return false
    set.seen += 1
    if (!isNth(nth, set.seen)) return false
    return probability === undefined || this.#random.fraction() < probability
  }
}

function isAt(fault: Fault, site: FaultSite): boolean {
  return (
    fault.provider === site.provider &&
    (fault.endpoint ?? "send") === site.endpoint &&
    (fault.environment === undefined || fault.environment === site.environment)
  )
}

function isInWindow(window: FaultConditions["window"], elapsedMs: number): boolean {
  return elapsedMs >= (window?.fromMs ?? 0) && elapsedMs < (window?.untilMs ?? Number.POSITIVE_INFINITY)
}

function isSameDevice(provider: ProviderName, wanted: string, actual: string | undefined): boolean {
  return actual !== undefined && addressOf(provider, wanted) === addressOf(provider, actual)
}

function isNth(nth: FaultConditions["nth"], seen: number): boolean {
  if (nth === undefined) return true
  if (typeof nth === "number") return seen === nth
  const { from = 1, to = Number.POSITIVE_INFINITY, every = 1 } = nth
  return seen >= from && seen <= to && (seen - from) % every === 0
}
