import { pino } from "pino"

export type LogLevel = "silent" | "error" | "warn" | "info" | "debug"

/** One logger per subsystem. Never give it a token, a key or a message body; a device token only as `tokenHash`. */
export interface Log {
  debug(fields: object, text: string): void
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

/** Logs as JSON lines on standard error: standard output belongs to what a command prints. */
export function openLog(level: LogLevel, subsystem: string): Log {
  return pino({ level, name: `belfry.${subsystem}`, base: {} }, pino.destination({ fd: 2, sync: true }))
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
