import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import module from "node:module"
import { join } from "node:path"
import { setFlagsFromString } from "node:v8"

/**
 * What must be decided before the first module of the program is loaded.
 *
 * The compile cache: modules as Node has compiled them before, without their types. Who loads a single module that is not there
 * loads the stripper of types with it: 30 MB for as long as the process lives. So a server has its modules compiled by another
 * process before it loads them itself, the first time and whenever the source has changed. The cache also halves the time
 * to start.
 */
const FOLDER = join(import.meta.dirname, "../node_modules/.cache/belfry")
const SOURCE = join(import.meta.dirname, "../src")
/** What the cache was filled from. */
const MARK = join(FOLDER, `filled-${process.version}`)

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

/** What takes a server longest to load of what needs no stripping. */
const PACKAGES = ["fastify", "better-sqlite3", "pino", "commander"]

/** A filling that takes longer is given up: the server starts without it. */
const FILLING_MS_MAX = 20_000

/** Takes a second when there is something to do, a hundredth of it when there is not. */
export async function fillCompileCache() {
  try {
    const source = stateOfSource()
    if (isFilledFrom(source)) return
    mkdirSync(FOLDER, { recursive: true })
    // Written first: where it cannot be, there is nothing to fill.
    writeFileSync(MARK, "")
    const filling = spawn(process.execPath, [join(import.meta.dirname, "fill-compile-cache.js")], {
      stdio: "ignore",
      timeout: FILLING_MS_MAX,
    })
    // Meanwhile, with the other processor.
    const [[code]] = await Promise.all([once(filling, "exit"), ...PACKAGES.map((name) => import(name))])
    if (code === 0) writeFileSync(MARK, source)
  } catch {
    // The server starts without, and is larger.
  }
}

/** @param {string} source */
function isFilledFrom(source) {
  try {
    return readFileSync(MARK, "utf8") === source
  } catch {
    return false
  }
}

function stateOfSource() {
  const changes = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)
  return `${changes.length} files, the latest of ${Math.max(...changes)}`
}
