import type { Connection } from "./connection.ts"
import { DEVICE_KEY_STATEMENTS, TOKEN_KEY_STATEMENTS } from "./key-index.ts"
import { type EntryKey, SortedRemoval } from "./sorted-removal.ts"

/** Registrations whose keys are sorted together: the more, the more of them lie in one page. Forgetting them takes 10 ms. */
const BATCH_MAX = 8192

export const REMOVED_KEY_STATEMENTS = {
  add: `insert into removed_keys (number, device_key, token_key)
    select r.number, r.device_key, iif(r.receives = 1, r.token_key, null)
    from json_each(?) j cross join registrations r on r.number = j.value`,
  any: "select entry from removed_keys where entry > 0 limit 1",
  oldest:
    "select entry, number, device_key, token_key from removed_keys where entry > 0 order by entry limit ?",
  forget: "delete from removed_keys where entry <= ?",
} as const

interface Batch {
  readonly lastEntry: number
  readonly removal: SortedRemoval
}

/**
 * Entries in the tables of keys whose registrations are gone. They are harmless, because whoever follows one looks for the
 * row, and numbers are never used again; so they wait for a moment when there is time. A batch that was begun can begin again.
 */
export class RemovedKeys {
  readonly #add
  readonly #any
  readonly #oldest
  readonly #forget
  readonly #removeDeviceKey
  readonly #removeTokenKey
  #batch: Batch | undefined

  constructor(connection: Connection) {
    const sql = REMOVED_KEY_STATEMENTS
    this.#add = connection.prepare<[string]>(sql.add)
    this.#any = connection.prepare<[], number>(sql.any).pluck()
    this.#oldest = connection.prepare<[number], [number, number, number, number | null]>(sql.oldest).raw()
    this.#forget = connection.prepare<[number]>(sql.forget)
    this.#removeDeviceKey = connection.prepare<[number, number]>(DEVICE_KEY_STATEMENTS.remove)
    this.#removeTokenKey = connection.prepare<[number, number]>(TOKEN_KEY_STATEMENTS.remove)
  }

  get areThere(): boolean {
    return this.#any.get() !== undefined
  }

  /** Of registrations whose rows are about to be removed. */
  add(numbers: readonly number[]): void {
    this.#add.run(JSON.stringify(numbers))
  }

  /** Inside a transaction: about `limit` of them. Returns how many. */
  clear(limit: number): number {
    const batch = this.#batch ?? this.#nextBatch()
    if (batch === undefined) return 0
    this.#batch = batch
    const cleared = batch.removal.next(limit)
    if (!batch.removal.isDone) return cleared
    this.#forget.run(batch.lastEntry)
    this.#batch = undefined
    return cleared
  }

  committed(): void {}

  rolledBack(): void {
    this.#batch = undefined
  }

  #nextBatch(): Batch | undefined {
    const rows = this.#oldest.all(BATCH_MAX)
    const last = rows.at(-1)
    if (last === undefined) return undefined
    const deviceKeys: EntryKey[] = []
    const tokenKeys: EntryKey[] = []
    for (const [, number, deviceKey, tokenKey] of rows) {
      deviceKeys.push([deviceKey, number])
      if (tokenKey !== null) tokenKeys.push([tokenKey, number])
    }
    const removal = new SortedRemoval([
      { remove: this.#removeDeviceKey, keys: deviceKeys },
      { remove: this.#removeTokenKey, keys: tokenKeys },
    ])
    return { lastEntry: last[0], removal }
  }
}
