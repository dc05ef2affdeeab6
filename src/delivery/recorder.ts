import type { CheckpointAnswer } from "../store/message-store.ts"
import type { GoneToken } from "../store/store.ts"
import type { Dispatcher } from "./dispatcher.ts"
import type { Flight, Results } from "./flight.ts"
import type { Outlet } from "./outlet.ts"
import type { Tenure } from "./tenure.ts"
import type { Workplace } from "./workplace.ts"

/** Stores what came of a runner's devices, one checkpoint at a time, and says when the next is due. */
export class Recorder {
  readonly #workplace: Workplace
  readonly #tenure: Tenure
  readonly #flight: Flight

  constructor(workplace: Workplace, tenure: Tenure, flight: Flight) {
    this.#workplace = workplace
    this.#tenure = tenure
    this.#flight = flight
  }

  /** Stores the results so far with the given call, then reports them. False: the segment is lost. */
  async store(
    call: (results: Results, leaseUntil: number, now: number) => Promise<CheckpointAnswer | undefined>,
  ): Promise<boolean> {
    const { hooks } = this.#workplace
    const { number } = this.#tenure.message
    const results = this.#flight.take()
    if (!(await this.#tenure.keep((leaseUntil, now) => call(results, leaseUntil, now)))) return false
    if (results.settled.length > 0) hooks.onSettled?.(number, results.settled)
    hooks.onCheckpoint?.(number)
    this.#reportGone(results.gone)
    return true
  }

  /** `obstacle`: what the segment waits for, empty for nothing. */
  async renewIfDue(obstacle: string): Promise<boolean> {
    return this.#tenure.renewInMs > 0 || this.#tenure.renew(obstacle)
  }

  /**
   * Waits until a checkpoint is due, the lease is to be renewed, or the runner should look again; where nothing is under
   * way because of an obstruction, until that may be gone.
   */
  async pause(obstructed?: Outlet): Promise<void> {
    const { reservation, checkpointMs } = this.#workplace.settings
    const enough = Math.ceil(reservation / 2)
    const flight = this.#flight
    if (flight.open === 0) {
      if (obstructed !== undefined) await this.#waitForVacancy(obstructed)
      return
    }
    if (flight.unsaved === 0) await this.#wait(1, this.#tenure.renewInMs)
    const isMoreToCome = flight.inFlight > 0 && flight.unsaved < enough
    if (flight.unsaved > 0 && isMoreToCome) await this.#wait(enough, checkpointMs)
  }

  async #waitForVacancy(outlet: Outlet): Promise<void> {
    const { dispatcher } = outlet
    outlet.forgetVacancies()
    if (outlet.hasVacancy(1)) return
    const pauseMs = dispatcher.pauseMs()
    const { renewInMs } = this.#tenure
    dispatcher.onVacancy(this.#tenure.signal)
    await this.#tenure.signal.wait(pauseMs > 0 ? Math.min(pauseMs, renewInMs) : renewInMs)
    dispatcher.offVacancy(this.#tenure.signal)
  }

  async #wait(results: number, ms: number): Promise<void> {
    this.#flight.wakeAt = results
    await this.#tenure.signal.wait(ms)
    this.#flight.wakeAt = Number.POSITIVE_INFINITY
  }

  #reportGone(gone: Results["gone"]): void {
    if (gone.length === 0) return
    const byDispatcher = new Map<Dispatcher, GoneToken[]>()
    for (const { dispatcher, token } of gone) {
      const tokens = byDispatcher.get(dispatcher)
      if (tokens === undefined) byDispatcher.set(dispatcher, [token])
      else tokens.push(token)
    }
    for (const [dispatcher, tokens] of byDispatcher) this.#workplace.feedback.report(dispatcher, tokens)
  }
}
