import { KEY_RANGE } from "./keyed-hash.ts"

/** Slots that may be in use: beyond, looking for a key that is not there would take long. */
const FULLEST = 5 / 8
const SLOTS_MIN = 1024

const EMPTY = 0
const REMOVED = 0xffff_ffff

/**
 * Keys of registrations and their numbers, in memory: 12 bytes a slot, no object for each. The slot is chosen by the
 * upper bits of the key, so walking the slots meets the keys in nearly ascending order, neighbours in a B-tree.
 */
export class KeyTable {
  /** Numbers are kept as their distance from this one and must be larger. */
  readonly #base: number
  #keys: Float64Array
  #distances: Uint32Array
  #entries = 0
  #removed = 0

  /** `expected`: how many entries to make room for at once; more may come. */
  constructor(base: number, expected = 0) {
    this.#base = base
    let slots = SLOTS_MIN
    while (slots * FULLEST <= expected) slots *= 2
    this.#keys = new Float64Array(slots)
    this.#distances = new Uint32Array(slots)
  }

  get size(): number {
    return this.#entries
  }

  get slots(): number {
    return this.#distances.length
  }

  add(key: number, number: number): void {
    if (this.#entries + this.#removed >= this.slots * FULLEST) this.#rebuild()
    this.#place(key, number - this.#base)
    this.#entries++
  }

  /** Whether there was such an entry. */
  remove(key: number, number: number): boolean {
    const distance = number - this.#base
    for (let at = this.first(key); at >= 0; at = this.next(key, at)) {
      if (this.#distances[at] !== distance) continue
      this.#distances[at] = REMOVED
      this.#entries--
      this.#removed++
      return true
    }
    return false
  }

  /** The slot of an entry with this key, or -1. */
  first(key: number): number {
    return this.#search(key, this.#home(key))
  }

  /** The slot of another entry with this key, or -1. */
  next(key: number, after: number): number {
    return this.#search(key, (after + 1) & (this.slots - 1))
  }

  numberAt(slot: number): number {
    return this.#base + (this.#distances[slot] as number)
  }

  /**
   * Appends key, number, key, number, … of at most `limit` entries from the slot `from` on. Returns the slot to go on
   * from; at the end that is the number of slots.
   */
  take(from: number, limit: number, into: number[]): number {
    let at = from
    for (let taken = 0; at < this.slots && taken < limit; at++) {
      if (!this.#isEntry(at)) continue
      into.push(this.#keys[at] as number, this.numberAt(at))
      taken++
    }
    return at
  }

  #search(key: number, from: number): number {
    const last = this.slots - 1
    for (let at = from; ; at = (at + 1) & last) {
      const distance = this.#distances[at]
      if (distance === EMPTY) return -1
      if (distance !== REMOVED && this.#keys[at] === key) return at
    }
  }

  #home(key: number): number {
    return Math.floor(key * (this.slots / KEY_RANGE))
  }

  #isEntry(slot: number): boolean {
    const distance = this.#distances[slot]
    return distance !== EMPTY && distance !== REMOVED
  }

  #place(key: number, distance: number): void {
    const last = this.slots - 1
    let at = this.#home(key)
    while (this.#isEntry(at)) at = (at + 1) & last
    if (this.#distances[at] === REMOVED) this.#removed--
    this.#keys[at] = key
    this.#distances[at] = distance
  }

  /** Twice the slots, or as many when it is full of removed entries. */
  #rebuild(): void {
    const keys = this.#keys
    const distances = this.#distances
    const slots = this.#entries > (this.slots * FULLEST) / 2 ? this.slots * 2 : this.slots
    this.#keys = new Float64Array(slots)
    this.#distances = new Uint32Array(slots)
    this.#removed = 0
    for (let at = 0; at < distances.length; at++) {
      const distance = distances[at] as number
      if (distance !== EMPTY && distance !== REMOVED) this.#place(keys[at] as number, distance)
    }
  }
}
