import type { Connection } from "./connection.ts"
import { MEMBERSHIP_STATEMENTS } from "./memberships.ts"
import { type RemovedBatch, RemovedEntries } from "./removed-entries.ts"
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

/** Those of members whose registrations are gone, in `members` and `application_devices`. */
export function openRemovedMembers(connection: Connection): RemovedEntries {
  const { add, any, ...sql } = REMOVED_MEMBER_STATEMENTS
  const first = connection.prepare<[number], [number, number, string]>(sql.first).raw()
  const forget = connection.prepare<[string]>(sql.forget)
  const leaveChannel = connection.prepare<[number, number]>(MEMBERSHIP_STATEMENTS.leave)
  const leaveApplication = connection.prepare<[number, number]>(MEMBERSHIP_STATEMENTS.leaveApplication)

  function nextBatch(): RemovedBatch | undefined {
    const registrations: number[] = []
    const members: EntryKey[] = []
    const devices: EntryKey[] = []
    for (const [registration, application, channels] of first.all(BATCH_MAX)) {
      registrations.push(registration)
      devices.push([application, registration])
      for (const channel of channels.split(",")) members.push([Number(channel), registration])
      if (members.length >= BATCH_MEMBERS) break
    }
    if (registrations.length === 0) return undefined
    const removal = new SortedRemoval([
      { remove: leaveChannel, keys: members },
      { remove: leaveApplication, keys: devices },
    ])
    return { removal, forget: () => forget.run(JSON.stringify(registrations)) }
  }

  return new RemovedEntries(connection, { add, any, nextBatch })
}
