#!/usr/bin/env node
/** The way into the program. JavaScript, so that nothing is loaded before the compile cache is in use. */
if (Number.parseInt(process.versions.node, 10) >= 24) {
  const { limitArenas, setUp } = await import("./set-up.js")
  if (process.argv[2] === "serve") limitArenas()
  setUp()
  await import("../src/cli.ts")
} else {
  const { runOnPackagedNode } = await import("./packaged-node.js")
  runOnPackagedNode(process.argv.slice(1))
}
