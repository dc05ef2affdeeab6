import { execFile } from "node:child_process"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"
import { expectRecovery, expectRefusals, newPhones, OPERATIONS, readiness } from "./refusals.ts"
import { InspectedDatabase, type RunningServer, ServerSite } from "./server-site.ts"
import { SmallDisk } from "./small-disk.ts"

const TIMEOUT_MS = 180_000
const DISK_MEGABYTES = 8
/** One for each client: on a slow machine, all devices are not read before the first write is given up. */
const READ_WHILE_LOCKED = 16

describe("a server whose store cannot be written", () => {
  test("because the disk is full, answers 503 with Retry-After, reads as ever, and goes on when there is room", {
    timeout: TIMEOUT_MS,
  }, async ({ skip }) => {
    await using opened = new AsyncDisposableStack()
    const path = await mkdtemp(join(tmpdir(), "belfry-small-disk-"))
    opened.defer(() => rm(path, { recursive: true }))
    const disk = await SmallDisk.mount(path, DISK_MEGABYTES)
    if ("missing" in disk) return skip(`DID NOT RUN: ${disk.missing}`)
    opened.use(disk)
    await using site = await ServerSite.open(join(path, "data"))
    const phones = newPhones("full disk")
    const server = await site.start({ through: disk.through })
    await phones.workUntil(server, "ok", OPERATIONS)

    await disk.fill()
    await expectRefusals(phones, server)
    await disk.free()
    await expectRecovery(phones, server)

    await server.program.kill()
    const next = await site.start({ through: disk.through })
    await phones.verify(next, phones.history.deviceIds)
    await next.program.kill()
  })

  test("because the disk reports errors, answers 503 with Retry-After, reads as ever, and goes on afterwards", {
    timeout: TIMEOUT_MS,
  }, async ({ skip }) => {
    await using site = await ServerSite.open()
    const phones = newPhones("failing disk")
    const server = await site.start()
    await phones.workUntil(server, "ok", OPERATIONS)

    // No file may grow: EFBIG, which SQLite takes for an input/output error.
    const { size } = await stat(`${site.database}-wal`)
    const missing = await limitFileSize(server, String(size))
    if (missing !== undefined) return skip(`DID NOT RUN: ${missing}`)
    await expectRefusals(phones, server)
    await limitFileSize(server, "unlimited")
    await expectRecovery(phones, server)

    await server.program.kill()
    expect(site.integrity()).toBe("ok")
    const next = await site.start()
    await phones.verify(next, phones.history.deviceIds)
    await next.program.kill()
  })

  test("because another process keeps it locked, answers 503 with Retry-After, reads, and goes on afterwards", {
    timeout: TIMEOUT_MS,
  }, async () => {
    await using site = await ServerSite.open()
    const phones = newPhones("locked database")
    const server = await site.start()
    await phones.workUntil(server, "ok", OPERATIONS)

    using database = new InspectedDatabase(site.database)
    database.run("begin exclusive")
    const stop = new AbortController()
    const refused = phones.reached("fail", 1).then(() => "refused")
    const work = phones.work(server, stop.signal)
    // Reading does not wait for what waits to be written, which is refused after a second and a half.
    const read = phones.verify(server, phones.history.deviceIds.slice(0, READ_WHILE_LOCKED))
    expect(await Promise.race([refused, read.then(() => "read")])).toBe("read")
    await refused
    await readiness(server, 503)
    stop.abort()
    await work
    await phones.verify(server, phones.history.deviceIds)
    database.run("rollback")

    await expectRecovery(phones, server)
    await server.program.kill()
    expect(site.integrity()).toBe("ok")
  })
})

/** Returns why it cannot be done. */
async function limitFileSize({ program }: RunningServer, bytes: string): Promise<string | undefined> {
  if (process.platform !== "linux") return `prlimit is Linux's, not ${process.platform}'s`
  try {
    await promisify(execFile)("prlimit", ["--pid", String(program.pid), `--fsize=${bytes}:`])
    return undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "prlimit (util-linux) is not installed"
    throw error
  }
}
