#!/usr/bin/env node
import module from "node:module"
import { join } from "node:path"
import { setFlagsFromString } from "node:v8"

/**
 * The way into the program. JavaScript, so that nothing is loaded before the cache is: a single module that Node has to
 * strip of its types itself brings the stripper along, 30 MB for as long as the process lives. The cache also halves the
 * time to start. A directory that cannot be written only means no cache.
 *
 * Loading modules makes V8 grow the space for young objects to 33 MB, which then stays. It may grow when there is work
 * to do: src/cli.ts lets it, once the server is ready.
 */
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `belfry: This is Node ${process.versions.node}; Belfry runs on 24, which comes with its packages: run \`npm ci\` first.\n`,
  )
  process.exit(1)
}
setFlagsFromString("--semi-space-growth-factor=1")
// Devices on their way outlive the young space and die soon after. V8 would let four times the live memory gather before it
// clears the old space; a third as much again costs a fraction of a microsecond per push.
setFlagsFromString("--heap-growing-percent=30")
// The young space is small: helping hands cost more to wake than they carry, a twentieth of the time of a registration.
setFlagsFromString("--no-parallel-scavenge")
module.enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/belfry"))
await import("../src/cli.ts")
