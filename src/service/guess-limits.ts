import { DomainError } from "../domain/errors.ts"
import type { Clock } from "../runtime/clock.ts"

/** How guesses slow down: at most nine in any 15 minutes (5 at once, then after 30, 60, 120 and 240 seconds). */
const FREE_GUESSES = 5
const FIRST_DELAY_MS = 30_000
const LONGEST_DELAY_MS = 900_000
/** Who did not guess for so long begins anew. */
const FORGOTTEN_AFTER_MS = 3_600_000
const REMEMBERED_MAX = 20_000

interface Guesses {
  readonly count: number
  /** Monotonic milliseconds. */
  readonly nextAt: number
  readonly forgottenAt: number
}

/**
 * Slows down who guesses passwords (reliability 2.4): each account is counted for each address by itself, so that nobody can
 * keep the owner of an account out by guessing from elsewhere. In memory: a restart forgives, and costs an attacker more
 * than it gives.
 */
export class GuessLimits {
  readonly #clock: Clock
  /** In the order of the last guess. */
  readonly #guesses = new Map<string, Guesses>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Counts a guess before it is looked at, so that guesses at the same time count too. Throws `too_many_requests`. After
   * `free` guesses each costs a delay, the next one twice as long as the one before.
   *
   * `admit` is asked in between: when it throws, the guess is not looked at and does not count. Otherwise guesses that cost
   * an attacker nothing would push those that count out of what is remembered.
   */
  begin<Admission>(account: string, address: string, admit: () => Admission, free = FREE_GUESSES): Admission {
    const key = keyOf(account, address)
    const now = this.#clock.monotonic()
    const before = this.#remembered(key, now)
    if (before !== undefined && before.nextAt > now) {
      throw new DomainError(
        "too_many_requests",
        "Too many wrong passwords came from this address; wait before the next attempt.",
        { retryAfterMs: Math.ceil(before.nextAt - now) },
      )
    }
    const admission = admit()
    const count = (before?.count ?? 0) + 1
    this.#guesses.delete(key)
    if (this.#guesses.size >= REMEMBERED_MAX) this.#forgetOldest()
    this.#guesses.set(key, {
      count,
      nextAt: now + delayAfter(count, free),
      forgottenAt: now + FORGOTTEN_AFTER_MS,
    })
    return admission
  }

  /** The guess was right. */
  succeeded(account: string, address: string): void {
    this.#guesses.delete(keyOf(account, address))
  }

  #remembered(key: string, now: number): Guesses | undefined {
    const guesses = this.#guesses.get(key)
    return guesses !== undefined && guesses.forgottenAt > now ? guesses : undefined
  }

  #forgetOldest(): void {
    const [oldest] = this.#guesses.keys()
    if (oldest !== undefined) this.#guesses.delete(oldest)
  }
}

function delayAfter(count: number, free: number): number {
  if (count < free) return 0
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - free))
}

function keyOf(account: string, address: string): string {
  return `${address} ${account}`
}
