import { describe, expect, test } from "vitest"
import type { RegistrationRequest } from "../../src/domain/device.ts"
import { shortHash } from "../../src/runtime/short-hash.ts"
import { openConnection } from "../../src/store/sqlite/connection.ts"
import { openContext } from "../../src/store/sqlite/context.ts"
import { DeviceScan, type ScanBounds } from "../../src/store/sqlite/device-scan.ts"
import { KeyedHash } from "../../src/store/sqlite/keyed-hash.ts"
import { migrate } from "../../src/store/sqlite/migrate.ts"
import { SqliteApplications } from "../../src/store/sqlite/sqlite-applications.ts"
import { SqliteDevices } from "../../src/store/sqlite/sqlite-devices.ts"
import type { DeviceCriteria } from "../../src/store/store.ts"

/** Looking for devices where no index leads: nothing is missed, and no call looks at more than it may. */

const NOW = 1_800_000_000_000
const BOUNDS: ScanBounds = { slice: 3, call: 12, hashing: 6 }
const APPLICATION = 1
const OTHER = 2

async function openScan(waitingMembersMax: number) {
  const connection = openConnection({ file: ":memory:", synchronous: "FULL" })
  migrate(connection, NOW)
  const context = openContext({ connection, keys: new KeyedHash("salt"), folding: { waitingMembersMax } })
  const applications = new SqliteApplications(context)
  for (const id of ["own", "other"]) {
    await applications.create({ id, name: id, preset: "locked", keys: [] }, NOW)
  }
  const devices = new SqliteDevices(context)
  const register = (deviceId: string, more: Partial<RegistrationRequest> = {}, userId?: string) =>
    devices.register(
      APPLICATION,
      {
        ...{ deviceId, deviceToken: `token of ${deviceId}`, os: "IOS", osVersion: "1" },
        ...{ channels: ["all"], expiresAt: undefined },
        ...more,
      },
      { now: NOW, channelsPerDeviceMax: 10, ...(userId !== undefined && { userId }) },
    )
  const scan = new DeviceScan(context, BOUNDS)
  return {
    devices,
    register,
    channel: (name: string) => context.channelNumbers.find(APPLICATION, name) ?? 0,
    page: (criteria: DeviceCriteria, after = 0, limit = 100) =>
      scan.page(APPLICATION, criteria, after, limit, NOW),
    /** Every page, and how many it took. */
    async all(criteria: DeviceCriteria, limit = 100) {
      const found: string[] = []
      let pages = 0
      for (let after: number | undefined = 0; after !== undefined; pages++) {
        const page = await scan.page(APPLICATION, criteria, after, limit, NOW)
        found.push(...page.devices.map(({ deviceId }) => deviceId))
        expect(page.devices.length).toBeLessThanOrEqual(limit)
        after = page.next
      }
      return { found, pages }
    },
    [Symbol.dispose]: () => connection.close(),
  }
}

/** With everything in the tables, with everything still waiting, and with some of both. */
describe.each([1, 1_000, 17])("with up to %i registrations that wait for the tables", (waitingMax) => {
  async function populated() {
    const store = await openScan(waitingMax)
    for (let index = 0; index < 40; index++) {
      const os = index % 5 === 0 ? "ANDROID" : index % 7 === 0 ? "Symbian" : "ios "
      const channels = index % 2 === 0 ? ["all", "even"] : ["all"]
      await store.register(`${index % 3 === 0 ? "ab" : "AB"}-${index}`, { os, channels }, `user ${index % 4}`)
    }
    await store.register("ab-expired", { expiresAt: NOW })
    await store.devices.register(
      OTHER,
      {
        deviceId: "ab-other",
        deviceToken: "t",
        os: "IOS",
        osVersion: "",
        channels: ["all"],
        expiresAt: undefined,
      },
      { now: NOW, channelsPerDeviceMax: 10 },
    )
    return store
  }
  const names = (matches: (index: number) => boolean) =>
    Array.from({ length: 40 }, (_, index) => index)
      .filter(matches)
      .map((index) => `${index % 3 === 0 ? "ab" : "AB"}-${index}`)
  const isIos = (index: number) => index % 5 !== 0 && index % 7 !== 0

  test.each([1, 2, 5, 100])("every criterion finds exactly its devices, %i at a time", async (limit) => {
    using store = await populated()
    const all = async (criteria: DeviceCriteria) => (await store.all(criteria, limit)).found
    expect(await all({ deviceIdPrefix: "ab-" })).toEqual(names((index) => index % 3 === 0))
    expect(await all({ deviceIdPrefix: "ab-1" })).toEqual(["ab-12", "ab-15", "ab-18"])
    expect(await all({ deviceIdPrefix: "%" })).toEqual([])
    expect(await all({ os: "IOS" })).toEqual(names(isIos))
    expect(await all({ os: " symbian" })).toEqual(names((index) => index % 7 === 0 && index % 5 !== 0))
    expect(await all({ userId: "user 2" })).toEqual(names((index) => index % 4 === 2))
    expect(await all({ tokenHash: shortHash("token of ab-33") })).toEqual(["ab-33"])
    const channel = store.channel("even")
    expect(await all({ channel, deviceIdPrefix: "ab" })).toEqual(names((index) => index % 6 === 0))
    expect(await all({ channel, os: "ios", userId: "user 2" })).toEqual(
      names((index) => index % 4 === 2 && isIos(index)),
    )
    expect(await all({ channel, tokenHash: shortHash("token of ab-33") })).toEqual([])
  })
})

test("no call looks at more registrations than it may: a page is short and has a next one", async () => {
  using store = await openScan(1)
  for (let index = 0; index < 40; index++) await store.register(`phone-${index}`)
  await store.register("rare", { os: "WP" })
  expect(await store.page({ os: "WP" })).toEqual({ devices: [], next: 12 })
  expect(await store.page({ tokenHash: shortHash("token of rare") })).toEqual({ devices: [], next: 6 })
  expect(await store.all({ os: "WP" })).toEqual({ found: ["rare"], pages: 4 })
})
