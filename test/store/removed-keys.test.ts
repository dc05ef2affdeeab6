import { afterEach, beforeEach, expect, test } from "vitest"
import { type Connection, openConnection } from "../../src/store/sqlite/connection.ts"
import { migrate } from "../../src/store/sqlite/migrate.ts"
import type { RemovedEntries } from "../../src/store/sqlite/removed-entries.ts"
import { openRemovedKeys } from "../../src/store/sqlite/removed-keys.ts"

let connection: Connection
let removedKeys: RemovedEntries

beforeEach(() => {
  connection = openConnection({ file: ":memory:", synchronous: "FULL" })
  migrate(connection, 0)
  removedKeys = openRemovedKeys(connection)
  const row = connection.prepare(
    `insert into registrations (number, application, device_key, token_key, platform, receives, created_at, registered_at,
       device_id, token, os, os_version, channels) values (?, 1, ?, ?, 1, ?, 0, 0, '', '', '', '', '')`,
  )
  for (let number = 1; number <= 10; number++) {
    const receives = number % 2
    row.run(number, 100 - number, 200 - number, receives)
    connection.prepare("insert into device_keys values (?, ?)").run(100 - number, number)
    if (receives) connection.prepare("insert into token_keys values (?, ?)").run(200 - number, number)
  }
})

afterEach(() => connection.close())

/** Numbers of registrations that the tables name. */
const named = (table: string) =>
  connection.prepare<[], number>(`select number from ${table} order by number`).pluck().all()

function removed(...numbers: readonly number[]): void {
  removedKeys.add(numbers)
  for (const number of numbers) connection.prepare("delete from registrations where number = ?").run(number)
}

test("are cleared some at a time, in the order of the keys, and others stay", () => {
  removed(1, 2, 3, 4)
  expect(removedKeys.clear(3)).toBe(3)
  expect(named("device_keys")).toEqual([1, 5, 6, 7, 8, 9, 10])
  expect(removedKeys.areThere).toBe(true)
  expect(removedKeys.clear(3)).toBe(3)
  expect(removedKeys.areThere).toBe(false)
  expect(removedKeys.clear(3)).toBe(0)
  expect(named("device_keys")).toEqual([5, 6, 7, 8, 9, 10])
  expect(named("token_keys")).toEqual([5, 7, 9])
})

test("those of a registration that comes to be removed meanwhile wait for their turn", () => {
  removed(2, 4)
  removedKeys.clear(1)
  removed(6)
  removedKeys.clear(10)
  expect(named("device_keys")).toContain(6)
  expect(removedKeys.areThere).toBe(true)
  removedKeys.clear(10)
  expect(named("device_keys")).toEqual([1, 3, 5, 7, 8, 9, 10])
})

test("are all cleared although a transaction is undone on the way", () => {
  removed(1, 2, 3)
  connection.exec("begin")
  removedKeys.clear(2)
  connection.exec("rollback")
  removedKeys.rolledBack()
  while (removedKeys.areThere) removedKeys.clear(2)
  expect(named("device_keys")).toEqual([4, 5, 6, 7, 8, 9, 10])
})

test("an entry that another process cleared, and one that came after it, are told apart", () => {
  const other = openRemovedKeys(connection)
  removed(1, 2)
  removedKeys.clear(1)
  other.clear(10)
  removed(3)
  while (removedKeys.areThere) removedKeys.clear(10)
  expect(named("device_keys")).toEqual([4, 5, 6, 7, 8, 9, 10])
})
