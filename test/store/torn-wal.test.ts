import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { seededRandom, systemRandom } from "../../src/runtime/random.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"

/** What a disk may leave of the write-ahead log that was being written when the power went. */

const DEVICES = 60
const TEARS = 10
/** Every other tear is in what was written last. */
const LAST_BYTES = 12_288
const SEED = 20_260_727

interface Written {
  readonly file: string
  /** The size of the log when each device was acknowledged. */
  readonly sizes: readonly number[]
}

let folder: string
let written: Written

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "belfry-torn-"))
  written = await write(join(folder, "whole.db"))
})

afterAll(() => rmSync(folder, { recursive: true }))

const tears: readonly (readonly [string, (wal: Buffer, at: number, noise: Buffer) => Buffer])[] = [
  ["that ends early", (wal, at) => wal.subarray(0, at)],
  ["whose end is zeros", (wal, at) => Buffer.concat([wal.subarray(0, at), Buffer.alloc(wal.length - at)])],
  ["whose end is noise", (wal, at, noise) => Buffer.concat([wal.subarray(0, at), noise.subarray(at)])],
  [
    "with a torn sector before a good end",
    (wal, at, noise) =>
      Buffer.concat([wal.subarray(0, at), noise.subarray(at, at + 512), wal.subarray(at + 512)]),
  ],
]

describe.each(tears)("a store with a log %s", (_, tear) => {
  it(`opens, and has all that was acknowledged before the tear, in ${TEARS} tears`, async () => {
    const random = seededRandom(SEED)
    const wal = readFileSync(`${written.file}-wal`)
    for (let round = 0; round < TEARS; round += 1) {
      const span = round % 2 === 0 ? wal.length : LAST_BYTES
      const at = wal.length - 1 - Math.floor(random.fraction() * span)
      const torn = join(folder, "torn.db")
      copyFileSync(written.file, torn)
      writeFileSync(`${torn}-wal`, tear(wal, at, Buffer.from(random.bytes(wal.length))))
      rmSync(`${torn}-shm`, { force: true })

      const found = await devicesOf(torn)

      const safe = written.sizes.filter((size) => size <= at).length
      expect(found.length, `torn at ${at}`).toBeGreaterThanOrEqual(safe)
      expect(found, `torn at ${at}`).toEqual(found.map((__, index) => `phone-${index}`))
    }
  })
})

async function write(file: string): Promise<Written> {
  const live = join(folder, "live.db")
  const store = openSqliteStore({ file: live, now: 0, random: systemRandom })
  const { number } = await store.applications.create({ id: "A", name: "A", preset: "locked", keys: [] }, 0)
  const sizes: number[] = []
  for (let index = 0; index < DEVICES; index += 1) {
    const deviceId = `phone-${index}`
    const request = { deviceId, deviceToken: deviceId, os: "IOS", osVersion: "1", expiresAt: undefined }
    await store.devices.register(number, { ...request, channels: ["c"] }, { now: 0, channelsPerDeviceMax: 1 })
    sizes.push(statSync(`${live}-wal`).size)
  }
  copyFileSync(live, file)
  copyFileSync(`${live}-wal`, `${file}-wal`)
  await store.close()
  return { file, sizes }
}

/** In the order of their registration. Without the application, whose creation may be torn off, there are none. */
async function devicesOf(file: string): Promise<readonly string[]> {
  const store = openSqliteStore({ file, now: 0, random: systemRandom })
  const [application] = await store.applications.list()
  const page = application && (await store.devices.page(application.number, 0, 1_000, 0))
  await store.close()
  const database = new Database(file)
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok")
  database.close()
  return page?.devices.map(({ deviceId }) => deviceId) ?? []
}
