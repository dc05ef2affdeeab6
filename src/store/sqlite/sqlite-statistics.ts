import { FIGURES, HOURS_PER_DAY, type HourlyFigures } from "../../domain/statistics.ts"
import type { StatisticsStore } from "../statistics-store.ts"
import type { SqliteContext } from "./context.ts"

/** Rows that one call adds up or removes: a few milliseconds of the writer's time. */
const ROLLED_AT_ONCE = 1_000

const COLUMNS = FIGURES.join(", ")

export const STATISTICS_STATEMENTS = {
  hours: `select hour, ${COLUMNS} from hourly_figures
    where application = ? and hour >= ? and hour < ? order by hour`,
  old: `select application, hour from hourly_figures indexed by hourly_figures_by_hour
    where hour % 24 <> 0 and hour < ? order by hour limit ?`,
  addUp: `insert into hourly_figures (application, hour, ${COLUMNS})
    select application, ?, ${COLUMNS} from hourly_figures where application = ? and hour = ?
    on conflict do update set ${FIGURES.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}`,
  remove: "delete from hourly_figures where application = ? and hour = ?",
  oldDays: `select application, hour from hourly_figures indexed by daily_figures_by_hour
    where hour % 24 = 0 and hour < ? order by hour limit ?`,
} as const

export class SqliteStatistics implements StatisticsStore {
  readonly #context: SqliteContext
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareStatements(context)
  }

  async hours(application: number, from: number, to: number): Promise<readonly HourlyFigures[]> {
    const rows = this.#statements.hours.all(application, from, to)
    return rows.map(([hour, ...counts]) => ({ hour: hour as number, counts }))
  }

  rollUp(hour: number, removeBefore: number): Promise<number> {
    return this.#context.writer.write(() => {
      const old = this.#statements.old.all(hour, ROLLED_AT_ONCE)
      for (const [application, from] of old) {
        this.#statements.addUp.run(from - (from % HOURS_PER_DAY), application, from)
        this.#statements.remove.run(application, from)
      }
      const oldDays = this.#statements.oldDays.all(removeBefore, ROLLED_AT_ONCE)
      for (const [application, day] of oldDays) this.#statements.remove.run(application, day)
      return old.length + oldDays.length
    })
  }
}

function prepareStatements({ connection }: SqliteContext) {
  const sql = STATISTICS_STATEMENTS
  return {
    hours: connection.prepare<[number, number, number], number[]>(sql.hours).raw(),
    old: connection.prepare<[number, number], [number, number]>(sql.old).raw(),
    addUp: connection.prepare<[number, number, number]>(sql.addUp),
    remove: connection.prepare<[number, number]>(sql.remove),
    oldDays: connection.prepare<[number, number], [number, number]>(sql.oldDays).raw(),
  }
}
