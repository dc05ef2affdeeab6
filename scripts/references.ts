import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** `(design D6)`, `providers.md 6.2 and 6.4`, `reliability, T-18 and invariant I2`. */
const NUMBER = "(?:D\\d+|T-\\d+[a-z]?|[FI]\\d+|\\d+(?:\\.\\d+)?)\\b"
const CITATION = new RegExp(
  `\\b(design|contract|providers|reliability)(?:\\.md)?,? (${NUMBER}(?:(?:, | and | to )(?:invariant )?${NUMBER})*)`,
  "gi",
)
/** A path in a document: `domain/outcome.ts`, `test/security/*-matrix.test.ts`, `screens/<noun>/screens.ts`. */
const PATH = /`((?:[\w.@*<>-]+\/)*[\w@*<>-][\w.@*<>-]*\.(?:ts|tsx|js|cjs|json|md|sql|css|c))`/g
/** A line of code that is a comment, and a file that it names: `see first-application.ts`. */
const COMMENT = /^ *(?:\/\*\*?|\*|\/\/)(.*)/gm
const NAMED_FILE = /(?:[\w.*<>-]+\/)*[\w*<>-][\w.*<>-]*\.(?:tsx?|md)\b/g
const LINK = /\]\(([^)\s#]+)(?:#[^)]*)?\)/g
/** `](operating.md#backup)`, `](#backup)`: a document, and a heading of it. */
const HEADING_LINK = /\]\(([^)\s#:]*)#([^)\s]+)\)/g

/**
 * One line for each citation without a row in docs/rules, and each link or path of a document (also to a heading), and each
 * file named in a comment, that leads nowhere.
 */
export function deadReferences(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  })
  const paths = listed.split("\n").filter((path) => path !== "" && existsSync(path))
  const dead = new Set<string>()
  let citations = 0
  for (const path of paths.filter(isText)) {
    const text = readFileSync(path, "utf8")
    for (const [cited, document = "", numbers = ""] of text.matchAll(CITATION)) {
      citations += 1
      const rules = rowsOf(`docs/rules/${document.toLowerCase()}.md`)
      const missing = numbers.match(new RegExp(NUMBER, "g"))?.filter((number) => !rules.has(number)) ?? []
      if (missing.length > 0) dead.add(`${path}: "${cited}" has no row in docs/rules: ${missing.join(", ")}`)
    }
    const lost = path.endsWith(".md") ? deadEnds(path, text, paths) : deadNames(path, text, paths)
    for (const line of lost) dead.add(line)
  }
  if (citations < 60) throw new Error(`the check of references saw ${citations} citations`)
  return [...dead]
}

function isText(path: string): boolean {
  return /^(src|test|bench|scripts|docs|console\/src|[^/]+$)/.test(path) && /\.(tsx?|cjs|md|sql)$/.test(path)
}

function rowsOf(document: string): ReadonlySet<string> {
  const text = readFileSync(document, "utf8")
  const numbers = [...text.matchAll(/^\| ([^ |]+) \|/gm)].map(([, number = ""]) => number)
  // Parts are told within the row of the whole: T-14c in that of T-14.
  return new Set([...numbers, ...(text.match(/\b(?:T-\d+[a-z]|F\d+)\b/g) ?? [])])
}

function deadEnds(document: string, text: string, paths: readonly string[]): readonly string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, "")
  const links = [...prose.matchAll(LINK)].map(([, link = ""]) => link).filter((link) => !/^\w+:/.test(link))
  const lost = links.filter((link) => !existsSync(join(dirname(document), link)))
  const named = [...prose.matchAll(PATH)].map(([, path = ""]) => path)
  const unknown = named.filter((path) => !paths.some((known) => pattern(path).test(known)))
  return [...lost, ...unknown, ...deadHeadings(document, prose)].map(
    (path) => `${document}: ${path} does not exist`,
  )
}

function deadHeadings(document: string, prose: string): readonly string[] {
  return [...prose.matchAll(HEADING_LINK)].flatMap(([, link = "", anchor = ""]) => {
    const target = link === "" ? document : join(dirname(document), link)
    const isDead = existsSync(target) && !anchorsOf(readFileSync(target, "utf8")).includes(anchor)
    return isDead ? [`${link}#${anchor}`] : []
  })
}

/** What the headings of a document are linked by, as GitHub and its like make it. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  )
}

function deadNames(source: string, text: string, paths: readonly string[]): readonly string[] {
  const named = [...text.matchAll(COMMENT)].flatMap(([, comment = ""]) => comment.match(NAMED_FILE) ?? [])
  const unknown = named.filter((name) => !paths.some((known) => pattern(name).test(known)))
  return unknown.map((name) => `${source}: ${name} does not exist`)
}

function pattern(path: string): RegExp {
  const escaped = path
    .replaceAll(".", "\\.")
    .replaceAll("*", "[^/]*")
    .replaceAll(/<[^>]*>/g, "[^/]+")
  return new RegExp(`(^|/)${escaped}$`)
}
