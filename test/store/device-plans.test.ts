import { describe, expect, it } from "vitest"
import { openConnection } from "../../src/store/sqlite/connection.ts"
import { COUNTER_STATEMENTS } from "../../src/store/sqlite/device-counters.ts"
import { DEVICE_STATEMENTS } from "../../src/store/sqlite/device-statements.ts"
import { EXPIRY_STATEMENTS } from "../../src/store/sqlite/expired-registrations.ts"
import { DEVICE_KEY_STATEMENTS, TOKEN_KEY_STATEMENTS } from "../../src/store/sqlite/key-index.ts"
import { MARK_STATEMENTS } from "../../src/store/sqlite/marks.ts"
import { MEMBERSHIP_FOLDING_STATEMENTS, MEMBERSHIP_STATEMENTS } from "../../src/store/sqlite/memberships.ts"
import { migrate } from "../../src/store/sqlite/migrate.ts"
import { REGISTRATION_INDEX_STATEMENTS } from "../../src/store/sqlite/registration-index.ts"
import { NUMBER_STATEMENTS } from "../../src/store/sqlite/registration-numbers.ts"
import { REMOVED_KEY_STATEMENTS } from "../../src/store/sqlite/removed-keys.ts"
import { REMOVED_MEMBER_STATEMENTS } from "../../src/store/sqlite/removed-members.ts"
import { TOKEN_HOLDER_STATEMENTS } from "../../src/store/sqlite/token-holders.ts"

const STATEMENTS = named({
  DEVICE_STATEMENTS,
  EXPIRY_STATEMENTS,
  REMOVED_KEY_STATEMENTS,
  REMOVED_MEMBER_STATEMENTS,
  DEVICE_KEY_STATEMENTS,
  TOKEN_KEY_STATEMENTS,
  TOKEN_HOLDER_STATEMENTS,
  MEMBERSHIP_STATEMENTS,
  COUNTER_STATEMENTS,
  REGISTRATION_INDEX_STATEMENTS,
  NUMBER_STATEMENTS,
  MARK_STATEMENTS,
})

const FOLDING_STATEMENTS = named({ MEMBERSHIP_FOLDING_STATEMENTS })

/** What does not grow with the devices: a row for each application and platform, a handful of marks, bound values. */
const SMALL_SCANS = [
  /^SCAN (device_counts|c)$/,
  /^SCAN marks$/,
  /^SCAN \d+-ROW VALUES CLAUSE$/,
  /^SCAN j VIRTUAL TABLE\b/,
]

describe("the statements of devices", () => {
  it.each(STATEMENTS)("%s walks an index and sorts nothing", (_, sql) => {
    const steps = planOf(sql)
    const scans = steps.filter((step) => step.startsWith("SCAN"))
    expect(scans.filter((step) => !SMALL_SCANS.some((small) => small.test(step)))).toEqual([])
    expect(steps.filter((step) => /TEMP B-TREE|AUTOMATIC/.test(step))).toEqual([])
  })

  it.each(FOLDING_STATEMENTS)("%s looks at no registration but those that wait", (_, sql) => {
    const steps = planOf(sql)
    expect(steps[0]).toMatch(/^SEARCH \w+ USING INTEGER PRIMARY KEY \(rowid>\?\)$/)
    expect(steps).toHaveLength(1)
  })
})

function named(tables: Readonly<Record<string, object>>): readonly (readonly [name: string, sql: string])[] {
  return Object.entries(tables).flatMap(([table, statements]) =>
    Object.entries(statements).map(([name, sql]) => [`${table}.${name}`, String(sql)] as const),
  )
}

function planOf(sql: string): readonly string[] {
  const connection = openConnection({ file: ":memory:", synchronous: "FULL" })
  try {
    migrate(connection, 0)
    const parameters = Array.from({ length: sql.split("?").length - 1 }, () => null)
    const plan = connection.prepare<unknown[], { readonly detail: string }>(`explain query plan ${sql}`)
    return plan.all(...parameters).map(({ detail }) => detail)
  } finally {
    connection.close()
  }
}
