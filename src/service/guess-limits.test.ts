import { afterEach, expect, test, vi } from "vitest"
import { FakeClock } from "../runtime/clock.ts"
import { GuessLimits } from "./guess-limits.ts"
import { Remembered } from "./remembered.ts"

afterEach(() => vi.restoreAllMocks())

test("what is remembered of a guess is no longer for a long name, so that names fill no memory", () => {
  const set = vi.spyOn(Remembered.prototype, "set")
  const guesses = new GuessLimits(new FakeClock())
  const longest = "\ufdfa".repeat(254).normalize("NFKC")
  expect(longest.length).toBeGreaterThan(4000)
  guesses.begin(`1 ${longest}`, "192.0.2.1", () => true)
  guesses.succeeded(`1 ${longest}`, "192.0.2.1")
  const lengths = set.mock.calls.map(([key]) => key.length)
  expect(lengths.length).toBeGreaterThan(3)
  expect(Math.max(...lengths)).toBeLessThan(100)
})

test("names that differ are guessed for by themselves, however long they are", () => {
  const guesses = new GuessLimits(new FakeClock())
  const [one, other] = ["a", "b"].map((end) => `1 ${"x".repeat(4000)}${end}`) as [string, string]
  const guess = (account: string) => guesses.begin(account, "192.0.2.1", () => true, 1)
  expect(guess(one)).toBe(true)
  expect(() => guess(one)).toThrow("Too many wrong passwords")
  expect(guess(other)).toBe(true)
})
