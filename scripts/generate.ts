import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { configDocument } from "./generate/config-document.ts"
import { errorsDocument } from "./generate/errors-document.ts"
import { openApiFiles } from "./generate/openapi-files.ts"
import { outcomesDocument } from "./generate/outcomes-document.ts"

/** `npm run generate` writes what the code can tell about itself; `--check` says which of those files are out of date. */

const files: Readonly<Record<string, string>> = {
  ...openApiFiles(),
  "docs/errors.md": errorsDocument(),
  "docs/outcomes.md": outcomesDocument(),
  "docs/config.md": configDocument(),
}

function present(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

const stale = Object.entries(files).filter(([path, text]) => present(path) !== text)
if (process.argv.includes("--check")) {
  for (const [path] of stale)
    console.error(`${path} is out of date: run \`npm run generate\` and commit the result`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(`wrote ${path}`)
  }
}
