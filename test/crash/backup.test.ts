import { copyFile, mkdir } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { ChildProgram } from "./child-program.ts"
import { newPhones, OPERATIONS } from "./refusals.ts"
import { type RunningServer, ServerSite } from "./server-site.ts"

const BACKUPS = 3
const CLIENTS = 8
/** What docs/operating.md tells SQLite to do, in a process of its own. */
const BACKUP = `
  const Database = require("better-sqlite3")
  new Database(process.argv[1], { readonly: true }).prepare("vacuum into ?").run(process.argv[2])
`

describe("a backup that is taken while devices register", () => {
  test(`holds all that was acknowledged before it was begun, and a server starts on it, in ${BACKUPS} backups`, {
    timeout: 180_000,
  }, async () => {
    await using site = await ServerSite.open()
    const phones = newPhones("backup")
    const server = await site.start()
    await using restored = new AsyncDisposableStack()
    for (let backup = 1; backup <= BACKUPS; backup += 1) {
      await phones.workUntil(server, "ok", OPERATIONS)
      const target = restored.use(await ServerSite.open())
      const stop = new AbortController()
      const load = registerAnyhow(server, stop.signal)
      await backUp(site, target)
      stop.abort()
      expect(await load).toBeGreaterThan(0)

      expect(target.integrity()).toBe("ok")
      const next = await target.start()
      expect(next.apiKeys).toEqual(server.apiKeys)
      await phones.verify(next, phones.history.deviceIds)
      await next.program.kill()
    }
    await server.program.kill()
  })
})

async function backUp(site: ServerSite, target: ServerSite): Promise<void> {
  await mkdir(target.dataDir, { mode: 0o700 })
  await using program = new ChildProgram([
    process.execPath,
    "-e",
    BACKUP,
    "--",
    site.database,
    target.database,
  ])
  expect(await program.ended).toMatchObject({ code: 0, stderr: "" })
  await copyFile(join(site.dataDir, "master.key"), join(target.dataDir, "master.key"))
}

/** Devices that no history knows, as fast as they come, until the signal aborts; returns how many. */
async function registerAnyhow({ url, path }: RunningServer, signal: AbortSignal): Promise<number> {
  let count = 0
  const client = async () => {
    while (!signal.aborted) {
      count += 1
      const deviceId = `anyhow-${count}`
      const body = JSON.stringify({ deviceId, deviceToken: deviceId, os: "ANDROID", osVersion: "16" })
      const headers = { "content-type": "application/json" }
      const answer = await fetch(`${url}${path}/messaging/registrations`, { method: "POST", headers, body })
      expect(await answer.json()).toMatchObject({ registrationId: expect.any(String) })
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return count
}
