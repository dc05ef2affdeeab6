/** One line of the audit log: who did what to which thing, and when. Never holds a secret. */
export interface AuditEvent {
  /** `administrator <label>`, `key <kind> <number>`, `key <kind> <number> user <id>`, `command line`. */
  readonly actor: string
  /** Noun and verb: `credential.set`, `message.publish`. */
  readonly action: string
  /** The id of the application concerned; undefined for the server as a whole. */
  readonly application: string | undefined
  /** What it was done to: an id or a name; may be empty. */
  readonly target: string
  readonly details: Readonly<Record<string, string | number | boolean>>
}

export interface AuditEntry extends AuditEvent {
  /** 1, 2, 3, … without a gap. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** SHA-256, hex; see runtime/audit-chain.ts. */
  readonly hash: string
}
