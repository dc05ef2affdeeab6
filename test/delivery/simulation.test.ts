import { expect, test } from "vitest"
import { simulate } from "./simulation.ts"

const SEEDS = 400
const SEEDS_PER_TEST = 100

for (let first = 1; first <= SEEDS; first += SEEDS_PER_TEST) {
  const last = first + SEEDS_PER_TEST - 1
  test(`nothing is lost, sent too often or too late, or left open, whatever breaks (seeds ${first} to ${last})`, async () => {
    let pushes = 0
    for (let seed = first; seed <= last; seed += 1) {
      const report = await simulate(seed)
      pushes += report.pushes
      expect(report.failures.slice(0, 5), `seed ${seed}: simulate(${seed}) plays it again`).toEqual([])
    }
    expect(pushes).toBeGreaterThan(SEEDS_PER_TEST)
  })
}
