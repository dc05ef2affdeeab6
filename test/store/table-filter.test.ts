import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { KEY_RANGE } from "../../src/store/sqlite/keyed-hash.ts"
import { TableFilter } from "../../src/store/sqlite/table-filter.ts"

const anyKey = fc.maxSafeInteger().map((key) => Math.abs(key) % KEY_RANGE)

/** A table of keys, and its filter. */
function setup(keys: readonly number[], expected = keys.length) {
  const table = new Set(keys)
  const filter = new TableFilter(expected, (after, limit) =>
    [...table]
      .filter((key) => key > after)
      .sort((a, b) => a - b)
      .slice(0, limit),
  )
  return {
    filter,
    insert(key: number): void {
      filter.add(key)
      table.add(key)
    },
    denied: () => [...table].filter((key) => !filter.mayHave(key)),
  }
}

describe("the filter of a table of keys", () => {
  it("never denies a key of the table, however it is filled while the table grows", () => {
    const anyStep = fc.oneof(
      fc.record({ kind: fc.constant("insert" as const), key: anyKey }),
      fc.record({ kind: fc.constant("fill" as const), limit: fc.integer({ min: 1, max: 4 }) }),
    )
    fc.assert(
      fc.property(fc.uniqueArray(anyKey, { maxLength: 30 }), fc.array(anyStep), (keys, steps) => {
        const { filter, insert, denied } = setup(keys)
        for (const step of steps) {
          if (step.kind === "insert") insert(step.key)
          else filter.fill(step.limit)
          expect(denied()).toEqual([])
        }
      }),
    )
  })

  it("denies nothing before it is filled, and afterwards nearly all keys that the table does not have", () => {
    const { filter } = setup(keysFrom(0, 10_000))
    const others = keysFrom(10_000, 20_000)
    expect(others.filter((key) => !filter.mayHave(key))).toEqual([])
    while (filter.isFilling) filter.fill(1000)
    expect(others.filter((key) => !filter.mayHave(key)).length).toBeGreaterThan(9600)
  })

  it("is replaced by a larger one when the table outgrows it, and denies nothing wrongly meanwhile", () => {
    const { filter, insert, denied } = setup([])
    expect(filter.isFilling).toBe(false)
    expect(filter.mayHave(1)).toBe(true)
    filter.fill(1)
    expect([filter.isFilling, filter.mayHave(1)]).toEqual([false, false])
    for (const key of keysFrom(0, 40_000)) insert(key)
    expect(filter.isFilling).toBe(true)
    expect(denied()).toEqual([])
    while (filter.isFilling) filter.fill(5000)
    expect(denied()).toEqual([])
    const others = keysFrom(40_000, 50_000)
    expect(others.filter((key) => !filter.mayHave(key)).length).toBeGreaterThan(9600)
  })
})

/** Keys as a hash makes them: spread over the whole range. */
function keysFrom(first: number, end: number): number[] {
  const keys: number[] = []
  for (let index = first; index < end; index++) {
    const mixed = Math.imul(index + 1, 0x9e37_79b1) >>> 0
    const other = Math.imul(mixed ^ (mixed >>> 15), 0x85eb_ca77) >>> 0
    keys.push((mixed * 0x8000 + (other & 0x7fff)) % KEY_RANGE)
  }
  return keys
}
