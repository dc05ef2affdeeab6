import type { AuditEntry, AuditEvent } from "../../domain/audit.ts"
import { CHAIN_START, chainHash } from "../../runtime/audit-chain.ts"
import type { AuditStore } from "../audit-store.ts"
import type { SqliteContext } from "./context.ts"

interface Row {
  readonly number: number
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly application: string | null
  readonly target: string
  readonly details: string
  readonly hash: string
}

const PAGE_MAX = 1000

export class SqliteAudit implements AuditStore {
  readonly #context: SqliteContext
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareStatements(context)
  }

  append(event: AuditEvent, now: number): Promise<AuditEntry> {
    return this.#context.writer.write(() => {
      const last = this.#statements.last.get()
      const number = (last?.number ?? 0) + 1
      const detailsJson = JSON.stringify(event.details)
      const hash = chainHash(last?.hash ?? CHAIN_START, { ...event, number, at: now, detailsJson })
      const { actor, action, application, target } = event
      this.#statements.insert.run(number, now, actor, action, application ?? null, target, detailsJson, hash)
      return { ...event, number, at: now, hash }
    })
  }

  async page(
    application: string | undefined,
    before: number | undefined,
    limit: number,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: number | undefined }> {
    const size = Math.min(limit, PAGE_MAX)
    const end = before ?? Number.MAX_SAFE_INTEGER
    const rows =
      application === undefined
        ? this.#statements.page.all(end, size)
        : this.#statements.pageOfApplication.all(application, end, size)
    return { entries: rows.map(toEntry), next: rows.length < size ? undefined : rows.at(-1)?.number }
  }

  async verify(
    after: number,
    hash: string,
    limit: number,
  ): Promise<{
    readonly checked: number
    readonly last: number
    readonly hash: string
    readonly broken: number | undefined
  }> {
    let last = after
    let previous = hash
    let checked = 0
    for (const row of this.#statements.from.iterate(after, Math.min(limit, PAGE_MAX))) {
      const { application, details: detailsJson, ...rest } = row
      const expected = chainHash(previous, { ...rest, application: application ?? undefined, detailsJson })
      if (row.number !== last + 1 || row.hash !== expected)
        return { checked, last, hash: previous, broken: row.number }
      last = row.number
      previous = row.hash
      checked++
    }
    return { checked, last, hash: previous, broken: undefined }
  }
}

function toEntry({ details, application, ...row }: Row): AuditEntry {
  return {
    ...row,
    application: application ?? undefined,
    details: JSON.parse(details) as AuditEntry["details"],
  }
}

function prepareStatements({ connection }: SqliteContext) {
  return {
    last: connection.prepare<[], Pick<Row, "number" | "hash">>(
      "select number, hash from audit order by number desc limit 1",
    ),
    insert: connection.prepare<[number, number, string, string, string | null, string, string, string]>(
      `insert into audit (number, at, actor, action, application, target, details, hash)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    page: connection.prepare<[number, number], Row>(
      "select * from audit where number < ? order by number desc limit ?",
    ),
    pageOfApplication: connection.prepare<[string, number, number], Row>(
      "select * from audit where application = ? and number < ? order by number desc limit ?",
    ),
    from: connection.prepare<[number, number], Row>(
      "select * from audit where number > ? order by number limit ?",
    ),
  }
}
