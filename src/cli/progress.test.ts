import { describe, expect, test } from "vitest"
import { FakeClock } from "../runtime/clock.ts"
import { openProgress } from "./progress.ts"

function setup(isTTY: boolean, columns = 80) {
  const clock = new FakeClock()
  const written: string[] = []
  const stream = { isTTY, columns, write: (text: string) => void written.push(text) }
  return { clock, written, progress: openProgress({ stream, clock, label: "sent" }) }
}

describe("on a terminal", () => {
  test("the bar is redrawn in its line, at most ten times a second", async () => {
    const { clock, written, progress } = setup(true)
    for (let done = 0; done <= 100; done++) {
      progress.update(done, 100)
      await clock.advance(10)
    }
    progress.end()
    const lines = written.join("").split("\r\u001b[2K").slice(1)
    expect(lines[0]).toBe(`sent  [${".".repeat(40)}]  0 %  0/100`)
    expect(lines[5]).toBe(`sent  [${"#".repeat(20)}${".".repeat(20)}]  50 %  50/100`)
    expect(lines.at(-1)).toBe(`sent  [${"#".repeat(40)}]  100 %  100/100\n`)
    expect(lines).toHaveLength(11)
  })

  test("no line is longer than the terminal, whatever is noted", () => {
    for (const columns of [1, 20, 40, 80]) {
      const { written, progress } = setup(true, columns)
      progress.update(1, 3, "accepted 1  payload_rejected 2")
      const line = written.join("").replace("\r\u001b[2K", "")
      expect(line.length).toBeLessThan(Math.max(columns, 2))
    }
  })

  test("a bar that never moved leaves nothing behind", () => {
    const { written, progress } = setup(true)
    progress.end()
    expect(written).toEqual([])
  })
})

describe("elsewhere", () => {
  test("a plain line is written every five seconds and at the end", async () => {
    const { clock, written, progress } = setup(false)
    for (let second = 0; second <= 12; second++) {
      progress.update(second, 12, `seen ${second}`)
      await clock.advance(1_000)
    }
    progress.end()
    expect(written).toEqual([
      "sent  0 %  0/12  seen 0\n",
      "sent  41 %  5/12  seen 5\n",
      "sent  83 %  10/12  seen 10\n",
      "sent  100 %  12/12  seen 12\n",
    ])
  })

  test("an empty audience is done from the start", () => {
    const { written, progress } = setup(false)
    progress.update(0, 0)
    progress.end()
    expect(written).toEqual(["sent  100 %  0/0\n"])
  })
})
