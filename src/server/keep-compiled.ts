import { flushCompileCache } from "node:module"

/**
 * Writes what was compiled to the cache (bin/set-up.js), for the next start and for threads that start later. Node by itself
 * does so only at the end, which a server that is killed does not see.
 */
export async function keepCompiled(): Promise<void> {
  // The one part of a server that nothing has loaded yet. Only its thread acts.
  await import("../store/sqlite/checkpoint-worker.ts")
  flushCompileCache()
}
