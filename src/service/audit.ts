import type { AuditEntry, AuditEvent } from "../domain/audit.ts"
import type { KeyPrincipal, Principal } from "../policy/principal.ts"
import { CHAIN_START } from "../runtime/audit-chain.ts"
import type { Clock } from "../runtime/clock.ts"
import type { AuditFilter, AuditStore } from "../store/audit-store.ts"

/** Whether the audit log is whole. */
export interface AuditVerdict {
  readonly entries: number
  /** The number of the first entry that was altered, follows a gap or is missing at the end; undefined: the log is whole. */
  readonly broken: number | undefined
  /** The hash of the last good entry: keep it elsewhere, and even a log that was written anew is noticed. */
  readonly hash: string
}

const VERIFY_AT_ONCE = 1000

/** The audit log: every change of security, credentials and keys, every publish and cancellation. */
export class Audit {
  readonly #store: AuditStore
  readonly #clock: Clock

  constructor(store: AuditStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  append(event: AuditEvent): Promise<AuditEntry> {
    return this.#store.append(event, this.#clock.now())
  }

  page(filter: AuditFilter, before: number | undefined, limit: number): ReturnType<AuditStore["page"]> {
    return this.#store.page(filter, before, limit)
  }

  /** Recomputes the whole chain, a thousand entries at a time; `onProgress` hears how many are done. */
  async verify(onProgress: (entries: number) => void = () => {}): Promise<AuditVerdict> {
    let last = 0
    let hash = CHAIN_START
    for (;;) {
      const step = await this.#store.verify(last, hash, VERIFY_AT_ONCE)
      last = step.last
      hash = step.hash
      if (step.broken !== undefined || step.checked < VERIFY_AT_ONCE) {
        return { entries: last, broken: step.broken, hash }
      }
      onProgress(last)
    }
  }
}

/** Who did it, as the log names them. */
export function actorOf(principal: Principal): string {
  switch (principal.kind) {
    case "key":
      return `key ${principal.keyKind} ${principal.keyNumber}${userOf(principal)}`
    case "administrator":
      return `administrator ${principal.label}`
    case "system":
      return "command line"
  }
}

function userOf({ user }: KeyPrincipal): string {
  return user === undefined ? "" : ` user ${user.id}`
}
