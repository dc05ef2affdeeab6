/** A tenth of what is sent for the first time may be sent again. */
const SHARE = 0.1
/** So that the few retries of a quiet credential do not wait for traffic. */
const FLOOR_PER_SECOND = 10
const SAVINGS_MAX = 128

/**
 * Keeps retries from multiplying the load on a provider in trouble: they may make up a tenth of the sends, with a small
 * floor. A retry that got a final answer is given back, because a provider that answers is not in trouble: a list that
 * grew during an outage empties at full speed.
 */
export class RetryBudget {
  #savings = SAVINGS_MAX
  #filledAt: number

  constructor(now: number) {
    this.#filledAt = now
  }

  /** Takes one retry out of the budget; false: it has to wait. */
  take(now: number): boolean {
    this.#save(((now - this.#filledAt) / 1000) * FLOOR_PER_SECOND)
    this.#filledAt = now
    if (this.#savings < 1) return false
    this.#savings -= 1
    return true
  }

  sentFirst(): void {
    this.#save(SHARE)
  }

  retrySettled(): void {
    this.#save(1)
  }

  #save(amount: number): void {
    this.#savings = Math.min(SAVINGS_MAX, this.#savings + amount)
  }
}
