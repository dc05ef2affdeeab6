import type { Random } from "../runtime/random.ts"

const POOL_BYTES = 4_096

/** Identifiers from the injected randomness, drawn in large portions: one call per push would cost 5 % of it. */
export class RandomIds {
  readonly #random: Random
  #pool: Buffer = Buffer.alloc(0)
  #used = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** `bytes` random bytes (at most 256) as twice as many hex digits. */
  hex(bytes: number): string {
    if (this.#used + bytes > this.#pool.length) {
      this.#pool = this.#random.bytes(POOL_BYTES)
      this.#used = 0
    }
    this.#used += bytes
    return this.#pool.toString("hex", this.#used - bytes, this.#used)
  }

  /** A lower-case UUID (version 4). */
  uuid(): string {
    const hex = this.hex(16)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
  }
}
