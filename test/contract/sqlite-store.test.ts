import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { openThreadedStore } from "../../src/store/sqlite/threaded-store.ts"
import type { Store } from "../../src/store/store.ts"
import { applicationContract } from "./application-contract.ts"
import { channelContract } from "./channel-contract.ts"
import { concurrencyContract } from "./concurrency-contract.ts"
import { credentialContract } from "./credential-contract.ts"
import { deviceContract } from "./device-contract.ts"
import { deviceModelContract } from "./device-model.ts"
import { sharedTokenContract } from "./shared-token-contract.ts"
import type { OpenStore } from "./store-world.ts"

/** A store that lives in a file, and in a folder of its own. */
function onFile(openFile: (file: string) => Promise<Store>): OpenStore {
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

const openInProcess = onFile(async (file) => openSqliteStore({ file, now: 0, random: systemRandom }))

const openThreaded = onFile((file) =>
  openThreadedStore({
    file,
    now: 0,
    onFailure: (error) => {
      throw error
    },
  }),
)

/** In memory, except where a test asks for data that outlive the store. */
const openInMemory: OpenStore = async ({ durable }) => {
  if (durable) return openInProcess({ durable })
  return {
    store: openSqliteStore({ file: ":memory:", now: 0, random: systemRandom }),
    reopen: () => Promise.reject(new Error("a store in memory cannot be opened again")),
    dispose: async () => {},
  }
}

for (const [name, open] of [
  ["sqlite in memory", openInMemory],
  ["sqlite on a file", openInProcess],
  ["sqlite on a thread", openThreaded],
] as const) {
  deviceContract(name, open)
  sharedTokenContract(name, open)
  channelContract(name, open)
  concurrencyContract(name, open)
  applicationContract(name, open)
  credentialContract(name, open)
}

deviceModelContract("sqlite in memory", openInMemory, { runs: 300, restarts: false })
deviceModelContract("sqlite on a file", openInProcess, { runs: 30, restarts: true })
deviceModelContract("sqlite on a thread", openThreaded, { runs: 20, restarts: true })
