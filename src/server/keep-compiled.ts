import { readdirSync } from "node:fs"
import { flushCompileCache, getCompileCacheDir } from "node:module"
import { giveMemoryBack } from "../runtime/spare-memory.ts"

/**
 * Writes what was compiled to the cache (bin/set-up.js), for the next start and for threads that start later. Node by itself
 * does so only at the end, which a server that is killed does not see.
 */
export async function keepCompiled(): Promise<void> {
  // The one part of a server that nothing has loaded yet. Only its thread acts.
  await import("../store/sqlite/checkpoint-worker.ts")
  const before = keptModules()
  flushCompileCache()
  // What stripping and compiling leaves behind is 13 MB, worth the twentieth of a second that it takes to be rid of it.
  if (keptModules() > before) giveMemoryBack()
}

/** How many modules the cache holds. */
export function keptModules(): number {
  const folder = getCompileCacheDir()
  try {
    return folder === undefined ? 0 : readdirSync(folder).length
  } catch {
    return 0
  }
}
