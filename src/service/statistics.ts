import { DomainError } from "../domain/errors.ts"
import { FINAL_KINDS, type OutcomeKind } from "../domain/outcome.ts"
import { type CountedEvent, EVENTS, FIGURES, HOUR_MS, HOURS_PER_DAY } from "../domain/statistics.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Store } from "../store/store.ts"

/** So many hours back the figures of single hours are kept; then those of days, for two years. */
export const HOURS_KEPT = 35 * HOURS_PER_DAY
const DAYS_KEPT = 731
const POINTS_MAX = 1_000
const POINTS_DEFAULT = { hour: 24, day: 30 } as const

export type Step = "hour" | "day"

export interface Point extends Readonly<Record<CountedEvent, number>> {
  /** When the hour or day (UTC) begins, milliseconds since 1970. */
  readonly at: number
  readonly outcomes: Readonly<Partial<Record<OutcomeKind, number>>>
}

export interface StatisticsAnswer {
  readonly step: Step
  readonly from: number
  readonly to: number
  readonly points: readonly Point[]
}

/** What happened in an application over time. */
export class Statistics {
  readonly #store: Pick<Store, "statistics">
  readonly #clock: Clock

  constructor(store: Pick<Store, "statistics">, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** `from` and `to` in milliseconds since 1970; a point for every step, also where nothing happened. */
  async of(
    application: number,
    step: Step,
    { from, to }: { readonly from: number | undefined; readonly to: number | undefined },
  ): Promise<StatisticsAnswer> {
    const hours = step === "hour" ? 1 : HOURS_PER_DAY
    const now = this.#clock.now()
    const end = Math.ceil((to ?? now + 1) / (hours * HOUR_MS)) * hours
    const start =
      from === undefined ? end - POINTS_DEFAULT[step] * hours : Math.floor(from / (hours * HOUR_MS)) * hours
    this.#check(step, start, end, hours)
    const sums = new Map<number, number[]>()
    for (const { hour, counts } of await this.#store.statistics.hours(application, start, end)) {
      const at = hour - ((hour - start) % hours)
      const sum = sums.get(at) ?? FIGURES.map(() => 0)
      sums.set(
        at,
        sum.map((value, index) => value + (counts[index] as number)),
      )
    }
    const points: Point[] = []
    for (let at = start; at < end; at += hours) points.push(pointOf(at, sums.get(at)))
    return { step, from: start * HOUR_MS, to: end * HOUR_MS, points }
  }

  /** Adds up old hours and removes old days, a bounded number of them; returns how many. */
  rollUp(): Promise<number> {
    const today = Math.floor(this.#clock.now() / HOUR_MS / HOURS_PER_DAY) * HOURS_PER_DAY
    return this.#store.statistics.rollUp(today - HOURS_KEPT, today - DAYS_KEPT * HOURS_PER_DAY)
  }

  #check(step: Step, start: number, end: number, hours: number): void {
    const points = (end - start) / hours
    if (points < 1) {
      throw new DomainError("invalid_property", "from must be before to.", { property: "from" })
    }
    if (points > POINTS_MAX) {
      throw new DomainError(
        "invalid_property",
        `from and to are ${points} ${step}s apart; one answer has at most ${POINTS_MAX}.${step === "hour" ? " Ask for step=day." : ""}`,
        { property: "from", limit: POINTS_MAX, length: points },
      )
    }
    const today = Math.floor(this.#clock.now() / HOUR_MS / HOURS_PER_DAY) * HOURS_PER_DAY
    if (step === "hour" && start < today - HOURS_KEPT) {
      throw new DomainError(
        "invalid_property",
        `Single hours are kept for ${HOURS_KEPT / HOURS_PER_DAY} days; ask for step=day, or for a later from.`,
        { property: "from" },
      )
    }
  }
}

function pointOf(hour: number, sums: readonly number[] | undefined): Point {
  const figure = (name: CountedEvent | OutcomeKind) => sums?.[FIGURES.indexOf(name)] ?? 0
  const events = Object.fromEntries(EVENTS.map((name) => [name, figure(name)])) as Record<
    CountedEvent,
    number
  >
  return {
    at: hour * HOUR_MS,
    ...events,
    outcomes: Object.fromEntries(FINAL_KINDS.map((kind) => [kind, figure(kind)])),
  }
}
