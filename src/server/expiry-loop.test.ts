import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { FakeClock } from "../runtime/clock.ts"
import { silentLog } from "../runtime/log.ts"
import { seededRandom } from "../runtime/random.ts"
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts"
import type { Store } from "../store/store.ts"
import { ExpiryLoop } from "./expiry-loop.ts"

let application: number
let clock: FakeClock
let store: Store
let loop: ExpiryLoop
let stop: AbortController
let running: Promise<void>

beforeEach(async () => {
  clock = new FakeClock()
  store = openSqliteStore({ file: ":memory:", random: seededRandom(1), now: clock.now() })
  const app = { id: "A", name: "A", preset: "locked", keys: [] } as const
  application = (await store.applications.create(app, clock.now())).number
  loop = new ExpiryLoop({ store, clock, log: silentLog })
  stop = new AbortController()
  running = loop.run(stop.signal)
  await settled()
})

afterEach(async () => {
  stop.abort()
  await running
  await store.close()
})

/** Lets the loop and the store do whatever they can do at this instant. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function registered(deviceId: string, expiresAt: number): Promise<unknown> {
  const request = {
    deviceToken: deviceId,
    deviceId,
    os: "IOS",
    osVersion: "18",
    channels: ["default"],
    expiresAt,
  }
  return store.devices.register(application, request, { now: clock.now(), channelsPerDeviceMax: 10 })
}

const remaining = async () => (await store.devices.count(application)).ios

/** When the number of registrations falls below `count`, on the fake clock. */
async function timeOfFallBelow(count: number): Promise<number> {
  while ((await remaining()) >= count) {
    await clock.advance(50)
    await settled()
  }
  return clock.now()
}

describe("a registration is removed within a second of its instant", () => {
  test.each([1, 400, 999, 5_000, 29_999, 31_000, 100_000])("when that is %i ms away", async (distance) => {
    const expiresAt = clock.now() + distance
    loop.announce(expiresAt)
    await registered("phone", expiresAt)
    await settled()
    expect(await remaining()).toBe(1)
    const removedAt = await timeOfFallBelow(1)
    expect(removedAt).toBeGreaterThanOrEqual(expiresAt)
    expect(removedAt - expiresAt).toBeLessThanOrEqual(1_000)
  })

  test("when it was announced before it came into the store", async () => {
    const expiresAt = clock.now() + 3_000
    loop.announce(expiresAt)
    await settled()
    await registered("phone", expiresAt)
    expect((await timeOfFallBelow(1)) - expiresAt).toBeLessThanOrEqual(1_000)
  })

  test("when a later one was announced first", async () => {
    const [later, earlier] = [clock.now() + 20_000, clock.now() + 2_000]
    for (const expiresAt of [later, earlier]) {
      loop.announce(expiresAt)
      await registered(`expires at ${expiresAt}`, expiresAt)
      await settled()
    }
    expect((await timeOfFallBelow(2)) - earlier).toBeLessThanOrEqual(1_000)
    expect((await timeOfFallBelow(1)) - later).toBeLessThanOrEqual(1_000)
  })
})

test("a registration of another process is found within half a minute", async () => {
  const expiresAt = clock.now() + 10
  await registered("phone", expiresAt)
  expect((await timeOfFallBelow(1)) - expiresAt).toBeLessThanOrEqual(30_000)
})

test("more than one transaction removes are removed without waiting", async () => {
  const expiresAt = clock.now() + 1_000
  loop.announce(expiresAt)
  await Promise.all(Array.from({ length: 1_200 }, (_, index) => registered(`phone ${index}`, expiresAt)))
  expect((await timeOfFallBelow(1)) - expiresAt).toBeLessThanOrEqual(1_000)
})

test("a store that fails for a while is asked again, and the registrations go once it works", async () => {
  const { removeExpired } = store.devices
  store.devices.removeExpired = () => Promise.reject(new Error("the disk is full"))
  const expiresAt = clock.now() + 1_000
  loop.announce(expiresAt)
  await registered("phone", expiresAt)
  await clock.advance(10_000)
  await settled()
  expect(await remaining()).toBe(1)
  store.devices.removeExpired = removeExpired
  await timeOfFallBelow(1)
  expect(clock.now() - expiresAt).toBeLessThanOrEqual(12_000)
})

test("nothing is done while nothing expires", async () => {
  let looks = 0
  const { nextExpiration } = store.devices
  store.devices.nextExpiration = () => {
    looks++
    return nextExpiration.call(store.devices)
  }
  for (let minute = 0; minute < 10; minute++) {
    await clock.advance(30_000)
    await clock.advance(30_000)
    await settled()
  }
  expect(looks).toBeLessThanOrEqual(20)
})
