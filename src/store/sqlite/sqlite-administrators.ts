import { DomainError } from "../../domain/errors.ts"
import type { ManagementScope } from "../../domain/permission.ts"
import type {
  Administrator,
  AdministratorChange,
  AdministratorSession,
  AdministratorStore,
  AdministratorToken,
  ManagementRights,
  NewAdministrator,
  NewSession,
  NewToken,
  SessionTimes,
} from "../administrator-store.ts"
import {
  type AdministratorRow,
  type AdministratorStatements,
  prepareAdministratorStatements,
  type TokenRow,
} from "./administrator-statements.ts"
import type { SqliteContext } from "./context.ts"

export class SqliteAdministrators implements AdministratorStore {
  readonly #context: SqliteContext
  readonly #statements: AdministratorStatements

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareAdministratorStatements(context.connection)
  }

  addSetupLink(
    { hash, expiresAt }: { readonly hash: string; readonly expiresAt: number },
    { now, replacesOthers }: { readonly now: number; readonly replacesOthers: boolean },
  ): Promise<void> {
    const { setup } = this.#statements
    return this.#context.writer.write(() => {
      if (replacesOthers) setup.clear.run()
      else setup.clearExpired.run(now)
      setup.insert.run(hash, expiresAt)
    })
  }

  async hasSetupLink(hash: string, now: number): Promise<boolean> {
    return this.#statements.setup.find.get(hash, now) !== undefined
  }

  redeemSetupLink(
    hash: string,
    administrator: NewAdministrator,
    now: number,
  ): Promise<Administrator | undefined> {
    const { setup } = this.#statements
    return this.#context.writer.write(() => {
      if (setup.find.get(hash, now) === undefined) return undefined
      const created = this.#create(administrator, now)
      setup.clear.run()
      return created
    })
  }

  create(administrator: NewAdministrator, now: number): Promise<Administrator> {
    return this.#context.writer.write(() => this.#create(administrator, now))
  }

  async list(): Promise<readonly Administrator[]> {
    return this.#statements.people.list.all().map(toAdministrator)
  }

  async byNumber(number: number): Promise<Administrator | undefined> {
    const row = this.#statements.people.byNumber.get(number)
    return row && toAdministrator(row)
  }

  async byLogin(
    login: string,
  ): Promise<{ readonly administrator: Administrator; readonly passwordHash: string } | undefined> {
    const row = this.#statements.people.byLogin.get(login)
    if (row === undefined) return undefined
    const { passwordHash, ...rest } = row
    return { administrator: toAdministrator(rest), passwordHash }
  }

  update(
    number: number,
    { rights, passwordHash }: { readonly rights?: ManagementRights; readonly passwordHash?: string },
  ): Promise<AdministratorChange> {
    const { people, sessions } = this.#statements
    return this.#context.writer.write(() => {
      if (people.byNumber.get(number) === undefined) return "unknown"
      if (rights !== undefined) {
        if (!administersAll(rights) && this.#isLast(number)) return "last"
        people.setRights.run(rights.scope, applicationsText(rights), number)
      }
      if (passwordHash !== undefined) people.setPassword.run(passwordHash, number)
      sessions.endAll.run(number)
      return "done"
    })
  }

  replacePassword(number: number, present: string, passwordHash: string): Promise<boolean> {
    const { people, sessions } = this.#statements
    return this.#context.writer.write(() => {
      if (people.passwordHash.get(number) !== present) return false
      people.setPassword.run(passwordHash, number)
      sessions.endAll.run(number)
      return true
    })
  }

  renewPasswordHash(number: number, present: string, renewed: string): Promise<boolean> {
    const { people } = this.#statements
    return this.#context.writer.write(() => {
      if (people.passwordHash.get(number) !== present) return false
      people.setPassword.run(renewed, number)
      return true
    })
  }

  remove(number: number): Promise<AdministratorChange> {
    const { people } = this.#statements
    return this.#context.writer.write(() => {
      if (people.byNumber.get(number) === undefined) return "unknown"
      if (this.#isLast(number)) return "last"
      people.remove.run(number)
      return "done"
    })
  }

  createSession(
    { hash, administrator, passwordHash, endsAt }: NewSession,
    options: { readonly now: number; readonly usedSince: number; readonly sessionsMax: number },
  ): Promise<number | undefined> {
    const { people, sessions } = this.#statements
    const { now, usedSince, sessionsMax } = options
    return this.#context.writer.write(() => {
      const isReplaced = passwordHash !== undefined && people.passwordHash.get(administrator) !== passwordHash
      if (isReplaced) return undefined
      if (people.noteLogin.run(now, administrator).changes === 0) return undefined
      sessions.removeOver.run(administrator, now, usedSince)
      sessions.removeBeyond.run(administrator, sessionsMax - 1)
      return Number(sessions.insert.run(administrator, hash, now, now, endsAt).lastInsertRowid)
    })
  }

  async sessionByHash(
    hash: string,
    { now, usedSince }: { readonly now: number; readonly usedSince: number },
  ): Promise<AdministratorSession | undefined> {
    const row = this.#statements.sessions.byHash.get(hash, now, usedSince)
    if (row === undefined) return undefined
    const { session, beganAt, lastUsedAt, endsAt, ...administrator } = row
    return {
      number: session,
      administrator: toAdministrator(administrator),
      createdAt: beganAt,
      lastUsedAt,
      endsAt,
    }
  }

  noteSessionUse(number: number, now: number): Promise<void> {
    return this.#context.writer.write(() => void this.#statements.sessions.noteUse.run(now, number))
  }

  async sessionsOf(
    administrator: number,
    { now, usedSince }: { readonly now: number; readonly usedSince: number },
  ): Promise<readonly SessionTimes[]> {
    return this.#statements.sessions.of.all(administrator, now, usedSince)
  }

  endSession(administrator: number, number: number): Promise<boolean> {
    const { end } = this.#statements.sessions
    return this.#context.writer.write(() => end.run(number, administrator).changes > 0)
  }

  endSessions(administrator: number): Promise<number> {
    return this.#context.writer.write(() => this.#statements.sessions.endAll.run(administrator).changes)
  }

  createToken(
    token: NewToken,
    { now, tokensMax }: { readonly now: number; readonly tokensMax: number },
  ): Promise<AdministratorToken> {
    const { tokens } = this.#statements
    return this.#context.writer.write(() => {
      if ((tokens.count.get() as number) >= tokensMax) {
        throw new DomainError(
          "conflict",
          `There are ${tokensMax} tokens, and more are not allowed; revoke those that are not used.`,
          { limit: tokensMax },
        )
      }
      const { hash, label, scope, expiresAt } = token
      const row = tokens.insert.get(hash, label, scope, applicationsText(token), now, expiresAt ?? null)
      if (row === undefined) throw new Error("a token that was inserted was not returned")
      return toToken(row)
    })
  }

  async tokenByHash(hash: string, now: number): Promise<AdministratorToken | undefined> {
    const row = this.#statements.tokens.byHash.get(hash, now)
    return row && toToken(row)
  }

  noteTokenUse(number: number, now: number): Promise<void> {
    return this.#context.writer.write(() => void this.#statements.tokens.noteUse.run(now, number))
  }

  async listTokens(): Promise<readonly AdministratorToken[]> {
    return this.#statements.tokens.list.all().map(toToken)
  }

  removeToken(number: number): Promise<boolean> {
    return this.#context.writer.write(() => this.#statements.tokens.remove.run(number).changes > 0)
  }

  /** Inside a transaction. */
  #create(administrator: NewAdministrator, now: number): Administrator {
    const { people } = this.#statements
    const { name, login, passwordHash, scope } = administrator
    if (people.byLogin.get(login) !== undefined) {
      throw new DomainError("conflict", `There is an administrator with the name "${name}" already.`, {
        property: "name",
      })
    }
    const row = people.insert.get(name, login, passwordHash, scope, applicationsText(administrator), now)
    if (row === undefined) throw new Error("an administrator who was inserted was not returned")
    return toAdministrator(row)
  }

  /** Whether nobody else may administer the whole server. */
  #isLast(number: number): boolean {
    return this.#statements.people.otherWhoAdministers.get(number) === undefined
  }
}

function administersAll({ scope, applications }: ManagementRights): boolean {
  return scope === "administer" && applications === undefined
}

function applicationsText({ applications }: ManagementRights): string | null {
  return applications === undefined ? null : JSON.stringify(applications)
}

function toRights(row: { readonly scope: ManagementScope; readonly applications: string | null }) {
  const { scope, applications } = row
  return {
    scope,
    applications: applications === null ? undefined : (JSON.parse(applications) as readonly string[]),
  }
}

function toAdministrator({ number, name, createdAt, lastLoginAt, ...row }: AdministratorRow): Administrator {
  return { number, name, createdAt, lastLoginAt: lastLoginAt ?? undefined, ...toRights(row) }
}

function toToken({ number, label, createdAt, expiresAt, lastUsedAt, ...row }: TokenRow): AdministratorToken {
  return {
    number,
    label,
    createdAt,
    expiresAt: expiresAt ?? undefined,
    lastUsedAt: lastUsedAt ?? undefined,
    ...toRights(row),
  }
}
