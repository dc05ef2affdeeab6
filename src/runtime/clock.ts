/** Time, passed in everywhere (design D11): nothing outside this file and its tests reads the system clock. */
export interface Clock {
  /** Wall time in milliseconds since 1970-01-01 UTC. May jump. */
  now(): number
  /** Milliseconds since some fixed point; never goes back. */
  monotonic(): number
  /**
   * Resolves after `ms` or as soon as the signal aborts, whichever is first; never rejects.
   * At most 30 000 ms: whatever is due later lives in the store (design D10).
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls back once after `ms` (at most 30 000). The returned function cancels. Does not keep the process alive. */
  after(ms: number, callback: () => void): () => void
}

/** A wall time in milliseconds, for libraries that want a Date. */
export function asDate(ms: number): Date {
  return new Date(ms)
}

const LONGEST_TIMER_MS = 30_000

function checkedDelay(ms: number): number {
  if (!(ms >= 0 && ms <= LONGEST_TIMER_MS)) {
    throw new RangeError(
      `a timer takes 0 to ${LONGEST_TIMER_MS} ms, not ${ms}: keep it in the store instead (design D10)`,
    )
  }
  return ms
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const finish = () => {
        clearTimeout(timer)
        signal?.removeEventListener("abort", finish)
        resolve()
      }
      const timer = setTimeout(finish, checkedDelay(ms))
      signal?.addEventListener("abort", finish, { once: true })
    })
  },
  after(ms, callback) {
    const timer = setTimeout(callback, checkedDelay(ms))
    timer.unref()
    return () => clearTimeout(timer)
  },
}

interface Waiting {
  readonly due: number
  readonly order: number
  readonly wake: () => void
}

/** A clock that moves only when told to: for tests and the seeded simulation. */
export class FakeClock implements Clock {
  #now: number
  #order = 0
  readonly #start: number
  readonly #waiting = new Set<Waiting>()

  constructor(now = 1_800_000_000_000) {
    this.#now = now
    this.#start = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now - this.#start
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const cancel = this.after(ms, finish)
      function finish() {
        cancel()
        signal?.removeEventListener("abort", finish)
        resolve()
      }
      signal?.addEventListener("abort", finish, { once: true })
    })
  }

  after(ms: number, callback: () => void): () => void {
    const waiting: Waiting = { due: this.#now + checkedDelay(ms), order: this.#order++, wake: callback }
    this.#waiting.add(waiting)
    return () => this.#waiting.delete(waiting)
  }

  /** Time passes for a process that is stopped: what falls due meanwhile is called late, by the next `advance`. */
  standStill(ms: number): void {
    this.#now += ms
  }

  /** Moves time on, waking sleepers in the order in which they are due, and lets their continuations run. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      const next = [...this.#waiting]
        .filter((waiting) => waiting.due <= end)
        .sort((a, b) => a.due - b.due || a.order - b.order)[0]
      if (next === undefined) break
      this.#waiting.delete(next)
      this.#now = Math.max(this.#now, next.due)
      next.wake()
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#now = end
    await new Promise((resolve) => setImmediate(resolve))
  }
}
