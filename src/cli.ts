import type { Belfry } from "./cli/belfry.ts"
import { EXIT, UsageError } from "./cli/failure.ts"
import { watchForLeaks } from "./cli/leak-watch.ts"
import { runProgram } from "./cli/program.ts"
import type { Terminal } from "./cli/terminal.ts"
import { type ConfigReading, type Flags, readConfig } from "./config/config.ts"
import { readEnvironment, readVersion } from "./config/env.ts"
import { STORAGE_SETTINGS, settingRows } from "./config/settings.ts"
import { systemClock } from "./runtime/clock.ts"
import { openLog } from "./runtime/log.ts"
import { systemRandom } from "./runtime/random.ts"
import { spareMemoryWhenQuiet } from "./runtime/spare-memory.ts"
import { growYoungSpace } from "./runtime/young-space.ts"
import { keepCompiled } from "./server/keep-compiled.ts"
import { reasonOf, StartError } from "./server/start-error.ts"

/** The program `belfry`. Each command loads only what it needs: starting the parts of a server takes a while. */

const clock = systemClock
const random = systemRandom

function goodConfig(flags: Flags): Extract<ConfigReading, { ok: true }> {
  const reading = readConfig(flags, readEnvironment())
  if (reading.ok) return reading
  throw new UsageError(reading.faults)
}

const storageNames = new Set<string>(Object.values(STORAGE_SETTINGS).map(({ name }) => name))

const belfry: Belfry = {
  version: readVersion(),
  calledAs: import.meta.filename.endsWith(".ts") ? "npm run -s belfry --" : "belfry",
  clock,
  storageSettings: settingRows().filter(({ name }) => storageNames.has(name)),
  serverSettings: settingRows(),
  async open(flags, need) {
    const { openCommandServices } = await import("./server/command-services.ts")
    const { config, secrets } = goodConfig(flags)
    return openCommandServices({ config, secrets, need, clock, random })
  },
  async serve(flags) {
    const { config, secrets, warnings, given } = goodConfig(flags)
    const { startEmbeddedStore } = await import("./server/embedded-store.ts")
    const store = await startEmbeddedStore()
    const { openServer } = await import("./server.ts")
    const log = openLog(config.logLevel, "config")
    for (const warning of warnings) log.warn({}, warning)
    const server = await openServer({
      config,
      secrets,
      clock,
      random,
      openLog: (subsystem) => openLog(config.logLevel, subsystem),
      openStore: store.open,
    }).finally(store.abandon)
    // Now, because a start that fails says why in one line and nothing else.
    log.info({ given }, "settings that were given")
    // See bin/set-up.js.
    growYoungSpace()
    spareMemoryWhenQuiet({ clock })
    // Without it the next start is slower, no more.
    keepCompiled().catch(() => {})
    return server
  },
  async examine(flags) {
    const { examine } = await import("./server/doctor.ts")
    return examine({ reading: readConfig(flags, readEnvironment()), clock, random })
  },
  async simulate(port) {
    const { openSimulation } = await import("./server/simulation.ts")
    return openSimulation(port, { clock, random })
  },
  isExplained: (error) => error instanceof StartError,
}

const terminal: Terminal = {
  print: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  live: {
    isTTY: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    write: (text) => void process.stderr.write(text),
  },
}

// The data directory holds secrets: nothing that is made in it is for other users.
process.umask(0o077)
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever read the output has gone, as in `belfry app list | head -1`.
  if (error.code === "EPIPE") return
  terminal.note(`belfry: standard output cannot be written: ${reasonOf(error)}.`)
  process.exitCode = EXIT.failed
})
// Nobody can be told, and a server that runs is worth more than what it says.
process.stderr.on("error", () => {})
const exitCode = await runProgram({ belfry, terminal }, process.argv.slice(2))
if (exitCode !== EXIT.done) process.exitCode = exitCode
watchForLeaks(process.stdout, clock, () => {
  terminal.note("belfry: something was still open at the end")
  process.exit()
})
