import { DomainError } from "../../domain/errors.ts"
import type { Issuer } from "../../domain/issuer.ts"
import type { IssuerStore, NewIssuer } from "../issuer-store.ts"
import type { SqliteContext } from "./context.ts"

/** What the column `settings` holds; one of before clocks were looked at has no `aheadMs`. */
type StoredSettings = Omit<Issuer, "name" | "changedAt" | "aheadMs"> & Partial<Pick<Issuer, "aheadMs">>

interface IssuerRow {
  readonly name: string
  readonly settings: string
  readonly changedAt: number
}

export class SqliteIssuers implements IssuerStore {
  readonly #context: SqliteContext
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareStatements(context)
  }

  async list(application: number): Promise<readonly Issuer[]> {
    return this.#statements.list.all(application).map(toIssuer)
  }

  set(
    application: number,
    issuer: NewIssuer,
    { issuersMax }: { readonly issuersMax: number },
  ): Promise<boolean> {
    const { list, holder, set } = this.#statements
    const { name, changedAt, ...settings } = issuer
    return this.#context.writer.write(() => {
      const holding = holder.get(application, issuer.issuer)
      if (holding !== undefined && holding !== name) return false
      const issuers = list.all(application).map(toIssuer)
      const present = issuers.find((one) => one.name === name)
      if (present === undefined && issuers.length >= issuersMax) {
        throw new DomainError(
          "conflict",
          `The application has ${issuersMax} issuers, and more are not allowed.`,
          {
            limit: issuersMax,
          },
        )
      }
      const aheadMs = present?.issuer === issuer.issuer ? present.aheadMs : 0
      set.run(application, name, issuer.issuer, JSON.stringify({ ...settings, aheadMs }), changedAt)
      return true
    })
  }

  async noteAhead(application: number, name: string, aheadMs: number): Promise<void> {
    const { noteAhead } = this.#statements
    await this.#context.writer.write(() => noteAhead.run(aheadMs, application, name, aheadMs))
  }

  remove(application: number, name: string): Promise<boolean> {
    return this.#context.writer.write(() => this.#statements.remove.run(application, name).changes > 0)
  }

  endToken(
    application: number,
    hash: string,
    { now, expiresAt }: { readonly now: number; readonly expiresAt: number },
  ): Promise<void> {
    const { forgetEnded, end } = this.#statements
    return this.#context.writer.write(() => {
      forgetEnded.run(now)
      end.run(application, hash, expiresAt)
    })
  }

  async hasEnded(application: number, hash: string): Promise<boolean> {
    return this.#statements.ended.get(application, hash) !== undefined
  }
}

function toIssuer({ name, settings, changedAt }: IssuerRow): Issuer {
  const stored = JSON.parse(settings) as StoredSettings
  return { ...stored, rolesClaim: stored.rolesClaim, name, changedAt, aheadMs: stored.aheadMs ?? 0 }
}

function prepareStatements({ connection }: SqliteContext) {
  return {
    list: connection.prepare<[number], IssuerRow>(
      "select name, settings, changed_at as changedAt from issuers where application = ? order by name",
    ),
    holder: connection
      .prepare<[number, string], string>("select name from issuers where application = ? and issuer = ?")
      .pluck(),
    set: connection.prepare<[number, string, string, string, number]>(
      `insert into issuers (application, name, issuer, settings, changed_at) values (?, ?, ?, ?, ?)
       on conflict (application, name) do update
       set issuer = excluded.issuer, settings = excluded.settings, changed_at = excluded.changed_at`,
    ),
    noteAhead: connection.prepare<[number, number, string, number]>(
      `update issuers set settings = json_set(settings, '$.aheadMs', ?)
       where application = ? and name = ? and coalesce(json_extract(settings, '$.aheadMs'), 0) < ?`,
    ),
    remove: connection.prepare<[number, string]>("delete from issuers where application = ? and name = ?"),
    forgetEnded: connection.prepare<[number]>("delete from ended_tokens where expires_at <= ?"),
    end: connection.prepare<[number, string, number]>(
      "insert into ended_tokens (application, hash, expires_at) values (?, ?, ?) on conflict do nothing",
    ),
    ended: connection.prepare<[number, string]>(
      "select 1 from ended_tokens where application = ? and hash = ?",
    ),
  }
}
