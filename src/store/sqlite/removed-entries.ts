import type { Connection } from "./connection.ts"
import type { SortedRemoval } from "./sorted-removal.ts"

/** The first of the entries that wait, as many as are worth sorting together. */
export interface RemovedBatch {
  readonly removal: SortedRemoval
  /** Once all are removed: nothing of the batch waits any more. */
  readonly forget: () => void
}

/** The table that entries wait in. */
export interface RemovedTable {
  /** Notes what the registrations of a JSON array have in the tables. */
  readonly add: string
  /** One row when something waits. */
  readonly any: string
  /** Undefined: nothing waits. */
  readonly nextBatch: () => RemovedBatch | undefined
}

/**
 * Entries that lead to no row, because their registrations are gone: they wait in a table for a moment when there is time. A
 * batch that was begun can begin again.
 */
export class RemovedEntries {
  readonly #add
  readonly #any
  readonly #nextBatch
  #batch: RemovedBatch | undefined

  constructor(connection: Connection, { add, any, nextBatch }: RemovedTable) {
    this.#add = connection.prepare<[string]>(add)
    this.#any = connection.prepare<[]>(any)
    this.#nextBatch = nextBatch
  }

  get areThere(): boolean {
    return this.#any.get() !== undefined
  }

  /** Of registrations whose rows are about to be removed. */
  add(registrations: readonly number[]): void {
    this.#add.run(JSON.stringify(registrations))
  }

  /** Inside a transaction: about `limit` entries. Returns how many. */
  clear(limit: number): number {
    const batch = this.#batch ?? this.#nextBatch()
    if (batch === undefined) return 0
    this.#batch = batch
    const cleared = batch.removal.next(limit)
    if (!batch.removal.isDone) return cleared
    batch.forget()
    this.#batch = undefined
    return cleared
  }

  committed(): void {}

  rolledBack(): void {
    this.#batch = undefined
  }
}
