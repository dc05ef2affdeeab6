import { parentPort, workerData } from "node:worker_threads"
import Database from "better-sqlite3"

/** The store of prototype-server.ts: three tables, and one transaction for each group that is sent. */

export interface PrototypeRegistration {
  readonly deviceId: string
  readonly deviceToken: string
  readonly osVersion: string
  readonly channels: readonly string[]
}

const SCHEMA = `
  create table registrations (id integer primary key, app_id integer not null, device_id text not null,
    token text not null, os integer, os_version text, expires_at integer, user_id text, updated_at integer);
  create unique index by_device on registrations (app_id, device_id);
  create unique index by_token on registrations (app_id, token);
  create table registration_channels (app_id integer not null, channel integer not null, reg_id integer not null,
    primary key (app_id, channel, reg_id)) without rowid;
  create table channels (id integer primary key, app_id integer, name text, unique (app_id, name));`

function openStore(file: string): (group: readonly PrototypeRegistration[]) => void {
  const database = new Database(file)
  database.pragma("journal_mode = WAL")
  database.pragma("synchronous = FULL")
  database.pragma("cache_size = -262144")
  database.pragma("wal_autocheckpoint = 8000")
  database.exec(SCHEMA)
  const insert = database
    .prepare<unknown[], number>(
      `insert into registrations values (null, 1, ?, ?, 2, ?, null, null, ?)
        on conflict (app_id, device_id) do update set token = excluded.token, os_version = excluded.os_version,
          updated_at = excluded.updated_at
        returning id`,
    )
    .pluck()
  const join = database.prepare("insert or ignore into registration_channels values (1, ?, ?)")
  const name = database
    .prepare<[string], number>("insert into channels values (null, 1, ?) returning id")
    .pluck()
  const numbers = new Map<string, number>()
  const numberOf = (channel: string) => {
    const number = numbers.get(channel) ?? (name.get(channel) as number)
    numbers.set(channel, number)
    return number
  }
  return database.transaction((group: readonly PrototypeRegistration[]) => {
    for (const { deviceId, deviceToken, osVersion, channels } of group) {
      const id = insert.get(deviceId, deviceToken, osVersion, Date.now())
      for (const channel of channels) join.run(numberOf(channel), id)
    }
  }).immediate
}

const commit = openStore(String(workerData))
parentPort?.on("message", (group: readonly PrototypeRegistration[]) => {
  commit(group)
  parentPort?.postMessage("committed")
})
