import { expect, test } from "vitest"
import { Pace } from "./pace.ts"

/** What a pace comes to when each row takes so long, and each group so long besides. */
function settled(msPerRow: number, msBesides = 0): { readonly rows: number; readonly longestMs: number } {
  const pace = new Pace()
  let longestMs = 0
  for (let group = 0; group < 50; group++) {
    const ms = pace.rows * msPerRow + msBesides
    longestMs = Math.max(longestMs, ms)
    pace.took(pace.rows, ms)
  }
  return { rows: pace.rows, longestMs }
}

test("groups grow until each holds the thread for 25 ms, and no longer", () => {
  expect(settled(0.05)).toEqual({ rows: 500, longestMs: 25 })
  expect(settled(0.2).longestMs).toBeLessThanOrEqual(26)
})

test("a commit that takes its time leaves room for fewer rows", () => {
  const { rows } = settled(0.05, 15)
  expect(rows * 0.05 + 15).toBeGreaterThan(24)
  expect(rows * 0.05 + 15).toBeLessThan(26)
})

test("on a disk that is too slow for any bound, groups keep a size at which the work comes to an end", () => {
  expect(settled(0.05, 100).rows).toBe(64)
})

test("on a fast one there is a bound as well", () => {
  expect(settled(0).rows).toBe(1024)
})

test("the few rows that are left in the end do not count, because their commit is all that takes time", () => {
  const pace = new Pace()
  pace.took(128, 10)
  const { rows } = pace
  pace.took(1, 10)
  expect(pace.rows).toBe(rows)
})
