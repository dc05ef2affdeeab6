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

interface Exception {
  readonly step: RegExp
  /** Part of the statements that may have the step. */
  readonly of: RegExp
  readonly because: string
}

/** Steps that read a table or an index from its beginning, and what bounds each. */
const SCANS: readonly Exception[] = [
  { step: /^SCAN applications\b/, of: /\bfrom applications\b/, because: "administrators made them by hand" },
  {
    step: /^SCAN (host_names|h)$/,
    of: /\b(from|delete from) host_names\b/,
    because: "a few for each application",
  },
  {
    step: /^SCAN (device_counts|c)\b/,
    of: /\bfrom device_counts\b/,
    because: "a few rows for each application",
  },
  { step: /^SCAN CONSTANT ROW$/, of: /^select/, because: "one row" },
  { step: /^SCAN marks$/, of: /^select name, number from marks$/, because: "a fixed number of rows" },
  { step: /^SCAN sqlite_sequence$/, of: /\bfrom sqlite_sequence\b/, because: "one row for each table" },
  { step: /^SCAN j VIRTUAL TABLE\b/, of: /\bjson_each\(\?\) j\b/, because: "a list that the caller bound" },
  { step: /^SCAN \d+-ROW VALUES CLAUSE$/, of: /\bvalues\b/, because: "rows written into the statement" },
  {
    step: /^SCAN within_reach$/,
    of: /limit \?\) as within_reach/,
    because: "a subquery with a limit of its own",
  },
  {
    step: /^SCAN segments USING (COVERING )?INDEX segments_(ready|waiting)\b/,
    of: /\bis_done = 0\b/,
    because: "a partial index that holds only what is to be read",
  },
]

const plain = ({ sql, steps }: (typeof plans)[number], suspect: RegExp, exceptions: readonly Exception[]) =>
  steps.filter(
    (step) => suspect.test(step) && !exceptions.some((known) => known.step.test(step) && known.of.test(sql)),
  )

describe("the plan of every statement", () => {
  it("is known: the store prepares its statements when it opens", () => {
    expect(statements.length).toBeGreaterThan(60)
    expect(statements.filter((sql) => /\bregistrations\b/.test(sql)).length).toBeGreaterThan(10)
  })

  it.each(plans)("reads no more than it needs: $sql", (plan) => {
    expect(plain(plan, /^SCAN/, SCANS)).toEqual([])
  })

  it.each(plans)("sorts nothing and builds no index of its own: $sql", (plan) => {
    expect(plain(plan, /TEMP B-TREE|AUTOMATIC/, [])).toEqual([])
  })

  it("channels by the beginning of their names are read from the first such name to the last", () => {
    const searches = plans.filter(({ sql }) => /\bfrom channels\b.*\bname >= max\(/.test(sql))
    expect(searches).toHaveLength(1)
    expect(searches[0]?.steps[0]).toMatch(
      /^SEARCH channels USING INDEX \S+ \(application=\? AND name>\? AND name<\?\)$/,
    )
  })

  it("users by the beginning of their identities are read from the first such identity to the last", () => {
    const searches = plans.filter(({ sql }) => /\bfrom users u\b.*\bidentity_key >= max\(/.test(sql))
    expect(searches).toHaveLength(1)
    expect(searches[0]?.steps[0]).toMatch(
      /^SEARCH u USING INDEX users_by_identity \(application=\? AND identity_key>\? AND identity_key<\?\)$/,
    )
  })

  it("has no exception that nothing needs", () => {
    const unneeded = SCANS.filter(
      ({ step, of }) => !plans.some(({ sql, steps }) => of.test(sql) && steps.some((one) => step.test(one))),
    )
    expect(unneeded).toEqual([])
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
  const anonymous = Array.from({ length: sql.split("?").length - 1 }, () => null)
  const named = [...sql.matchAll(/[@$:]([A-Za-z]\w*)/g)].map(([, name]) => [name, null] as const)
  const parameters = named.length === 0 ? anonymous : [...anonymous, Object.fromEntries(named)]
  const rows = database.prepare(`explain query plan ${sql}`).all(...parameters) as readonly {
    readonly detail: string
  }[]
  return rows.map(({ detail }) => detail)
}
