import type { Statement } from "better-sqlite3"

/** The two columns that are the key of a table. */
export type EntryKey = readonly [first: number, second: number]

/** Entries of one table, and the statement that removes one of them. */
export interface TableEntries {
  readonly remove: Statement<[number, number]>
  readonly keys: EntryKey[]
}

/**
 * Removes entries of tables some at a time, in the order of their keys: so a page is changed once for all that lie in it.
 * One that is not there any more makes no difference.
 */
export class SortedRemoval {
  readonly #tables: TableEntries[]
  /** How many of the first table are removed. */
  #reached = 0

  constructor(tables: readonly TableEntries[]) {
    for (const { keys } of tables) keys.sort((a, b) => a[0] - b[0] || a[1] - b[1])
    this.#tables = tables.filter(({ keys }) => keys.length > 0)
  }

  get isDone(): boolean {
    return this.#tables.length === 0
  }

  /** Removes `limit` entries, or those that are left. Returns how many. */
  next(limit: number): number {
    let removed = 0
    for (let table = this.#tables[0]; table !== undefined && removed < limit; table = this.#tables[0]) {
      const [first, second] = table.keys[this.#reached] as EntryKey
      table.remove.run(first, second)
      removed++
      if (++this.#reached < table.keys.length) continue
      this.#tables.shift()
      this.#reached = 0
    }
    return removed
  }
}
