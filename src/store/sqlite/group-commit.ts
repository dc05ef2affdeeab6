import type { Statement } from "better-sqlite3"
import { DomainError } from "../../domain/errors.ts"
import { type Connection, storeFailure } from "./connection.ts"

/**
 * The work of one caller. A DomainError is thrown only before its first write, so that it can be reported without undoing
 * the group; any other error undoes the group, and its members are tried one by one.
 */
export type Work<T> = () => T

/** The work of a caller and how it is answered: `resolve` with what `work` returned, once that is on stable storage. */
export interface Pending<T = unknown> {
  readonly work: Work<T>
  resolve(value: T): void
  reject(error: unknown): void
}

/** What the store does around a group. The first two run inside its transaction; the others must not throw. */
export interface GroupHooks {
  began(): void
  committing(): void
  committed(): void
  /** Whatever was remembered since `began` is wrong. The connection may have failed: do not use it. */
  rolledBack(): void
  /** After the callers were answered. */
  ended(): void
}

type Result = { readonly value: unknown } | { readonly error: unknown }

/**
 * One writer, many callers: everything that arrives while a transaction runs or within the same turn of the event loop
 * becomes the next transaction, one commit for all (design D3; no timer: waiting for company costs throughput). A caller
 * is answered after the commit, never before.
 */
export class GroupCommit {
  readonly #connection: Connection
  readonly #begin: Statement
  readonly #commit: Statement
  readonly #hooks: GroupHooks
  #pending: Pending[] = []
  #scheduled = false
  #closed = false

  constructor(connection: Connection, hooks: GroupHooks) {
    this.#connection = connection
    this.#begin = connection.prepare("begin immediate")
    this.#commit = connection.prepare("commit")
    this.#hooks = hooks
  }

  /** Resolves with what `work` returned once its transaction is on stable storage. */
  write<T>(work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => this.add({ work, resolve, reject }))
  }

  /** `write` without a promise, for what is done all the time. */
  add<T>(pending: Pending<T>): void {
    if (this.#closed) {
      pending.reject(new Error("the store is closed"))
      return
    }
    this.#pending.push(pending as Pending)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#flush())
  }

  /** Commits what is pending and refuses what comes later. */
  close(): void {
    this.#closed = true
    if (this.#pending.length > 0) this.#flush()
  }

  #flush(): void {
    this.#scheduled = false
    const group = this.#pending
    this.#pending = []
    const results = this.#commitTogether(group) ?? group.map((pending) => this.#commitAlone(pending))
    for (let index = 0; index < group.length; index++) {
      const pending = group[index] as Pending
      const result = results[index] as Result
      if ("error" in result) pending.reject(result.error)
      else pending.resolve(result.value)
    }
    this.#hooks.ended()
  }

  /** Undefined when the group failed as a whole and was rolled back: then each is tried alone. */
  #commitTogether(group: readonly Pending[]): Result[] | undefined {
    let isBegun = false
    try {
      this.#begin.run()
      isBegun = true
      this.#hooks.began()
      const results = group.map((pending) => attempt(pending))
      this.#hooks.committing()
      this.#commit.run()
      this.#hooks.committed()
      return results
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec("rollback")
      this.#hooks.rolledBack()
      // Without a transaction nobody's work was at fault, and each would wait for the same lock again, one after the other.
      const isHopeless = !isBegun || group.length === 1
      return isHopeless ? group.map(() => ({ error: storeFailure(error) })) : undefined
    }
  }

  #commitAlone(pending: Pending): Result {
    return (this.#commitTogether([pending]) as Result[])[0] as Result
  }
}

/** A declared error belongs to its caller alone; anything else undoes the group. */
function attempt(pending: Pending): Result {
  try {
    return { value: pending.work() }
  } catch (error) {
    if (error instanceof DomainError) return { error }
    throw error
  }
}
