import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { DomainError } from "../../src/domain/errors.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { openThreadedStore } from "../../src/store/sqlite/threaded-store.ts"
import type { Store } from "../../src/store/store.ts"
import { type OpenedStore, StoreWorld } from "./store-world.ts"

type OpenFile = (file: string) => Store | Promise<Store>

const openings: readonly (readonly [string, OpenFile])[] = [
  ["sqlite on a file", (file) => openSqliteStore({ file, now: 0, random: systemRandom })],
  ["sqlite on a thread", (file) => openThreadedStore({ file, now: 0, onFailure: console.error })],
]
const READS = 20

describe.each(openings)("%s, which another connection keeps locked", (_, openFile) => {
  it("refuses what is to be written, changes nothing, and goes on when the lock is gone", async () => {
    await using shared = await SharedFile.open(openFile)
    const { world, other } = shared
    await world.register("before")
    other.exec("begin immediate")

    const refused = await Promise.allSettled([
      world.register("one"),
      world.register("two"),
      world.store.probe(),
    ])
    const next = await Promise.allSettled([world.register("three")])

    for (const answer of [...refused, ...next]) {
      expect(answer).toMatchObject({ status: "rejected", reason: expect.any(DomainError) })
      expect((answer as PromiseRejectedResult).reason).toMatchObject({
        error: "unavailable",
        details: { retryAfterMs: 1_000 },
      })
    }
    other.exec("rollback")
    expect((await world.all()).map(({ deviceId }) => deviceId)).toEqual(["before"])
    await world.register("after")
    expect((await world.all()).map(({ deviceId }) => deviceId)).toEqual(["before", "after"])
  })

  it("answers what is to be read before it gives up what is to be written", async () => {
    await using shared = await SharedFile.open(openFile)
    const { world, other } = shared
    await world.register("phone")
    other.exec("begin exclusive")
    const endings: string[] = []

    const writing = world.register("another").catch(() => endings.push("refused"))
    for (let read = 0; read < READS; read += 1) {
      expect((await world.get("phone")).deviceId).toBe("phone")
      endings.push("read")
    }
    await writing

    expect(endings).toEqual([...Array<string>(READS).fill("read"), "refused"])
    other.exec("rollback")
  })

  it("writes what it was asked to as soon as a short lock is gone, in the order in which it was asked", async () => {
    await using shared = await SharedFile.open(openFile)
    const { world, other } = shared
    await world.register("phone", { token: "first" })
    other.exec("begin immediate")

    const second = world.register("phone", { token: "second" })
    expect((await world.get("phone")).deviceToken).toBe("first")
    const third = world.register("phone", { token: "third" })
    expect((await world.get("phone")).deviceToken).toBe("first")
    other.exec("commit")

    expect(await Promise.all([second, third])).toMatchObject([{ created: false }, { created: false }])
    expect((await world.get("phone")).deviceToken).toBe("third")
  })

  it("can be closed while something waits to be written, which is then refused", async () => {
    await using shared = await SharedFile.open(openFile)
    const { world, other } = shared
    other.exec("begin immediate")

    const writing = world.register("phone").catch((error: DomainError) => error.error)
    await world.store.close()

    expect(await writing).toBe("unavailable")
    other.exec("rollback")
  })
})

describe.each(openings)("a probe of %s", (_, openFile) => {
  it("writes each time, or it would not notice a disk that takes no more", async () => {
    await using shared = await SharedFile.open(openFile)
    const { world, other } = shared
    const version = () => other.pragma("data_version", { simple: true })
    for (let probe = 0; probe < 3; probe += 1) {
      const before = version()
      await world.store.probe()
      expect(version()).not.toBe(before)
    }
  })
})

/** A store and a second connection to its file. */
class SharedFile implements AsyncDisposable {
  readonly world: StoreWorld
  readonly other: Database.Database

  private constructor(world: StoreWorld, other: Database.Database) {
    this.world = world
    this.other = other
  }

  static async open(openFile: OpenFile): Promise<SharedFile> {
    const folder = mkdtempSync(join(tmpdir(), "belfry-store-"))
    const file = join(folder, "belfry.sqlite")
    const opened: OpenedStore = {
      store: await openFile(file),
      reopen: () => Promise.reject(new Error("not opened again here")),
      dispose: async () => rmSync(folder, { recursive: true }),
    }
    return new SharedFile(await StoreWorld.open(async () => opened), new Database(file))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.other.close()
    await this.world[Symbol.asyncDispose]()
  }
}
