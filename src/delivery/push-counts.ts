import type { OutcomeKind } from "../domain/outcome.ts"
import type { ProviderName } from "../domain/platform.ts"

export interface PushFigures {
  /** Pushes that providers have and have not answered yet. */
  readonly inFlight: number
  /** Answers since the start, by provider and kind; every attempt counts. */
  readonly answers: readonly {
    readonly provider: ProviderName
    readonly kind: OutcomeKind
    readonly count: number
  }[]
}

type Counts = { [K in OutcomeKind]?: number }

/** What came of the attempts of this process, by provider. */
export class PushCounts {
  readonly #counts = new Map<ProviderName, Counts>()

  /** To be counted in for each attempt, by whoever sends with that provider. */
  of(provider: ProviderName): Counts {
    const known = this.#counts.get(provider)
    if (known !== undefined) return known
    const counts: Counts = {}
    this.#counts.set(provider, counts)
    return counts
  }

  answers(): PushFigures["answers"] {
    return [...this.#counts].flatMap(([provider, counts]) =>
      Object.entries(counts).map(([kind, count]) => ({ provider, kind: kind as OutcomeKind, count })),
    )
  }
}
