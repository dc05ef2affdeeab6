import { spawnSync } from "node:child_process"
import { enableCompileCache } from "node:module"
import { join } from "node:path"

/**
 * Compiled modules for the threads that tests start, as those of a server have them (src/runtime/start-thread.ts): V8 was
 * seen to crash in tests whose hundreds of threads each loaded a stripper of types. A folder of its own, so that no server
 * finds what tests have compiled; what was compiled from another text than the present one, Node compiles anew.
 */
const FOLDER = join(import.meta.dirname, "../node_modules/.cache/belfry-tests")
const THREADS = ["store-thread.ts", "checkpoint-worker.ts"]

// In every process of tests. Not by NODE_COMPILE_CACHE, which the programs that they start would inherit.
enableCompileCache(FOLDER)

/** Once, before the first test. Modules that cannot be loaded are left to the tests, which say why. */
export default function compileThreads(): void {
  const urls = THREADS.map((name) => new URL(`../src/store/sqlite/${name}`, import.meta.url).href)
  const imports = urls.map((url) => `import ${JSON.stringify(url)}`).join("\n")
  const env = { NODE_COMPILE_CACHE: FOLDER, ...process.env }
  spawnSync(process.execPath, ["--input-type=module", "--eval", imports], { env })
}
