import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"

/** Nobody reads a longer file in one go; it has two subjects. */
const LINES_MAX = 400

/** Built, or made by `npm run generate`. */
const GENERATED = /^console\/(dist\/|src\/api\/(schema|outcomes)\.ts$)/

/** One line for each source file that is too long. Throws when it saw no source. */
export function tooLongFiles(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  })
  const paths = listed.split("\n").filter((path) => /\.(ts|tsx|js|cjs|css|sql|c)$/.test(path))
  const sources = paths.filter((path) => !GENERATED.test(path))
  if (sources.length < 60) throw new Error(`the check of lengths saw ${sources.length} files`)
  return sources.flatMap((path) => {
    const lines = linesOf(path)
    return lines > LINES_MAX ? [`${path} has ${lines} lines: split it by subject (at most ${LINES_MAX})`] : []
  })
}

function linesOf(path: string): number {
  try {
    return readFileSync(path, "utf8").split("\n").length - 1
  } catch {
    // Listed, and deleted in the work tree.
    return 0
  }
}
