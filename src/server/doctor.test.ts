import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { readConfig } from "../config/config.ts"
import { systemClock } from "../runtime/clock.ts"
import { systemRandom } from "../runtime/random.ts"
import { dataDirectoryAt } from "./data-directory.ts"
import { examine } from "./doctor.ts"
import { checkClock, checkNode, checkPermissions } from "./doctor-machine.ts"
import { checkAddress, checkPort, checkProxies } from "./doctor-network.ts"

let path: string

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "belfry-doctor-"))
})

afterEach(() => rm(path, { recursive: true }))

const statesOf = async (flags: Record<string, string>, variables: [string, string][] = []) => {
  const reading = readConfig({ "data-dir": join(path, "data"), port: "0", ...flags }, new Map(variables))
  const findings = await examine({ reading, clock: systemClock, random: systemRandom })
  return Object.fromEntries(findings.map(({ check, state }) => [check, state]))
}

test("a machine on which nothing was started yet is well, and stays untouched", async () => {
  const states = await statesOf({})
  expect(states).toMatchObject({
    node: "ok",
    settings: "ok",
    proxies: "ok",
    clock: "ok",
    "data directory": "ok",
    port: "ok",
  })
  await expect(checkClock(systemClock.now(), dataDirectoryAt(join(path, "data")))).resolves.toMatchObject({
    state: "ok",
  })
  await expect(mkdir(join(path, "data"))).resolves.toBeUndefined()
})

test("settings that cannot be read fail, misspelt ones are warned of", async () => {
  expect(await statesOf({ port: "x" })).toMatchObject({ settings: "fail" })
  expect(await statesOf({}, [["BELFRY_PROT", "1"]])).toMatchObject({ settings: "warn" })
})

test("trusted proxies are listed, and a range that nobody owns is warned of", async () => {
  expect(checkProxies([])).toMatchObject({ state: "ok", found: expect.stringMatching(/^none is trusted/) })
  expect(checkProxies(["10.0.0.0/8", "fc00::/7", "203.0.113.7"])).toMatchObject({
    state: "ok",
    found: "X-Forwarded-For is believed from 10.0.0.0/8, fc00::/7, 203.0.113.7",
  })
  expect(checkProxies(["10.0.0.0/8", "0.0.0.0/1", "2000::/3"])).toMatchObject({
    state: "warn",
    found: expect.stringContaining(" 0.0.0.0/1, 2000::/3:"),
  })
  expect(await statesOf({ "http-trusted-proxies": "128.0.0.0/1" })).toMatchObject({ proxies: "warn" })
  expect(await statesOf({ "http-trusted-proxies": "10.1.2.3/8" })).toMatchObject({ settings: "fail" })
})

test("a data directory that is a file, or holds no database in belfry.db, fails", async () => {
  await writeFile(join(path, "data"), "")
  expect(await statesOf({})).toMatchObject({ "data directory": "fail" })
  await rm(join(path, "data"))
  await mkdir(join(path, "data"))
  await writeFile(
    join(path, "data", "belfry.db"),
    "this is no database, and long enough to be taken for one ".repeat(20),
  )
  expect(await statesOf({})).toMatchObject({ "data directory": "fail" })
})

test("a data directory that no start could make fails", async () => {
  await writeFile(join(path, "a-file"), "")
  expect(await statesOf({ "data-dir": join(path, "a-file", "below", "further") })).toMatchObject({
    "data directory": "fail",
  })
})

describe("the machine", () => {
  test.each([
    ["22.9.1", "fail"],
    ["24.0.0", "ok"],
    ["26.1.0", "ok"],
  ])("with Node %s: %s", (version, state) => {
    expect(checkNode(version).state).toBe(state)
  })

  test("with a clock that stands before the latest change of the data fails", async () => {
    const directory = dataDirectoryAt(path)
    await writeFile(directory.database, "")
    const future = systemClock.now() / 1000 + 3_600
    await utimes(directory.database, future, future)
    expect(await checkClock(systemClock.now(), directory)).toMatchObject({ state: "fail" })
    expect(await checkClock(0, dataDirectoryAt(join(path, "none")))).toMatchObject({ state: "fail" })
  })

  test("with a data directory that others may read is warned of", async () => {
    const directory = dataDirectoryAt(join(path, "data"))
    await mkdir(directory.path, { mode: 0o700 })
    await writeFile(directory.masterKey, "", { mode: 0o644 })
    expect(await checkPermissions(directory)).toMatchObject([{ state: "ok" }])
    await rm(directory.path, { recursive: true })
    await mkdir(directory.path, { mode: 0o755 })
    expect(await checkPermissions(directory)).toMatchObject([{ state: "warn" }])
  })
})

describe("the address", () => {
  test.each([
    ["127.0.0.1", "ok"],
    ["::1", "ok"],
    ["localhost", "ok"],
    ["0.0.0.0", "warn"],
    ["::", "warn"],
    ["push.example.com", "warn"],
  ])("%s: %s", (host, state) => {
    expect(checkAddress(host).state).toBe(state)
  })

  test("with a port that another program has fails", async () => {
    const taken: Server = createServer((socket) => socket.resume().end("hello")).listen(0, "127.0.0.1")
    await new Promise((resolve) => taken.once("listening", resolve))
    const { port } = taken.address() as { port: number }
    expect(await checkPort("127.0.0.1", port)).toMatchObject({ state: "fail", check: "port" })
    await new Promise((resolve) => taken.close(resolve))
    expect(await checkPort("127.0.0.1", port)).toMatchObject({
      state: "ok",
      found: `${port} is free: no server runs on it`,
    })
  })

  test("with the port 0, which is none that could be free, says so", async () => {
    expect(await checkPort("127.0.0.1", 0)).toMatchObject({
      state: "ok",
      found: "0: every start takes one that is free",
    })
  })

  test("that this machine does not have fails", async () => {
    expect(await checkPort("192.0.2.1", 9)).toMatchObject({ state: "fail" })
  })
})
