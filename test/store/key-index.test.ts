import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Connection, openConnection } from "../../src/store/sqlite/connection.ts"
import { DEVICE_KEY_STATEMENTS, KeyIndex } from "../../src/store/sqlite/key-index.ts"

/** Small, so that entries crowd into neighbouring slots; the last one is far away from them. */
const KEYS = [0, 1, 2, 3, 4, 5, 2 ** 46] as const

const anyChange = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("add" as const), key: fc.constantFrom(...KEYS) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("remove" as const), at: fc.nat() }) },
  // A token that is received for again: the entry of an old registration comes back.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("addAgain" as const), at: fc.nat() }) },
)
const anyTransaction = fc.record({
  changes: fc.array(anyChange, { maxLength: 12 }),
  foldedEntries: fc.integer({ min: 0, max: 5 }),
  isCommitted: fc.oneof(
    { weight: 3, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  isRestarted: fc.oneof(
    { weight: 9, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
})
type Transaction = typeof anyTransaction extends fc.Arbitrary<infer T> ? T : never

describe("the index of keys", () => {
  it("finds every entry, and no other, while its entries are folded and transactions are undone", () => {
    fc.assert(
      fc.property(fc.array(anyTransaction, { maxLength: 25 }), (transactions) => {
        using world = new World()
        for (const transaction of transactions) {
          world.take(transaction)
          world.check()
        }
      }),
      { numRuns: 300 },
    )
  })
})

interface State {
  readonly entries: ReadonlyMap<number, number>
  readonly removed: ReadonlyMap<number, number>
  readonly latest: number
  readonly folded: number
  readonly target: number
}

/** An index and what it should hold: keys by registration number. */
class World {
  readonly #connection: Connection = openConnection({ file: ":memory:", synchronous: "FULL" })
  #index: KeyIndex
  #state: State = { entries: new Map(), removed: new Map(), latest: 0, folded: 0, target: 0 }

  constructor() {
    this.#connection.exec(
      "create table device_keys (key integer, number integer, primary key (key, number)) without rowid",
    )
    this.#index = this.#newIndex()
  }

  [Symbol.dispose](): void {
    this.#connection.close()
  }

  take({ changes, foldedEntries, isCommitted, isRestarted }: Transaction): void {
    this.#connection.exec("begin immediate")
    let state = this.#state
    for (const change of changes) state = this.#change(state, change)
    if (foldedEntries > 0) state = this.#fold(state, foldedEntries)
    if (isCommitted) {
      this.#connection.exec("commit")
      this.#index.committed()
      this.#state = state
    } else {
      this.#connection.exec("rollback")
      this.#index.rolledBack()
    }
    while (this.#index.isFillingFilter) this.#index.fillFilter(2)
    if (isRestarted) this.#restart()
  }

  check(): void {
    const { entries, folded, target } = this.#state
    for (const key of KEYS) {
      const expected = [...entries].filter(([, of]) => of === key).map(([number]) => number)
      expect(new Set(this.#index.numbers(key))).toEqual(new Set(expected))
    }
    const stored = this.#connection
      .prepare<[], number>("select number from device_keys order by number")
      .pluck()
      .all()
    expect(stored.filter((number) => number > target)).toEqual([])
    const complete = [...entries.keys()].filter((number) => number <= folded)
    expect(stored).toEqual(expect.arrayContaining(complete))
  }

  #change(state: State, change: Transaction["changes"][number]): State {
    const { entries, removed, latest } = state
    if (change.kind === "add") {
      this.#index.add(change.key, latest + 1)
      return { ...state, latest: latest + 1, entries: new Map(entries).set(latest + 1, change.key) }
    }
    const from = change.kind === "remove" ? entries : removed
    const chosen = [...from][change.at % Math.max(from.size, 1)]
    if (chosen === undefined) return state
    const [number, key] = chosen
    const rest = new Map([...from].filter(([other]) => other !== number))
    if (change.kind === "remove") {
      this.#index.remove(key, number)
      return { ...state, entries: rest, removed: new Map(removed).set(number, key) }
    }
    this.#index.add(key, number)
    return { ...state, entries: new Map(entries).set(number, key), removed: rest }
  }

  #fold(state: State, limit: number): State {
    let { folded, target, latest } = state
    if (folded === target) {
      if (latest === target) return state
      target = latest
      this.#index.startFolding(target)
    }
    if (this.#index.fold(limit)) {
      this.#index.endFolding()
      folded = target
    }
    return { ...state, folded, target }
  }

  /** As after a crash: what is in memory comes from the rows. */
  #restart(): void {
    const { entries, folded, target, latest } = this.#state
    this.#index = this.#newIndex()
    this.#index.reset({ folded, target, latest, keys: entries.size })
    for (const [number, key] of entries) if (number > folded) this.#index.load(key, number)
    this.#state = { ...this.#state, removed: new Map() }
  }

  #newIndex(): KeyIndex {
    const index = new KeyIndex(this.#connection, DEVICE_KEY_STATEMENTS)
    index.reset({ folded: 0, target: 0, latest: 0, keys: 0 })
    return index
  }
}
