import { type Clock, systemClock } from "../../src/runtime/clock.ts"

interface Timer {
  readonly due: number
  readonly callback: () => void
  cancel: () => void
}

/**
 * The system's clock with a hand on it: it runs by itself, and can be put forward, which fires everything that falls due
 * meanwhile. Server and simulators that share one see a provider's wish for 15 minutes fulfilled within milliseconds.
 */
export class SkippingClock implements Clock {
  #skippedMs = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return systemClock.now() + this.#skippedMs
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#skippedMs
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const finish = () => {
        cancel()
        signal?.removeEventListener("abort", finish)
        resolve()
      }
      const cancel = this.after(ms, finish)
      signal?.addEventListener("abort", finish, { once: true })
    })
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { due: this.monotonic() + ms, callback, cancel: () => {} }
    this.#timers.add(timer)
    this.#start(timer, ms)
    return () => this.#forget(timer)
  }

  /** Puts the clock forward; timers that are due then fire, the earliest first. */
  skip(ms: number): void {
    this.#skippedMs += ms
    const now = this.monotonic()
    const timers = [...this.#timers].sort((a, b) => a.due - b.due)
    for (const timer of timers.filter(({ due }) => due <= now)) this.#fire(timer)
    for (const timer of timers.filter(({ due }) => due > now)) {
      timer.cancel()
      this.#start(timer, timer.due - now)
    }
  }

  #start(timer: Timer, ms: number): void {
    if (this.#timers.has(timer)) timer.cancel = systemClock.after(ms, () => this.#fire(timer))
  }

  #fire(timer: Timer): void {
    if (!this.#timers.has(timer)) return
    this.#forget(timer)
    timer.callback()
  }

  #forget(timer: Timer): void {
    this.#timers.delete(timer)
    timer.cancel()
  }
}
