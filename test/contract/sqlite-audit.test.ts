import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { systemRandom as random } from "../../src/runtime/random.ts"
import { Audit } from "../../src/service/audit.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { openThreadedStore } from "../../src/store/sqlite/threaded-store.ts"
import { auditContract } from "./audit-contract.ts"

auditContract("SQLite", async () => openSqliteStore({ file: ":memory:", random, now: 0 }))
auditContract("SQLite on a thread", async () =>
  openThreadedStore({ file: ":memory:", now: 0, onFailure: () => {} }),
)

const ZEROS = "0".repeat(64)

/** What an intruder does, the first entry that is wrong then, and the one after the server has gone on. */
const ALTERATIONS = {
  "an altered entry": ["update audit set actor = 'nobody' where number = 1500", 1500, 1500],
  "a removed entry": ["delete from audit where number = 1500", 1501, 1501],
  "an entry with a forged hash": [
    `update audit set target = 'x', hash = '${ZEROS}' where number = 1500`,
    1500,
    1500,
  ],
  "that the last entry is gone": ["delete from audit where number = 2100", 2100, 2101],
  "that its end was cut off": ["delete from audit where number > 2000", 2001, 2101],
  "that all of it is gone": ["delete from audit", 1, 2101],
} as const

for (const [name, [sql, first, later]] of Object.entries(ALTERATIONS)) {
  test(`the audit log shows ${name}, even behind the back of the server`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "belfry-audit-"))
    const file = join(folder, "belfry.db")
    try {
      const store = openSqliteStore({ file, random, now: 0 })
      const audit = new Audit(store.audit, systemClock, random)
      const event = { actor: "a", action: "b.c", application: undefined, target: "", details: {} }
      await Promise.all(Array.from({ length: 2_100 }, () => store.audit.append(event, 1)))
      expect(await audit.verify()).toMatchObject({ entries: 2_100, broken: undefined })
      const intruder = new Database(file)
      expect(() => intruder.exec(sql)).toThrow("append-only")
      intruder.exec("drop trigger audit_is_not_altered; drop trigger audit_is_not_shortened")
      intruder.exec(sql)
      intruder.close()
      expect((await audit.verify()).broken).toBe(first)
      expect((await store.audit.append(event, 1)).number).toBe(2_101)
      expect((await audit.verify()).broken).toBe(later)
      await store.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}

test("the end of the audit log cannot be moved back beside it, and what it says is compared", async () => {
  const folder = mkdtempSync(join(tmpdir(), "belfry-audit-"))
  const file = join(folder, "belfry.db")
  try {
    const store = openSqliteStore({ file, random, now: 0 })
    const audit = new Audit(store.audit, systemClock, random)
    const event = { actor: "a", action: "b.c", application: undefined, target: "", details: {} }
    for (let number = 1; number <= 3; number++) await store.audit.append(event, 1)
    const intruder = new Database(file)
    expect(() => intruder.exec("update audit_head set number = 2")).toThrow("append-only")
    expect(() => intruder.exec("delete from audit_head")).toThrow("append-only")
    intruder.exec("drop trigger audit_head_does_not_go_back")
    intruder.exec(`update audit_head set hash = '${ZEROS}'`)
    intruder.close()
    expect((await audit.verify()).broken).toBe(3)
    await store.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
