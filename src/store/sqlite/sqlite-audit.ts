import type { AuditEntry, AuditEvent, AuditIntent } from "../../domain/audit.ts"
import { CHAIN_START, chainHash } from "../../runtime/audit-chain.ts"
import type { AuditFilter, AuditStore } from "../audit-store.ts"
import { carryIntent } from "./carried-intent.ts"
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
interface IntentRow extends Omit<AuditIntent, "application"> {
  readonly application: string | null
}

/** Entries that one page looks at, whatever it finds: the thread has others to serve. */
const LOOKED_AT_MAX = 10_000

export class SqliteAudit implements AuditStore {
  readonly #context: SqliteContext
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareStatements(context)
  }

  during<T>(intent: AuditIntent, change: () => Promise<T>): Promise<T> {
    return carryIntent(intent, change)
  }

  append(event: AuditEvent, now: number, intent?: AuditIntent): Promise<AuditEntry> {
    return this.#context.writer.write(() => {
      if (intent !== undefined) this.#statements.removeIntent.run(intent.begunAt, intent.id)
      return this.#append(event, now)
    })
  }

  settle(begunBefore: number, now: number): Promise<number> {
    return this.#context.writer.write(() => {
      const left = this.#statements.intents.all(begunBefore, PAGE_MAX)
      for (const { id, begunAt, application, ...rest } of left) {
        const details = { interrupted: true, begunAt }
        this.#append({ ...rest, application: application ?? undefined, details }, now)
        this.#statements.removeIntent.run(begunAt, id)
      }
      return left.length
    })
  }

  /** Inside a transaction. */
  #append(event: AuditEvent, now: number): AuditEntry {
    const head = this.#statements.head.get()
    const number = (head?.number ?? 0) + 1
    const detailsJson = JSON.stringify(event.details)
    const hash = chainHash(head?.hash ?? CHAIN_START, { ...event, number, at: now, detailsJson })
    const { actor, action, application, target } = event
    this.#statements.insert.run(number, now, actor, action, application ?? null, target, detailsJson, hash)
    return { ...event, number, at: now, hash }
  }

  async page(
    filter: AuditFilter,
    before: number | undefined,
    limit: number,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: number | undefined }> {
    const size = Math.min(limit, PAGE_MAX)
    const found: Row[] = []
    let lookedAt = 0
    for (const row of this.#latest(filter.application, before ?? Number.MAX_SAFE_INTEGER)) {
      lookedAt++
      if (matches(row, filter)) found.push(row)
      if (found.length === size || lookedAt === LOOKED_AT_MAX) {
        return { entries: found.map(toEntry), next: row.number }
      }
    }
    return { entries: found.map(toEntry), next: undefined }
  }

  #latest(application: string | undefined, before: number): IterableIterator<Row> {
    return application === undefined
      ? this.#statements.page.iterate(before, LOOKED_AT_MAX)
      : this.#statements.pageOfApplication.iterate(application, before, LOOKED_AT_MAX)
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
    // Before the entries are read: what is appended meanwhile comes after it.
    const head = this.#statements.head.get()
    const size = Math.min(limit, PAGE_MAX)
    for (const row of this.#statements.from.iterate(after, size)) {
      const { application, details: detailsJson, ...rest } = row
      const expected = chainHash(previous, { ...rest, application: application ?? undefined, detailsJson })
      const isExpectedHead = row.number !== head?.number || row.hash === head.hash
      if (row.number !== last + 1 || row.hash !== expected || !isExpectedHead)
        return { checked, last, hash: previous, broken: row.number }
      last = row.number
      previous = row.hash
      checked++
    }
    const isCutOff = checked < size && last < (head?.number ?? 0)
    if (isCutOff) return { checked, last, hash: previous, broken: last + 1 }
    return { checked, last, hash: previous, broken: undefined }
  }
}

function matches({ actor, action }: Row, filter: AuditFilter): boolean {
  return (
    (filter.actor === undefined || actor.toLowerCase().includes(filter.actor.toLowerCase())) &&
    (filter.action === undefined || action.startsWith(filter.action))
  )
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
    head: connection.prepare<[], Pick<Row, "number" | "hash">>(
      "select number, hash from audit_head where one = 1",
    ),
    insert: connection.prepare<[number, number, string, string, string | null, string, string, string]>(
      `insert into audit (number, at, actor, action, application, target, details, hash)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    intents: connection.prepare<[number, number], IntentRow>(
      `select id, begun_at as begunAt, actor, action, application, target from audit_intents
       where begun_at < ? order by begun_at, id limit ?`,
    ),
    removeIntent: connection.prepare<[number, string]>(
      "delete from audit_intents where begun_at = ? and id = ?",
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
