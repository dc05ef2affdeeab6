import type { AuditEntry, AuditEvent, AuditIntent } from "../domain/audit.ts"

/** Which entries are looked for; what is left out does not matter. */
export interface AuditFilter {
  /** The id of an application. */
  readonly application?: string | undefined
  /** A part of the actor's name, in any case. */
  readonly actor?: string | undefined
  /** What the action begins with: `credential`, or `credential.set`. */
  readonly action?: string | undefined
}

/** The audit log: append-only and chained by hashes. */
export interface AuditStore {
  /**
   * Every call of the store that `change` makes until it is over keeps the intent, in the same transaction, if it changes
   * anything.
   */
  during<T>(intent: AuditIntent, change: () => Promise<T>): Promise<T>
  /** Appends one entry with the next number and a hash that continues the last one; it takes the place of its intent. */
  append(event: AuditEvent, now: number, intent?: AuditIntent): Promise<AuditEntry>
  /**
   * Appends an entry in the place of each intent that began before `begunBefore`, the earliest first: the same with the
   * details `{ interrupted: true, begunAt }`. Returns how many, at most 1 000.
   */
  settle(begunBefore: number, now: number): Promise<number>
  /**
   * Latest first; `before` exclusive, undefined for the latest. At most 1 000, of a bounded number that is looked at: a page
   * may be short and still have a next one.
   */
  page(
    filter: AuditFilter,
    before: number | undefined,
    limit: number,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: number | undefined }>
  /**
   * Recomputes the chain after entry `after`, whose hash was `hash`, over at most `limit` entries. `broken`: the number
   * of the first entry that does not continue the chain, or that is missing at the end.
   */
  verify(
    after: number,
    hash: string,
    limit: number,
  ): Promise<{
    readonly checked: number
    readonly last: number
    readonly hash: string
    readonly broken: number | undefined
  }>
}
