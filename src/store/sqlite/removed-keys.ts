import type { Connection } from "./connection.ts"
import { DEVICE_KEY_STATEMENTS, TOKEN_KEY_STATEMENTS } from "./key-index.ts"
import { type RemovedBatch, RemovedEntries } from "./removed-entries.ts"
import { type EntryKey, SortedRemoval } from "./sorted-removal.ts"

/** Registrations whose keys are sorted together: the more, the more of them lie in one page. Forgetting them takes 10 ms. */
const BATCH_MAX = 8192

export const REMOVED_KEY_STATEMENTS = {
  add: `insert into removed_keys (number, device_key, token_key)
    select r.number, r.device_key, iif(r.receives = 1, r.token_key, null)
    from json_each(?) j cross join registrations r on r.number = j.value`,
  any: "select entry from removed_keys where entry > 0 limit 1",
  oldest:
    "select entry, number, device_key, token_key from removed_keys where entry > 0 order by entry limit ?",
  forget: "delete from removed_keys where entry <= ?",
} as const

/**
 * Those of the tables of keys. They are harmless, because whoever follows one looks for the row, and numbers are never used
 * again.
 */
export function openRemovedKeys(connection: Connection): RemovedEntries {
  const { add, any, ...sql } = REMOVED_KEY_STATEMENTS
  const oldest = connection.prepare<[number], [number, number, number, number | null]>(sql.oldest).raw()
  const forget = connection.prepare<[number]>(sql.forget)
  const removeDeviceKey = connection.prepare<[number, number]>(DEVICE_KEY_STATEMENTS.remove)
  const removeTokenKey = connection.prepare<[number, number]>(TOKEN_KEY_STATEMENTS.remove)

  function nextBatch(): RemovedBatch | undefined {
    const rows = oldest.all(BATCH_MAX)
    const last = rows.at(-1)
    if (last === undefined) return undefined
    const deviceKeys: EntryKey[] = []
    const tokenKeys: EntryKey[] = []
    for (const [, number, deviceKey, tokenKey] of rows) {
      deviceKeys.push([deviceKey, number])
      if (tokenKey !== null) tokenKeys.push([tokenKey, number])
    }
    const removal = new SortedRemoval([
      { remove: removeDeviceKey, keys: deviceKeys },
      { remove: removeTokenKey, keys: tokenKeys },
    ])
    return { removal, forget: () => forget.run(last[0]) }
  }

  return new RemovedEntries(connection, { add, any, nextBatch })
}
