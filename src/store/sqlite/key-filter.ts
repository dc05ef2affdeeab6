const BITS_PER_KEY = 8
const BLOCK_BITS = 512
const BLOCK_WORDS = BLOCK_BITS / 32

/** The upper bits of a key choose a block, the lower ones three bits in it. */
const LOWER_RANGE = 2 ** 27
const UPPER_RANGE = 2 ** 20

/**
 * Says of most keys that are not in a table that they are not, without looking: a Bloom filter, a byte for each key. A
 * key that was added is never denied; of the others one in thirty or less is not, as long as there are no more than the
 * filter was made for. A block is a cache line.
 */
export class KeyFilter {
  readonly capacity: number
  readonly #words: Uint32Array
  readonly #blocks: number

  constructor(capacity: number) {
    this.capacity = capacity
    this.#blocks = Math.min(Math.ceil((capacity * BITS_PER_KEY) / BLOCK_BITS), UPPER_RANGE)
    this.#words = new Uint32Array(this.#blocks * BLOCK_WORDS)
  }

  add(key: number): void {
    const upper = Math.floor(key / LOWER_RANGE)
    const lower = key - upper * LOWER_RANGE
    const block = this.#blockOf(upper)
    this.#set(block, lower)
    this.#set(block, lower >>> 9)
    this.#set(block, lower >>> 18)
  }

  mayHave(key: number): boolean {
    const upper = Math.floor(key / LOWER_RANGE)
    const lower = key - upper * LOWER_RANGE
    const block = this.#blockOf(upper)
    return this.#has(block, lower) && this.#has(block, lower >>> 9) && this.#has(block, lower >>> 18)
  }

  #blockOf(upper: number): number {
    return Math.floor((upper * this.#blocks) / UPPER_RANGE) * BLOCK_WORDS
  }

  #set(block: number, bits: number): void {
    const word = block + ((bits >>> 5) & (BLOCK_WORDS - 1))
    this.#words[word] = (this.#words[word] as number) | (1 << (bits & 31))
  }

  #has(block: number, bits: number): boolean {
    const word = block + ((bits >>> 5) & (BLOCK_WORDS - 1))
    return ((this.#words[word] as number) & (1 << (bits & 31))) !== 0
  }
}
