import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"

/**
 * Every statement that the store prepares when it opens, found by listening to the library, so that none is forgotten.
 * At ten million devices a scan of devices or members, or a sort of them, stops the one writer for seconds.
 */
const { statements, plans } = await explainedStatements()

/** Steps that read a table or an index from its beginning, and what bounds each. */
const BOUNDED: readonly { readonly step: RegExp; readonly because: string }[] = [
  {
    step: /^SCAN (applications|administrator_tokens)\b/,
    because: "lists of what administrators made by hand",
  },
  { step: /^SCAN schema_versions\b/, because: "one row for each migration" },
  { step: /^SCAN (settings|marks)\b/, because: "a fixed number of rows" },
  { step: /^SCAN sqlite_sequence\b/, because: "one row for each table" },
  { step: /^SCAN c$|^SCAN device_counts\b/, because: "a few rows for each application" },
  { step: /^SCAN j VIRTUAL TABLE\b/, because: "a list that the caller bound, of a limited length" },
  { step: /^SCAN within_reach$/, because: "a subquery with a limit of its own" },
  { step: /^SCAN CONSTANT ROW$/, because: "one row" },
  {
    step: /^SCAN segments USING (COVERING )?INDEX segments_(ready|waiting)\b/,
    because: "a partial index that holds only what is to be read",
  },
]

const isBounded = (step: string) => BOUNDED.some((bounded) => bounded.step.test(step))

describe("the plan of every statement", () => {
  it("is known: the store prepares its statements when it opens", () => {
    expect(statements.length).toBeGreaterThan(60)
    expect(statements.filter((sql) => /\bregistrations\b/.test(sql)).length).toBeGreaterThan(10)
  })

  it.each(plans)("reads no more than it needs: $sql", ({ steps }) => {
    expect(steps.filter((step) => step.startsWith("SCAN") && !isBounded(step))).toEqual([])
  })

  it.each(plans)("sorts nothing and builds no index of its own: $sql", ({ steps }) => {
    expect(steps.filter((step) => /TEMP B-TREE|AUTOMATIC/.test(step))).toEqual([])
  })

  it("every exception is still needed", () => {
    const scans = plans.flatMap(({ steps }) => steps.filter((step) => step.startsWith("SCAN")))
    expect(BOUNDED.filter(({ step }) => !scans.some((scan) => step.test(scan)))).toEqual([])
  })
})

async function explainedStatements() {
  const folder = mkdtempSync(join(tmpdir(), "belfry-plans-"))
  const file = join(folder, "belfry.sqlite")
  const recorded = new Set<string>()
  const { prepare } = Database.prototype
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    recorded.add(sql)
    return prepare.call(this, sql)
  } as typeof prepare
  const store = openSqliteStore({ file, now: 0, random: systemRandom })
  Database.prototype.prepare = prepare
  const database = new Database(file)
  const found = [...recorded].map((sql) => ({ sql: sql.replace(/\s+/g, " "), steps: stepsOf(database, sql) }))
  database.close()
  await store.close()
  rmSync(folder, { recursive: true })
  return { statements: found.map(({ sql }) => sql), plans: found.filter(({ steps }) => steps.length > 0) }
}

function stepsOf(database: Database.Database, sql: string): readonly string[] {
  const parameters = Array.from({ length: sql.split("?").length - 1 }, () => null)
  const rows = database.prepare(`explain query plan ${sql}`).all(...parameters) as readonly {
    readonly detail: string
  }[]
  return rows.map(({ detail }) => detail)
}
