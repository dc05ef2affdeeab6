import module from "node:module"
import { join } from "node:path"
import { setFlagsFromString } from "node:v8"

/**
 * What must be decided before the first module of the program is loaded.
 *
 * The compile cache: modules as Node has compiled them before, without their types. It halves the time to start, and who finds
 * all modules there spares itself the stripper of types, 13 MB for as long as the process lives. A server fills it when it has
 * started (src/server/keep-compiled.ts): it has those 13 MB more when it is started for the first time, or after its source
 * has changed.
 */
const FOLDER = join(import.meta.dirname, "../node_modules/.cache/belfry")

/**
 * The flags of V8 first: what is compiled under other flags is not found again. A folder that cannot be written only means no
 * cache.
 */
export function setUp() {
  // Loading modules makes V8 grow the space for young objects to 33 MB, which then stays. It may grow when there is work to do:
  // src/cli.ts lets it, once the server is ready.
  setFlagsFromString("--semi-space-growth-factor=1")
  // Devices on their way outlive the young space and die soon after. V8 would let four times the live memory gather before it
  // clears the old space; a third as much again costs a fraction of a microsecond per push.
  setFlagsFromString("--heap-growing-percent=30")
  // The young space is small: helping hands cost more to wake than they carry, a twentieth of the time of a registration.
  setFlagsFromString("--no-parallel-scavenge")
  // What src/runtime/spare-memory.ts asks for later, when it must change nothing for the cache any more.
  setFlagsFromString("--expose-gc")
  module.enableCompileCache(FOLDER)
}

/** As many as there are threads that allocate all the time: the main one and that of the store. */
const ARENAS = "2"

/**
 * glibc gives nearly every thread an arena of its own and keeps most of what is freed there: 20 MB after a load. It reads its
 * setting when a process begins, so this one begins anew, under the same number and with the same files. Others than glibc
 * ignore the setting.
 */
export function limitArenas() {
  const { env, execve, execPath, execArgv, argv, platform } = process
  if (platform !== "linux" || execve === undefined || env["MALLOC_ARENA_MAX"] !== undefined) return
  execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, MALLOC_ARENA_MAX: ARENAS })
}
