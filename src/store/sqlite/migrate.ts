import { readdirSync, readFileSync } from "node:fs"
import type { Connection } from "./connection.ts"

const MIGRATIONS = new URL("./migrations/", import.meta.url)
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/

interface Migration {
  readonly version: number
  readonly sql: string
}

/** The data directory was written by a later version of Belfry; going on would damage it. */
export class NewerSchemaError extends Error {
  constructor(found: number, known: number) {
    super(
      `The data was written by a newer version of Belfry (schema ${found}; this version knows ${known}). ` +
        "Start the newer version, or choose another --data-dir.",
    )
    this.name = "NewerSchemaError"
  }
}

/**
 * Brings the schema up to date, one transaction for each numbered file. Safe when several processes start at once: each
 * file's version row is written first, under the write lock, and whoever comes second finds it there. Forward only.
 */
export function migrate(connection: Connection, now: number): void {
  connection.exec(
    "create table if not exists schema_versions (version integer primary key, applied_at integer not null) without rowid",
  )
  const migrations = readMigrations()
  const known = migrations.at(-1)?.version ?? 0
  const newest = connection.prepare("select max(version) from schema_versions").pluck()
  const found = Number(newest.get() ?? 0)
  if (found > known) throw new NewerSchemaError(found, known)
  const claim = connection.prepare(
    "insert into schema_versions (version, applied_at) values (?, ?) on conflict do nothing",
  )
  const apply = connection.transaction((migration: Migration) => {
    if (claim.run(migration.version, now).changes === 0) return
    connection.exec(migration.sql)
  })
  for (const migration of migrations) {
    if (migration.version > found) apply.immediate(migration)
  }
  const after = Number(newest.get())
  if (after > known) throw new NewerSchemaError(after, known)
}

function readMigrations(): Migration[] {
  const migrations = readdirSync(MIGRATIONS)
    .sort()
    .map((name) => {
      const version = FILE_NAME.exec(name)?.[1]
      if (version === undefined)
        throw new Error(`${name} is no migration: the name must be like 0001_what_it_does.sql`)
      return { version: Number(version), sql: readFileSync(new URL(name, MIGRATIONS), "utf8") }
    })
  for (const [index, migration] of migrations.entries()) {
    if (migration.version === index + 1) continue
    throw new Error(`migration ${index + 1} is missing, or one before it is there twice`)
  }
  return migrations
}
