import { systemClock } from "../../runtime/clock.ts"
import type { SqliteContext } from "./context.ts"
import type { DeviceRow, DeviceStatements } from "./device-statements.ts"
import { Pace } from "./pace.ts"
import { channelNumbers, type Registrar } from "./registrar.ts"

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
  readonly #registrar: Registrar
  readonly #byNumber: DeviceStatements["byNumber"]
  readonly #expired
  readonly #departAll
  readonly #removeAll
  readonly #removing = new Pace()
  readonly #tidying = new Pace()

  constructor(context: SqliteContext, { byNumber }: DeviceStatements, registrar: Registrar) {
    const { connection } = context
    this.#context = context
    this.#registrar = registrar
    this.#byNumber = byNumber
    this.#expired = connection.prepare<[number, number], ExpiredRow>(EXPIRY_STATEMENTS.expired)
    this.#departAll = connection.prepare<[number, string]>(EXPIRY_STATEMENTS.departAll)
    this.#removeAll = connection.prepare<[string]>(EXPIRY_STATEMENTS.removeAll)
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

  /** Clears some of what was left in the tables of keys; returns whether there is more. */
  async tidy(): Promise<boolean> {
    const { removedKeys } = this.#context
    if (!removedKeys.areThere) return false
    await this.#paced(this.#tidying, () => removedKeys.clear(this.#tidying.rows))
    return removedKeys.areThere
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
    const alone = rows.filter(sharesNoToken)
    if (alone.length > 0) this.#removeAlone(alone, now)
    // One after the other: removing one changes the rows of others that share its token.
    for (const row of rows) if (!sharesNoToken(row)) this.#removeOne(row.number, now)
    return rows.length
  }

  /** Nothing of one depends on another. */
  #removeAlone(rows: readonly ExpiredRow[], now: number): void {
    const { index, memberships, numbers, figures, removedKeys } = this.#context
    const inTables: number[] = []
    for (const row of rows) {
      memberships.leaveAll(row, channelNumbers(row))
      if (row.receives === 1) index.tokens.leave(row.token_key, row.number)
      if (index.devices.leave(row.device_key, row.number)) inTables.push(row.number)
      numbers.removed(row.number)
      figures.count(row.application, now, "departed")
    }
    if (inTables.length > 0) removedKeys.add(inTables)
    const all = JSON.stringify(rows.map(({ number }) => number))
    this.#departAll.run(now, all)
    this.#removeAll.run(all)
  }

  #removeOne(number: number, now: number): void {
    const row = this.#byNumber.get(number) as DeviceRow
    this.#registrar.remove(row, now, { leftAt: now, reason: "expired", detail: "" })
  }
}

/** Also of one that was left out of the list of its token: it is in nobody's. */
function sharesNoToken(row: ExpiredRow): boolean {
  return row.newer_holder === null && row.older_holder === null
}
