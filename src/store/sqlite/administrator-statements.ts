import type { ManagementScope } from "../../domain/permission.ts"
import type { SessionTimes } from "../administrator-store.ts"
import type { Connection } from "./connection.ts"

export interface AdministratorRow {
  readonly number: number
  readonly name: string
  readonly scope: ManagementScope
  readonly applications: string | null
  readonly createdAt: number
  readonly lastLoginAt: number | null
}

export interface SessionRow extends AdministratorRow {
  readonly session: number
  readonly beganAt: number
  readonly lastUsedAt: number
  readonly endsAt: number
}

export interface TokenRow {
  readonly number: number
  readonly label: string
  readonly scope: ManagementScope
  readonly applications: string | null
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
}

const PERSON = "number, name, scope, applications, created_at as createdAt, last_login_at as lastLoginAt"
const TOKEN = `number, label, scope, applications, created_at as createdAt, expires_at as expiresAt,
  last_used_at as lastUsedAt`
const LIST_MAX = 1000

export type AdministratorStatements = ReturnType<typeof prepareAdministratorStatements>

export function prepareAdministratorStatements(connection: Connection) {
  return {
    setup: setupStatements(connection),
    people: peopleStatements(connection),
    sessions: sessionStatements(connection),
    tokens: tokenStatements(connection),
  }
}

function setupStatements(connection: Connection) {
  return {
    // Both bounds make the plan a search: there are a few links at most.
    clear: connection.prepare<[]>("delete from setup_links where hash >= ''"),
    clearExpired: connection.prepare<[number]>(
      "delete from setup_links where hash >= '' and expires_at <= ?",
    ),
    insert: connection.prepare<[string, number]>("insert into setup_links (hash, expires_at) values (?, ?)"),
    find: connection.prepare<[string, number]>("select 1 from setup_links where hash = ? and expires_at > ?"),
  }
}

function peopleStatements(connection: Connection) {
  return {
    insert: connection.prepare<[string, string, string, string, string | null, number], AdministratorRow>(
      `insert into administrators (name, login, password_hash, scope, applications, created_at)
       values (?, ?, ?, ?, ?, ?) returning ${PERSON}`,
    ),
    list: connection.prepare<[], AdministratorRow>(
      `select ${PERSON} from administrators where number > 0 order by number limit ${LIST_MAX}`,
    ),
    byNumber: connection.prepare<[number], AdministratorRow>(
      `select ${PERSON} from administrators where number = ?`,
    ),
    byLogin: connection.prepare<[string], AdministratorRow & { readonly passwordHash: string }>(
      `select ${PERSON}, password_hash as passwordHash from administrators where login = ?`,
    ),
    otherWhoAdministers: connection.prepare<[number]>(
      `select 1 from administrators
       where number > 0 and number <> ? and scope = 'administer' and applications is null limit 1`,
    ),
    setRights: connection.prepare<[string, string | null, number]>(
      "update administrators set scope = ?, applications = ? where number = ?",
    ),
    setPassword: connection.prepare<[string, number]>(
      "update administrators set password_hash = ? where number = ?",
    ),
    passwordHash: connection
      .prepare<[number], string>("select password_hash from administrators where number = ?")
      .pluck(),
    noteLogin: connection.prepare<[number, number]>(
      "update administrators set last_login_at = ? where number = ?",
    ),
    remove: connection.prepare<[number]>("delete from administrators where number = ?"),
  }
}

function sessionStatements(connection: Connection) {
  return {
    insert: connection.prepare<[number, string, number, number, number]>(
      `insert into administrator_sessions (administrator, hash, created_at, last_used_at, ends_at)
       values (?, ?, ?, ?, ?)`,
    ),
    removeOver: connection.prepare<[number, number, number]>(
      `delete from administrator_sessions
       where administrator = ? and (ends_at <= ? or last_used_at <= ?)`,
    ),
    removeBeyond: connection.prepare<[number, number]>(
      `delete from administrator_sessions where number in (
         select number from administrator_sessions where administrator = ?
         order by last_used_at desc limit -1 offset ?)`,
    ),
    byHash: connection.prepare<[string, number, number], SessionRow>(
      `select s.number as session, s.created_at as beganAt, s.last_used_at as lastUsedAt, s.ends_at as endsAt,
         a.number, a.name, a.scope, a.applications, a.created_at as createdAt, a.last_login_at as lastLoginAt
       from administrator_sessions s join administrators a on a.number = s.administrator
       where s.hash = ? and s.ends_at > ? and s.last_used_at > ?`,
    ),
    of: connection.prepare<[number, number, number], SessionTimes>(
      `select number, created_at as createdAt, last_used_at as lastUsedAt, ends_at as endsAt
       from administrator_sessions where administrator = ? and ends_at > ? and last_used_at > ?
       order by last_used_at desc, number desc limit ${LIST_MAX}`,
    ),
    noteUse: connection.prepare<[number, number]>(
      "update administrator_sessions set last_used_at = ? where number = ?",
    ),
    end: connection.prepare<[number, number]>(
      "delete from administrator_sessions where number = ? and administrator = ?",
    ),
    endAll: connection.prepare<[number]>("delete from administrator_sessions where administrator = ?"),
  }
}

function tokenStatements(connection: Connection) {
  return {
    insert: connection.prepare<[string, string, string, string | null, number, number | null], TokenRow>(
      `insert into administrator_tokens (hash, label, scope, applications, created_at, expires_at)
       values (?, ?, ?, ?, ?, ?) returning ${TOKEN}`,
    ),
    count: connection
      .prepare<[], number>("select count(*) from administrator_tokens where number > 0")
      .pluck(),
    byHash: connection.prepare<[string, number], TokenRow>(
      `select ${TOKEN} from administrator_tokens
       where hash = ? and (expires_at is null or expires_at > ?)`,
    ),
    noteUse: connection.prepare<[number, number]>(
      "update administrator_tokens set last_used_at = ? where number = ?",
    ),
    list: connection.prepare<[], TokenRow>(
      `select ${TOKEN} from administrator_tokens where number > 0 order by number limit ${LIST_MAX}`,
    ),
    remove: connection.prepare<[number]>("delete from administrator_tokens where number = ?"),
  }
}
