import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { FakeClock } from "../../src/runtime/clock.ts"
import { Checkpointer } from "../../src/store/sqlite/checkpointer.ts"
import { CHECKPOINT_PAGES, type Connection, openConnection } from "../../src/store/sqlite/connection.ts"

const IDLE_MS = 10_000

/** Tells how often the thread has come to rest: the pages are copied a moment before the checkpointer hears of it. */
class RestClock extends FakeClock {
  rests = 0

  override after(ms: number, callback: () => void): () => void {
    if (ms === IDLE_MS) this.rests++
    return super.after(ms, callback)
  }
}

let folder: string
let connection: Connection
let clock: RestClock
let checkpointer: Checkpointer

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "belfry-checkpointer-"))
  const file = join(folder, "belfry.db")
  connection = openConnection({ file, synchronous: "FULL" })
  connection.exec("create table blobs (number integer primary key, bytes blob)")
  clock = new RestClock()
  checkpointer = new Checkpointer(connection, file, clock)
})

afterEach(async () => {
  await checkpointer.close()
  connection.close()
  rmSync(folder, { recursive: true })
})

/** Writes as much as a checkpoint waits for, and lets the checkpointer look. */
function write(): void {
  connection.prepare("replace into blobs values (1, zeroblob(?))").run((CHECKPOINT_PAGES + 1000) * 4096)
  for (let group = 0; group < 64; group++) checkpointer.afterCommit()
}

const isCopied = () => {
  const [found] = connection.pragma("wal_checkpoint(NOOP)") as [{ log: number; checkpointed: number }]
  return found.log === found.checkpointed
}

async function checkpoint(): Promise<number> {
  const { rests } = clock
  write()
  const { threadId } = checkpointer
  expect(threadId).toBeDefined()
  await expect.poll(() => clock.rests > rests && isCopied()).toBe(true)
  return threadId as number
}

/** Connections of this process. Of the database itself SQLite keeps files open longer, for the sake of their locks. */
function connections(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === join(folder, "belfry.db-wal")
    } catch {
      return false
    }
  }).length
}

test("its thread ends when no checkpoint was needed for a while, and another one copies what is written then", async () => {
  const first = await checkpoint()
  await clock.advance(IDLE_MS)
  expect(checkpointer.threadId).toBeUndefined()
  expect(await checkpoint()).not.toBe(first)
})

test.runIf(process.platform === "linux")("a thread that ended has let go of the database", async () => {
  await checkpoint()
  expect(connections()).toBe(2)
  await clock.advance(IDLE_MS)
  await expect.poll(connections).toBe(1)
})

test("its thread stays while checkpoints follow each other", async () => {
  const first = await checkpoint()
  for (let again = 0; again < 3; again++) {
    await clock.advance(IDLE_MS - 1)
    expect(await checkpoint()).toBe(first)
  }
})

test("a checkpoint that begins while a thread ends has one of its own", async () => {
  const first = await checkpoint()
  const idle = clock.advance(IDLE_MS)
  write()
  await idle
  expect(checkpointer.threadId).not.toBe(first)
  await expect.poll(isCopied).toBe(true)
})

test.runIf(process.platform === "linux").each([
  ["in the midst of a checkpoint", () => write()],
  ["while a thread ends", () => void clock.advance(IDLE_MS)],
  [
    "while one ends and another one works",
    () => {
      void clock.advance(IDLE_MS)
      write()
    },
  ],
])("when it is closed %s, no thread has the database open afterwards", async (_, begin) => {
  await checkpoint()
  begin()
  await checkpointer.close()
  expect(connections()).toBe(1)
  expect(connection.pragma("quick_check", { simple: true })).toBe("ok")
})
