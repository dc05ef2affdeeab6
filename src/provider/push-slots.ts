import type { OutcomeSink, OutgoingBatch, SendGate } from "./provider.ts"

/** What one call of `offer` handed over; shared by all the pushes taken from it. */
export interface Sending {
  readonly batch: OutgoingBatch
  readonly gate: SendGate
  readonly sink: OutcomeSink
}

/**
 * The pushes in flight of a provider, in parallel arrays: a slot is a small integer that serves as the ticket towards
 * the client, because tickets of the engine are unique only within a batch.
 */
export class PushSlots {
  readonly #sendings: (Sending | undefined)[]
  readonly #indexes: Int32Array
  readonly #versions: Int32Array
  readonly #secondTries: Uint8Array
  readonly #freeSlots: Int32Array
  #freeCount: number

  constructor(size: number) {
    this.#sendings = new Array<Sending | undefined>(size).fill(undefined)
    this.#indexes = new Int32Array(size)
    this.#versions = new Int32Array(size)
    this.#secondTries = new Uint8Array(size)
    this.#freeSlots = Int32Array.from({ length: size }, (_, slot) => size - 1 - slot)
    this.#freeCount = size
  }

  get free(): number {
    return this.#freeCount
  }

  /** Takes a slot for push number `index` of the batch, sent with that version of the access token. */
  take(sending: Sending, index: number, version: number): number {
    if (this.#freeCount === 0) throw new RangeError("no slot is free: ask `free` before taking one")
    this.#freeCount -= 1
    const slot = this.#freeSlots[this.#freeCount] as number
    this.#sendings[slot] = sending
    this.#indexes[slot] = index
    this.#versions[slot] = version
    this.#secondTries[slot] = 0
    return slot
  }

  at(slot: number): { readonly sending: Sending; readonly index: number } {
    const sending = this.#sendings[slot]
    if (sending === undefined) throw new RangeError(`slot ${slot} is settled already`)
    return { sending, index: this.#indexes[slot] as number }
  }

  version(slot: number): number {
    return this.#versions[slot] as number
  }

  isSecondTry(slot: number): boolean {
    return this.#secondTries[slot] === 1
  }

  tryAgain(slot: number, version: number): void {
    this.#secondTries[slot] = 1
    this.#versions[slot] = version
  }

  release(slot: number): void {
    this.#sendings[slot] = undefined
    this.#freeSlots[this.#freeCount] = slot
    this.#freeCount += 1
  }
}
