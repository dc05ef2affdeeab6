import { startStoreThread } from "../store/sqlite/threaded-store.ts"
import type { OpenStore } from "./storage.ts"

interface StartedStore {
  readonly open: OpenStore
  /** For a server that could not start. */
  abandon(): void
}

/** The embedded store, on a thread that starts at once: while the rest of the server is being loaded. */
export function startEmbeddedStore(): StartedStore {
  return startStoreThread()
}
