import type { Statement } from "better-sqlite3"
import type { OutcomeKind } from "../../domain/outcome.ts"
import { type CountedEvent, FIGURES, HOUR_MS } from "../../domain/statistics.ts"
import type { Connection } from "./connection.ts"

/** Hours since 1970 are fewer for the next thousand years. */
const HOUR_RANGE = 2 ** 24

const COLUMNS = FIGURES.join(", ")
const INDEX = new Map(FIGURES.map((name, index) => [name, index]))

export const FIGURE_STATEMENTS = {
  add: `insert into hourly_figures (application, hour, ${COLUMNS}) values (?, ?${", ?".repeat(FIGURES.length)})
    on conflict do update set ${FIGURES.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}`,
} as const

/**
 * Counts what happens by application and hour. Within a group of writes it is added up in memory, and written as one row
 * for each application and hour before its commit: a registration costs an addition.
 */
export class Figures {
  readonly #changes = new Map<number, Float64Array>()
  readonly #add
  #lastKey = -1
  #last: Float64Array = new Float64Array(FIGURES.length)

  constructor(connection: Connection) {
    this.#add = connection.prepare(FIGURE_STATEMENTS.add) as Statement<number[]>
  }

  /** `now`: milliseconds since 1970. */
  count(application: number, now: number, figure: CountedEvent | OutcomeKind, change = 1): void {
    const key = application * HOUR_RANGE + Math.floor(now / HOUR_MS)
    if (key !== this.#lastKey) this.#choose(key)
    const index = INDEX.get(figure) as number
    this.#last[index] = (this.#last[index] as number) + change
  }

  /** Inside the transaction: writes what was added up. */
  write(): void {
    for (const [key, counts] of this.#changes) {
      this.#add.run(Math.floor(key / HOUR_RANGE), key % HOUR_RANGE, ...counts)
    }
    this.forget()
  }

  forget(): void {
    if (this.#changes.size > 0) this.#changes.clear()
    this.#lastKey = -1
  }

  #choose(key: number): void {
    let counts = this.#changes.get(key)
    if (counts === undefined) {
      counts = new Float64Array(FIGURES.length)
      this.#changes.set(key, counts)
    }
    this.#lastKey = key
    this.#last = counts
  }
}
