import { stat } from "node:fs/promises"

const MIB = 1_048_576
/** Four times what the write-ahead log of the store holds before it is copied back. */
const WAL_WARN_BYTES = 256 * MIB

/**
 * Why the write-ahead log does not start over, in words for the operator; undefined when it is as small as it should be.
 * SQLite keeps all that was written since a reader began, for as long as that one reads.
 */
export async function walFault(database: string, warnBytes = WAL_WARN_BYTES): Promise<string | undefined> {
  const size = (await stat(`${database}-wal`).catch(() => undefined))?.size ?? 0
  if (size <= warnBytes) return undefined
  return `${database}-wal has ${Math.floor(size / MIB)} MiB: another process has been reading the database for long`
}

/** What to do about it. */
export const WAL_ADVICE = "End that process (a backup, a database shell); the log then starts over by itself."
