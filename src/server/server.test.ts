import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { readConfig } from "../config/config.ts"
import { DomainError } from "../domain/errors.ts"
import { DEFAULT_USER_SETTINGS } from "../domain/user-settings.ts"
import { FakeClock, systemClock } from "../runtime/clock.ts"
import { silentLog } from "../runtime/log.ts"
import { systemRandom } from "../runtime/random.ts"
import { openServer } from "../server.ts"
import { Audit } from "../service/audit.ts"
import { Statistics } from "../service/statistics.ts"
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts"
import type { Store } from "../store/store.ts"
import { keepHouse } from "./housekeeping.ts"
import { storeReadiness } from "./readiness.ts"
import type { OpenStore } from "./storage.ts"

let path: string

const housekeepingOf = (store: Store, clock: FakeClock) => ({
  ...{ store, clock, database: ":memory:", log: silentLog },
  statistics: new Statistics(store, clock),
  audit: new Audit(store.audit, clock, systemRandom),
})

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "belfry-server-"))
})

afterEach(() => rm(path, { recursive: true }))

/** A server in this process, on a store that tells what happens to it. */
function setup(port = 0) {
  const reading = readConfig({ "data-dir": join(path, "data"), port: String(port) }, new Map())
  if (!reading.ok) throw new Error(reading.faults.join())
  const seen = { closed: 0, lose: (_error: Error) => {}, probe: async () => {} }
  const openStore: OpenStore = (options) => {
    const store = openSqliteStore(options)
    const close = () => {
      seen.closed++
      return store.close()
    }
    seen.lose = options.onFailure
    return { ...store, close, probe: () => seen.probe() }
  }
  const { config, secrets } = reading
  const surroundings = { clock: systemClock, random: systemRandom, openLog: () => silentLog, openStore }
  return { seen, open: () => openServer({ config, secrets, ...surroundings }) }
}

describe("a server", () => {
  test("closes its store once, however often it is told to", async () => {
    const { seen, open } = setup()
    const server = await open()
    await Promise.all([server.close(AbortSignal.timeout(5_000)), server.close(AbortSignal.abort())])
    await server[Symbol.asyncDispose]()
    expect(seen.closed).toBe(1)
  })

  test("that cannot listen leaves nothing open", async () => {
    const taken = createServer().listen(0, "127.0.0.1")
    await new Promise((resolve) => taken.once("listening", resolve))
    const { port } = taken.address() as { port: number }
    const { seen, open } = setup(port)
    await expect(open()).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use.`)
    expect(seen.closed).toBe(1)
    await new Promise((resolve) => taken.close(resolve))
  })

  test("says when its store is lost for good", async () => {
    const { seen, open } = setup()
    await using server = await open()
    seen.lose(new Error("the store thread ended"))
    expect(await server.lost).toMatchObject({ message: "the store thread ended" })
  })

  test("is not ready while its store cannot be written, and alive all the while", async () => {
    const { seen, open } = setup()
    await using server = await open()
    seen.probe = () => Promise.reject(new DomainError("unavailable", "The disk is full."))
    const ready = await fetch(`${server.url}/readyz`)
    expect({ status: ready.status, body: await ready.json() }).toMatchObject({
      status: 503,
      body: { message: "Not ready: The disk is full." },
    })
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })
})

test("readiness probes the store once a second, however many ask", async () => {
  const clock = new FakeClock()
  let probes = 0
  const readiness = storeReadiness(
    {
      async probe() {
        probes++
        if (probes > 1) throw new Error("The disk is full.")
      },
    },
    clock,
  )
  expect(await Promise.all([readiness(), readiness(), readiness()])).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  await clock.advance(999)
  expect(await readiness()).toBeUndefined()
  expect(probes).toBe(1)
  await clock.advance(1)
  expect(await readiness()).toBe("The disk is full")
})

test("guests who cannot be logged in again are removed as the application wants it", async () => {
  const clock = new FakeClock()
  const store: Store = openSqliteStore({ file: ":memory:", random: systemRandom, now: clock.now() })
  const guest = { kind: "guest", status: "GUEST", identity: undefined, origin: undefined } as const
  const [usual, keeps] = await Promise.all(
    ["A", "B"].map(async (id) => {
      const made = await store.applications.create({ id, name: id, preset: "locked", keys: [] }, clock.now())
      const user = { ...guest, id: `guest of ${id}`, passwordHash: undefined, properties: {}, roles: [] }
      await store.users.create(made.number, user, clock.now())
      return made.number
    }),
  )
  await store.users.setSettings(keeps ?? 0, { ...DEFAULT_USER_SETTINGS, guestsKeptMs: null }, clock.now())
  await clock.advance(29 * 86_400_000)
  const stop = new AbortController()
  const running = keepHouse(housekeepingOf(store, clock), stop.signal)
  const count = async (application = 0) =>
    (await store.users.page(application, { after: undefined, limit: 9 })).users.length
  await clock.advance(60_000)
  expect(await count(usual)).toBe(1)
  await clock.advance(86_400_000)
  await expect
    .poll(async () => {
      await clock.advance(1_000)
      return count(usual)
    })
    .toBe(0)
  expect(await count(keeps)).toBe(1)
  stop.abort()
  await running
  await store.close()
})

test("where a removed user of an identity provider came from is forgotten after two days", async () => {
  const clock = new FakeClock()
  const store: Store = openSqliteStore({ file: ":memory:", random: systemRandom, now: clock.now() })
  const { number } = await store.applications.create(
    { id: "A", name: "A", preset: "locked", keys: [] },
    clock.now(),
  )
  const origin = { issuer: "https://id.example.com", subject: "7" }
  const social = { id: "U", kind: "social", status: "ENABLED", identity: undefined, origin } as const
  await store.users.create(
    number,
    { ...social, passwordHash: undefined, properties: {}, roles: [] },
    clock.now(),
  )
  await store.users.remove(number, "U", clock.now())
  const stop = new AbortController()
  const running = keepHouse(housekeepingOf(store, clock), stop.signal)
  await clock.advance(2 * 86_400_000 - 60_000)
  expect(await store.users.originRemovedAt(number, origin)).toBeDefined()
  await expect
    .poll(async () => {
      await clock.advance(10_000)
      return store.users.originRemovedAt(number, origin)
    })
    .toBeUndefined()
  expect(clock.now() - new FakeClock().now()).toBeGreaterThanOrEqual(2 * 86_400_000)
  stop.abort()
  await running
  await store.close()
})

test("a call that was cut short has its entry in the audit log within two minutes", async () => {
  const clock = new FakeClock()
  const store: Store = openSqliteStore({ file: ":memory:", random: systemRandom, now: clock.now() })
  const intent = { actor: "a", action: "application.create", application: undefined, target: "" }
  await store.audit.during({ ...intent, id: "1", begunAt: clock.now() }, () =>
    store.applications.create({ id: "A", name: "A", preset: "locked", keys: [] }, clock.now()),
  )
  const stop = new AbortController()
  const running = keepHouse(housekeepingOf(store, clock), stop.signal)
  const entries = async () => (await store.audit.page({}, undefined, 9)).entries
  await clock.advance(59_000)
  expect(await entries()).toEqual([])
  await expect
    .poll(async () => {
      await clock.advance(10_000)
      return entries()
    })
    .toMatchObject([{ ...intent, details: { interrupted: true } }])
  expect(clock.now() - new FakeClock().now()).toBeLessThan(120_000)
  stop.abort()
  await running
  await store.close()
})

test("the devices of a deleted application are removed within a minute", async () => {
  const clock = new FakeClock()
  const store: Store = openSqliteStore({ file: ":memory:", random: systemRandom, now: clock.now() })
  const applications = await Promise.all(
    ["A", "B"].map((id) =>
      store.applications.create({ id, name: id, preset: "locked", keys: [] }, clock.now()),
    ),
  )
  const [kept, deleted] = applications.map(({ number }) => number) as [number, number]
  for (const application of [kept, deleted]) {
    for (let device = 0; device < 600; device++) {
      const deviceId = `device ${device}`
      void store.devices.register(
        application,
        {
          deviceToken: deviceId,
          deviceId,
          os: "IOS",
          osVersion: "18",
          channels: ["default"],
          expiresAt: undefined,
        },
        { now: clock.now(), channelsPerDeviceMax: 10 },
      )
    }
  }
  await store.applications.delete(deleted, clock.now())
  const stop = new AbortController()
  const running = keepHouse(housekeepingOf(store, clock), stop.signal)
  await expect
    .poll(async () => {
      await clock.advance(1_000)
      return (await store.devices.page(deleted, 0, 10, clock.now())).devices.length
    })
    .toBe(0)
  expect((await store.devices.count(kept)).ios).toBe(600)
  stop.abort()
  await running
  await store.close()
})
