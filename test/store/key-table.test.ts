import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { KeyTable } from "../../src/store/sqlite/key-table.ts"
import { KEY_RANGE } from "../../src/store/sqlite/keyed-hash.ts"

const BASE = 1000

/** Few of them, so that keys are shared, and neighbours, so that they want the same slots; the last ones wrap around. */
const anyKey = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 1, max: 5 }).map((distance) => KEY_RANGE - distance),
  fc.maxSafeInteger().map((key) => Math.abs(key) % KEY_RANGE),
)

const anyEntry = fc.record({ key: anyKey, number: fc.integer({ min: BASE + 1, max: BASE + 40 }) })
const anyStep = fc.record({ kind: fc.constantFrom("add", "add", "remove"), entry: anyEntry })

describe("the table of keys in memory", () => {
  it("finds what was added and not removed, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 200 }), (steps) => {
        const table = new KeyTable(BASE)
        const model = new Set<string>()
        for (const { kind, entry } of steps) {
          const name = `${entry.key} ${entry.number}`
          if (kind === "remove") expect(table.remove(entry.key, entry.number)).toBe(model.delete(name))
          else if (!model.has(name)) {
            model.add(name)
            table.add(entry.key, entry.number)
          }
        }
        expect(table.size).toBe(model.size)
        expect(namesOf(walked(table, 7))).toEqual([...model].sort())
        for (const { entry } of steps) {
          const expected = [...model].filter((name) => name.startsWith(`${entry.key} `))
          expect(namesOf(numbers(table, entry.key).map((number) => [entry.key, number]))).toEqual(
            expected.sort(),
          )
        }
      }),
    )
  })

  it("keeps a hundred thousand entries, and its slots meet their keys nearly in order", () => {
    const table = new KeyTable(0)
    const keys = Array.from({ length: 100_000 }, (_, index) => (index * 12_345_678_910_111) % KEY_RANGE)
    for (const [index, key] of keys.entries()) table.add(key, index + 1)
    expect([...keys.entries()].filter(([index, key]) => !numbers(table, key).includes(index + 1))).toEqual([])
    const slice: number[] = []
    table.take(Math.floor(table.slots / 2), 1000, slice)
    const middle = slice.filter((_, index) => index % 2 === 0)
    expect(Math.max(...middle) - Math.min(...middle)).toBeLessThan(KEY_RANGE / 50)
  })

  it("does not grow when entries come and go", () => {
    const table = new KeyTable(0)
    const slots = table.slots
    for (let number = 1; number <= 10_000; number++) {
      table.add((number * 999_999_999_989) % KEY_RANGE, number)
      if (number > 100)
        expect(table.remove(((number - 100) * 999_999_999_989) % KEY_RANGE, number - 100)).toBe(true)
    }
    expect(table.size).toBe(100)
    expect(table.slots).toBe(slots)
  })
})

function numbers(table: KeyTable, key: number): number[] {
  const found: number[] = []
  for (let at = table.first(key); at >= 0; at = nextOf(table, key, at, found)) found.push(table.numberAt(at))
  return found
}

/** Slots are a circle: one that was met before is the end. */
function nextOf(table: KeyTable, key: number, at: number, found: readonly number[]): number {
  const next = table.next(key, at)
  return next >= 0 && !found.includes(table.numberAt(next)) ? next : -1
}

function walked(table: KeyTable, limit: number): [key: number, number: number][] {
  const entries: [number, number][] = []
  for (let from = 0; from < table.slots; ) {
    const slice: number[] = []
    from = table.take(from, limit, slice)
    expect(slice.length).toBeLessThanOrEqual(limit * 2)
    for (let at = 0; at < slice.length; at += 2) entries.push([slice[at] as number, slice[at + 1] as number])
  }
  return entries
}

function namesOf(entries: readonly (readonly [number, number])[]): string[] {
  return entries.map(([key, number]) => `${key} ${number}`).sort()
}
