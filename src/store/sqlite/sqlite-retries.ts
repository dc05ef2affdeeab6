import type { Statement } from "better-sqlite3"
import { type ProviderName, platformFromCode } from "../../domain/platform.ts"
import type { RetryDevice, RetryEntry } from "../message-store.ts"
import type { Connection } from "./connection.ts"
import { isPresent } from "./removed-members.ts"
import type { MessageBoundary } from "./sqlite-message-rows.ts"
import { keptReason } from "./sqlite-outcomes.ts"

export const RETRY_STATEMENTS = {
  add: `insert into retries (message, registration, attempts, copies, not_before, reason, provider)
    values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
  replace: `update retries set attempts = ?, copies = ?, not_before = ?, reason = ?, reserved_epoch = 0
    where message = ? and registration = ?`,
  reserve: "update retries set reserved_epoch = ? where message = ? and registration = ?",
  remove: "delete from retries where message = ? and registration = ? returning provider",
  find: `select attempts, reason as lastReason, not_before as notBefore
    from retries where message = ? and registration = ?`,
  obstacles: "select reason from retries where message = ?",
  earliest: "select min(not_before) from retries where message = ?",
  bringForward: "update retries set not_before = not_before - ? where message = ?",
  // What this owner reserved is in flight with it; what an earlier one reserved is uncertain.
  page: `select t.registration, t.attempts, t.copies, t.reason, t.reserved_epoch != 0 as isUncertain, m.platform, r.token,
      r.expires_at as expiresAt, r.registered_at as registeredAt, r.receives
    from retries t
      left join members m on m.channel = ? and m.registration = t.registration and m.joined_at_message < t.message
        and (? is null or m.platform & ?) and ${isPresent("m.registration")}
      left join registrations r on r.number = m.registration
    where t.message = ? and t.not_before <= ? and t.reserved_epoch != ?
    order by t.not_before, t.registration limit ?`,
} as const

interface RetryRow {
  readonly registration: number
  readonly attempts: number
  readonly copies: number
  readonly reason: string
  readonly isUncertain: number
  readonly platform: number | null
  readonly token: string | null
  readonly expiresAt: number | null
  readonly registeredAt: number | null
  readonly receives: number | null
}

/** The devices of a message that wait for another attempt. */
export class RetryList {
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(connection: Connection) {
    this.#statements = prepareStatements(connection)
  }

  /** Returns the providers of those that were not in the list yet. */
  add(message: number, entries: readonly RetryEntry[]): (ProviderName | undefined)[] {
    const added: (ProviderName | undefined)[] = []
    for (const { registration, attempts, copies, notBefore, reason, provider } of entries) {
      const row = [message, registration, attempts, copies, notBefore, keptReason(reason), provider ?? null]
      if (this.#statements.add.run(...row).changes > 0) added.push(provider)
    }
    return added
  }

  /** Replaces the entries, which are no longer reserved; a device that is not in the list is left out of it. */
  replace(message: number, entries: readonly RetryEntry[]): void {
    for (const { registration, attempts, copies, notBefore, reason } of entries) {
      this.#statements.replace.run(attempts, copies, notBefore, keptReason(reason), message, registration)
    }
  }

  reserve(message: number, registrations: readonly number[], epoch: number): void {
    for (const registration of registrations) this.#statements.reserve.run(epoch, message, registration)
  }

  /** What was known of the device's provider; undefined when the device was not in the list. */
  remove(message: number, registration: number): { readonly provider: ProviderName | null } | undefined {
    return this.#statements.remove.get(message, registration)
  }

  find(message: number, registration: number): RetryState | undefined {
    return this.#statements.find.get(message, registration)
  }

  /** What each of the devices waits for, or was answered. */
  obstacles(message: number): string[] {
    return this.#statements.obstacles.all(message)
  }

  /** When the first device is due; undefined when nobody waits. */
  earliest(message: number): number | undefined {
    return this.#statements.earliest.get(message) ?? undefined
  }

  /** Makes every device of the message due so much earlier. */
  bringForward(message: number, ms: number): void {
    this.#statements.bringForward.run(ms, message)
  }

  /** Devices due by then, the earliest first, without those that this epoch has reserved. */
  page(boundary: MessageBoundary, due: number, epoch: number, limit: number): RetryDevice[] {
    const { number, channel, platforms } = boundary
    return this.#statements.page.all(channel, platforms, platforms, number, due, epoch, limit).map(toDevice)
  }
}

interface RetryState {
  readonly attempts: number
  readonly lastReason: string
  readonly notBefore: number
}

function toDevice(row: RetryRow): RetryDevice {
  return {
    registration: row.registration,
    token: row.token ?? "",
    platform: platformFromCode(row.platform ?? 0),
    expiresAt: row.expiresAt ?? undefined,
    registeredAt: row.registeredAt ?? 0,
    receives: row.receives === 1,
    attempts: row.attempts,
    copies: row.copies,
    reason: row.reason,
    uncertain: row.isUncertain === 1,
  }
}

function prepareStatements(connection: Connection) {
  const sql = RETRY_STATEMENTS
  type Mask = number | null
  return {
    add: connection.prepare(sql.add) as Statement<(number | string | null)[]>,
    replace: connection.prepare(sql.replace) as Statement<(number | string)[]>,
    reserve: connection.prepare<[number, number, number]>(sql.reserve),
    remove: connection.prepare<[number, number], { readonly provider: ProviderName | null }>(sql.remove),
    find: connection.prepare<[number, number], RetryState>(sql.find),
    obstacles: connection.prepare<[number], string>(sql.obstacles).pluck(),
    earliest: connection.prepare<[number], number | null>(sql.earliest).pluck(),
    bringForward: connection.prepare<[number, number]>(sql.bringForward),
    page: connection.prepare<[number, Mask, Mask, number, number, number, number], RetryRow>(sql.page),
  }
}
