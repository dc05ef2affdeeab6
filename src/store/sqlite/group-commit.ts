import type { Statement } from "better-sqlite3"
import { DomainError } from "../../domain/errors.ts"
import { type Connection, isLocked, storeFailure } from "./connection.ts"

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

/** What the store does around a group. `began` and `committing` run inside its transaction; the others must not throw. */
export interface GroupHooks {
  /** What is done in the place of the work of one caller, asked while that caller calls. */
  accompany<T>(pending: Pending<T>): Pending<T>
  began(): void
  committing(): void
  committed(): void
  /** Whatever was remembered since `began` is wrong. The connection may have failed: do not use it. */
  rolledBack(): void
  /** After the callers were answered. */
  ended(): void
}

/** While another process keeps the database locked, a group looks again this often; nothing waits meanwhile but writes. */
const LOCK_LOOK_MS = 25
/** After so many looks, two seconds or so, a group is refused … */
const LOCK_LOOKS_MAX = 60
/** … and the next ones after so many fewer, until one has come through. */
const LOCK_LOOKS_LATER = 4

type Result = { readonly value: unknown } | { readonly error: unknown }

/**
 * One writer, many callers: everything that arrives while a transaction runs or within the same turn of the event loop
 * becomes the next transaction, one commit for all (design D3; no timer: waiting for company costs throughput). A caller
 * is answered after the commit, never before.
 */
export class GroupCommit {
  readonly #connection: Connection
  readonly #begin: Statement
  readonly #commitStatement: Statement
  readonly #hooks: GroupHooks
  #pending: Pending[] = []
  #scheduled = false
  #closed = false
  /** In vain, one after the other. */
  #looks = 0

  constructor(connection: Connection, hooks: GroupHooks) {
    this.#connection = connection
    this.#begin = connection.prepare("begin immediate")
    this.#commitStatement = connection.prepare("commit")
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
    this.#pending.push(this.#hooks.accompany(pending) as Pending)
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
    if (this.#pending.length === 0) return
    const failure = this.#tryBegin()
    if (failure !== undefined && this.#isWorthAnotherLook(failure.error)) {
      this.#scheduled = true
      setTimeout(() => this.#flush(), LOCK_LOOK_MS)
      return
    }
    const group = this.#pending
    this.#pending = []
    this.#answer(group, failure === undefined ? this.#commit(group) : group.map(() => failure))
  }

  #answer(group: readonly Pending[], results: readonly Result[]): void {
    for (let index = 0; index < group.length; index++) {
      const pending = group[index] as Pending
      const result = results[index] as Result
      if ("error" in result) pending.reject(result.error)
      else pending.resolve(result.value)
    }
    this.#hooks.ended()
  }

  /** Undefined: the transaction has begun. */
  #tryBegin(): { readonly error: unknown } | undefined {
    try {
      this.#begin.run()
      this.#looks = 0
      return undefined
    } catch (error) {
      return { error: storeFailure(error) }
    }
  }

  #isWorthAnotherLook(error: unknown): boolean {
    if (this.#closed || !isLocked(error)) return false
    this.#looks += 1
    if (this.#looks < LOCK_LOOKS_MAX) return true
    this.#looks = LOCK_LOOKS_MAX - LOCK_LOOKS_LATER
    return false
  }

  #commit(group: readonly Pending[]): Result[] {
    return this.#commitTogether(group) ?? group.map((pending) => this.#commitAlone(pending))
  }

  /** In the transaction that has begun. Undefined when the group failed as a whole and was rolled back. */
  #commitTogether(group: readonly Pending[]): Result[] | undefined {
    try {
      this.#hooks.began()
      const results = group.map((pending) => attempt(pending))
      this.#hooks.committing()
      this.#commitStatement.run()
      this.#hooks.committed()
      return results
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec("rollback")
      this.#hooks.rolledBack()
      return group.length === 1 ? [{ error: storeFailure(error) }] : undefined
    }
  }

  #commitAlone(pending: Pending): Result {
    return this.#tryBegin() ?? ((this.#commitTogether([pending]) as Result[])[0] as Result)
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
