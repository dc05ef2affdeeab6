import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { configDocument } from "./generate/config-document.ts"
import { consoleClient } from "./generate/console-client.ts"
import { CONSOLE_FOLDER, consoleFiles } from "./generate/console-files.ts"
import { consoleOutcomes } from "./generate/console-outcomes.ts"
import { errorsDocument } from "./generate/errors-document.ts"
import { openApiFiles } from "./generate/openapi-files.ts"
import { outcomesDocument } from "./generate/outcomes-document.ts"

/** `npm run generate` writes what the code can tell about itself; `--check` says which of those files are out of date. */

const isCheck = process.argv.includes("--check")

const sources: Readonly<Record<string, string>> = {
  ...openApiFiles(),
  "docs/errors.md": errorsDocument(),
  "docs/outcomes.md": outcomesDocument(),
  "docs/config.md": configDocument(),
  "console/src/api/schema.ts": await consoleClient(),
  "console/src/api/outcomes.ts": consoleOutcomes(),
}
// Before the Console is built: some of them are part of it.
if (!isCheck) write(staleOf(sources))
const built = await consoleFiles()

function present(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

function staleOf(files: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(files).filter(([path, text]) => present(path) !== text)
}

function write(files: readonly [string, string][]): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(`wrote ${path}`)
  }
}

/** Built files carry a hash in their names: those of an earlier build are still there. */
function leftovers(): readonly string[] {
  try {
    return readdirSync(CONSOLE_FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"))
      .filter((path) => !(path in built))
  } catch {
    return []
  }
}

const superfluous = leftovers()
if (isCheck) {
  const stale = [...staleOf(sources), ...staleOf(built)].map(([path]) => path)
  for (const path of [...stale, ...superfluous])
    console.error(`${path} is out of date: run \`npm run generate\` and commit the result`)
  process.exitCode = stale.length + superfluous.length === 0 ? 0 : 1
} else {
  write(staleOf(built))
  for (const path of superfluous) {
    rmSync(path)
    console.log(`removed ${path}`)
  }
}
