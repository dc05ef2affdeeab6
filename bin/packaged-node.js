import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { constants } from "node:os"
import { delimiter, dirname } from "node:path"
import { fileURLToPath } from "node:url"

/**
 * The Node that comes with the packages, for machines whose own is older. `npm ci` should link it as `node_modules/.bin/node`,
 * which npm's scripts find first. But npm 9.2, 10.8, 10.9 and 11.6 (tried; 11.19 does not) clear away what belongs to the
 * packages for other platforms, among it a link of that name.
 */
const [SYSTEM, FILE] = process.platform === "win32" ? ["win", "node.exe"] : [process.platform, "node"]
const PACKAGED = [`node-${SYSTEM}-${process.arch}`, `node-bin-${SYSTEM}-${process.arch}`]
  .map((name) => fileURLToPath(new URL(`../node_modules/${name}/bin/${FILE}`, import.meta.url)))
  .find(existsSync)

/** Runs a script on it, and ends as that ends. */
export function runOnPackagedNode(words) {
  if (PACKAGED === undefined) {
    process.stderr.write(
      `belfry: This is Node ${process.versions.node}; Belfry runs on 24, which comes with its packages: run \`npm ci\` first.\n`,
    )
    process.exit(1)
  }
  const { env } = process
  const child = spawn(PACKAGED, words, {
    stdio: "inherit",
    env: { ...env, PATH: `${dirname(PACKAGED)}${delimiter}${env["PATH"] ?? ""}` },
  })
  // They reach this process alone when it was sent them by its number.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("error", (error) => {
    process.stderr.write(`belfry: ${PACKAGED} cannot be run: ${error.message}\n`)
    process.exit(1)
  })
  // As a shell says of a program that died of a signal.
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}
