import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { systemClock } from "../runtime/clock.ts"
import { silentLog } from "../runtime/log.ts"
import { systemRandom } from "../runtime/random.ts"
import { Applications } from "../service/applications.ts"
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts"
import { createFirstApplication } from "./first-application.ts"
import { openStorage, type Storage } from "./storage.ts"

const surroundings = { clock: systemClock, random: systemRandom, log: silentLog }

let path: string
let opened: AsyncDisposableStack

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "belfry-first-"))
  opened = new AsyncDisposableStack()
})

afterEach(async () => {
  await opened.disposeAsync()
  await rm(path, { recursive: true })
})

/** As each of several processes would open it. */
async function open(): Promise<Storage> {
  const storage = await openStorage({
    ...surroundings,
    dataDir: path,
    masterKey: undefined,
    need: "create",
    openStore: openSqliteStore,
    onStoreLost: () => {},
  })
  return opened.use(storage)
}

const create = (storage: Storage) => createFirstApplication({ ...surroundings, storage })

test("of many who find the store empty at the same time, one makes the application", async () => {
  const storages = [await open(), await open(), await open(), await open(), await open()]
  const made = await Promise.all(storages.map(create))
  const [first, ...others] = made.filter((application) => application !== undefined)
  expect(others).toEqual([])
  for (const { store } of storages) {
    expect(await store.applications.list()).toMatchObject([
      { id: first?.id, name: "My App", preset: "locked" },
    ])
  }
})

test("one who was stopped before the application was stored is followed by another with the same id", async () => {
  const id = "3C5987E4-ABDB-4C29-BBC1-47E9F22BB55A"
  await writeFile(join(path, "first-application"), `${id}\n`)
  const storage = await open()
  const made = await create(storage)
  expect(made?.id).toBe(id)
  const { store, sealer } = storage
  const shown = await new Applications({ ...surroundings, store, sealer }).show(id)
  expect(shown.apiKeys).toEqual(made?.apiKeys)
  expect(new Set(Object.values(shown.apiKeys)).size).toBe(6)
})

test("an application that exists is enough", async () => {
  const storage = await open()
  const { store, sealer } = storage
  await new Applications({ ...surroundings, store, sealer }).create("Shop")
  expect(await create(storage)).toBeUndefined()
  expect(await store.applications.list()).toHaveLength(1)
})
