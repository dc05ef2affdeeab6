import { flushCompileCache } from "node:module"
import { startStoreThread } from "../store/sqlite/threaded-store.ts"
import { keptModules } from "./keep-compiled.ts"
import type { OpenStore } from "./storage.ts"

interface StartedStore {
  readonly open: OpenStore
  /** For a server that could not start. */
  abandon(): void
}

/** The embedded store, on a thread that starts at once: while the rest of the server is being loaded. */
export async function startEmbeddedStore(): Promise<StartedStore> {
  if (keptModules() === 0) {
    // Here, where the stripper of types is in memory anyway (bin/set-up.js): the thread would load one of its own, 7 MB. There
    // the module does nothing by itself.
    await import("../store/sqlite/store-thread.ts")
    flushCompileCache()
  }
  return startStoreThread()
}
