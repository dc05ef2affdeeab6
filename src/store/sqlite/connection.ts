import Database from "better-sqlite3"
import { DomainError } from "../../domain/errors.ts"

export type Connection = Database.Database

/** The race that loses commits with two connections was fixed in this version (reliability F11). */
const OLDEST_SAFE_SQLITE = [3, 51, 3] as const

/** Pages of 4 KiB that a transaction may leave in the WAL before the checkpoint thread is asked to copy them back. */
export const CHECKPOINT_PAGES = 16_384

/** The system keeps the file in memory as well; four times as much was no faster at a million devices, and stays with the process. */
const CACHE_KIB = 4096
/** Enough for a scan, which meets each page once. */
const SCAN_CACHE_KIB = 512

export interface ConnectionSettings {
  /** A file, or ":memory:" for a store that lives as long as the process. */
  readonly file: string
  /** FULL in every shipped configuration; the power-cut test opens its control run at NORMAL. */
  readonly synchronous: "FULL" | "NORMAL"
}

/**
 * Opens the database as every connection of Belfry must be (design D3), and proves it: better-sqlite3 silently reopens
 * WAL databases at synchronous=NORMAL, which loses acknowledged writes in a power cut (reliability F1).
 */
export function openConnection(settings: ConnectionSettings): Connection {
  const connection = new Database(settings.file)
  try {
    assertSafeVersion(connection)
    connection.pragma("busy_timeout = 5000")
    if (settings.file !== ":memory:") connection.pragma("journal_mode = WAL")
    connection.pragma(`synchronous = ${settings.synchronous}`)
    connection.pragma("foreign_keys = ON")
    connection.pragma("temp_store = MEMORY")
    connection.pragma(`cache_size = -${CACHE_KIB}`)
    connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES * 4}`)
    connection.pragma("journal_size_limit = 268435456")
    assertDurable(connection, settings)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

function assertSafeVersion(connection: Connection): void {
  const text = String(connection.prepare("select sqlite_version()").pluck().get())
  const parts = text.split(".").map(Number)
  for (const [index, least] of OLDEST_SAFE_SQLITE.entries()) {
    const part = parts[index] ?? 0
    if (part > least) return
    if (part < least) {
      throw new Error(
        `SQLite ${text} is too old: ${OLDEST_SAFE_SQLITE.join(".")} or later is needed, or commits can be lost.`,
      )
    }
  }
}

function assertDurable(connection: Connection, settings: ConnectionSettings): void {
  const expected = settings.synchronous === "FULL" ? 2 : 1
  const synchronous = connection.pragma("synchronous", { simple: true })
  if (synchronous !== expected) {
    throw new Error(
      `The database runs at synchronous=${String(synchronous)} instead of ${expected}; refusing to start.`,
    )
  }
  if (settings.file === ":memory:") return
  const journal = connection.pragma("journal_mode", { simple: true })
  if (journal !== "wal") {
    throw new Error(
      `The database runs with journal_mode=${String(journal)} instead of wal; is its folder on a network file system?`,
    )
  }
}

/** Reads much once: without filling the cache, whose memory would stay with the process. */
export function scan<T>(connection: Connection, read: () => T): T {
  connection.pragma(`cache_size = -${SCAN_CACHE_KIB}`)
  try {
    return read()
  } finally {
    connection.pragma(`cache_size = -${CACHE_KIB}`)
  }
}

const TEMPORARY_FAILURES = [
  "SQLITE_BUSY",
  "SQLITE_LOCKED",
  "SQLITE_FULL",
  "SQLITE_READONLY",
  "SQLITE_IOERR",
  "SQLITE_CANTOPEN",
]

/** Whether another process keeps the database locked: of a failure as `storeFailure` returns it. */
export function isLocked(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.cause : undefined
  return cause instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(cause.code)
}

/** A failed write as the declared error that callers get; anything else as it is. */
export function storeFailure(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const kind = TEMPORARY_FAILURES.find((prefix) => error.code.startsWith(prefix))
  if (kind === undefined) return error
  const what: Record<string, string> = {
    SQLITE_FULL: "the disk is full",
    SQLITE_READONLY: "the database is read-only",
    SQLITE_IOERR: "the disk reported an error",
    SQLITE_CANTOPEN: "the database file cannot be opened",
  }
  return new DomainError(
    "unavailable",
    `The store cannot be written: ${what[kind] ?? "another process keeps it locked"}. Nothing was changed.`,
    { retryAfterMs: 1000 },
    { cause: error },
  )
}
