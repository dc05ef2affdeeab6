import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { systemRandom } from "../../src/runtime/random.ts"
import { walFault } from "../../src/server/wal-size.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { newMessage } from "../delivery/setup.ts"

const MIB = 1_048_576
/** More than a checkpoint waits for. */
const WRITTEN_MIB = 96
const PAGES_AFTERWARDS_MAX = 16_384

it("a reader that stays keeps the log from starting over, which is reported, and costs nothing that is written", async () => {
  const folder = mkdtempSync(join(tmpdir(), "belfry-reader-"))
  const file = join(folder, "belfry.db")
  const store = openSqliteStore({ file, now: 0, random: systemRandom })
  const { number } = await store.applications.create({ id: "A", name: "A", preset: "locked", keys: [] }, 0)
  let published = 0
  const publish = async (bytes: number) => {
    published += 1
    const messageJson = JSON.stringify("x".repeat(bytes))
    await store.messages.publish(newMessage(`message:${published}`, number, 0, { messageJson }))
  }
  const reader = new Database(file)
  reader.exec("begin")
  expect(reader.prepare("select count(*) from messages").pluck().get()).toBe(0)

  for (let count = 0; count < WRITTEN_MIB; count += 1) await publish(MIB)

  const observer = new Database(file)
  const pagesInLog = () => (observer.pragma("wal_checkpoint(NOOP)") as [{ readonly log: number }])[0].log
  expect(pagesInLog()).toBeGreaterThan(PAGES_AFTERWARDS_MAX)
  expect(await walFault(file, WRITTEN_MIB * MIB)).toContain("another process has been reading")
  expect(reader.prepare("select count(*) from messages").pluck().get()).toBe(0)

  reader.exec("commit")
  await expect
    .poll(async () => {
      for (let count = 0; count < 64; count += 1) await publish(10)
      return pagesInLog()
    })
    .toBeLessThan(PAGES_AFTERWARDS_MAX)

  expect(reader.prepare("select count(*) from messages").pluck().get()).toBe(published)
  for (const database of [reader, observer]) database.close()
  await store.close()
  expect(await walFault(file)).toBeUndefined()
  rmSync(folder, { recursive: true })
})
