import { DEFAULT_USER_SETTINGS } from "../domain/user-settings.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Audit } from "../service/audit.ts"
import type { Statistics } from "../service/statistics.ts"
import { sessionBounds } from "../service/user-settings.ts"
import type { Store } from "../store/store.ts"
import { WAL_ADVICE, walFault } from "./wal-size.ts"

export interface HousekeepingOptions {
  readonly store: Pick<Store, "applications" | "devices" | "channels" | "messages" | "users">
  /** The file of the store. */
  readonly database: string
  readonly statistics: Pick<Statistics, "rollUp">
  readonly audit: Pick<Audit, "settle">
  readonly clock: Clock
  readonly log: Log
}

const ROUND_MS = 30_000
/** Registrations removed in one transaction. */
const SLICE = 500
/** Guests looked at in one round; whoever is logged in stays, so most looks remove nobody. */
const GUESTS_AT_ONCE = 1000
/** An Idempotency-Key is remembered for a day (reliability 4.6). */
const IDEMPOTENCY_MS = 86_400_000
/** Tokens of identity providers live for a day at most (docs/adr/0014); a removed user must not come back with one of them. */
const REMOVED_ORIGINS_MS = 2 * 86_400_000
/** The trace of a removed registration (store.ts, Departure). */
const DEPARTURES_MS = 30 * 86_400_000

/**
 * Removes what nobody may see any more: the devices and users of deleted applications, the members of deleted channels,
 * logins that are over, guests without one, and old idempotency keys, departures and origins of removed users; adds up old
 * figures, writes the entries of calls that were cut short, and says when the write-ahead log has grown too large. In slices,
 * so that registrations are never kept waiting; every half minute, because a slice of old rows is limited and an hourly one
 * could fall behind for good. Runs until the signal aborts; never rejects.
 */
export async function keepHouse(options: HousekeepingOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, database } = options
  const guests = new Map<number, number>()
  let knownFault: string | undefined
  while (!signal.aborted) {
    try {
      const fault = await walFault(database)
      if (fault !== undefined && knownFault === undefined) log.warn({}, `${fault}. ${WAL_ADVICE}`)
      knownFault = fault
      await removeOrphans(options, signal)
      await removeFormerMembers(options, signal)
      await removeUsers(options, guests, signal)
      await removeOld(options)
      while (!signal.aborted && (await options.statistics.rollUp()) > 0);
      while (!signal.aborted && (await options.audit.settle()) > 0);
    } catch (error) {
      log.warn({ err: error }, "housekeeping failed; it is tried again")
    }
    await clock.sleep(ROUND_MS, signal)
  }
}

async function removeOrphans({ store, log }: HousekeepingOptions, signal: AbortSignal): Promise<void> {
  let removed = 0
  while (!signal.aborted) {
    const slice = await store.devices.removeOrphaned(SLICE)
    if (slice === 0) break
    removed += slice
  }
  if (removed > 0) log.info({ removed }, "registrations of deleted applications removed")
}

async function removeFormerMembers(
  { store, clock, log }: HousekeepingOptions,
  signal: AbortSignal,
): Promise<void> {
  let removed = 0
  while (!signal.aborted) {
    const slice = await store.channels.removeMembersOfDeleted(SLICE, clock.now())
    if (slice === 0) break
    removed += slice
  }
  if (removed > 0) log.info({ removed }, "members of deleted channels removed")
}

/**
 * One slice of logins, and one look at guests, for each application and round: they no longer count, and are only to be gone
 * some day. `guests`: how far the guests of each application have been looked at.
 */
async function removeUsers(
  { store, clock, log }: HousekeepingOptions,
  guests: Map<number, number>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && (await store.users.removeOrphaned(SLICE)) > 0);
  for (const { number } of await store.applications.list()) {
    if (signal.aborted) return
    const settings = (await store.users.settings(number)) ?? DEFAULT_USER_SETTINGS
    const now = clock.now()
    const bounds = sessionBounds(settings, now)
    await store.users.removeOverSessions(number, bounds, SLICE)
    if (settings.guestsKeptMs === null) continue
    const createdBefore = now - settings.guestsKeptMs
    const { removed, next } = await store.users.removeGuests(number, guests.get(number) ?? 0, {
      createdBefore,
      bounds,
      limit: GUESTS_AT_ONCE,
    })
    guests.set(number, next ?? 0)
    if (removed > 0) log.info({ removed }, "guests without a login removed")
  }
}

async function removeOld({ store, clock }: HousekeepingOptions): Promise<void> {
  const now = clock.now()
  await store.messages.removeOld({
    idempotencyBefore: now - IDEMPOTENCY_MS,
    departuresBefore: now - DEPARTURES_MS,
  })
  await store.users.forgetRemovedOrigins(now - REMOVED_ORIGINS_MS)
}
