import { describe, expect, it } from "vitest"
import { RESENT_STATEMENTS } from "../../src/store/sqlite/resent-audience.ts"
import { AUDIENCE_STATEMENTS } from "../../src/store/sqlite/sqlite-audience.ts"
import { MESSAGE_ROW_STATEMENTS } from "../../src/store/sqlite/sqlite-message-rows.ts"
import { MESSAGE_STATEMENTS } from "../../src/store/sqlite/sqlite-messages.ts"
import { OUTCOME_STATEMENTS } from "../../src/store/sqlite/sqlite-outcomes.ts"
import { RETRY_STATEMENTS } from "../../src/store/sqlite/sqlite-retries.ts"
import { SEGMENT_STATEMENTS } from "../../src/store/sqlite/sqlite-segment-rows.ts"
import { openSmallSegments } from "./sqlite-small-segments.ts"

const STATEMENTS = Object.entries({
  MESSAGE_STATEMENTS,
  MESSAGE_ROW_STATEMENTS,
  AUDIENCE_STATEMENTS,
  OUTCOME_STATEMENTS,
  RESENT_STATEMENTS,
  RETRY_STATEMENTS,
  SEGMENT_STATEMENTS,
}).flatMap(([table, statements]) =>
  Object.entries(statements).map(([name, sql]) => [`${table}.${name}`, sql] as const),
)

/**
 * The rows of a list that was bound as a value, and of a subquery that its own limit bounds. A partial index that holds
 * only what is to be read is walked from its beginning.
 */
const BOUNDED_SCANS = [
  /^SCAN (j VIRTUAL TABLE INDEX 1:|within_reach)$/,
  /^SCAN segments USING (COVERING )?INDEX segments_(ready|waiting)$/,
]

describe("the statements of messages and segments", () => {
  it("reach every table of this part", () => {
    const text = STATEMENTS.map(([, sql]) => sql).join("\n")
    for (const table of ["members", "registrations", "segments", "outcome_pages", "retries", "departures"]) {
      expect(text).toContain(table)
    }
  })

  it.each(STATEMENTS)("%s walks an index and sorts nothing", async (_, sql) => {
    await using store = openForPlans()
    const parameters = Array.from({ length: sql.split("?").length - 1 }, () => null)
    const plan = store.connection.prepare(`explain query plan ${sql}`).all(...parameters) as {
      readonly detail: string
    }[]
    const steps = plan.map(({ detail }) => detail)
    const scans = steps.filter((step) => step.startsWith("SCAN"))
    expect(scans.filter((step) => !BOUNDED_SCANS.some((bounded) => bounded.test(step)))).toEqual([])
    expect(steps.filter((step) => /TEMP B-TREE|AUTOMATIC/.test(step))).toEqual([])
  })
})

function openForPlans() {
  const store = openSmallSegments(":memory:", 50_000)
  return { connection: store.connection, [Symbol.asyncDispose]: () => store.close() }
}
