import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { configDocument } from "./generate/config-document.ts"
import { consoleClient } from "./generate/console-client.ts"
import { CONSOLE_FOLDER, consoleFiles } from "./generate/console-files.ts"
import { errorsDocument } from "./generate/errors-document.ts"
import { openApiFiles } from "./generate/openapi-files.ts"
import { outcomesDocument } from "./generate/outcomes-document.ts"

/** `npm run generate` writes what the code can tell about itself; `--check` says which of those files are out of date. */

const files: Readonly<Record<string, string>> = {
  ...openApiFiles(),
  "docs/errors.md": errorsDocument(),
  "docs/outcomes.md": outcomesDocument(),
  "docs/config.md": configDocument(),
  "console/src/api/schema.ts": await consoleClient(),
  ...(await consoleFiles()),
}

function present(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

/** Built files carry a hash in their names: those of an earlier build are still there. */
function leftovers(): readonly string[] {
  try {
    return readdirSync(CONSOLE_FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"))
      .filter((path) => !(path in files))
  } catch {
    return []
  }
}

const stale = Object.entries(files).filter(([path, text]) => present(path) !== text)
const superfluous = leftovers()
if (process.argv.includes("--check")) {
  for (const path of [...stale.map(([stalePath]) => stalePath), ...superfluous])
    console.error(`${path} is out of date: run \`npm run generate\` and commit the result`)
  process.exitCode = stale.length + superfluous.length === 0 ? 0 : 1
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(`wrote ${path}`)
  }
  for (const path of superfluous) {
    rmSync(path)
    console.log(`removed ${path}`)
  }
}
