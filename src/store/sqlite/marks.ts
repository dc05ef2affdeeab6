import type { Connection } from "./connection.ts"

/** What each mark means: see migrations/0001_init.sql. */
export type Mark = "members_folded" | "keys_folded" | "keys_folding" | "index_version" | "latest_removed"

export const MARK_STATEMENTS = {
  all: "select name, number from marks",
  set: "update marks set number = ? where name = ?",
} as const

/** The few numbers that say how far bulk work has come, remembered while no other process changes the database. */
export class Marks {
  #values = new Map<string, number>()
  #committed = this.#values
  readonly #all
  readonly #set

  constructor(connection: Connection) {
    this.#all = connection.prepare<[], [string, number]>(MARK_STATEMENTS.all).raw()
    this.#set = connection.prepare<[number, Mark]>(MARK_STATEMENTS.set)
  }

  get(mark: Mark): number {
    return this.#values.get(mark) ?? 0
  }

  /** Inside a transaction. */
  set(mark: Mark, number: number): void {
    this.#set.run(number, mark)
    this.#values = new Map(this.#values).set(mark, number)
  }

  /** Must be called before the first use, and after another process's write. */
  reload(): void {
    this.#values = new Map(this.#all.all())
    this.#committed = this.#values
  }

  /** Begins what the running transaction reads. */
  look(): void {
    this.#all.get()
  }

  committed(): void {
    this.#committed = this.#values
  }

  rolledBack(): void {
    this.#values = this.#committed
  }
}
