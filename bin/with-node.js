/** `node bin/with-node.js SCRIPT …`: runs a script of the project on Node 24, whatever Node this is. For npm's scripts. */
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"

if (Number.parseInt(process.versions.node, 10) >= 24) {
  const [node, , script = "", ...words] = process.argv
  process.argv = [node, resolve(script), ...words]
  await import(pathToFileURL(script).href)
} else {
  const { runOnPackagedNode } = await import("./packaged-node.js")
  runOnPackagedNode(process.argv.slice(2))
}
