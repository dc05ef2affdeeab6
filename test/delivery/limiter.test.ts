import { describe, expect, test } from "vitest"
import { Limiter } from "../../src/delivery/limiter.ts"
import { RetryBudget } from "../../src/delivery/retry-budget.ts"
import type { Outcome } from "../../src/domain/outcome.ts"
import { seededRandom } from "../../src/runtime/random.ts"

const ACCEPTED: Outcome = { kind: "accepted" }
const FAILED: Outcome = { kind: "retry_later", reason: "connect" }

function open(inFlightMax = 1_000) {
  const limiter = new Limiter(inFlightMax, seededRandom(3))
  /** Sends as much as it may, and gets the same answer to all of it. */
  const round = (outcome: Outcome, now: number) => {
    const count = limiter.capacity(now)
    limiter.offering(count)
    limiter.offered(count, count, now)
    for (let answered = 0; answered < count; answered += 1) {
      limiter.answered(outcome, now)
      limiter.returned()
    }
    return count
  }
  return { limiter, round }
}

describe("concurrency", () => {
  test("starts at 64 and grows to what the provider allows, never beyond", () => {
    const { round } = open(300)
    const sent = Array.from({ length: 10 }, (_, now) => round(ACCEPTED, now))

    expect(sent[0]).toBe(64)
    expect(Math.max(...sent)).toBe(300)
    expect(sent.at(-1)).toBe(300)
  })

  test("halves once for a burst of failures, and again for the next burst", () => {
    const { limiter } = open()
    for (let failure = 0; failure < 5; failure += 1) limiter.answered(FAILED, 1_000)
    expect(limiter.limit).toBe(32)
    limiter.answered({ kind: "ambiguous", reason: "reset" }, 2_000)
    expect(limiter.limit).toBe(16)
  })

  test("is not slowed down by a provider that speaks of one device alone", () => {
    const { limiter } = open()
    limiter.answered({ kind: "throttled", reason: "TooManyRequests", scope: "device", afterMs: 60_000 }, 0)

    expect(limiter.capacity(1)).toBe(64)
  })
})

describe("the provider's wish for a pause", () => {
  test("stops everything until its end, and halves", () => {
    const { limiter } = open()
    limiter.answered({ kind: "throttled", reason: "quota", scope: "credential", afterMs: 60_000 }, 0)

    expect(limiter.capacity(59_999)).toBe(0)
    expect(limiter.blockedMs(10_000)).toBe(50_000)
    expect(limiter.capacity(60_000)).toBe(32)
  })

  test.each([
    ["without a time", {}],
    ["for no time, by 0 or by a time that is past,", { afterMs: 0 }],
  ])(
    "%s means a second, then twice as long for each that follows a pause, at most a minute",
    (_name, wish) => {
      const { limiter } = open()
      let now = 0
      const pauses = Array.from({ length: 8 }, () => {
        limiter.answered({ kind: "throttled", reason: "quota", scope: "credential", ...wish }, now)
        const pause = limiter.pauseMs(now)
        now += pause
        return pause
      })

      expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
    },
  )
})

describe("the breaker", () => {
  test("opens after sixteen failures in a row, probes with a single push, and closes when it is answered", () => {
    const { limiter, round } = open()
    for (let failure = 0; failure < 15; failure += 1) limiter.answered(FAILED, 0)
    expect(limiter.capacity(0)).toBeGreaterThan(1)
    limiter.answered(FAILED, 0)
    expect(limiter.capacity(0)).toBe(0)

    const afterBreak = limiter.pauseMs(0)
    expect(afterBreak).toBeGreaterThanOrEqual(500)
    expect(round(ACCEPTED, afterBreak)).toBe(1)
    expect(limiter.capacity(afterBreak)).toBeGreaterThan(1)
  })

  test("opens for longer each time a probe fails, at most a minute", () => {
    const { limiter, round } = open()
    for (let failure = 0; failure < 16; failure += 1) limiter.answered(FAILED, 0)
    let now = 0
    const pauses = Array.from({ length: 10 }, () => {
      const pause = limiter.pauseMs(now)
      now += pause
      expect(round(FAILED, now)).toBe(1)
      return pause
    })

    for (const [index, pause] of pauses.entries()) {
      const longest = Math.min(60_000, 1_000 * 2 ** index)
      expect(pause).toBeGreaterThanOrEqual(longest / 2)
      expect(pause).toBeLessThanOrEqual(longest)
    }
  })

  test("stays closed while the provider answers anything at all in between", () => {
    const { limiter } = open()
    for (let failure = 0; failure < 100; failure += 1) {
      limiter.answered(failure % 15 === 14 ? ACCEPTED : FAILED, failure)
    }

    expect(limiter.pauseMs(100)).toBe(0)
  })

  test("a provider that takes nothing for a second counts as blocked until it has room", () => {
    const { limiter } = open()
    limiter.offering(10)
    limiter.offered(10, 0, 0)
    expect(limiter.blockedMs(1_000)).toBe(0)
    expect(limiter.blockedMs(1_001)).toBeGreaterThan(0)
    limiter.room()
    expect(limiter.blockedMs(1_002)).toBe(0)
  })
})

describe("the retry budget", () => {
  test("lets a tenth of the first sends be repeated once the savings are spent, and ten a second at least", () => {
    const budget = new RetryBudget(0)
    const takeAll = (now: number) =>
      Array.from({ length: 500 }, () => budget.take(now)).filter(Boolean).length
    expect(takeAll(0)).toBe(128)
    for (let sent = 0; sent < 1_000; sent += 1) budget.sentFirst()
    expect(Math.abs(takeAll(0) - 100)).toBeLessThanOrEqual(1)
    expect(Math.abs(takeAll(3_000) - 30)).toBeLessThanOrEqual(1)
  })

  test("gets back a retry that was answered, so that a list empties at full speed once the provider is well", () => {
    const budget = new RetryBudget(0)
    for (let taken = 0; taken < 128; taken += 1) budget.take(0)
    budget.retrySettled()

    expect(budget.take(0)).toBe(true)
    expect(budget.take(0)).toBe(false)
  })
})
