import { once } from "node:events"
import { startThread } from "../runtime/start-thread.ts"
import { openThreadedStore } from "../store/sqlite/threaded-store.ts"

/**
 * Loads every module that a server needs, in the kinds of threads that need them, and does nothing with them: for
 * bin/fill-compile-cache.js.
 */
async function loadStoreThread(): Promise<void> {
  const store = await openThreadedStore({ file: ":memory:", now: 0, onFailure: () => {} })
  await store.close()
}

async function loadCheckpointThread(): Promise<void> {
  const thread = startThread(new URL("../store/sqlite/checkpoint-worker.ts", import.meta.url), {
    workerData: ":memory:",
  })
  thread.postMessage("close")
  await once(thread, "exit")
}

await Promise.all([loadStoreThread(), loadCheckpointThread(), import("../server.ts")])
