import { carriedIntent } from "./carried-intent.ts"
import type { Connection } from "./connection.ts"
import type { Pending } from "./group-commit.ts"

/** Keeps the intent that a call carries in the transaction of each of its changes (sqlite-audit.ts). */
export class AuditIntents {
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(connection: Connection) {
    this.#statements = prepareStatements(connection)
  }

  /** The same work, and the intent if that has changed anything. */
  accompany<T>(pending: Pending<T>): Pending<T> {
    const intent = carriedIntent()
    if (intent === undefined) return pending
    const { changes, insert } = this.#statements
    const work = () => {
      const before = changes.get()
      const result = pending.work()
      if (changes.get() !== before) insert.run({ ...intent, application: intent.application ?? null })
      return result
    }
    return { work, resolve: (value) => pending.resolve(value), reject: (error) => pending.reject(error) }
  }
}

function prepareStatements(connection: Connection) {
  return {
    changes: connection.prepare<[], number>("select total_changes()").pluck(),
    insert: connection.prepare<[object]>(
      `insert into audit_intents (id, begun_at, actor, action, application, target)
       values (@id, @begunAt, @actor, @action, @application, @target) on conflict do nothing`,
    ),
  }
}
