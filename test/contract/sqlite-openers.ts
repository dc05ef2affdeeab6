import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemRandom } from "../../src/runtime/random.ts"
import type { Folding } from "../../src/store/sqlite/context.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { openThreadedStore } from "../../src/store/sqlite/threaded-store.ts"
import type { Store } from "../../src/store/store.ts"
import type { OpenStore } from "./store-world.ts"

/** The ways to open the embedded store, each for the whole contract. */

/** So small that registrations are in the tables, in memory and on the way between them all the time. */
const ALL_THE_TIME: Folding = { keys: { least: 3, most: 9, share: 2, slice: 2 }, waitingMembersMax: 4 }

const open = (file: string, folding?: Folding): Store =>
  openSqliteStore({ file, now: 0, random: systemRandom, ...(folding && { folding }) })

/** A store in a file, in a folder of its own. */
function onFile(openFile: (file: string) => Store | Promise<Store>): OpenStore {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "belfry-store-"))
    const file = join(folder, "belfry.sqlite")
    let store = await openFile(file)
    return {
      store,
      async reopen() {
        await store.close()
        store = await openFile(file)
        return store
      },
      dispose: async () => rmSync(folder, { recursive: true }),
    }
  }
}

/** In memory, except where a test asks for data that outlive the store. */
function inMemory(folding?: Folding): OpenStore {
  const openDurable = onFile((file) => open(file, folding))
  return async ({ durable }) =>
    durable
      ? openDurable({ durable })
      : {
          store: open(":memory:", folding),
          reopen: () => Promise.reject(new Error("a store in memory cannot be opened again")),
          dispose: async () => {},
        }
}

export const openInMemory = inMemory()
export const openFolding = inMemory(ALL_THE_TIME)
export const openOnFile = onFile((file) => open(file))
export const openOnThread = onFile((file) => {
  const onFailure = (error: Error) => {
    throw error
  }
  return openThreadedStore({ file, now: 0, onFailure })
})

/** Two stores on one file, asked in turns, as the server and the command line beside it do. */
export const openInTurns = onFile((file) => {
  const stores = [open(file, ALL_THE_TIME), open(file, ALL_THE_TIME)] as const
  let turn = 0
  const part = (name: keyof Store) =>
    new Proxy(
      {},
      {
        get: (_, method) => {
          turn = 1 - turn
          const asked = stores[turn as 0 | 1][name] as unknown as Record<string | symbol, unknown>
          return (asked[method] as (...parameters: unknown[]) => unknown).bind(asked)
        },
      },
    )
  return new Proxy(stores[0], {
    get(store, name: keyof Store) {
      if (name === "close") return () => Promise.all(stores.map((one) => one.close())).then(() => undefined)
      return typeof store[name] === "object" ? part(name) : store[name]
    },
  })
})
