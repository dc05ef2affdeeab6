import { createRequire } from "node:module"
import type * as Limiters from "rate-limiter-flexible"

// The package's own door loads a limiter for each of thirty databases.
const require = createRequire(import.meta.url)
const RateLimiterMemory: typeof Limiters.RateLimiterMemory = require("rate-limiter-flexible/lib/RateLimiterMemory.js")
const RateLimiterRes: typeof Limiters.RateLimiterRes = require("rate-limiter-flexible/lib/RateLimiterRes.js")

/** A window: short, so that nobody who was too fast has to wait for long. */
const WINDOW_SECONDS = 10
/** The share of a window that a subject takes at once from the limiter. */
const LEASES = 16
/** Subjects remembered; beyond, all begin anew. */
const SUBJECTS_MAX = 100_000

interface Account {
  /** Requests that may pass without asking the limiter. */
  left: number
  /** The question under way. */
  asking: Promise<number | undefined> | undefined
}

/**
 * Counts the requests of subjects (keys, addresses) against one limit. The limiter is asked for a sixteenth of the window's
 * requests at a time; in between, a request costs a look-up and a subtraction, which is all that the registration lane can
 * afford. The first lease is given on credit and taken off the limiter's window, so that a subject that is new costs no
 * more. Never more than the limit in a window of the limiter, and one lease that was left over from before.
 */
export class RateMeter {
  readonly perSecond: number
  readonly #lease: number
  readonly #limiter: Limiters.RateLimiterMemory | undefined
  readonly #accounts = new Map<string | number, Account>()

  /** 0: no limit. */
  constructor(perSecond: number) {
    this.perSecond = perSecond
    const points = perSecond * WINDOW_SECONDS
    this.#lease = Math.max(1, Math.floor(points / LEASES))
    this.#limiter =
      perSecond === 0
        ? undefined
        : new RateLimiterMemory({ points: points - this.#lease, duration: WINDOW_SECONDS })
  }

  /** Counts the request when that needs no question; otherwise returns false and counts nothing. */
  pass(subject: string | number): boolean {
    if (this.#limiter === undefined) return true
    const account = this.#accounts.get(subject)
    if (account === undefined) {
      if (this.#accounts.size >= SUBJECTS_MAX) this.#accounts.clear()
      this.#accounts.set(subject, { left: this.#lease - 1, asking: undefined })
      return true
    }
    if (account.left === 0) return false
    account.left--
    return true
  }

  /** Counts the request, or says after how many milliseconds it may be repeated. */
  async take(subject: string | number): Promise<number | undefined> {
    while (!this.pass(subject)) {
      const account = this.#accounts.get(subject)
      if (account === undefined) continue
      account.asking ??= this.#ask(subject, account)
      const waitMs = await account.asking
      if (waitMs !== undefined) return waitMs
    }
    return undefined
  }

  async #ask(subject: string | number, account: Account): Promise<number | undefined> {
    try {
      await this.#limiter?.consume(subject, this.#lease)
      account.left = this.#lease
      return undefined
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return refusal.msBeforeNext
      throw refusal
    } finally {
      account.asking = undefined
    }
  }
}
