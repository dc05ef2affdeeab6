import { readFileSync } from "node:fs"

/** The only reader of process.env, and of the files of the program that say what it is. Reads, and judges nothing. */

const PREFIX = "BELFRY_"

/** Variables of Belfry by name. An empty one counts as not given: that is how compose files write "no value". */
export type Environment = ReadonlyMap<string, string>

export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(variables)) {
    const text = value?.trim() ?? ""
    if (name.startsWith(PREFIX) && text !== "") found.set(name, text)
  }
  return found
}

/** The version of this program, from its package. */
export function readVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  )
  return manifest.version
}
