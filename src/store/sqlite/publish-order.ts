import type { Connection } from "./connection.ts"

/**
 * The number of the latest message, as seen by the transaction that runs: what members that join now are marked with.
 * Read once for each group of writes; a publish inside the group advances it.
 */
export class PublishOrder {
  readonly #read: () => number
  #latest = 0

  constructor(connection: Connection) {
    const statement = connection.prepare("select seq from sqlite_sequence where name = 'messages'").pluck()
    this.#read = () => Number(statement.get() ?? 0)
  }

  get latest(): number {
    return this.#latest
  }

  /** A message was published in the running transaction. */
  advance(number: number): void {
    this.#latest = number
  }

  refresh(): void {
    this.#latest = this.#read()
  }
}
