import { FINAL_KINDS, type OutcomeKind } from "./outcome.ts"

/** What happened in an application within an hour or a day, in numbers. */

export const HOUR_MS = 3_600_000
export const HOURS_PER_DAY = 24

/** What is counted besides outcomes. */
export const EVENTS = ["registered", "renewed", "departed", "messages"] as const

export type CountedEvent = (typeof EVENTS)[number]

/** Everything that is counted, in a fixed order: final outcomes under the name of their kind. */
export const FIGURES: readonly (CountedEvent | OutcomeKind)[] = [...EVENTS, ...FINAL_KINDS]

/** By hour, or by day for hours that were added up. */
export interface HourlyFigures {
  /** Hours since 1970. */
  readonly hour: number
  /** In the order of FIGURES. */
  readonly counts: readonly number[]
}
