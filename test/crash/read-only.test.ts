import { mkdir, mkdtemp, rm, unlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { compileShim } from "./preloaded.ts"
import { expectRecovery, expectRefusals, newPhones, OPERATIONS } from "./refusals.ts"
import { ServerSite } from "./server-site.ts"

const TIMEOUT_MS = 180_000
/** EROFS and EIO of Linux. */
const FAULTS = [
  ["becomes read-only, as after an error of the file system", 30],
  ["fails with every change", 5],
] as const

let scratch: string
let shim: string

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "belfry-fault-shim-"))
})

beforeEach(async ({ skip }) => {
  const compiled = await compileShim("disk-fault-shim.c", scratch)
  if ("missing" in compiled) return skip(`DID NOT RUN: ${compiled.missing}`)
  shim = compiled.file
})

afterAll(() => rm(scratch, { recursive: true }))

describe("a server whose disk", () => {
  test.each(FAULTS)(
    "%s, answers 503 with Retry-After, reads as ever, and goes on afterwards",
    {
      timeout: TIMEOUT_MS,
    },
    async (_, errno) => {
      await using disk = await FaultyDisk.make(shim)
      await using site = await ServerSite.open(disk.path)
      const phones = newPhones(`disk that answers ${errno}`)
      const server = await site.start({ environment: disk.environment })
      await phones.workUntil(server, "ok", OPERATIONS)

      await disk.fail(errno)
      await expectRefusals(phones, server)
      await disk.mend()
      await expectRecovery(phones, server)

      await server.program.kill()
      expect(site.integrity()).toBe("ok")
      const next = await site.start()
      await phones.verify(next, phones.history.deviceIds)
      await next.program.kill()
    },
  )

  test("is read-only at the start, does not start, says why, and starts when it is mended", {
    timeout: TIMEOUT_MS,
  }, async () => {
    await using disk = await FaultyDisk.make(shim)
    await using site = await ServerSite.open(disk.path)
    const phones = newPhones("read-only start")
    const first = await site.start({ environment: disk.environment })
    await phones.workUntil(first, "ok", OPERATIONS)
    await first.program.kill()

    await disk.fail(30)
    const { code, stderr } = await site.launch({ environment: disk.environment }).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^belfry: .*(cannot be (opened|written)|read-only|EROFS)/)

    await disk.mend()
    const next = await site.start({ environment: disk.environment })
    await phones.verify(next, phones.history.deviceIds)
    await next.program.kill()
  })
})

/** A directory whose disk can be told to fail; only for programs that are started in its `environment`. */
class FaultyDisk implements AsyncDisposable {
  readonly path: string
  readonly #scratch: string
  readonly #shim: string

  private constructor(scratch: string, shim: string) {
    this.#scratch = scratch
    this.#shim = shim
    this.path = join(scratch, "data")
  }

  static async make(shim: string): Promise<FaultyDisk> {
    const scratch = await mkdtemp(join(tmpdir(), "belfry-faulty-disk-"))
    await mkdir(join(scratch, "data"), { mode: 0o700 })
    return new FaultyDisk(scratch, shim)
  }

  get environment(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.#shim, DISK_FAULT_WATCHED: this.path, DISK_FAULT_SWITCH: this.#switch }
  }

  fail(errno: number): Promise<void> {
    return writeFile(this.#switch, String(errno))
  }

  mend(): Promise<void> {
    return unlink(this.#switch)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#scratch, { recursive: true })
  }

  get #switch(): string {
    return join(this.#scratch, "errno")
  }
}
