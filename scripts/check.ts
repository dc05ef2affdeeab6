import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { tooLongFiles } from "./file-length.ts"
import { importViolations, unreportedPlants } from "./import-rules.ts"
import { migrationFault } from "./migrations.ts"
import { deadReferences } from "./references.ts"

/** `npm run check`: everything that must hold, then the tests; `--without-tests` leaves those out, `--results FILE` counts. */

interface Check {
  readonly name: string
  /** What is wrong, or nothing. */
  run(): Promise<string> | string
}

function command(name: string, ...line: readonly string[]): Check {
  return {
    name,
    run() {
      const [program = "", ...parameters] = line
      const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: "utf8" })
      return status === 0 ? "" : `${stdout}${stderr}`.trim() || `${line.join(" ")} ended with ${status}`
    },
  }
}

const CHECKS: readonly Check[] = [
  command("format and lint", "biome", "ci", "--error-on-warnings", "."),
  { name: "length of files", run: () => tooLongFiles().join("\n") },
  { name: "migrations", run: migrationFault },
  { name: "references", run: () => deadReferences().join("\n") },
  command("types", "tsc", "-p", "."),
  command("types of the Console", "tsc", "-p", "console"),
  command("types of its tests", "tsc", "-p", "test/console"),
  { name: "import rules", run: async () => (await importViolations()).join("\n") },
  { name: "import rules can fail", run: async () => (await unreportedPlants()).join("\n") },
  command("dead code", "knip"),
  command("generated files", process.execPath, "scripts/generate.ts", "--check"),
]

let failed = 0
for (const check of CHECKS) {
  const problem = await check.run()
  console.log(`${problem === "" ? "passed" : "FAILED"}  ${check.name}`)
  if (problem === "") continue
  failed++
  console.log(problem.replace(/^/gm, "        "))
}
const resultsAt = process.argv.indexOf("--results")
const resultsFile = resultsAt < 0 ? undefined : process.argv[resultsAt + 1]
if (resultsFile !== undefined)
  writeFileSync(resultsFile, JSON.stringify({ passed: CHECKS.length - failed, failed }))
const tests = process.argv.includes("--without-tests")
  ? 0
  : spawnSync("vitest", ["run"], { stdio: "inherit" }).status
console.log(`checks: ${CHECKS.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 && tests === 0 ? 0 : 1
