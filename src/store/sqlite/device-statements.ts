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
  /** Neighbours in the list of registrations with this token, see token-holders.ts. */
  readonly newer_holder: number | null
  readonly older_holder: number | null
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

export const DEVICE_COLUMNS = `r.number, r.application, r.device_key, r.token_key, r.platform, r.receives, r.newer_holder,
  r.older_holder, r.created_at, r.registered_at, r.expires_at, r.device_id, r.token, r.os, r.os_version, r.channels,
  r.user_id`

/** Every statement whose work could grow with the devices: the contract suite reads the query plan of each. */
export const DEVICE_STATEMENTS = {
  byNumber: `select ${DEVICE_COLUMNS} from registrations r where number = ?`,
  insert: `insert into registrations (number, application, device_key, token_key, platform, receives, older_holder,
      created_at, registered_at, expires_at, device_id, token, os, os_version, channels, user_id)
    values (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  /** As nearly all are: the only one with its token, without an expiration and without a user. Each value costs to pass. */
  insertPlain: `insert into registrations (number, application, device_key, token_key, platform, receives, created_at,
      registered_at, device_id, token, os, os_version, channels)
    values (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
  renew: `update registrations set token_key = ?, platform = ?, receives = 1, newer_holder = null, older_holder = ?,
      registered_at = ?, expires_at = ?, token = ?, os = ?, os_version = ?, channels = ?, user_id = ?
    where number = ?`,
  setChannels: "update registrations set channels = ? where number = ?",
  remove: "delete from registrations where number = ?",
  nextExpiration: "select min(expires_at) from registrations where expires_at is not null",
  page: `select ${DEVICE_COLUMNS} from application_devices a cross join registrations r on r.number = a.registration
    where a.application = ? and a.registration > ? and (r.expires_at is null or r.expires_at > ?)
    order by a.registration limit ?`,
  /** The registrations that application_devices does not have yet, all of them later. */
  latePage: `select ${DEVICE_COLUMNS} from registrations r
    where r.number > max(?, (select number from marks where name = 'members_folded'))
      and r.application = ? and (r.expires_at is null or r.expires_at > ?)
    order by r.number limit ?`,
  orphanedApplication: `select application from device_counts c
    where exists (select 1 from applications a where a.number = c.application and a.deleted_at is not null) limit 1`,
  ofApplication: `select ${DEVICE_COLUMNS} from application_devices a cross join registrations r on r.number = a.registration
    where a.application = ? limit ?`,
  forgetCounts: "delete from device_counts where application = ?",
  depart: `insert into departures (application, device_key, device_id, registration, left_at, reason, detail)
    values (?, ?, ?, ?, ?, ?, ?)`,
  departures: `select registration, left_at as leftAt, reason, detail from departures
    where device_key = ? and application = ? and device_id = ? order by number desc limit 20`,
} as const

export type DeviceStatements = ReturnType<typeof prepareDeviceStatements>

export function prepareDeviceStatements(connection: Connection) {
  const sql = DEVICE_STATEMENTS
  return {
    byNumber: connection.prepare<[number], DeviceRow>(sql.byNumber),
    insert: connection.prepare(sql.insert) as Statement<(number | string | null)[]>,
    insertPlain: connection.prepare(sql.insertPlain) as Statement<(number | string)[]>,
    renew: connection.prepare(sql.renew) as Statement<(number | string | null)[]>,
    setChannels: connection.prepare<[string, number]>(sql.setChannels),
    remove: connection.prepare<[number]>(sql.remove),
    nextExpiration: connection.prepare<[], number | null>(sql.nextExpiration).pluck(),
    page: connection.prepare<[number, number, number, number], DeviceRow>(sql.page),
    latePage: connection.prepare<[number, number, number, number], DeviceRow>(sql.latePage),
    orphanedApplication: connection.prepare<[], number>(sql.orphanedApplication).pluck(),
    ofApplication: connection.prepare<[number, number], DeviceRow>(sql.ofApplication),
    forgetCounts: connection.prepare<[number]>(sql.forgetCounts),
    depart: connection.prepare(sql.depart) as Statement<(number | string)[]>,
    departures: connection.prepare<[number, number, string], Departure>(sql.departures),
  }
}
