import { systemClock } from "../../runtime/clock.ts"
import type { SqliteContext } from "./context.ts"
import type { DeviceRow, DeviceStatements } from "./device-statements.ts"
import { Pace } from "./pace.ts"
import { channelNumbers } from "./registrar.ts"

export const EXPIRY_STATEMENTS = {
  /** Those of one instant come in the order of their numbers, which is that of their pages. */
  expired: `select number, application, device_key, token_key, platform, receives, newer_holder, older_holder, channels
    from registrations where expires_at is not null and expires_at <= ? order by expires_at limit ?`,
  departAll: `insert into departures (application, device_key, device_id, registration, left_at, reason, detail)
    select r.application, r.device_key, r.device_id, r.number, ?, 'expired', ''
    from json_each(?) j cross join registrations r on r.number = j.value`,
  removeAll: "delete from registrations where number in (select j.value from json_each(?) j)",
} as const

type ExpiredRow = Omit<
  DeviceRow,
  "created_at" | "registered_at" | "expires_at" | "device_id" | "token" | "os" | "os_version" | "user_id"
>

/**
 * Removes what has expired. Any number of registrations may expire at one instant, and each changes some pages that no other
 * one does: so they go in groups of writes that keep the store's thread for a moment each, and whatever else waits for it
 * has its turn in between.
 */
export class ExpiredRegistrations {
  readonly #context: SqliteContext
  readonly #byNumber: DeviceStatements["byNumber"]
  readonly #expired
  readonly #departAll
  readonly #removeAll
  readonly #removing = new Pace()
  /** What was left, each with a pace of its own: entries of one lie closer to each other than those of the other. */
  readonly #leftovers

  constructor(context: SqliteContext, { byNumber }: DeviceStatements) {
    const { connection } = context
    this.#context = context
    this.#byNumber = byNumber
    this.#expired = connection.prepare<[number, number], ExpiredRow>(EXPIRY_STATEMENTS.expired)
    this.#departAll = connection.prepare<[number, string]>(EXPIRY_STATEMENTS.departAll)
    this.#removeAll = connection.prepare<[string]>(EXPIRY_STATEMENTS.removeAll)
    this.#leftovers = [context.removedMembers, context.removedKeys].map((entries) => ({
      entries,
      pace: new Pace(),
    }))
  }

  /** Up to `limit`, the earliest first; returns how many. */
  async remove(now: number, limit: number): Promise<number> {
    for (let removed = 0; ; ) {
      const wanted = Math.min(this.#removing.rows, limit - removed)
      const rows = await this.#paced(this.#removing, () => this.#removeNext(now, wanted))
      removed += rows
      if (rows < wanted || removed >= limit) return removed
    }
  }

  /** Clears some of what was left in the tables of members and keys; returns whether there is more. */
  async tidy(): Promise<boolean> {
    const left = this.#leftovers.find(({ entries }) => entries.areThere)
    if (left === undefined) return false
    const { entries, pace } = left
    await this.#paced(pace, () => entries.clear(pace.rows))
    return this.#leftovers.some(({ entries }) => entries.areThere)
  }

  /** `work` returns how many rows it worked on. */
  async #paced(pace: Pace, work: () => number): Promise<number> {
    let begunAt = 0
    const rows = await this.#context.writer.write(() => {
      begunAt = systemClock.monotonic()
      return work()
    })
    pace.took(rows, systemClock.monotonic() - begunAt)
    return rows
  }

  #removeNext(now: number, limit: number): number {
    const rows = this.#expired.all(now, limit)
    if (rows.length > 0) this.#removeRows(rows, now)
    return rows.length
  }

  /** None of them comes to receive for its token when another one goes, because all have expired. */
  #removeRows(rows: readonly ExpiredRow[], now: number): void {
    const { index, numbers, figures, removedKeys, removedMembers } = this.#context
    const inTables: number[] = []
    const members: number[] = []
    for (const row of rows) {
      this.#releaseToken(row, now)
      if (this.#leaveAll(row)) members.push(row.number)
      if (index.devices.leave(row.device_key, row.number)) inTables.push(row.number)
      numbers.removed(row.number)
      figures.count(row.application, now, "departed")
    }
    if (inTables.length > 0) removedKeys.add(inTables)
    if (members.length > 0) removedMembers.add(members)
    const all = JSON.stringify(rows.map(({ number }) => number))
    this.#departAll.run(now, all)
    this.#removeAll.run(all)
  }

  #releaseToken(row: ExpiredRow, now: number): void {
    const { index, tokenHolders } = this.#context
    if (!sharesNoToken(row)) {
      // As it is by now: who went before may have been its neighbour.
      tokenHolders.release(this.#byNumber.get(row.number) as DeviceRow, now)
    } else if (row.receives === 1) {
      index.tokens.leave(row.token_key, row.number)
    }
  }

  /** Returns whether the registration is left in the tables of members; the sizes are without it in any case. */
  #leaveAll(row: ExpiredRow): boolean {
    const { memberships, counters } = this.#context
    const channels = channelNumbers(row)
    if (memberships.isWaiting(row.number)) {
      memberships.leaveAll(row, channels)
      return false
    }
    counters.application(row.application, row.platform, -1)
    for (const channel of channels) counters.channel(channel, row.platform, -1)
    return true
  }
}

/** Also of one that was left out of the list of its token: it is in nobody's. */
function sharesNoToken(row: ExpiredRow): boolean {
  return row.newer_holder === null && row.older_holder === null
}
