import type { Outcome } from "../../src/domain/outcome.ts"
import type { OutcomeSink } from "../../src/provider/provider.ts"

/** Records what becomes of each ticket, and insists that each is settled once. */
export class OutcomeRecorder implements OutcomeSink {
  readonly outcomes = new Map<number, Outcome>()
  rooms = 0
  readonly #waiting: { isDone: () => boolean; resolve: () => void }[] = []

  settle(ticket: number, outcome: Outcome): void {
    if (this.outcomes.has(ticket)) throw new Error(`ticket ${ticket} was settled twice`)
    this.outcomes.set(ticket, outcome)
    this.#look()
  }

  room(): void {
    this.rooms += 1
    this.#look()
  }

  until(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ isDone, resolve }))
  }

  async outcome(ticket: number): Promise<Outcome> {
    await this.until(() => this.outcomes.has(ticket))
    return this.outcomes.get(ticket) as Outcome
  }

  /** Waits for the next call of `room` after now. */
  nextRoom(): Promise<void> {
    const seen = this.rooms
    return this.until(() => this.rooms > seen)
  }

  #look(): void {
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.isDone()) waiting.resolve()
      else this.#waiting.push(waiting)
    }
  }
}
