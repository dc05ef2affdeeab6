/** Work in small steps, one for each turn of the event loop, so that whoever calls is never far from being served. */
export class Background {
  readonly #step: () => boolean
  #isRunning = false

  /** `step` returns whether there is more to do. */
  constructor(step: () => boolean) {
    this.#step = step
  }

  /** Begins, unless it is under way or there is nothing to do. */
  start(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    setImmediate(() => this.#run())
  }

  #run(): void {
    this.#isRunning = false
    if (this.#step()) this.start()
  }
}
