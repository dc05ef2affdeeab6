import type { Lane } from "../store/message-store.ts"

/** So many places are each bulk runner's own, so that none waits for the answers of another's provider. */
const OWN_PLACES = 16
/** So many are kept for express runners: a message to a thousand devices is not held up by broadcasts. */
const EXPRESS_PLACES = 16

/**
 * The devices that a node may have reserved without a stored outcome: all that one crash can put in doubt, over all lanes
 * (reliability 4.1). Every runner has some of these places to itself and takes more from a common stock while it lasts. An
 * express runner has one: most messages of its lane are to one device, and it is better to have many under way.
 */
export class Places {
  readonly #own: { readonly [L in Lane]: number }
  readonly #stocks: { readonly [L in Lane]: readonly Stock[] }

  constructor(total: number, runners: { readonly [L in Lane]: number }) {
    const spare = Math.max(0, total - runners.express - runners.any)
    const express = Math.min(EXPRESS_PLACES, spare >> 3)
    // No more than half of them, so that those who need more find some.
    const more = Math.min(OWN_PLACES - 1, Math.floor((spare - express) / 2 / runners.any))
    const common = new Stock(spare - express - more * runners.any)
    this.#own = { express: 1, any: 1 + more }
    this.#stocks = { express: [new Stock(express), common], any: [common] }
  }

  /** For one runner of the lane. */
  hold(lane: Lane): HeldPlaces {
    return new HeldPlaces(this.#own[lane], this.#stocks[lane])
  }
}

class Stock {
  #left: number

  constructor(size: number) {
    this.#left = size
  }

  /** Takes at most so many, or gives them back when negative; returns how many that were. */
  take(count: number): number {
    const taken = Math.min(count, this.#left)
    this.#left -= taken
    return taken
  }
}

/** The places of one runner. They are held until the checkpoint that stores the last outcome of what stood in them. */
export class HeldPlaces {
  readonly #own: number
  readonly #loans: readonly { readonly stock: Stock; count: number }[]

  /** `stocks`: taken from in this order, and given back to in the other one. */
  constructor(own: number, stocks: readonly Stock[]) {
    this.#own = own
    this.#loans = stocks.map((stock) => ({ stock, count: 0 }))
  }

  get #held(): number {
    return this.#loans.reduce((sum, { count }) => sum + count, this.#own)
  }

  /** Takes places until there are so many, if there are; returns how many there are. */
  grow(wanted: number): number {
    for (const loan of this.#loans) {
      const missing = wanted - this.#held
      if (missing > 0) loan.count += loan.stock.take(missing)
    }
    return this.#held
  }

  /** Gives back what is more than so many. */
  shrink(needed: number): void {
    for (const loan of this.#loans.toReversed()) {
      const spare = Math.min(loan.count, this.#held - needed)
      if (spare > 0) loan.count += loan.stock.take(-spare)
    }
  }
}
