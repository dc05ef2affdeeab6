import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { TestProject } from "vitest/node"
import { buildConsole } from "../../console/build.ts"
import { chromiumPath } from "./chromium.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** The Console as built from the present sources, whatever is committed; undefined without a browser. */
    consoleFolder: string | undefined
  }
}

/** Before the browser tests: builds the Console once, or says that they do not run. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  if (chromiumPath() === undefined) {
    console.warn(
      "The browser tests of the Console do NOT run: there is no Chromium. Install it (Debian: `apt-get install chromium`), " +
        "or name one in BELFRY_TEST_CHROMIUM, then `npx vitest run --project console`.",
    )
    provide("consoleFolder", undefined)
    return () => {}
  }
  const folder = mkdtempSync(join(tmpdir(), "belfry-console-"))
  for (const [name, text] of await buildConsole()) {
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  provide("consoleFolder", folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
