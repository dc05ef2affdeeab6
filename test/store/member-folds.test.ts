import { expect, test } from "vitest"
import { openConnection } from "../../src/store/sqlite/connection.ts"
import { openContext } from "../../src/store/sqlite/context.ts"
import { KeyedHash } from "../../src/store/sqlite/keyed-hash.ts"
import { migrate } from "../../src/store/sqlite/migrate.ts"
import { SqliteApplications } from "../../src/store/sqlite/sqlite-applications.ts"
import { SqliteDevices } from "../../src/store/sqlite/sqlite-devices.ts"

/** How many new registrations wait until their members are written, when nothing is published meanwhile. */

const NOW = 1_800_000_000_000

async function openDevices() {
  const connection = openConnection({ file: ":memory:", synchronous: "FULL" })
  migrate(connection, NOW)
  const context = openContext({ connection, keys: new KeyedHash("salt") })
  await new SqliteApplications(context).create({ id: "own", name: "own", preset: "locked", keys: [] }, NOW)
  const devices = new SqliteDevices(context)
  let made = 0
  const members = connection.prepare<[], number>("select count(*) from members").pluck()
  const membersByName = connection
    .prepare<[], string>(
      `select c.name || ' ' || coalesce(r.device_id, 'nobody') || ' ' || m.platform from members m
        join channels c on c.number = m.channel left join registrations r on r.number = m.registration order by 1`,
    )
    .pluck()
  return {
    devices,
    /** Always the same device, alone in its transaction. */
    one(os: string, channels: readonly string[]) {
      const request = {
        deviceId: "one",
        deviceToken: "one",
        os,
        osVersion: "1",
        channels,
        expiresAt: undefined,
      }
      return devices.register(1, request, { now: NOW, channelsPerDeviceMax: 10 })
    },
    /** Channel, device and platform code of each. */
    membersByName: () => membersByName.all(),
    /** So many in one transaction. */
    async register(count: number) {
      const calls = Array.from({ length: count }, () => {
        const text = `device ${made++}`
        const request = { deviceId: text, deviceToken: text, os: "IOS", osVersion: "1", channels: ["all"] }
        const options = { now: NOW, channelsPerDeviceMax: 10 }
        return devices.register(1, { ...request, expiresAt: undefined }, options)
      })
      await Promise.all(calls)
    },
    members: () => members.get(),
  }
}

test("those that come one by one are written by hundreds, so that none waits for thousands", async () => {
  const { register, members } = await openDevices()
  for (let count = 1; count <= 255; count++) await register(1)
  expect(members()).toBe(0)
  await register(1)
  expect(members()).toBe(256)
  await register(1)
  expect(members()).toBe(256)
})

test("those that come many at a time are written by thousands, because each page then takes many", async () => {
  const { register, members } = await openDevices()
  for (let groups = 1; groups <= 255; groups++) await register(64)
  expect(members()).toBe(0)
  await register(64)
  expect(members()).toBe(16_384)
})

test("a few that come alone among many do not change that", async () => {
  const { register, members } = await openDevices()
  for (let groups = 1; groups <= 40; groups++) {
    await register(64)
    await register(1)
  }
  expect(members()).toBe(0)
})

test("when no more come together, they are written by hundreds again", async () => {
  const { register, members } = await openDevices()
  await register(64)
  for (let count = 1; count <= 150; count++) await register(1)
  expect(members()).toBe(0)
  for (let count = 1; count <= 100; count++) await register(1)
  expect(members()).toBeGreaterThanOrEqual(256)
})

type Devices = Awaited<ReturnType<typeof openDevices>>

test.each<[what: string, change: (world: Devices, ofB: string) => Promise<unknown>, members: string[]]>([
  ["stays", async () => {}, ["a one 1", "b one 1"]],
  ["leaves a channel", ({ devices }, ofB) => devices.leaveChannel(1, ofB, NOW), ["a one 1"]],
  ["joins a channel", ({ one }) => one("IOS", ["c"]), ["a one 1", "b one 1", "c one 1"]],
  ["is of another platform", ({ one }) => one("ANDROID", ["a"]), ["a one 2", "b one 2"]],
  ["goes", ({ devices }) => devices.unregister(1, "one", NOW), []],
])("a registration that %s while it waits is written so", async (_, change, members) => {
  const world = await openDevices()
  const { devices, one, register, membersByName } = world
  // From here on, what waits is remembered.
  expect(await devices.count(1)).toMatchObject({ ios: 0 })
  const { channels } = await one("IOS", ["a", "b"])
  await change(world, channels[1]?.id as string)
  expect(membersByName()).toEqual([])
  for (let count = 1; count <= 256; count++) await register(1)
  expect(membersByName().filter((line) => !line.startsWith("all "))).toEqual(members)
})
