import type { AuditEntry, AuditEvent } from "../domain/audit.ts"

/** The audit log: append-only and chained by hashes. */
export interface AuditStore {
  /** Appends one entry with the next number and a hash that continues the last one. */
  append(event: AuditEvent, now: number): Promise<AuditEntry>
  /** Latest first; `before` exclusive, undefined for the latest; of one application or of all. At most 1 000. */
  page(
    application: string | undefined,
    before: number | undefined,
    limit: number,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: number | undefined }>
  /**
   * Recomputes the chain after entry `after`, whose hash was `hash`, over at most `limit` entries. `broken`: the number
   * of the first entry that does not continue the chain.
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
