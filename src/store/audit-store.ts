import type { AuditEntry, AuditEvent } from "../domain/audit.ts"

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
  /** Appends one entry with the next number and a hash that continues the last one. */
  append(event: AuditEvent, now: number): Promise<AuditEntry>
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
