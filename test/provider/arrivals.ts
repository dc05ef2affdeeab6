/** What arrives one after the other, for those who wait for it: no polling, no sleeping. */
export class Arrivals<Item> {
  readonly #items: Item[] = []
  readonly #waiting: ((item: Item) => void)[] = []
  #count = 0

  /** How many arrived, taken or not. */
  get count(): number {
    return this.#count
  }

  add(item: Item): void {
    this.#count += 1
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#items.push(item)
    else waiting(item)
  }

  next(): Promise<Item> {
    const item = this.#items.shift()
    if (item !== undefined) return Promise.resolve(item)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async take(count: number): Promise<Item[]> {
    const items: Item[] = []
    while (items.length < count) items.push(await this.next())
    return items
  }
}
