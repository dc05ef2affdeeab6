import type { User, UserOrigin } from "../../domain/user.ts"
import { DEFAULT_USER_SETTINGS, type UserSettings } from "../../domain/user-settings.ts"
import type {
  NewUser,
  NewUserSession,
  RemovedGuests,
  SessionBounds,
  SessionPolicy,
  UserChanges,
  UserPage,
  UserSession,
  UserStore,
} from "../user-store.ts"
import type { SqliteContext } from "./context.ts"
import { prepareUserStatements, type UserRow, type UserStatements } from "./user-statements.ts"

const PAGE_MAX = 1000

export class SqliteUsers implements UserStore {
  readonly #context: SqliteContext
  readonly #statements: UserStatements

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareUserStatements(context.connection)
  }

  async settings(application: number): Promise<UserSettings | undefined> {
    return this.#settings(application)
  }

  setSettings(application: number, settings: UserSettings, now: number): Promise<boolean> {
    const statements = this.#statements.settings
    return this.#context.writer.write(() => {
      const before = this.#settings(application) ?? DEFAULT_USER_SETTINGS
      const isAnotherIdentity = before.identityProperty !== settings.identityProperty
      if (isAnotherIdentity && statements.hasIdentities.get(application) !== undefined) return false
      statements.write.run(application, JSON.stringify(settings), now)
      return true
    })
  }

  create(application: number, user: NewUser, now: number): Promise<User | undefined> {
    const { users, roles } = this.#statements
    return this.#context.writer.write(() => {
      const { changes, lastInsertRowid } = users.insert.run(
        application,
        user.id,
        user.kind,
        user.status,
        user.identity?.text ?? null,
        user.identity?.key ?? null,
        user.origin?.issuer ?? null,
        user.origin?.subject ?? null,
        user.passwordHash ?? null,
        JSON.stringify(user.properties),
        now,
        user.tokensSince ?? 0,
      )
      if (changes === 0) return undefined
      for (const role of user.roles) {
        if (roles.exists.get(application, role) === undefined) continue
        roles.add.run(application, role, Number(lastInsertRowid))
      }
      return this.#byId(application, user.id)
    })
  }

  async byId(application: number, id: string): Promise<User | undefined> {
    return this.#byId(application, id)
  }

  async byOrigin(application: number, { issuer, subject }: UserOrigin): Promise<User | undefined> {
    const row = this.#statements.users.byOrigin.get(application, issuer, subject)
    return row && toUser(row)
  }

  async byIdentity(
    application: number,
    identityKey: string,
  ): Promise<{ readonly user: User; readonly passwordHash: string | undefined } | undefined> {
    const row = this.#statements.users.byIdentity.get(application, identityKey)
    return row && { user: toUser(row), passwordHash: row.passwordHash ?? undefined }
  }

  async page(
    application: number,
    query: { readonly identityPrefix?: string; readonly after: string | undefined; readonly limit: number },
  ): Promise<UserPage> {
    const { identityPrefix: prefix, after } = query
    const limit = Math.min(query.limit, PAGE_MAX)
    const rows = this.#rows(application, prefix, after, limit)
    const last = rows.at(-1)
    const isLast = rows.length < limit || last === undefined
    const next = prefix === undefined ? String(last?.number) : (last?.identityKey ?? "")
    return { users: rows.map(toUser), next: isLast ? undefined : next }
  }

  update(
    application: number,
    id: string,
    changes: UserChanges,
    now: number,
  ): Promise<User | "taken" | undefined> {
    const { users } = this.#statements
    return this.#context.writer.write(() => {
      const row = users.byId.get(id, application)
      if (row === undefined) return undefined
      const { status, identity, passwordHash, properties } = changes
      if (identity !== undefined) {
        const holder = users.byIdentity.get(application, identity.key)
        if (holder !== undefined && holder.number !== row.number) return "taken"
        users.setIdentity.run(identity.text, identity.key, row.number)
      }
      if (status !== undefined) users.setStatus.run(status, row.number)
      if (passwordHash !== undefined) users.setPassword.run(passwordHash, row.number)
      if (properties !== undefined) users.setProperties.run(JSON.stringify(properties), row.number)
      users.noteUpdate.run(now, row.number)
      if (passwordHash !== undefined || status === "DISABLED") this.#endAll(row.number, now)
      return this.#byId(application, id)
    })
  }

  renewPasswordHash(application: number, id: string, present: string, renewed: string): Promise<boolean> {
    const { users } = this.#statements
    return this.#context.writer.write(() => {
      const row = users.byId.get(id, application)
      if (row === undefined || users.passwordHash.get(row.number) !== present) return false
      users.setPassword.run(renewed, row.number)
      return true
    })
  }

  setRoles(
    application: number,
    id: string,
    names: readonly string[],
  ): Promise<User | "unknown_role" | undefined> {
    const { users, roles } = this.#statements
    return this.#context.writer.write(() => {
      const row = users.byId.get(id, application)
      if (row === undefined) return undefined
      if (names.some((name) => roles.exists.get(application, name) === undefined)) return "unknown_role"
      roles.clear.run(row.number)
      for (const name of names) roles.add.run(application, name, row.number)
      return this.#byId(application, id)
    })
  }

  remove(application: number, id: string, now: number): Promise<boolean> {
    const { users, removedOrigins } = this.#statements
    return this.#context.writer.write(() => {
      const row = users.byId.get(id, application)
      if (row === undefined) return false
      this.#remove(application, row)
      const { issuer, subject } = row
      if (issuer !== null && subject !== null) removedOrigins.add.run(application, issuer, subject, now)
      return true
    })
  }

  async originRemovedAt(application: number, { issuer, subject }: UserOrigin): Promise<number | undefined> {
    return this.#statements.removedOrigins.find.get(application, issuer, subject)
  }

  async forgetRemovedOrigins(until: number): Promise<void> {
    await this.#context.writer.write(() => this.#statements.removedOrigins.forget.run(until))
  }

  beginSession(
    application: number,
    { user: id, hash, passwordHash }: NewUserSession,
    options: { readonly now: number; readonly bounds: SessionBounds; readonly policy: SessionPolicy },
  ): Promise<"begun" | "refused" | "replaced" | undefined> {
    const { users, sessions } = this.#statements
    const { now, bounds, policy } = options
    return this.#context.writer.write(() => {
      const row = users.byId.get(id, application)
      if (row === undefined || row.status === "DISABLED") return undefined
      const isReplaced = passwordHash !== undefined && users.passwordHash.get(row.number) !== passwordHash
      if (isReplaced) return "replaced"
      sessions.removeOver.run(row.number, bounds.usedSince, bounds.begunSince)
      if (!this.#makesRoom(row.number, policy)) return "refused"
      sessions.insert.run(application, row.number, hash, now, now)
      users.noteLogin.run(now, row.number)
      return "begun"
    })
  }

  async sessionByHash(
    application: number,
    hash: string,
    { usedSince, begunSince }: SessionBounds,
  ): Promise<UserSession | undefined> {
    const row = this.#statements.sessions.byHash.get(hash, application, usedSince, begunSince)
    return row && { number: row.session, user: toUser(row), lastUsedAt: row.lastUsedAt }
  }

  noteSessionUse(session: number, now: number): Promise<void> {
    return this.#context.writer.write(() => void this.#statements.sessions.noteUse.run(now, session))
  }

  endSession(application: number, hash: string): Promise<string | undefined> {
    const { sessions } = this.#statements
    return this.#context.writer.write(() => {
      const owner = sessions.owner.get(hash, application)
      if (owner !== undefined) sessions.end.run(hash)
      return owner
    })
  }

  endSessions(application: number, id: string, now: number): Promise<number | undefined> {
    return this.#context.writer.write(() => {
      const row = this.#statements.users.byId.get(id, application)
      return row === undefined ? undefined : this.#endAll(row.number, now)
    })
  }

  removeOverSessions(application: number, bounds: SessionBounds, limit: number): Promise<number> {
    const { sessions } = this.#statements
    return this.#context.writer.write(() => {
      const unused = sessions.removeUnused.run(application, bounds.usedSince, limit).changes
      return unused + sessions.removeOld.run(application, bounds.begunSince, limit - unused).changes
    })
  }

  removeGuests(
    application: number,
    after: number,
    options: { readonly createdBefore: number; readonly bounds: SessionBounds; readonly limit: number },
  ): Promise<RemovedGuests> {
    const { createdBefore, bounds, limit } = options
    const { usedSince, begunSince } = bounds
    return this.#context.writer.write(() => {
      const guests = this.#statements.users.guests.all({ application, after, limit, usedSince, begunSince })
      const gone = guests.filter((guest) => guest.isLoggedIn === 0 && guest.createdAt < createdBefore)
      for (const guest of gone) this.#remove(application, guest)
      return { removed: gone.length, next: guests.length < limit ? undefined : guests.at(-1)?.number }
    })
  }

  removeOrphaned(limit: number): Promise<number> {
    const { users } = this.#statements
    return this.#context.writer.write(() => {
      const orphans = users.orphaned.all(limit)
      for (const number of orphans) users.remove.run(number)
      return orphans.length
    })
  }

  /** Inside a transaction. */
  #remove(application: number, { number, id }: Pick<UserRow, "number" | "id">): void {
    const { users } = this.#statements
    users.remove.run(number)
    if (users.removeRules.run(application, id).changes > 0) users.raiseRulesVersion.run(application)
  }

  #byId(application: number, id: string): User | undefined {
    const row = this.#statements.users.byId.get(id, application)
    return row && toUser(row)
  }

  #settings(application: number): UserSettings | undefined {
    const text = this.#statements.settings.read.get(application)
    // A setting that is younger than the row has its default.
    return text === undefined ? undefined : { ...DEFAULT_USER_SETTINGS, ...JSON.parse(text) }
  }

  #rows(
    application: number,
    prefix: string | undefined,
    after: string | undefined,
    limit: number,
  ): UserRow[] {
    const { pages } = this.#statements
    if (prefix === undefined) return pages.byNumber.all(application, Number(after ?? 0), limit)
    const from = after ?? ""
    return pages.byIdentity.all(application, prefix, from, prefix, from, limit)
  }

  /** Inside a transaction, as what follows. Whether one more login is allowed, when those have ended that must. */
  #makesRoom(user: number, policy: SessionPolicy): boolean {
    const { sessions } = this.#statements
    if (policy.kind === "only") {
      sessions.endAll.run(user)
      return true
    }
    const present = sessions.count.get(user) as number
    if (policy.kind === "first") return present === 0
    if (present < policy.max) return true
    if (policy.makesRoom) sessions.removeBeyond.run(user, policy.max - 1)
    return policy.makesRoom
  }

  #endAll(user: number, now: number): number {
    const { users, sessions } = this.#statements
    users.endTokens.run(now, user)
    return sessions.endAll.run(user).changes
  }
}

function toUser(row: UserRow): User {
  const { issuer, subject } = row
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    identity: row.identity ?? undefined,
    origin: issuer === null || subject === null ? undefined : { issuer, subject },
    properties: JSON.parse(row.properties),
    roles: (JSON.parse(row.roles) as string[]).sort(),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt ?? undefined,
    lastLoginAt: row.lastLoginAt ?? undefined,
    tokensSince: row.tokensSince,
  }
}
