/** So many places are each runner's own, so that none waits for the answers of another's provider. */
const OWN_PLACES = 16

/**
 * The devices that a node may have reserved without a stored outcome: all that one crash can put in doubt, over all lanes
 * (reliability 4.1). Every runner has a few of these places to itself and takes more from a common stock while it lasts.
 */
export class Places {
  readonly #own: number
  #common: number

  constructor(total: number, runners: number) {
    this.#own = Math.max(1, Math.min(OWN_PLACES, Math.floor(total / runners)))
    this.#common = Math.max(0, total - this.#own * runners)
  }

  /** For one runner. */
  hold(): HeldPlaces {
    return new HeldPlaces(this.#own, (count) => this.#take(count))
  }

  /** Takes at most so many, or gives them back when negative; returns how many that were. */
  #take(count: number): number {
    const taken = Math.min(count, this.#common)
    this.#common -= taken
    return taken
  }
}

/** The places of one runner. They are held until the checkpoint that stores the last outcome of what stood in them. */
export class HeldPlaces {
  readonly #own: number
  readonly #take: (count: number) => number
  #borrowed = 0

  constructor(own: number, take: (count: number) => number) {
    this.#own = own
    this.#take = take
  }

  /** Takes places until there are so many, if there are; returns how many there are. */
  grow(wanted: number): number {
    const missing = wanted - this.#own - this.#borrowed
    if (missing > 0) this.#borrowed += this.#take(missing)
    return this.#own + this.#borrowed
  }

  /** Gives back what is more than so many. */
  shrink(needed: number): void {
    const spare = Math.min(this.#borrowed, this.#own + this.#borrowed - needed)
    if (spare > 0) this.#borrowed += this.#take(-spare)
  }
}
