import { DomainError } from "../../domain/errors.ts"
import type { Issuer, IssuerSettings } from "../../domain/issuer.ts"
import type { IssuerStore } from "../issuer-store.ts"
import type { SqliteContext } from "./context.ts"

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
    issuer: Issuer,
    { issuersMax }: { readonly issuersMax: number },
  ): Promise<boolean> {
    const { list, holder, set } = this.#statements
    const { name, changedAt, ...settings } = issuer
    return this.#context.writer.write(() => {
      const holding = holder.get(application, issuer.issuer)
      if (holding !== undefined && holding !== name) return false
      const others = list.all(application).filter((row) => row.name !== name)
      if (others.length >= issuersMax) {
        throw new DomainError(
          "conflict",
          `The application has ${issuersMax} issuers, and more are not allowed.`,
          {
            limit: issuersMax,
          },
        )
      }
      set.run(application, name, issuer.issuer, JSON.stringify(settings), changedAt)
      return true
    })
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
  const stored = JSON.parse(settings) as IssuerSettings
  return { ...stored, rolesClaim: stored.rolesClaim, name, changedAt }
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
