/** Counts what is under way, so that a stop can wait for it. */
export class InFlight {
  #count = 0
  readonly #waiting = new Set<() => void>()

  enter(): void {
    this.#count++
  }

  leave(count = 1): void {
    this.#count -= count
    if (this.#count > 0) return
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  /** Resolves as soon as nothing is under way, or when the signal aborts. */
  drained(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count <= 0 || signal.aborted) return resolve()
      const finish = () => {
        this.#waiting.delete(finish)
        signal.removeEventListener("abort", finish)
        resolve()
      }
      this.#waiting.add(finish)
      signal.addEventListener("abort", finish, { once: true })
    })
  }
}
