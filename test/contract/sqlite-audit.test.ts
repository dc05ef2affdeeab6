import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { systemRandom as random } from "../../src/runtime/random.ts"
import { Audit } from "../../src/service/audit.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { auditContract } from "./audit-contract.ts"

auditContract("SQLite", async () => openSqliteStore({ file: ":memory:", random, now: 0 }))

const ALTERATIONS = {
  "an altered entry": "update audit set actor = 'nobody' where number = 1500",
  "a removed entry": "delete from audit where number = 1500",
  "an entry with a forged hash": `update audit set target = 'x', hash = '${"0".repeat(64)}' where number = 1500`,
}

for (const [name, sql] of Object.entries(ALTERATIONS)) {
  test(`the audit log shows ${name}, even behind the back of the server`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "belfry-audit-"))
    const file = join(folder, "belfry.db")
    try {
      const store = openSqliteStore({ file, random, now: 0 })
      const audit = new Audit(store.audit, systemClock)
      const event = { actor: "a", action: "b.c", application: undefined, target: "", details: {} }
      await Promise.all(Array.from({ length: 2_100 }, () => audit.append(event)))
      expect(await audit.verify()).toMatchObject({ entries: 2_100, broken: undefined })
      const intruder = new Database(file)
      expect(() => intruder.exec(sql)).toThrow("append-only")
      intruder.exec("drop trigger audit_is_not_altered; drop trigger audit_is_not_shortened")
      intruder.exec(sql)
      intruder.close()
      const { broken } = await audit.verify()
      expect(broken).toBe(name === "a removed entry" ? 1501 : 1500)
      await store.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}
