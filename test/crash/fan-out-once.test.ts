import { describe, expect, test } from "vitest"
import { crashedBroadcasts, DEVICES, KILLS, type Run, TIMEOUT_MS } from "./fan-out-run.ts"

const RUN: Run = {
  kills: Math.ceil(KILLS / 5),
  devices: Math.ceil(DEVICES / 5),
  delivery: "at-most-once",
  copiesMax: 1,
}

describe("a server that is killed while it carries at-most-once broadcasts to three providers", () => {
  test(`accounts for every device and sends no second copy, in ${RUN.kills} kills`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const audit = await crashedBroadcasts(RUN)
    expect(audit.duplicates).toBe(0)
  })
})
