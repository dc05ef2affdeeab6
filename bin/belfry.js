#!/usr/bin/env node
/** The way into the program. JavaScript, so that nothing is loaded before the compile cache is in use. */
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `belfry: This is Node ${process.versions.node}; Belfry runs on 24, which comes with its packages: run \`npm ci\` first.\n`,
  )
  process.exit(1)
}
const { fillCompileCache, limitArenas, setUp } = await import("./set-up.js")
const isServer = process.argv[2] === "serve"
if (isServer) limitArenas()
setUp()
if (isServer) await fillCompileCache()
await import("../src/cli.ts")
