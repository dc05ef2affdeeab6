import type { Clock } from "../runtime/clock.ts"

/** A wait that can be cut short, for one waiter. A raise while nobody waits is kept for the next wait: none gets lost. */
export class Signal {
  readonly #clock: Clock
  #isRaised = false
  #resume: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  raise(): void {
    if (this.#resume === undefined) this.#isRaised = true
    else this.#resume()
  }

  /** Resolves when raised, after `ms` at the latest. */
  wait(ms: number): Promise<void> {
    if (this.#isRaised) {
      this.#isRaised = false
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      const finish = () => {
        cancel()
        this.#resume = undefined
        resolve()
      }
      const cancel = this.#clock.after(Math.max(0, Math.ceil(ms)), finish)
      this.#resume = finish
    })
  }
}
