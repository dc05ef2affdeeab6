import type { Clock } from "../runtime/clock.ts"
import { Remembered } from "./remembered.ts"

/** What this needs of PasswordHashes. */
interface Hashes {
  hash(password: string): Promise<string>
  isWeak(hash: string): boolean
}

/** Longer than any login that compared with the former hash can still take. */
const REMEMBERED_MS = 600_000
const REMEMBERED_MAX = 1_000

/**
 * Hashes a password anew that was hashed in a lesser strength than is in force (reliability 2.5), once its owner has logged
 * in: only then is it known. Nobody waits for it, and where it does not succeed, the next login tries again.
 */
export class HashRenewals {
  readonly #passwords: Hashes
  readonly #clock: Clock
  readonly #underway = new Set<string>()
  readonly #renewed = new Remembered<string>(REMEMBERED_MAX)

  constructor(passwords: Hashes, clock: Clock) {
    this.#passwords = passwords
    this.#clock = clock
  }

  /** What is stored in the place of a hash that was read a moment ago: a login that compared with it goes on with this one. */
  presentOf(hash: string): string {
    return this.#renewed.get(hash, this.#clock.monotonic()) ?? hash
  }

  /** `replace` stores the new hash if `hash` is still the present one. Never rejects. */
  async renew(password: string, hash: string, replace: (renewed: string) => Promise<boolean>): Promise<void> {
    if (this.#underway.has(hash) || this.presentOf(hash) !== hash || !this.#passwords.isWeak(hash)) return
    this.#underway.add(hash)
    try {
      const renewed = await this.#passwords.hash(password)
      // The store does one after the other: whoever asks it with the new hash from now on comes after the replacement.
      const replacing = replace(renewed)
      this.#renewed.set(hash, renewed, this.#clock.monotonic() + REMEMBERED_MS)
      if (!(await replacing)) this.#renewed.delete(hash)
    } catch {
      this.#renewed.delete(hash)
    } finally {
      this.#underway.delete(hash)
    }
  }
}
