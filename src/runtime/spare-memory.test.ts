import { once } from "node:events"
import { Worker } from "node:worker_threads"
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

const QUIET_FOR = (looks: number) => Array.from({ length: looks }, () => 0.001)

test("at once after the start, if it is quiet", async () => {
  expect(await afterLooks(QUIET_FOR(30))).toEqual(Array.from({ length: 30 }, () => 1))
})

test("after half a minute of quiet, once it has been busy", async () => {
  const counts = await afterLooks([...QUIET_FOR(1), 0.9, ...QUIET_FOR(9), 0.05, ...QUIET_FOR(9)])
  expect(new Set(counts)).toEqual(new Set([1]))
  expect((await afterLooks([...QUIET_FOR(1), 0.9, ...QUIET_FOR(10)])).at(-1)).toBe(2)
  expect((await afterLooks([0.5, ...QUIET_FOR(9)])).at(-1)).toBe(0)
  expect((await afterLooks([0.5, ...QUIET_FOR(30)])).at(-1)).toBe(1)
})

test("never again while it is hardly used, and never while it has something to do", async () => {
  expect((await afterLooks([...QUIET_FOR(1), 0.05, ...QUIET_FOR(20)])).at(-1)).toBe(1)
  expect((await afterLooks(Array.from({ length: 30 }, () => 0.02))).at(-1)).toBe(0)
})

test("what nothing refers to is gone", async () => {
  const forgotten = (() => new WeakRef({ text: "forgotten" }))()
  // A reference that was made or followed lasts until the end of the turn.
  await new Promise((resolve) => setImmediate(resolve))
  giveMemoryBack()
  expect(forgotten.deref()).toBeUndefined()
  expect(globalThis.gc).toBeUndefined()
})

test("by several threads at the same moment", async () => {
  const module = JSON.stringify(new URL("./spare-memory.ts", import.meta.url).href)
  const others = [1, 2].map(() => {
    const program = `import(${module}).then(({ giveMemoryBack }) => {
      for (let round = 0; round < 50; round++) giveMemoryBack()
    })`
    return once(new Worker(program, { eval: true }), "exit")
  })
  await expect(Promise.all(others)).resolves.toEqual([[0], [0]])
})
