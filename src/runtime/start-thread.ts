import { getCompileCacheDir } from "node:module"
import { dirname } from "node:path"
import { Worker, type WorkerOptions } from "node:worker_threads"

/**
 * A thread that runs a module. Threads do not inherit the compile cache of the program, and without it each would load
 * the type stripper of Node for itself: 7 MB for as long as the thread lives, and WebAssembly, in whose clearing away V8 was
 * seen to crash when many such threads came and went.
 */
export function startThread(module: URL, options: WorkerOptions): Worker {
  const cache = getCompileCacheDir()
  if (cache === undefined) return new Worker(module, options)
  // The folder that it was enabled with: Node adds one for its version.
  const enable = `require("node:module").enableCompileCache(${JSON.stringify(dirname(cache))})`
  // For the next thread that runs it: what is written at the end only, those that are killed would not write.
  const flush = `.then(() => require("node:module").flushCompileCache())`
  return new Worker(`${enable}; import(${JSON.stringify(module.href)})${flush}`, { ...options, eval: true })
}
