import type { Clock } from "../runtime/clock.ts"

const INTERVAL_MS_MAX = 1_000
/** A look that comes so late tells that the process stood still. */
const LATE_MS = 1_000

/**
 * Looks now and then for what is overdue. After the process stood still (it was stopped, or its machine was), answers have
 * come that nobody has read yet: the first look then is left out, or they would all be taken for missing.
 */
export class Sweeper {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #sweep: (now: number) => boolean
  #cancel: (() => void) | undefined
  #leftOut = false

  /** `shortestMs`: the shortest time that is waited for. `sweep` answers whether there is anything left to look for. */
  constructor(clock: Clock, shortestMs: number, sweep: (now: number) => boolean) {
    this.#clock = clock
    this.#intervalMs = Math.min(INTERVAL_MS_MAX, Math.max(1, shortestMs / 4))
    this.#sweep = sweep
  }

  start(): void {
    if (this.#cancel !== undefined) return
    const due = this.#clock.monotonic() + this.#intervalMs
    this.#cancel = this.#clock.after(this.#intervalMs, () => {
      this.#cancel = undefined
      const now = this.#clock.monotonic()
      // Never two in a row: a process that is always late must find what is overdue as well.
      this.#leftOut = !this.#leftOut && now - due >= LATE_MS
      if (this.#leftOut || this.#sweep(now)) this.start()
    })
  }

  /** For good. */
  stop(): void {
    this.#cancel?.()
  }
}
