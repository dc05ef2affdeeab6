import { hash } from "node:crypto"
import { DomainError } from "../domain/errors.ts"
import type { Clock } from "../runtime/clock.ts"
import { Remembered } from "./remembered.ts"

/** How guesses slow down: at most nine in any 15 minutes (5 at once, then after 30, 60, 120 and 240 seconds). */
const FREE_GUESSES = 5
const FIRST_DELAY_MS = 30_000
const LONGEST_DELAY_MS = 900_000
/** Who did not guess for so long begins anew. */
const FORGOTTEN_AFTER_MS = 3_600_000
/** Of each kind: pairs, accounts, addresses, and pairs that logged in. */
const REMEMBERED_MAX = 20_000
/** So many wrong guesses a day, each counted from the first, before everybody who guesses is slowed down together. */
const WRONG_OF_ACCOUNT_MAX = 50
const WRONG_FROM_ADDRESS_MAX = 100
const DAY_MS = 86_400_000
const ADDRESS_DELAY_MS = 60_000
/** How often at most it is told that an address has to wait. */
const TOLD_EVERY_MS = 60_000
/** How long an address is one from which the account logs in. */
const FAMILIAR_MS = 30 * DAY_MS

interface Guesses {
  readonly count: number
  /** Monotonic milliseconds. */
  readonly nextAt: number
}

interface Day extends Guesses {
  readonly endsAt: number
}

/**
 * Slows down who guesses passwords (reliability 2.4; ADR 26). Each account is counted for each address by itself, so that
 * nobody can keep the owner of an account out by guessing from elsewhere. Beyond so many wrong guesses a day, those for one
 * account, or from one address, are slowed down as well wherever that account has not logged in before. In memory: a
 * restart forgives, and costs an attacker more than it gives.
 */
export class GuessLimits {
  readonly #clock: Clock
  readonly #isShared: (address: string) => boolean
  readonly #pairs = new Remembered<Guesses>(REMEMBERED_MAX)
  readonly #accounts = new Remembered<Day>(REMEMBERED_MAX)
  readonly #addresses = new Remembered<Day>(REMEMBERED_MAX)
  readonly #familiar = new Remembered<true>(REMEMBERED_MAX)
  readonly #told = new Remembered<true>(REMEMBERED_MAX)
  readonly #onWait: (address: string) => void

  /**
   * `isShared`: whether an address may stand for everybody, as that of a proxy does; it has no limit of its own. `onWait`
   * hears of an address that has to wait, at most once a minute.
   */
  constructor(
    clock: Clock,
    isShared: (address: string) => boolean = () => false,
    onWait: (address: string) => void = () => {},
  ) {
    this.#clock = clock
    this.#isShared = isShared
    this.#onWait = onWait
  }

  /**
   * Counts a guess before it is looked at, so that guesses at the same time count too. Throws `too_many_requests`. After
   * `free` guesses each costs a delay, the next one twice as long as the one before.
   *
   * `admit` is asked in between, and told whether the account logs in from that address: when it throws, the guess is not
   * looked at and does not count. Otherwise guesses that cost an attacker nothing would push those that count out of what is
   * remembered.
   */
  begin<Admission>(
    name: string,
    address: string,
    admit: (isFamiliar: boolean) => Admission,
    free = FREE_GUESSES,
  ): Admission {
    const account = accountOf(name)
    const pair = keyOf(account, address)
    const now = this.#clock.monotonic()
    const isFamiliar = this.#familiar.get(pair, now) !== undefined
    const before = this.#pairs.get(pair, now)
    const fromAddress = this.#dayOf(this.#addresses, address, now)
    const nextAt = Math.max(before?.nextAt ?? 0, isFamiliar ? 0 : fromAddress.nextAt)
    if (nextAt > now) {
      this.#tell(address, now)
      throw tooMany(nextAt - now)
    }
    const admission = admit(isFamiliar)
    const ofAccount = this.#dayOf(this.#accounts, account, now)
    const isSuspect = !isFamiliar && ofAccount.count + 1 >= WRONG_OF_ACCOUNT_MAX
    const count = (before?.count ?? 0) + 1
    const delay = isSuspect ? LONGEST_DELAY_MS : delayAfter(count, free)
    this.#pairs.set(pair, { count, nextAt: now + delay }, now + FORGOTTEN_AFTER_MS)
    this.#accounts.set(account, { ...ofAccount, count: ofAccount.count + 1 }, ofAccount.endsAt)
    if (!this.#isShared(address)) this.#countAddress(address, fromAddress, isFamiliar, now)
    return admission
  }

  /** The guess was right. */
  succeeded(name: string, address: string): void {
    const account = accountOf(name)
    const pair = keyOf(account, address)
    const now = this.#clock.monotonic()
    const isFamiliar = this.#familiar.get(pair, now) !== undefined
    this.#pairs.delete(pair)
    const ofAccount = this.#dayOf(this.#accounts, account, now)
    this.#accounts.set(account, oneLess(ofAccount), ofAccount.endsAt)
    const fromAddress = oneLess(this.#dayOf(this.#addresses, address, now))
    // It gives back the turn that it took, if it took one.
    this.#addresses.set(
      address,
      isFamiliar ? fromAddress : { ...fromAddress, nextAt: now },
      fromAddress.endsAt,
    )
    this.#familiar.set(pair, true, now + FAMILIAR_MS)
  }

  #tell(address: string, now: number): void {
    if (this.#told.get(address, now) !== undefined) return
    this.#told.set(address, true, now + TOLD_EVERY_MS)
    this.#onWait(address)
  }

  #countAddress(address: string, day: Day, isFamiliar: boolean, now: number): void {
    const count = day.count + 1
    const takesTurn = !isFamiliar && count >= WRONG_FROM_ADDRESS_MAX
    const nextAt = takesTurn ? now + ADDRESS_DELAY_MS : day.nextAt
    this.#addresses.set(address, { ...day, count, nextAt }, day.endsAt)
  }

  #dayOf(days: Remembered<Day>, subject: string, now: number): Day {
    return days.get(subject, now) ?? { count: 0, nextAt: 0, endsAt: now + DAY_MS }
  }
}

function oneLess(day: Day): Day {
  return { ...day, count: Math.max(0, day.count - 1) }
}

function tooMany(retryAfterMs: number): DomainError {
  return new DomainError(
    "too_many_requests",
    "Too many wrong passwords came from this address; wait before the next attempt.",
    { retryAfterMs: Math.ceil(retryAfterMs) },
  )
}

function delayAfter(count: number, free: number): number {
  if (count < free) return 0
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - free))
}

/** Anybody may make names up, and in normal form one has up to 4 500 characters: twenty thousand of them are 300 MB. */
function accountOf(name: string): string {
  return hash("sha256", name, "base64url")
}

function keyOf(account: string, address: string): string {
  return `${address} ${account}`
}
