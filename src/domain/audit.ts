/** One line of the audit log: who did what to which thing, and when. Never holds a secret. */
export interface AuditEvent {
  /** `administrator <label>`, `key <kind> <number>`, `key <kind> <number> user <id>`, `command line`, `unknown`. */
  readonly actor: string
  /** Noun and verb: `credential.set`, `message.publish`. */
  readonly action: string
  /** The id of the application concerned; undefined for the server as a whole. */
  readonly application: string | undefined
  /** What it was done to: an id or a name; may be empty. */
  readonly target: string
  readonly details: Readonly<Record<string, string | number | boolean>>
}

/** What an entry will say, as far as it is known before the change: stored with the change until the entry is there. */
export interface AuditIntent extends Omit<AuditEvent, "details"> {
  /** Of one call; any text that no other has. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly begunAt: number
}

export interface AuditEntry extends AuditEvent {
  /** 1, 2, 3, … without a gap. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** SHA-256, hex; see runtime/audit-chain.ts. */
  readonly hash: string
}
