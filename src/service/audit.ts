import type { AuditEvent } from "../domain/audit.ts"
import type { KeyPrincipal, Principal } from "../policy/principal.ts"
import { CHAIN_START } from "../runtime/audit-chain.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import type { AuditFilter, AuditStore } from "../store/audit-store.ts"

/** Whether the audit log is whole. */
export interface AuditVerdict {
  readonly entries: number
  /** The number of the first entry that was altered, follows a gap or is missing at the end; undefined: the log is whole. */
  readonly broken: number | undefined
  /** The hash of the last good entry: keep it elsewhere, and even a log that was written anew is noticed. */
  readonly hash: string
}

/** What an entry tells; most have no details. */
export type AuditTold = Omit<AuditEvent, "details"> & Partial<AuditEvent>

const VERIFY_AT_ONCE = 1000
const INTENT_ID_BYTES = 16
/** Between the first change of a call and its entry there are milliseconds; a second or so for a large import. */
const INTERRUPTED_AFTER_MS = 60_000

/** The audit log: every change of security, credentials and keys, every publish and cancellation. */
export class Audit {
  readonly #store: AuditStore
  readonly #clock: Clock
  readonly #random: Random

  constructor(store: AuditStore, clock: Clock, random: Random) {
    this.#store = store
    this.#clock = clock
    this.#random = random
  }

  /**
   * Makes a change and writes its entry, as `after` tells it, before anybody hears of it. Whatever is changed is stored with
   * `before`, which becomes an entry by itself should this one not be written (ADR 25). What fails without having changed
   * anything leaves nothing.
   */
  async note<T>(
    before: Omit<AuditEvent, "details">,
    change: () => Promise<T>,
    after: (result: T) => AuditTold,
  ): Promise<T> {
    const id = this.#random.bytes(INTENT_ID_BYTES).toString("hex")
    const intent = { ...before, id, begunAt: this.#clock.now() }
    const result = await this.#store.during(intent, change)
    await this.#store.append({ details: {}, ...after(result) }, this.#clock.now(), intent)
    return result
  }

  /** Writes the entries of calls that began more than a minute ago and did not come to their end. */
  async settle(): Promise<number> {
    const now = this.#clock.now()
    return this.#store.settle(now - INTERRUPTED_AFTER_MS, now)
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
