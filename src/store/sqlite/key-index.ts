import type { Statement } from "better-sqlite3"
import type { Connection } from "./connection.ts"
import { KeyTable } from "./key-table.ts"
import { TableFilter } from "./table-filter.ts"

/** Entries that one statement inserts: the call costs as much as three of them. */
const ROWS_AT_ONCE = 16
const ROWS = Array(ROWS_AT_ONCE).fill("(?, ?)").join(", ")

/** The statements of a table of keys; see migrations/0001_init.sql. */
export interface KeyStatements {
  readonly find: string
  readonly insert: string
  readonly insertMany: string
  readonly remove: string
  /** Keys larger than one, in ascending order: to fill the filter. */
  readonly keysAfter: string
}

export const DEVICE_KEY_STATEMENTS: KeyStatements = {
  find: "select number from device_keys where key = ?",
  insert: "insert or ignore into device_keys (key, number) values (?, ?)",
  insertMany: `insert or ignore into device_keys (key, number) values ${ROWS}`,
  remove: "delete from device_keys where key = ? and number = ?",
  keysAfter: "select key from device_keys where key > ? order by key limit ?",
}

export const TOKEN_KEY_STATEMENTS: KeyStatements = {
  find: "select number from token_keys where key = ?",
  insert: "insert or ignore into token_keys (key, number) values (?, ?)",
  insertMany: `insert or ignore into token_keys (key, number) values ${ROWS}`,
  remove: "delete from token_keys where key = ? and number = ?",
  keysAfter: "select key from token_keys where key > ? order by key limit ?",
}

/** Numbers of registrations, and how many keys there are in all. */
export interface KeyIndexState {
  readonly folded: number
  readonly target: number
  readonly latest: number
  readonly keys: number
}

/**
 * Registrations by one of their keys. The entries of late registrations are in memory; folding moves them into the table
 * in the order of the keys, so that each page it writes takes many of them. Nearly all that a new registration looks for
 * is not there: a filter says so without a look at two random pages of the table. Every change inside a transaction can
 * be undone; nothing here decides when to fold (registration-index.ts).
 */
export class KeyIndex {
  readonly #find
  readonly #insert
  readonly #insertMany
  readonly #remove
  readonly #keysAfter
  #filter: TableFilter
  /** Registrations up to this number are being folded, or are folded. */
  #target = 0
  #late = new KeyTable(0)
  #folding: KeyTable | undefined
  /** The slot of `#folding` to go on from. */
  #reached = 0
  #undo: (() => void)[] = []
  #hasChanged = false

  constructor(connection: Connection, sql: KeyStatements) {
    this.#find = connection.prepare<[number], number>(sql.find).pluck()
    this.#insert = connection.prepare<[number, number]>(sql.insert)
    this.#insertMany = connection.prepare(sql.insertMany) as Statement<[number[]]>
    this.#remove = connection.prepare<[number, number]>(sql.remove)
    this.#keysAfter = connection.prepare<[number, number], number>(sql.keysAfter).pluck()
    this.#filter = this.#newFilter(0)
  }

  /** Whether the transaction has changed anything here. */
  get hasChanged(): boolean {
    return this.#hasChanged
  }

  get late(): number {
    return this.#late.size
  }

  /**
   * Forgets what is in memory: entries up to `folded` are in the table, those up to `target` perhaps, and those up to
   * `latest` will be loaded. `keys`: about how many entries there are.
   */
  reset({ folded, target, latest, keys }: KeyIndexState): void {
    this.#filter = this.#newFilter(target === 0 ? 0 : keys)
    this.#target = target
    this.#late = new KeyTable(target, latest - target)
    this.#folding = target === folded ? undefined : new KeyTable(folded, target - folded)
    this.#reached = 0
    this.#undo = []
  }

  /** Only after `reset`: an entry that is in memory. */
  load(key: number, number: number): void {
    if (number > this.#target) this.#late.add(key, number)
    else this.#folding?.add(key, number)
  }

  /** Numbers of registrations that may have the key: look at their rows. */
  numbers(key: number): readonly number[] {
    const found = this.#filter.mayHave(key) ? this.#find.all(key) : []
    collect(this.#late, key, found)
    if (this.#folding !== undefined) collect(this.#folding, key, found)
    return found
  }

  add(key: number, number: number): void {
    this.#hasChanged = true
    if (number <= this.#target) {
      this.#filter.add(key)
      this.#insert.run(key, number)
      return
    }
    const late = this.#late
    late.add(key, number)
    this.#undo.push(() => late.remove(key, number))
  }

  remove(key: number, number: number): void {
    if (this.leave(key, number)) this.#remove.run(key, number)
  }

  /** Of a registration that is gone for good: forgets it here. Returns whether the table may still have it. */
  leave(key: number, number: number): boolean {
    this.#hasChanged = true
    for (const table of [this.#late, this.#folding]) {
      if (table?.remove(key, number)) this.#undo.push(() => this.#restore(table, key, number))
    }
    return number <= this.#target
  }

  #restore(table: KeyTable, key: number, number: number): void {
    table.add(key, number)
    // The entry may be in a slot that was passed.
    if (table === this.#folding) this.#reached = 0
  }

  /** From now on the late entries, up to the number `target`, are to be folded. */
  startFolding(target: number): void {
    this.#hasChanged = true
    const before = { late: this.#late, target: this.#target }
    this.#undo.push(() => {
      this.#late = before.late
      this.#target = before.target
      this.#folding = undefined
    })
    this.#folding = this.#late
    this.#late = new KeyTable(target)
    this.#target = target
    this.#reached = 0
  }

  /** Moves about `limit` entries into the table. Returns whether none is left. */
  fold(limit: number): boolean {
    const folding = this.#folding
    if (folding === undefined) return true
    this.#hasChanged = true
    const before = this.#reached
    this.#undo.push(() => {
      this.#reached = before
    })
    const entries: number[] = []
    this.#reached = folding.take(before, limit, entries)
    for (let at = 0; at < entries.length; at += 2) this.#filter.add(entries[at] as number)
    let at = 0
    for (; at + ROWS_AT_ONCE * 2 <= entries.length; at += ROWS_AT_ONCE * 2)
      this.#insertMany.run(entries.slice(at, at + ROWS_AT_ONCE * 2))
    for (; at < entries.length; at += 2) this.#insert.run(entries[at] as number, entries[at + 1] as number)
    return this.#reached >= folding.slots
  }

  /** Everything up to the target is in the table. */
  endFolding(): void {
    const folding = this.#folding
    this.#undo.push(() => {
      this.#folding = folding
    })
    this.#folding = undefined
  }

  get isFillingFilter(): boolean {
    return this.#filter.isFilling
  }

  /** Reads at most `limit` keys of the table. */
  fillFilter(limit: number): void {
    this.#filter.fill(limit)
  }

  /** The transaction is durable. */
  committed(): void {
    if (this.#undo.length > 0) this.#undo = []
    this.#hasChanged = false
  }

  /** Nothing of the transaction happened. */
  rolledBack(): void {
    for (const undo of this.#undo.reverse()) undo()
    this.#undo = []
    this.#hasChanged = false
  }

  #newFilter(keys: number): TableFilter {
    return new TableFilter(keys, (after, limit) => this.#keysAfter.all(after, limit))
  }
}

function collect(table: KeyTable, key: number, into: number[]): void {
  for (let at = table.first(key); at >= 0; at = table.next(key, at)) into.push(table.numberAt(at))
}
