import { describe, test } from "vitest"
import { crashedBroadcasts, DEVICES, KILLS, TIMEOUT_MS } from "./fan-out-run.ts"

describe("a server that is killed while it carries broadcasts to three providers", () => {
  test(`accounts for every device and sends at most two copies, in ${KILLS} kills`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    await crashedBroadcasts({ kills: KILLS, devices: DEVICES, delivery: "at-least-once", copiesMax: 2 })
  })
})
