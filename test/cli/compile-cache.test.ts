import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test, vi } from "vitest"
import { BelfryProcess } from "./belfry-process.ts"

/** Node's own stripper of types takes 13 MB from a server that loads a single module which was not compiled before. */

/**
 * Says at the end of the main thread what was loaded of that which costs a server dearly: the stripper, and (13 MB, 0.15 s)
 * the client behind the global fetch, which an import of node:http brings along.
 */
const PROBE = `process.on("exit", () => {
  const loaded = ["amaro", "undici"].filter((name) => process.moduleLoadList.some((one) => one.includes(name)))
  process._rawDebug("loaded: [" + loaded + "]")
})`
const PROBE_OPTION = `--import=data:text/javascript,${encodeURIComponent(PROBE)}`

const startWith = (cache: string, dataDir: string) =>
  new BelfryProcess(["serve", "--port", "0", "--data-dir", dataDir, "--log-level", "error"], {
    // Node takes this folder instead of the one that the program names.
    env: { ...process.env, NODE_COMPILE_CACHE: cache, NODE_OPTIONS: PROBE_OPTION },
  })

/** What a server loads that is started with this cache and stopped. */
async function loadedWith(cache: string, dataDir: string): Promise<readonly string[]> {
  const server = startWith(cache, dataDir)
  await server.printed(/registrations/)
  const { code, stderr } = await server.stop()
  expect(code).toBe(0)
  return stderr.match(/loaded: .*/g) ?? []
}

test("the first start keeps what it compiled, so that no later one loads the stripper of types, and none what no server uses", async () => {
  const folder = mkdtempSync(join(tmpdir(), "belfry-cache-"))
  const dataDir = join(folder, "data")
  try {
    expect(await loadedWith(join(folder, "other"), dataDir)).toEqual(["loaded: [amaro]"])
    // One that is killed has kept it nevertheless, in this order: the last part is kept last.
    const cache = join(folder, "cache")
    const killed = startWith(cache, dataDir)
    await killed.printed(/registrations/)
    const least = readdirSync(join(folder, "other"), { recursive: true }).length
    await vi.waitFor(
      () => expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThanOrEqual(least),
      30_000,
    )
    await killed.stop("SIGKILL")
    expect(await loadedWith(cache, dataDir)).toEqual(["loaded: []"])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
