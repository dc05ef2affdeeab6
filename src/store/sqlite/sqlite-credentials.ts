import type { ProviderName } from "../../domain/platform.ts"
import type { CredentialStore, StoredCredential } from "../store.ts"
import type { SqliteContext } from "./context.ts"

interface Row {
  readonly number: number
  readonly application: number
  readonly provider: ProviderName
  readonly sealed: string
  readonly summary: string
  readonly updated_at: number
  readonly paused_at: number | null
  readonly paused_reason: string | null
}

export class SqliteCredentials implements CredentialStore {
  readonly #context: SqliteContext
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareStatements(context)
  }

  set(
    credential: Pick<StoredCredential, "application" | "provider" | "sealed" | "summary">,
    now: number,
  ): Promise<number> {
    return this.#context.writer.write(() => {
      const { application, provider, sealed, summary } = credential
      this.#statements.remove.run(application, provider)
      return Number(
        this.#statements.insert.run(application, provider, sealed, JSON.stringify(summary), now)
          .lastInsertRowid,
      )
    })
  }

  async list(application: number): Promise<readonly StoredCredential[]> {
    return this.#statements.list.all(application).map(toCredential)
  }

  async find(application: number, provider: ProviderName): Promise<StoredCredential | undefined> {
    const row = this.#statements.find.get(application, provider)
    return row === undefined ? undefined : toCredential(row)
  }

  remove(application: number, provider: ProviderName): Promise<boolean> {
    return this.#context.writer.write(() => this.#statements.remove.run(application, provider).changes > 0)
  }

  pause(number: number, reason: string, now: number): Promise<boolean> {
    return this.#context.writer.write(() => this.#statements.pause.run(now, reason, number).changes > 0)
  }

  resume(number: number): Promise<boolean> {
    return this.#context.writer.write(() => this.#statements.resume.run(number).changes > 0)
  }
}

function toCredential(row: Row): StoredCredential {
  return {
    number: row.number,
    application: row.application,
    provider: row.provider,
    sealed: row.sealed,
    summary: JSON.parse(row.summary) as Record<string, string>,
    updatedAt: row.updated_at,
    pausedAt: row.paused_at ?? undefined,
    pausedReason: row.paused_reason ?? undefined,
  }
}

function prepareStatements({ connection }: SqliteContext) {
  return {
    insert: connection.prepare<[number, string, string, string, number]>(
      "insert into credentials (application, provider, sealed, summary, updated_at) values (?, ?, ?, ?, ?)",
    ),
    list: connection.prepare<[number], Row>(
      "select * from credentials where application = ? order by provider",
    ),
    find: connection.prepare<[number, string], Row>(
      "select * from credentials where application = ? and provider = ?",
    ),
    remove: connection.prepare<[number, string]>(
      "delete from credentials where application = ? and provider = ?",
    ),
    pause: connection.prepare<[number, string, number]>(
      "update credentials set paused_at = ?, paused_reason = ? where number = ?",
    ),
    resume: connection.prepare<[number]>(
      "update credentials set paused_at = null, paused_reason = null where number = ?",
    ),
  }
}
