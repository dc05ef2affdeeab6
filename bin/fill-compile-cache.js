import { setUp } from "./set-up.js"

/** Compiles what a server loads, for set-up.js. What is new in the cache is written when the process ends. */
setUp()
await import("../src/server/load-modules.ts")
process.argv.splice(2, Number.POSITIVE_INFINITY, "--version")
await import("../src/cli.ts")
