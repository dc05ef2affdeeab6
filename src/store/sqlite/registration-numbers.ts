import type { Connection } from "./connection.ts"
import type { Marks } from "./marks.ts"

export const NUMBER_STATEMENTS = { latest: "select max(number) from registrations" } as const

/**
 * Gives out the numbers of registrations: each is larger than all before, also than those of registrations that are gone.
 * Half the cost of SQLite's `autoincrement`, which keeps its own record of every insert; here a record is needed only
 * when the latest registration is removed.
 */
export class RegistrationNumbers {
  readonly #marks: Marks
  readonly #read
  #latest = 0
  #committed = 0

  constructor(connection: Connection, marks: Marks) {
    this.#marks = marks
    this.#read = connection.prepare<[], number | null>(NUMBER_STATEMENTS.latest).pluck()
  }

  /** The largest number ever given out. */
  get latest(): number {
    return this.#latest
  }

  /** How many the running transaction has given out. */
  get created(): number {
    return this.#latest - this.#committed
  }

  /** Inside the transaction that inserts the registration. */
  next(): number {
    return ++this.#latest
  }

  /** Inside the transaction that removes the registration. */
  removed(number: number): void {
    if (number === this.#latest) this.#marks.set("latest_removed", number)
  }

  /** After the marks were reloaded. */
  reload(): void {
    this.#latest = Math.max(this.#read.get() ?? 0, this.#marks.get("latest_removed"))
    this.#committed = this.#latest
  }

  committed(): void {
    this.#committed = this.#latest
  }

  rolledBack(): void {
    this.#latest = this.#committed
  }
}
