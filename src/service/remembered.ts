/** What is remembered of many subjects for a while: a bounded number, in the order in which they were noted last. */
export class Remembered<Value> {
  readonly #max: number
  readonly #values = new Map<string, { readonly value: Value; readonly until: number }>()

  constructor(max: number) {
    this.#max = max
  }

  get(key: string, now: number): Value | undefined {
    const found = this.#values.get(key)
    return found !== undefined && found.until > now ? found.value : undefined
  }

  /** Forgets whoever was noted longest ago when there are too many. */
  set(key: string, value: Value, until: number): void {
    this.#values.delete(key)
    if (this.#values.size >= this.#max) {
      const [oldest] = this.#values.keys()
      if (oldest !== undefined) this.#values.delete(oldest)
    }
    this.#values.set(key, { value, until })
  }

  delete(key: string): void {
    this.#values.delete(key)
  }
}
