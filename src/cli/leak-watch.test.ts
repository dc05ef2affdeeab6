import { Writable } from "node:stream"
import { expect, test } from "vitest"
import { FakeClock } from "../runtime/clock.ts"
import { watchForLeaks } from "./leak-watch.ts"

test("a process has a second to end, from when its output was read", async () => {
  const clock = new FakeClock()
  const reads: (() => void)[] = []
  const output = new Writable({ write: (_chunk, _encoding, read) => void reads.push(read) })
  let hasLeaked = false
  output.write("the result")
  watchForLeaks(output, clock, () => {
    hasLeaked = true
  })
  await clock.advance(10_000)
  expect(hasLeaked).toBe(false)
  while (reads.length > 0) reads.shift()?.()
  await clock.advance(999)
  expect(hasLeaked).toBe(false)
  await clock.advance(1)
  expect(hasLeaked).toBe(true)
})
