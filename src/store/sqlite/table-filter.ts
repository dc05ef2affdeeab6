import { KeyFilter } from "./key-filter.ts"

/** A table with fewer keys needs no filter: its pages are at hand. */
const CAPACITY_MIN = 16_384
/** Room for keys that come later: with less, the table would be read too often as it grows; at millions, much more is felt. */
const GROWTH = 1.25

/** Reads up to `limit` keys of a table that are larger than `after`, in ascending order. */
export type ReadKeys = (after: number, limit: number) => readonly number[]

/**
 * The filter of a growing table of keys. From the first question on it is filled by reading the table bit by bit, and of
 * use once the end is reached; when the table has outgrown it, a larger one is filled while this one goes on serving.
 */
export class TableFilter {
  readonly #read: ReadKeys
  #ready: KeyFilter | undefined
  #next: { readonly filter: KeyFilter; reached: number } | undefined
  /** Keys in the table, or a few more. */
  #keys: number

  /** `keys`: about how many there are in the table. */
  constructor(keys: number, read: ReadKeys) {
    this.#keys = keys
    this.#read = read
  }

  /** False: the table does not have the key. */
  mayHave(key: number): boolean {
    if (this.#ready !== undefined) return this.#ready.mayHave(key)
    if (this.#next === undefined) this.#startFilling()
    return true
  }

  /** Must be called before the key is inserted into the table. */
  add(key: number): void {
    this.#ready?.add(key)
    this.#next?.filter.add(key)
    this.#keys++
    if (this.#next === undefined && this.#isOutgrown) this.#startFilling()
  }

  get isFilling(): boolean {
    return this.#next !== undefined
  }

  /** Reads on, at most `limit` keys. */
  fill(limit: number): void {
    const next = this.#next
    if (next === undefined) return
    const keys = this.#read(next.reached, limit)
    for (const key of keys) next.filter.add(key)
    next.reached = keys.at(-1) ?? next.reached
    if (keys.length === limit) return
    this.#ready = next.filter
    this.#next = undefined
    if (this.#isOutgrown) this.#startFilling()
  }

  get #isOutgrown(): boolean {
    return this.#ready !== undefined && this.#keys > this.#ready.capacity
  }

  #startFilling(): void {
    const capacity = Math.max(CAPACITY_MIN, Math.ceil(this.#keys * GROWTH))
    this.#next = { filter: new KeyFilter(capacity), reached: -1 }
  }
}
