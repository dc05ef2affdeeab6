import type { Statement } from "better-sqlite3"
import type { Departure } from "../store.ts"
import type { Connection } from "./connection.ts"

export interface DeviceRow {
  readonly number: number
  readonly application: number
  readonly device_key: number
  readonly token_key: number
  readonly platform: number
  readonly receives: number
  readonly created_at: number
  readonly registered_at: number
  readonly expires_at: number | null
  readonly device_id: string
  readonly token: string
  readonly os: string
  readonly os_version: string
  /** Channel numbers in the order of joining, separated by commas. */
  readonly channels: string
  readonly user_id: string | null
}

const COLUMNS = `number, application, device_key, token_key, platform, receives, created_at, registered_at, expires_at,
  device_id, token, os, os_version, channels, user_id`

/** Every statement whose work could grow with the devices: the contract suite reads the query plan of each. */
export const DEVICE_STATEMENTS = {
  byDeviceKey: `select ${COLUMNS} from registrations where device_key = ?`,
  byNumber: `select ${COLUMNS} from registrations where number = ?`,
  insert: `insert into registrations (application, device_key, token_key, platform, receives, created_at, registered_at,
      expires_at, device_id, token, os, os_version, channels, user_id)
    values (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  renew: `update registrations set token_key = ?, platform = ?, receives = 1, registered_at = ?, expires_at = ?,
      token = ?, os = ?, os_version = ?, channels = ?, user_id = ?
    where number = ?`,
  setChannels: "update registrations set channels = ? where number = ?",
  setReceives: "update registrations set receives = ? where number = ?",
  remove: "delete from registrations where number = ?",
  sameToken: `select number, token, application, platform, receives, registered_at
    from registrations where token_key = ?`,
  join: `insert into members (channel, registration, platform, joined_at_message) values (?, ?, ?, ?)`,
  changePlatform: `update members set platform = ?, joined_at_message = ? where channel = ? and registration = ?`,
  leave: "delete from members where channel = ? and registration = ?",
  expired: `select ${COLUMNS} from registrations
    where expires_at is not null and expires_at <= ? order by expires_at limit ?`,
  nextExpiration: "select min(expires_at) from registrations where expires_at is not null",
  page: `select ${COLUMNS} from registrations
    where application = ? and number > ? and (expires_at is null or expires_at > ?) order by number limit ?`,
  orphanedApplication: `select application from device_counts c
    where exists (select 1 from applications a where a.number = c.application and a.deleted_at is not null) limit 1`,
  ofApplication: `select ${COLUMNS} from registrations where application = ? limit ?`,
  forgetCounts: "delete from device_counts where application = ?",
  depart: `insert into departures (application, device_key, device_id, registration, left_at, reason, detail)
    values (?, ?, ?, ?, ?, ?, ?)`,
  departures: `select registration, left_at as leftAt, reason, detail from departures
    where device_key = ? and application = ? and device_id = ? order by number desc limit 20`,
} as const

type TokenSharer = Pick<
  DeviceRow,
  "number" | "token" | "application" | "platform" | "receives" | "registered_at"
>

export type DeviceStatements = ReturnType<typeof prepareDeviceStatements>

export function prepareDeviceStatements(connection: Connection) {
  const sql = DEVICE_STATEMENTS
  return {
    byDeviceKey: connection.prepare<[number], DeviceRow>(sql.byDeviceKey),
    byNumber: connection.prepare<[number], DeviceRow>(sql.byNumber),
    insert: connection.prepare(sql.insert) as Statement<(number | string | null)[]>,
    renew: connection.prepare(sql.renew) as Statement<(number | string | null)[]>,
    setChannels: connection.prepare<[string, number]>(sql.setChannels),
    setReceives: connection.prepare<[number, number]>(sql.setReceives),
    remove: connection.prepare<[number]>(sql.remove),
    sameToken: connection.prepare<[number], TokenSharer>(sql.sameToken),
    join: connection.prepare<[number, number, number, number]>(sql.join),
    changePlatform: connection.prepare<[number, number, number, number]>(sql.changePlatform),
    leave: connection.prepare<[number, number]>(sql.leave),
    expired: connection.prepare<[number, number], DeviceRow>(sql.expired),
    nextExpiration: connection.prepare<[], number | null>(sql.nextExpiration).pluck(),
    page: connection.prepare<[number, number, number, number], DeviceRow>(sql.page),
    orphanedApplication: connection.prepare<[], number>(sql.orphanedApplication).pluck(),
    ofApplication: connection.prepare<[number, number], DeviceRow>(sql.ofApplication),
    forgetCounts: connection.prepare<[number]>(sql.forgetCounts),
    depart: connection.prepare(sql.depart) as Statement<(number | string)[]>,
    departures: connection.prepare<[number, number, string], Departure>(sql.departures),
  }
}
