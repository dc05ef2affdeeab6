import { expect, test } from "vitest"
import { restAfterHash } from "../../src/runtime/argon2-rest.ts"

test.each([
  [1, 300],
  [2, 100],
  [3, 100 / 3],
  [4, 0],
  [64, 0],
])("with %i processors, hashes take at most a quarter of them", (processors, rest) => {
  expect(restAfterHash(100, processors)).toBeCloseTo(rest)
  const taken = 100 / (100 + restAfterHash(100, processors))
  expect(taken / processors).toBeLessThanOrEqual(0.2500001)
})
