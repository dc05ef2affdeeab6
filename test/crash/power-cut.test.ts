import { cp, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest"
import { type Random, systemRandom } from "../../src/runtime/random.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import type { Store } from "../../src/store/store.ts"
import { ChildProgram } from "./child-program.ts"
import { DeviceHistory, type DeviceState, type Ending, type Operation } from "./device-history.ts"
import { DeviceOperations } from "./device-operations.ts"
import { Phones } from "./phones.ts"
import { CuttableDirectory } from "./power-cut.ts"
import { compileShim } from "./preloaded.ts"
import { InspectedDatabase, ServerSite } from "./server-site.ts"
import { between, countFrom, jitter, seeded } from "./settings.ts"

const CUTS = countFrom("BELFRY_TEST_CUTS", 25)
const CONTROL_CUTS = Math.ceil(CUTS / 5)
const SERVER_CUTS = Math.ceil(CUTS / 5)
const ACKNOWLEDGED_BETWEEN_CUTS_MAX = 200
const DEVICES_PER_LANE = 15
const TIMEOUT_MS = 60_000 + CUTS * 10_000
const WRITER = fileURLToPath(new URL("./programs/power-cut-writer.ts", import.meta.url))

let scratch: string
let shim: Awaited<ReturnType<typeof compileShim>>

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "belfry-power-cut-"))
  shim = await compileShim("power-cut-shim.c", scratch)
})

afterAll(() => rm(scratch, { recursive: true }))

function compiledShim({ skip }: TestContext): string {
  if ("missing" in shim) return skip(`DID NOT RUN: ${shim.missing}`)
  return shim.file
}

describe("a power cut, which loses what was not synchronised", () => {
  test(`loses nothing that the store acknowledged, in ${CUTS} cuts`, {
    timeout: TIMEOUT_MS,
  }, async (context) => {
    const random = seeded("power cuts")
    const directory = await CuttableDirectory.make(join(scratch, "full"), compiledShim(context))
    const tally = await cutRepeatedly(directory, "FULL", CUTS, random)
    console.log(`${CUTS} cuts at FULL: ${tally.acknowledged} acknowledged, ${tally.lost.length} lost`)
    expect(tally.lost).toEqual([])
  })

  test("loses acknowledged writes of the control run at synchronous=NORMAL, so this test can see a loss", {
    timeout: TIMEOUT_MS,
  }, async (context) => {
    const random = seeded("power cuts of the control run")
    const directory = await CuttableDirectory.make(join(scratch, "normal"), compiledShim(context))
    const tally = await cutRepeatedly(directory, "NORMAL", CONTROL_CUTS, random)
    console.log(
      `${CONTROL_CUTS} cuts at NORMAL: ${tally.acknowledged} acknowledged, ${tally.lost.length} devices and messages wrong`,
    )
    expect(tally.lost.length).toBeGreaterThan(0)
  })

  test(`loses nothing that a server acknowledged, nor the key to its secrets, in ${SERVER_CUTS} cuts`, {
    timeout: TIMEOUT_MS,
  }, async (context) => {
    const random = seeded("power cuts of a server")
    const directory = await CuttableDirectory.make(join(scratch, "server"), compiledShim(context))
    await using site = await ServerSite.open(directory.path)
    const phones = new Phones(new DeviceHistory(), new DeviceOperations(random, DEVICES_PER_LANE))
    let apiKeys: unknown
    for (let cut = 0; cut <= SERVER_CUTS; cut += 1) {
      const server = await site.start({ environment: directory.environment })
      apiKeys ??= server.apiKeys
      expect(server.apiKeys).toEqual(apiKeys)
      await phones.verify(server, phones.history.deviceIds)
      const work = phones.work(server)
      await Promise.race([phones.reached("ok", between(random, 1, ACKNOWLEDGED_BETWEEN_CUTS_MAX)), work])
      await jitter(random)
      expect(await server.program.kill()).toMatchObject({ signal: "SIGKILL", stderr: "" })
      await work
      await directory.losePower()
    }
    expect(site.integrity()).toBe("ok")
    console.log(`${SERVER_CUTS} cuts of a server: ${phones.history.counts.ok} acknowledged, 0 lost`)
  })
})

interface Tally {
  readonly acknowledged: number
  readonly lost: readonly string[]
}

async function cutRepeatedly(
  directory: CuttableDirectory,
  synchronous: "FULL" | "NORMAL",
  cuts: number,
  random: Random,
): Promise<Tally> {
  const history = new DeviceHistory()
  const published = new Set<string>()
  const lost: string[] = []
  const file = join(directory.path, "belfry.db")
  for (let cut = 0; cut < cuts; cut += 1) {
    const line = [process.execPath, WRITER, file, synchronous, String(between(random, 1, 1_000_000))]
    await using writer = new ChildProgram(line, { environment: directory.environment })
    await writer.printedTimes('"type":"ok"', between(random, 1, ACKNOWLEDGED_BETWEEN_CUTS_MAX))
    await jitter(random)
    expect(await writer.kill()).toMatchObject({ signal: "SIGKILL", stderr: "" })
    read(writer.stdout, history, published)
    await directory.losePower()
    lost.push(...(await losses(directory, history, published)))
  }
  return { acknowledged: history.counts.ok + published.size, lost }
}

/** What the writer said until the power went: the last line may be incomplete. */
function read(output: string, history: DeviceHistory, published: Set<string>): void {
  const begun = new Map<number, Operation>()
  const lines = output.slice(0, output.lastIndexOf("\n")).split("\n")
  for (const line of lines) {
    const {
      lane = 0,
      operation,
      ending,
      published: message,
    } = JSON.parse(line) as {
      readonly lane?: number
      readonly operation?: Operation
      readonly ending?: Ending & { readonly ids?: unknown }
      readonly published?: string
    }
    if (message !== undefined) published.add(message)
    if (operation !== undefined) begun.set(lane, operation)
    const ended = begun.get(lane)
    if (ending === undefined || ended === undefined) continue
    begun.delete(lane)
    history.record(ended, "ids" in ending ? { ...ending, ids: new Map(ending.ids as never) } : ending)
  }
  for (const operation of begun.values()) history.record(operation, { type: "unknown" })
}

/** Looks at a copy: the first to open what a power cut left is the next writer, as on a machine that starts again. */
async function losses(
  directory: CuttableDirectory,
  history: DeviceHistory,
  published: Set<string>,
): Promise<string[]> {
  const copy = await mkdtemp(join(scratch, "copy-"))
  await cp(directory.path, copy, { recursive: true })
  const file = join(copy, "belfry.db")
  using database = new InspectedDatabase(file)
  expect(database.rows("pragma integrity_check")).toEqual(["ok"])
  const store = openSqliteStore({ file, now: 0, random: systemRandom })
  const lost: string[] = []
  for (const deviceId of history.deviceIds) {
    const problem = history.verify(deviceId, await stateOf(store, deviceId))
    if (problem !== undefined) lost.push(problem.message)
  }
  for (const message of published) {
    if ((await store.messages.byId(1, message)) !== undefined) continue
    published.delete(message)
    lost.push(`${message} was published and is not there`)
  }
  await store.close()
  return lost
}

async function stateOf(store: Store, deviceId: string): Promise<DeviceState> {
  const registration = await store.devices.byDeviceId(1, deviceId, 0)
  if (registration === undefined) return undefined
  const { deviceToken: token, os, osVersion, expiresAt, channels } = registration
  return {
    token,
    os,
    osVersion,
    expiration: expiresAt ?? null,
    channels: new Map(channels.map(({ name, id }) => [name, id])),
  }
}
