import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { BelfryProcess } from "./belfry-process.ts"

/** Node's own stripper of types takes 30 MB from a server that loads a single module which was not compiled before. */

const FILL = fileURLToPath(new URL("../../bin/fill-compile-cache.js", import.meta.url))

/**
 * Says at the end of the main thread what was loaded of that which costs a server dearly: the stripper, and (13 MB, 0.15 s)
 * the client behind the global fetch, which an import of node:http brings along.
 */
const PROBE = `process.on("exit", () => {
  const loaded = ["amaro", "undici"].filter((name) => process.moduleLoadList.some((one) => one.includes(name)))
  process._rawDebug("loaded: [" + loaded + "]")
})`
const PROBE_OPTION = `--import=data:text/javascript,${encodeURIComponent(PROBE)}`

/** What a server said that was started with this cache and stopped. */
async function startWith(cache: string, dataDir: string): Promise<readonly string[]> {
  const env = { ...process.env, NODE_COMPILE_CACHE: cache, NODE_OPTIONS: PROBE_OPTION }
  const server = new BelfryProcess(["serve", "--port", "0", "--data-dir", dataDir, "--log-level", "error"], {
    env,
  })
  await server.printed(/registrations/)
  const { code, stderr } = await server.stop()
  expect(code).toBe(0)
  return stderr.match(/loaded: .*/g) ?? []
}

test("a server whose modules were compiled before it began loads no stripper of types, and never what it does not use", async () => {
  const folder = mkdtempSync(join(tmpdir(), "belfry-cache-"))
  try {
    // Node takes this folder instead of the one that the program names.
    const cache = join(folder, "cache")
    await promisify(execFile)(process.execPath, [FILL], {
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
    })
    expect(await startWith(cache, join(folder, "data"))).toEqual(["loaded: []"])
    expect(await startWith(join(folder, "empty"), join(folder, "data"))).toEqual(["loaded: [amaro]"])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
