import { expect, test } from "vitest"
import { FIGURES, HOUR_MS } from "../../src/domain/statistics.ts"
import { openConnection } from "../../src/store/sqlite/connection.ts"
import { openContext } from "../../src/store/sqlite/context.ts"
import { KeyedHash } from "../../src/store/sqlite/keyed-hash.ts"
import { migrate } from "../../src/store/sqlite/migrate.ts"

/** Figures belong to the transaction in which they were counted, and cost one row of it. */

const NOW = 1_800_000_000_000
const HOUR = Math.floor(NOW / HOUR_MS)

function open() {
  const connection = openConnection({ file: ":memory:", synchronous: "FULL" })
  migrate(connection, NOW)
  const context = openContext({ connection, keys: new KeyedHash("salt") })
  const rows = () =>
    connection.prepare("select application, hour, registered, accepted from hourly_figures").raw().all()
  return { ...context, rows }
}

test("what a group counted is written as one row for each application and hour", async () => {
  const { writer, figures, rows, connection } = open()
  let statements = 0
  const { prepare } = connection
  connection.prepare = ((sql: string) => {
    statements++
    return prepare.call(connection, sql)
  }) as typeof connection.prepare
  const changesBefore = connection.prepare("select total_changes()").pluck().get() as number
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      writer.write(() => {
        figures.count(1, NOW + index, "registered")
        if (index % 2 === 0) figures.count(2, NOW + HOUR_MS, "accepted", 10)
      }),
    ),
  )
  const changes = (connection.prepare("select total_changes()").pluck().get() as number) - changesBefore
  expect(changes).toBe(2)
  expect(statements).toBe(2)
  expect(rows()).toEqual([
    [1, HOUR, 100, 0],
    [2, HOUR + 1, 0, 500],
  ])
})

test("a group that is undone counts nothing, and each of its members once when it is tried alone", async () => {
  const { writer, figures, rows } = open()
  const calls = Array.from({ length: 5 }, (_, index) =>
    writer.write(() => {
      figures.count(1, NOW, "registered")
      if (index === 3) throw new Error("fails after it has counted")
    }),
  )
  const settled = await Promise.allSettled(calls)
  expect(settled.map(({ status }) => status)).toEqual([
    ...["fulfilled", "fulfilled", "fulfilled"],
    ...["rejected", "fulfilled"],
  ])
  expect(rows()).toEqual([[1, HOUR, 4, 0]])
})

test("there is a column for everything that is counted", () => {
  const { connection } = open()
  const columns = connection.prepare("select name from pragma_table_info('hourly_figures')").pluck().all()
  expect(columns).toEqual(["application", "hour", ...FIGURES])
})
