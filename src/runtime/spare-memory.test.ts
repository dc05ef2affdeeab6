import { expect, test } from "vitest"
import { FakeClock } from "./clock.ts"
import { giveMemoryBack, spareMemoryWhenQuiet } from "./spare-memory.ts"

/** How often memory was given back after each of the looks, at which the thread had been so busy. */
async function afterLooks(shares: readonly number[]): Promise<readonly number[]> {
  const clock = new FakeClock()
  const remaining = [...shares]
  let given = 0
  spareMemoryWhenQuiet({
    clock,
    utilization: () => remaining.shift() as number,
    giveBack: () => {
      given++
    },
  })
  const counts: number[] = []
  for (const _ of shares) {
    await clock.advance(3000)
    counts.push(given)
  }
  return counts
}

test("once after the start, when it is quiet", async () => {
  expect(await afterLooks([0.5, 0.05, 0.001, 0.001, 0.05, 0.001])).toEqual([0, 0, 1, 1, 1, 1])
})

test("once more after each time that it was busy", async () => {
  expect(await afterLooks([0, 0.9, 0.9, 0, 0, 0.2, 0])).toEqual([1, 1, 1, 2, 2, 2, 3])
})

test("never while it has something to do", async () => {
  expect(await afterLooks([0.02, 0.5, 0.02, 0.02])).toEqual([0, 0, 0, 0])
})

test("what nothing refers to is gone", async () => {
  const forgotten = (() => new WeakRef({ text: "forgotten" }))()
  // A reference that was made or followed lasts until the end of the turn.
  await new Promise((resolve) => setImmediate(resolve))
  giveMemoryBack()
  expect(forgotten.deref()).toBeUndefined()
  expect(globalThis.gc).toBeUndefined()
})
