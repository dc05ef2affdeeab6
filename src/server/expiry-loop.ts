import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Store } from "../store/store.ts"

export interface ExpiryLoopOptions {
  readonly store: Pick<Store, "devices">
  readonly clock: Clock
  readonly log: Log
}

/** Registrations asked for at a time: some tenths of a second, in which others have their turn (design D3). */
const SLICE = 2_000
/** Registrations made by another process of the same store are noticed within this time (design D10). */
const LOOK_MS_MAX = 30_000
/** An announced registration may still be on its way into the store: look again soon. */
const SECOND_LOOK_MS = 500
const PAUSE_AFTER_FAILURE_MS = 1_000

/**
 * Removes registrations when they expire (contract 2.1; reliability 4.5), within a second of their instant. Housekeeping
 * only: a registration that has expired is neither shown nor sent to, removed or not.
 */
export class ExpiryLoop {
  readonly #options: ExpiryLoopOptions
  /** The earliest expiration announced since the last look; it may not be in the store yet. */
  #announced = Number.POSITIVE_INFINITY
  #wakesAt = Number.NEGATIVE_INFINITY
  #wake = new AbortController()

  constructor(options: ExpiryLoopOptions) {
    this.#options = options
  }

  /** A registration that expires at this instant (ms since 1970) is being stored. */
  announce(expiresAt: number): void {
    if (expiresAt < this.#announced) this.#announced = expiresAt
    if (expiresAt < this.#wakesAt) this.#wake.abort()
  }

  /** Runs until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    while (!signal.aborted) {
      let delay = PAUSE_AFTER_FAILURE_MS
      try {
        delay = await this.#look(signal)
      } catch (error) {
        log.warn({ err: error }, "expired registrations could not be removed")
      }
      this.#wakesAt = clock.now() + delay
      this.#wake = new AbortController()
      if (this.#announced < this.#wakesAt) continue
      await clock.sleep(delay, AbortSignal.any([signal, this.#wake.signal]))
    }
  }

  /** Removes what has expired; returns how long nothing else will (ms). */
  async #look(signal: AbortSignal): Promise<number> {
    const { store, clock, log } = this.#options
    const announced = this.#announced
    this.#announced = Number.POSITIVE_INFINITY
    let removed = 0
    while (!signal.aborted) {
      const slice = await store.devices.removeExpired(clock.now(), SLICE)
      removed += slice
      // What expires meanwhile comes first.
      if (slice < SLICE && !(await store.devices.tidy())) break
    }
    if (removed > 0) log.info({ removed }, "registrations expired")
    const next = (await store.devices.nextExpiration()) ?? Number.POSITIVE_INFINITY
    const lookMs = announced === Number.POSITIVE_INFINITY ? LOOK_MS_MAX : SECOND_LOOK_MS
    return Math.min(Math.max(next - clock.now(), 1), lookMs)
  }
}
