import type { HourlyFigures } from "../domain/statistics.ts"

/** Figures over time: what happened in each hour, counted in the transactions in which it happened. */
export interface StatisticsStore {
  /** The hours from `from` to `to` (exclusive, hours since 1970) in which something happened, in their order. */
  hours(application: number, from: number, to: number): Promise<readonly HourlyFigures[]>
  /**
   * Adds the hours before `hour` up into the first hour of their day, and removes days before `removeBefore` (hours since
   * 1970); a bounded number of them. Returns how many rows went: 0 when nothing is left to do.
   */
  rollUp(hour: number, removeBefore: number): Promise<number>
}
