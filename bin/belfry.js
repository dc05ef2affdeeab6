#!/usr/bin/env node
/** The way into the program. JavaScript, so that nothing is loaded before the compile cache is in use. */
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `belfry: This is Node ${process.versions.node}; Belfry runs on 24, which comes with its packages: run \`npm ci\` first.\n`,
  )
  process.exit(1)
}
const { limitArenas, setUp } = await import("./set-up.js")
if (process.argv[2] === "serve") limitArenas()
setUp()
await import("../src/cli.ts")
