import { describe, expect, test } from "vitest"
import { afterAttempt, type PassingOutcome, retryDelayMs } from "../../src/delivery/retry.ts"
import { DEFAULT_DELIVERY_SETTINGS } from "../../src/delivery/settings.ts"
import { seededRandom } from "../../src/runtime/random.ts"

const settings = DEFAULT_DELIVERY_SETTINGS.retry
const LATER: PassingOutcome = { kind: "retry_later", reason: "503" }
const LOST: PassingOutcome = { kind: "ambiguous", reason: "reset" }
const terms = { delivery: "at-least-once", expiresAt: 1_000_000 } as const

function delays(outcome: PassingOutcome, attempts: number, provider: "apns" | "fcm" = "apns"): number[] {
  const random = seededRandom(attempts)
  return Array.from({ length: 500 }, () => retryDelayMs(outcome, attempts, provider, settings, random))
}

describe("the delay of a retry", () => {
  test("is never below what the provider asked for, and at most half a second above", () => {
    for (const delay of delays({ ...LATER, afterMs: 120_000 }, 1)) {
      expect(delay).toBeGreaterThanOrEqual(120_000)
      expect(delay).toBeLessThanOrEqual(120_500)
    }
  })

  test("is what the provider asked for even where Belfry would wait longer", () => {
    expect(Math.max(...delays({ ...LATER, afterMs: 2_000 }, 1, "fcm"))).toBeLessThanOrEqual(2_500)
  })

  test("is what the provider asked for even beyond the cap of a quarter of an hour", () => {
    expect(Math.min(...delays({ ...LATER, afterMs: 3_600_000 }, 1))).toBeGreaterThanOrEqual(3_600_000)
  })

  test("is Belfry's own where the provider asked for no pause at all, by 0 or by a time that is past", () => {
    for (const attempts of [1, 2, 3]) {
      const drawn = delays({ ...LATER, afterMs: 0 }, attempts)
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1_000)
      expect(Math.max(...drawn)).toBeGreaterThan(1_000 * 3 ** attempts * 0.9)
    }
    expect(Math.min(...delays({ ...LATER, afterMs: 0 }, 1, "fcm"))).toBeGreaterThanOrEqual(10_000)
  })

  test("is spread evenly, wider with each attempt, and stays between the minimum and a quarter of an hour", () => {
    for (const attempts of [1, 2, 3, 8, 50]) {
      const drawn = delays(LATER, attempts)
      const longest = Math.min(900_000, 1_000 * 3 ** attempts)
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1_000)
      expect(Math.max(...drawn)).toBeLessThanOrEqual(longest)
      expect(Math.max(...drawn)).toBeGreaterThan(longest * 0.9)
    }
  })

  test("is at least ten seconds for FCM", () => {
    expect(Math.min(...delays(LATER, 1, "fcm"))).toBeGreaterThanOrEqual(10_000)
  })
})

describe("what follows an attempt", () => {
  const attempted = (attempts: number, copies: number) => ({
    registration: 7,
    provider: "apns" as const,
    attempts,
    copies,
  })

  test("that was certainly not processed costs no copy", () => {
    expect(
      afterAttempt(attempted(1, 0), LATER, { ...terms, delivery: "at-most-once" }, 5_000, settings),
    ).toEqual({
      registration: 7,
      attempts: 1,
      copies: 0,
      notBefore: 5_000,
      reason: "503",
      provider: "apns",
    })
  })

  test("whose answer was lost is a retry while the copy budget lasts", () => {
    expect(afterAttempt(attempted(1, 0), LOST, terms, 5_000, settings)).toMatchObject({ copies: 1 })
    expect(afterAttempt(attempted(2, 1), LOST, terms, 5_000, settings)).toEqual({
      registration: 7,
      outcome: { kind: "outcome_unknown", reason: "reset" },
    })
    expect(
      afterAttempt(attempted(1, 0), LOST, { ...terms, delivery: "at-most-once" }, 5_000, settings),
    ).toMatchObject({
      outcome: { kind: "outcome_unknown" },
    })
  })

  test("is the end when the attempts are used up or the next one would come after the expiry", () => {
    const end = { registration: 7, outcome: { kind: "retries_exhausted", reason: "503" } }

    expect(afterAttempt(attempted(10, 0), LATER, terms, 5_000, settings)).toEqual(end)
    expect(afterAttempt(attempted(1, 0), LATER, terms, 1_000_000, settings)).toEqual(end)
    expect(afterAttempt(attempted(9, 0), LATER, terms, 999_999, settings)).toMatchObject({ attempts: 9 })
  })

  test("never says that nothing arrived when an earlier copy may have", () => {
    expect(afterAttempt(attempted(10, 1), LATER, terms, 5_000, settings)).toMatchObject({
      outcome: { kind: "outcome_unknown" },
    })
  })
})
