import { afterEach, beforeEach, expect, test } from "vitest"
import { type Connection, openConnection } from "../../src/store/sqlite/connection.ts"
import { openContext, type SqliteContext } from "../../src/store/sqlite/context.ts"
import { KeyedHash } from "../../src/store/sqlite/keyed-hash.ts"
import { migrate } from "../../src/store/sqlite/migrate.ts"
import { openRemovedMembers } from "../../src/store/sqlite/removed-members.ts"
import { SqliteApplications } from "../../src/store/sqlite/sqlite-applications.ts"
import { SqliteDevices } from "../../src/store/sqlite/sqlite-devices.ts"

const NOW = 1_800_000_000_000
const EXPIRED = NOW + 1000

let connection: Connection
let context: SqliteContext
let devices: SqliteDevices

beforeEach(async () => {
  connection = openConnection({ file: ":memory:", synchronous: "FULL" })
  migrate(connection, NOW)
  context = openContext({ connection, keys: new KeyedHash("salt"), folding: { waitingMembersMax: 1 } })
  await new SqliteApplications(context).create({ id: "own", name: "own", preset: "locked", keys: [] }, NOW)
  devices = new SqliteDevices(context)
})

afterEach(() => connection.close())

/** Each in `all` and in more channels; those with an expiration expire at EXPIRED. */
async function register(
  names: readonly string[],
  expiresAt: number | undefined,
  more: readonly string[] = [],
) {
  const calls = names.map((name) => {
    const request = { deviceId: name, deviceToken: name, os: "IOS", osVersion: "1", expiresAt }
    const options = { now: NOW, channelsPerDeviceMax: 1000 }
    return devices.register(1, { ...request, channels: ["all", ...more] }, options)
  })
  return (await Promise.all(calls)).map(({ number }) => number)
}

/** Registrations that the table names, once for each entry. */
const named = (table: "members" | "application_devices" | "removed_members") =>
  connection.prepare<[], number>(`select registration from ${table} order by registration`).pluck().all()

const names = (count: number, prefix = "phone") =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`)

test("the rows of registrations go first, and what the tables of members have of them when there is time", async () => {
  const gone = await register(names(3), EXPIRED, ["news"])
  const there = await register(names(2, "tablet"), undefined)
  expect(await devices.removeExpired(EXPIRED, 10)).toBe(3)
  expect(connection.prepare("select count(*) from registrations").pluck().get()).toBe(2)
  expect(named("members")).toEqual([...gone.flatMap((number) => [number, number]), ...there])
  expect(named("application_devices")).toEqual([...gone, ...there])
  expect((await devices.count(1)).ios).toBe(2)
  while (await devices.tidy());
  expect(named("members")).toEqual(there)
  expect(named("application_devices")).toEqual(there)
  expect(named("removed_members")).toEqual([])
})

test("members that wait to be folded were in no table, and none is looked for there", async () => {
  connection.close()
  connection = openConnection({ file: ":memory:", synchronous: "FULL" })
  migrate(connection, NOW)
  context = openContext({ connection, keys: new KeyedHash("salt") })
  await new SqliteApplications(context).create({ id: "own", name: "own", preset: "locked", keys: [] }, NOW)
  devices = new SqliteDevices(context)
  await register(names(3), EXPIRED)
  expect(await devices.removeExpired(EXPIRED, 10)).toBe(3)
  expect(named("removed_members")).toEqual([])
  expect((await devices.count(1)).ios).toBe(0)
})

test("are cleared some at a time, in the order of their tables", async () => {
  const [first, second] = await register(names(2), EXPIRED, ["news"])
  await devices.removeExpired(EXPIRED, 10)
  const { removedMembers } = context
  expect(removedMembers.clear(2)).toBe(2)
  expect(named("members")).toEqual([first, second])
  expect(removedMembers.clear(3)).toBe(3)
  expect(named("members")).toEqual([])
  expect(named("application_devices")).toEqual([second])
  expect(removedMembers.areThere).toBe(true)
  expect(removedMembers.clear(3)).toBe(1)
  expect(removedMembers.areThere).toBe(false)
  expect(removedMembers.clear(3)).toBe(0)
})

test("are all cleared although a transaction is undone on the way", async () => {
  await register(names(3), EXPIRED)
  await devices.removeExpired(EXPIRED, 10)
  const { removedMembers } = context
  const undone = context.writer.write(() => {
    removedMembers.clear(2)
    throw new Error("undone")
  })
  await expect(undone).rejects.toThrow("undone")
  while (removedMembers.areThere) removedMembers.clear(2)
  expect(named("members")).toEqual([])
})

test("those who come while others are cleared, by this process or another one, wait for their turn", async () => {
  const early = await register(names(1, "early"), EXPIRED + 1)
  await register(names(2), EXPIRED)
  await devices.removeExpired(EXPIRED, 10)
  const { removedMembers } = context
  const other = openRemovedMembers(connection)
  removedMembers.clear(1)
  other.clear(10)
  await devices.removeExpired(EXPIRED + 1, 10)
  removedMembers.clear(10)
  expect(named("removed_members")).toEqual(early)
  expect(named("members")).toEqual(early)
  removedMembers.clear(10)
  expect(named("members")).toEqual([])
})

test("of registrations in many channels fewer are cleared together", async () => {
  const channels = Array.from({ length: 900 }, (_, index) => `c${index}`)
  await register(names(30), EXPIRED, channels)
  await devices.removeExpired(EXPIRED, 100)
  const { removedMembers } = context
  let cleared = 0
  for (let left = named("removed_members").length; left === 30; left = named("removed_members").length) {
    cleared += removedMembers.clear(1000)
  }
  expect(cleared).toBeLessThanOrEqual(18_000)
  expect(named("removed_members").length).toBeGreaterThan(0)
  while (removedMembers.areThere) removedMembers.clear(1000)
  expect(named("members")).toEqual([])
  expect(named("application_devices")).toEqual([])
})
