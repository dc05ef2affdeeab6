import { pino } from "pino"

export type LogLevel = "silent" | "error" | "warn" | "info" | "debug"

/** One logger per subsystem. Never give it a token, a key or a message body; a device token only as `tokenHash`. */
export interface Log {
  debug(fields: object, text: string): void
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

/** Bytes of one subsystem that wait while standard error takes nothing; what comes beyond is dropped. Longer than any line. */
const WAITING_MAX = 262_144

/**
 * Logs as JSON lines on standard error: standard output belongs to what a command prints. A log that cannot be written, on
 * a full disk or to a terminal that is gone, ends nothing: its lines wait for the next one that can.
 */
export function openLog(level: LogLevel, subsystem: string): Log {
  const destination = pino.destination({ fd: 2, sync: true, maxLength: WAITING_MAX })
  destination.on("error", () => {})
  return pino({ level, name: `belfry.${subsystem}`, base: {} }, destination)
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
