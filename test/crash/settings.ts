import { randomInt } from "node:crypto"
import { type Random, seededRandom } from "../../src/runtime/random.ts"

/** How large and how random the crash tests are; docs/reliability.md lists the variables. */

/** A count from the environment: `BELFRY_TEST_KILLS=500 npx vitest run test/crash`. */
export function countFrom(variable: string, fallback: number): number {
  const text = process.env[variable]
  if (text === undefined) return fallback
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new Error(`${variable} is "${text}" and must be a whole number from 1 to 9999999`)
}

/** Randomness whose seed is printed, so that `BELFRY_TEST_SEED` can repeat a run's decisions (not its timing). */
export function seeded(test: string): Random & { readonly seed: number } {
  const seed = countFrom("BELFRY_TEST_SEED", randomInt(1, 10_000_000))
  console.log(`${test}: BELFRY_TEST_SEED=${seed}`)
  return { seed, ...seededRandom(seed) }
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random.fraction() * (most - least + 1))
}

export function oneOf<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[between(random, 0, values.length - 1)]
  if (value === undefined) throw new Error("there is nothing to choose from")
  return value
}

const JITTER_MS = 15

/** Moves the moment of a crash away from the event that chose it. */
export function jitter(random: Random): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, random.fraction() * JITTER_MS))
}
