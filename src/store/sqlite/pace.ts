/** How long a group of writes in the background may keep the store's thread, its commit included. */
const HELD_MS = 25
const ROWS_FIRST = 128
const ROWS_MIN = 64
const ROWS_MAX = 1024

/** How many rows bulk work takes at a time, so that nobody waits for it long: by how long the rows before them took. */
export class Pace {
  #rows = ROWS_FIRST

  get rows(): number {
    return this.#rows
  }

  took(rows: number, ms: number): void {
    // Of a few rows, nearly all is the commit.
    if (rows < ROWS_MIN) return
    const fitting = (rows / Math.max(ms, 1)) * HELD_MS
    // No more than twice as many at once: the pages of the next ones may not be at hand.
    this.#rows = Math.round(Math.max(ROWS_MIN, Math.min(fitting, this.#rows * 2, ROWS_MAX)))
  }
}
