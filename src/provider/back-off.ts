import type { Random } from "../runtime/random.ts"

export interface BackOffRange {
  readonly minMs: number
  readonly maxMs: number
}

/** The pause after the n-th failure in a row (n from 1): between the least one and a ceiling that doubles each time. */
export function backOffMs(failures: number, { minMs, maxMs }: BackOffRange, random: Random): number {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(failures, 20))
  return minMs + (ceiling - minMs) * random.fraction()
}
