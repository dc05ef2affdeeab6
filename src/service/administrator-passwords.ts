import { hash, verify } from "@node-rs/argon2"
import { DomainError } from "../domain/errors.ts"
import type { PasswordHashes } from "./administrator-sessions.ts"

/** Argon2id, the library's own algorithm, in the strength of reliability 2.5: 64 MiB, three passes, about 160 ms. */
const STRENGTH = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }
const WAITING_MAX = 32
const RETRY_AFTER_MS = 2_000

/** Hashes passwords, a few at a time; beyond 32 that wait, further ones are refused. */
export class Argon2Hashes implements PasswordHashes {
  readonly #atOnceMax: number
  readonly #waiting: (() => void)[] = []
  #running = 0
  /** Of no password: compared with for names that do not exist, so that they cost the same. */
  #nobodys: Promise<string> | undefined

  /** Each takes a core and 64 MiB: many at once would let anybody who guesses starve everything else. */
  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, STRENGTH))
  }

  async matches(password: string, known: string | undefined): Promise<boolean> {
    const compared = known ?? (await this.#nobodysHash())
    const isEqual = await this.#inTurn(() => verify(compared, password))
    return isEqual && known !== undefined
  }

  mustHaveRoom(): void {
    if (this.#waiting.length < WAITING_MAX) return
    throw new DomainError("too_many_requests", "Too many logins at once; try again in a moment.", {
      retryAfterMs: RETRY_AFTER_MS,
    })
  }

  #nobodysHash(): Promise<string> {
    this.#nobodys ??= this.hash("").catch((error: unknown) => {
      this.#nobodys = undefined
      throw error
    })
    return this.#nobodys
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#atOnceMax) await this.#turn()
    else this.#running++
    try {
      return await work()
    } finally {
      // Who waited longest takes the place over, so that it is never free for a third one in between.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }

  #turn(): Promise<void> {
    this.mustHaveRoom()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
