import type { User } from "../../domain/user.ts"
import type { SessionBounds } from "../user-store.ts"
import type { Connection } from "./connection.ts"

export interface UserRow {
  readonly number: number
  readonly id: string
  readonly kind: User["kind"]
  readonly status: User["status"]
  readonly identity: string | null
  readonly identityKey: string | null
  readonly issuer: string | null
  readonly subject: string | null
  readonly properties: string
  readonly createdAt: number
  readonly updatedAt: number | null
  readonly lastLoginAt: number | null
  readonly tokensSince: number
  /** A JSON array of names. */
  readonly roles: string
}

export interface UserSessionRow extends UserRow {
  readonly session: number
  readonly lastUsedAt: number
}

interface GuestQuery extends SessionBounds {
  readonly application: number
  readonly after: number
  readonly limit: number
}

interface GuestRow extends Pick<UserRow, "number" | "id" | "createdAt"> {
  readonly isLoggedIn: 0 | 1
}

const USER = `u.number, u.id, u.kind, u.status, u.identity, u.identity_key as identityKey, u.issuer, u.subject,
  u.properties, u.created_at as createdAt, u.updated_at as updatedAt, u.last_login_at as lastLoginAt,
  u.tokens_since as tokensSince,
  (select json_group_array(r.role) from user_roles r where r.user = u.number) as roles`

export type UserStatements = ReturnType<typeof prepareUserStatements>

export function prepareUserStatements(connection: Connection) {
  return {
    users: peopleStatements(connection),
    pages: pageStatements(connection),
    removedOrigins: removedOriginStatements(connection),
    roles: roleStatements(connection),
    sessions: sessionStatements(connection),
    settings: settingStatements(connection),
  }
}

function peopleStatements(connection: Connection) {
  return {
    insert: connection.prepare<(string | number | null)[]>(
      `insert into users (application, id, kind, status, identity, identity_key, issuer, subject, password_hash,
         properties, created_at, tokens_since) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict do nothing`,
    ),
    byId: connection.prepare<[string, number], UserRow>(
      `select ${USER} from users u where u.id = ? and u.application = ?`,
    ),
    byOrigin: connection.prepare<[number, string, string], UserRow>(
      `select ${USER} from users u where u.application = ? and u.issuer = ? and u.subject = ?`,
    ),
    byIdentity: connection.prepare<[number, string], UserRow & { readonly passwordHash: string | null }>(
      `select ${USER}, u.password_hash as passwordHash from users u where u.application = ? and u.identity_key = ?`,
    ),
    setStatus: connection.prepare<[string, number]>("update users set status = ? where number = ?"),
    setIdentity: connection.prepare<[string, string, number]>(
      "update users set identity = ?, identity_key = ? where number = ?",
    ),
    setPassword: connection.prepare<[string, number]>("update users set password_hash = ? where number = ?"),
    setProperties: connection.prepare<[string, number]>("update users set properties = ? where number = ?"),
    noteUpdate: connection.prepare<[number, number]>("update users set updated_at = ? where number = ?"),
    noteLogin: connection.prepare<[number, number]>("update users set last_login_at = ? where number = ?"),
    endTokens: connection.prepare<[number, number]>("update users set tokens_since = ? where number = ?"),
    passwordHash: connection
      .prepare<[number], string | null>("select password_hash from users where number = ?")
      .pluck(),
    guests: connection.prepare<[GuestQuery], GuestRow>(
      `select u.number, u.id, u.created_at as createdAt, exists (select 1 from user_sessions s
         where s.user = u.number and s.last_used_at > @usedSince and s.created_at > @begunSince) as isLoggedIn
       from users u where u.application = @application and u.kind = 'guest' and u.number > @after
       order by u.number limit @limit`,
    ),
    remove: connection.prepare<[number]>("delete from users where number = ?"),
    removeRules: connection.prepare<[number, string]>(
      "delete from permission_rules where application = ? and user_id = ?",
    ),
    raiseRulesVersion: connection.prepare<[number]>(
      "update applications set rules_version = rules_version + 1 where number = ?",
    ),
    orphaned: connection
      .prepare<[number], number>(
        `select u.number from applications cross join users u on u.application = applications.number
         where applications.deleted_at is not null limit ?`,
      )
      .pluck(),
  }
}

function removedOriginStatements(connection: Connection) {
  return {
    add: connection.prepare<[number, string, string, number]>(
      `insert into removed_origins (application, issuer, subject, removed_at) values (?, ?, ?, ?)
       on conflict do update set removed_at = excluded.removed_at`,
    ),
    find: connection
      .prepare<[number, string, string], number>(
        "select removed_at from removed_origins where application = ? and issuer = ? and subject = ?",
      )
      .pluck(),
    forget: connection.prepare<[number]>("delete from removed_origins where removed_at <= ?"),
  }
}

function pageStatements(connection: Connection) {
  return {
    byNumber: connection.prepare<[number, number, number], UserRow>(
      `select ${USER} from users u where u.application = ? and u.number > ? order by u.number limit ?`,
    ),
    /**
     * One bound at each end: the index is entered at one alone. No text holds the byte FF, so that what ends with it comes
     * after all that begins so.
     */
    byIdentity: connection.prepare<[number, string, string, string, string, number], UserRow>(
      `select ${USER} from users u
       where u.application = ? and u.identity_key >= max(?, ?) and u.identity_key < ? || cast(x'ff' as text)
         and u.identity_key <> ?
       order by u.identity_key limit ?`,
    ),
  }
}

function roleStatements(connection: Connection) {
  return {
    exists: connection.prepare<[number, string]>("select 1 from roles where application = ? and name = ?"),
    clear: connection.prepare<[number]>("delete from user_roles where user = ?"),
    add: connection.prepare<[number, string, number]>(
      "insert into user_roles (application, role, user) values (?, ?, ?)",
    ),
  }
}

function sessionStatements(connection: Connection) {
  return {
    insert: connection.prepare<[number, number, string, number, number]>(
      "insert into user_sessions (application, user, hash, created_at, last_used_at) values (?, ?, ?, ?, ?)",
    ),
    removeOver: connection.prepare<[number, number, number]>(
      "delete from user_sessions where user = ? and (last_used_at <= ? or created_at <= ?)",
    ),
    count: connection.prepare<[number], number>("select count(*) from user_sessions where user = ?").pluck(),
    removeBeyond: connection.prepare<[number, number]>(
      `delete from user_sessions where number in (
         select number from user_sessions where user = ? order by last_used_at desc limit -1 offset ?)`,
    ),
    byHash: connection.prepare<[string, number, number, number], UserSessionRow>(
      `select s.number as session, s.last_used_at as lastUsedAt, ${USER}
       from user_sessions s join users u on u.number = s.user
       where s.hash = ? and s.application = ? and s.last_used_at > ? and s.created_at > ?`,
    ),
    noteUse: connection.prepare<[number, number]>(
      "update user_sessions set last_used_at = ? where number = ?",
    ),
    owner: connection
      .prepare<[string, number], string>(
        `select u.id from user_sessions s join users u on u.number = s.user
         where s.hash = ? and s.application = ?`,
      )
      .pluck(),
    end: connection.prepare<[string]>("delete from user_sessions where hash = ?"),
    endAll: connection.prepare<[number]>("delete from user_sessions where user = ?"),
    removeUnused: connection.prepare<[number, number, number]>(
      `delete from user_sessions where number in (
         select number from user_sessions where application = ? and last_used_at <= ? limit ?)`,
    ),
    removeOld: connection.prepare<[number, number, number]>(
      `delete from user_sessions where number in (
         select number from user_sessions where application = ? and created_at <= ? limit ?)`,
    ),
  }
}

function settingStatements(connection: Connection) {
  return {
    read: connection
      .prepare<[number], string>("select settings from user_settings where application = ?")
      .pluck(),
    write: connection.prepare<[number, string, number]>(
      `insert into user_settings (application, settings, changed_at) values (?, ?, ?)
       on conflict do update set settings = excluded.settings, changed_at = excluded.changed_at`,
    ),
    hasIdentities: connection.prepare<[number]>(
      "select 1 from users where application = ? and identity_key is not null limit 1",
    ),
  }
}
