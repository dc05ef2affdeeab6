import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { systemRandom } from "../../src/runtime/random.ts"
import { openConnection } from "../../src/store/sqlite/connection.ts"
import { NewerSchemaError } from "../../src/store/sqlite/migrate.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { openThreadedStore } from "../../src/store/sqlite/threaded-store.ts"
import type { Store } from "../../src/store/store.ts"

const OPENER = fileURLToPath(new URL("./store-opener.ts", import.meta.url))

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "belfry-migrations-"))
  file = join(folder, "belfry.sqlite")
})

afterEach(() => rmSync(folder, { recursive: true }))

const open = (): Store => openSqliteStore({ file, now: 0, random: systemRandom })
const openThreaded = (): Promise<Store> => openThreadedStore({ file, now: 0, onFailure: () => {} })

/** What a look at the file from outside of the product gives. */
function look<T>(read: (database: Database.Database) => T): T {
  const database = new Database(file)
  try {
    return read(database)
  } finally {
    database.close()
  }
}

/** Every table and index, and which migrations were applied how often. */
const schema = () =>
  look((database) => ({
    objects: database.prepare("select name, sql from sqlite_master order by name").all(),
    versions: database.prepare("select version from schema_versions order by version").pluck().all(),
  }))

describe("a data file", () => {
  it("that several processes make at once is made once, and each of them can use it", async () => {
    const names = ["one", "two", "three"]
    const processes = names.map((name) => spawn(process.execPath, [OPENER, file, name], { stdio: "pipe" }))
    const complaints = processes.map(async ({ stderr }) =>
      (await stderr.setEncoding("utf8").toArray()).join(""),
    )
    await Promise.all(processes.map(({ stdout }) => once(stdout, "data")))
    for (const { stdin } of processes) stdin.write("go\n")
    const codes = await Promise.all(processes.map((process) => once(process, "close")))
    expect(await Promise.all(complaints)).toEqual(["", "", ""])
    expect(codes.map(([code]) => code)).toEqual([0, 0, 0])

    const store = open()
    const applications = await store.applications.list()
    expect(applications.map(({ id }) => id).toSorted()).toEqual(names.toSorted())
    for (const { id, number } of applications) {
      const device = await store.devices.byDeviceId(number, id, 0)
      expect(device).toMatchObject({ deviceId: id, channels: [{ name: id }] })
      expect(await store.devices.count(number)).toMatchObject({ ios: 1 })
      expect(await store.devices.byPublicId(number, device?.id ?? "", 0)).toEqual(device)
    }
    await store.close()
    const made = schema()
    rmSync(file)
    await open().close()
    expect(made).toEqual(schema())
  })

  it("that is opened again is not changed", async () => {
    await open().close()
    const before = schema()
    expect(before.versions.length).toBeGreaterThan(0)
    await open().close()
    await (await openThreaded()).close()
    expect(schema()).toEqual(before)
  })

  it("of a newer version is refused by name, and not touched", async () => {
    await open().close()
    look((database) => database.prepare("insert into schema_versions values (9999, 0)").run())
    const before = schema()
    expect(open).toThrow(NewerSchemaError)
    expect(open).toThrow(/schema 9999/)
    await expect(openThreaded()).rejects.toBeInstanceOf(NewerSchemaError)
    await expect(openThreaded()).rejects.toThrow(/schema 9999/)
    expect(schema()).toEqual(before)
    look((database) => database.prepare("delete from schema_versions where version = 9999").run())
    await open().close()
  })

  it("that is none is refused, and not touched", async () => {
    const content = "Dear diary, ".repeat(1000)
    writeFileSync(file, content)
    expect(open).toThrow(/not a database/)
    await expect(openThreaded()).rejects.toThrow(/not a database/)
    expect(readFileSync(file, "utf8")).toBe(content)
  })
})

/** reliability F1: the library opens every WAL database but the one it just made at NORMAL, which loses commits. */
describe("durability", () => {
  const FULL = 2
  const NORMAL = 1

  it("is full when the file is opened again, where the library's own choice is not", async () => {
    for (const opening of ["the first", "the second", "the third"]) {
      const store = open()
      expect({ opening, ...(await store.describe()) }).toMatchObject({ opening, synchronous: "FULL" })
      await store.close()
    }
    expect(look((database) => database.pragma("synchronous", { simple: true }))).toBe(NORMAL)
    const connection = openConnection({ file, synchronous: "FULL" })
    expect(connection.pragma("synchronous", { simple: true })).toBe(FULL)
    expect(connection.pragma("journal_mode", { simple: true })).toBe("wal")
    connection.close()
  })

  it("stays full after writes, on the thread of the store as well", async () => {
    for (let turn = 0; turn < 2; turn++) {
      const store = await openThreaded()
      await store.applications.create({ id: `APP-${turn}`, name: "a", preset: "locked", keys: [] }, 0)
      await store.probe()
      expect(await store.describe()).toMatchObject({ synchronous: "FULL" })
      await store.close()
    }
  })
})
