import type { Connection } from "./connection.ts"
import { MEMBERSHIP_STATEMENTS } from "./memberships.ts"
import { type EntryKey, SortedRemoval } from "./sorted-removal.ts"

/** Registrations that are cleared together: the more, the more of their members lie in one page. */
const BATCH_MAX = 8192
/** Some may be in a thousand channels: sorting so many members takes 10 ms. */
const BATCH_MEMBERS = 16_384

export const REMOVED_MEMBER_STATEMENTS = {
  add: `insert into removed_members (registration, application, channels)
    select r.number, r.application, r.channels
    from json_each(?) j cross join registrations r on r.number = j.value`,
  any: "select registration from removed_members where registration > 0 limit 1",
  first: `select registration, application, channels from removed_members
    where registration > 0 order by registration limit ?`,
  forget: "delete from removed_members where registration in (select j.value from json_each(?) j)",
} as const

/** Of a statement that reads members without the rows of registrations: leaves out those who wait here. */
export function isPresent(registration: string): string {
  return `${registration} not in (select registration from removed_members)`
}

interface Batch {
  readonly registrations: readonly number[]
  readonly removal: SortedRemoval
}

/**
 * Members whose registrations are gone: their entries in `members` and `application_devices` lead to no row, and wait for a
 * moment when there is time. A batch that was begun can begin again.
 */
export class RemovedMembers {
  readonly #add
  readonly #any
  readonly #first
  readonly #forget
  readonly #leaveChannel
  readonly #leaveApplication
  #batch: Batch | undefined

  constructor(connection: Connection) {
    const sql = REMOVED_MEMBER_STATEMENTS
    this.#add = connection.prepare<[string]>(sql.add)
    this.#any = connection.prepare<[], number>(sql.any).pluck()
    this.#first = connection.prepare<[number], [number, number, string]>(sql.first).raw()
    this.#forget = connection.prepare<[string]>(sql.forget)
    this.#leaveChannel = connection.prepare<[number, number]>(MEMBERSHIP_STATEMENTS.leave)
    this.#leaveApplication = connection.prepare<[number, number]>(MEMBERSHIP_STATEMENTS.leaveApplication)
  }

  get areThere(): boolean {
    return this.#any.get() !== undefined
  }

  /** Of registrations whose rows are about to be removed. */
  add(registrations: readonly number[]): void {
    this.#add.run(JSON.stringify(registrations))
  }

  /** Inside a transaction: about `limit` entries. Returns how many. */
  clear(limit: number): number {
    const batch = this.#batch ?? this.#nextBatch()
    if (batch === undefined) return 0
    this.#batch = batch
    const cleared = batch.removal.next(limit)
    if (!batch.removal.isDone) return cleared
    this.#forget.run(JSON.stringify(batch.registrations))
    this.#batch = undefined
    return cleared
  }

  committed(): void {}

  rolledBack(): void {
    this.#batch = undefined
  }

  #nextBatch(): Batch | undefined {
    const registrations: number[] = []
    const members: EntryKey[] = []
    const devices: EntryKey[] = []
    for (const [registration, application, channels] of this.#first.all(BATCH_MAX)) {
      registrations.push(registration)
      devices.push([application, registration])
      for (const channel of channels.split(",")) members.push([Number(channel), registration])
      if (members.length >= BATCH_MEMBERS) break
    }
    if (registrations.length === 0) return undefined
    const removal = new SortedRemoval([
      { remove: this.#leaveChannel, keys: members },
      { remove: this.#leaveApplication, keys: devices },
    ])
    return { registrations, removal }
  }
}
