import { type ReactNode, useEffect, useState } from "react"
import { LOCALE } from "./format.ts"

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const REFRESH_MS = 30_000
/** Beyond this a date says more than a distance. */
const RELATIVE_MAX_MS = 7 * DAY_MS

const ABSOLUTE = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" })
const EXACT = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "long" })
const HOUR = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" })
/** Days are counted in UTC, so they are named in UTC. */
const DAY = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", timeZone: "UTC" })
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" })

/** The browser's clock, in milliseconds since 1970. */
export function now(): number {
  return Date.now()
}

export function formatTime(at: number): string {
  return isShowable(at) ? ABSOLUTE.format(at) : "beyond any calendar"
}

/** A moment: "5 minutes ago" when it is near, a date otherwise; the exact time as its tip. */
export function Time({ at }: { readonly at: number }): ReactNode {
  const [present, setPresent] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setPresent(now()), REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  if (!isShowable(at)) return formatTime(at)
  return (
    <time dateTime={new Date(at).toISOString()} title={EXACT.format(at)}>
      {Math.abs(at - present) < RELATIVE_MAX_MS ? formatDistance(at - present) : ABSOLUTE.format(at)}
    </time>
  )
}

/** JavaScript has no date after the year 275 760; devices may register until later. */
function isShowable(at: number): boolean {
  return !Number.isNaN(new Date(at).getTime())
}

export function formatHour(at: number): string {
  return HOUR.format(at)
}

/** A day of UTC by its beginning: "3 Aug". */
export function formatDay(at: number): string {
  return DAY.format(at)
}

/** Milliseconds from now: "in 3 hours", "2 minutes ago". */
export function formatDistance(milliseconds: number): string {
  const size = Math.abs(milliseconds)
  if (size < MINUTE_MS) return milliseconds > 0 ? "in a moment" : "just now"
  if (size < HOUR_MS) return RELATIVE.format(Math.trunc(milliseconds / MINUTE_MS), "minute")
  if (size < DAY_MS) return RELATIVE.format(Math.trunc(milliseconds / HOUR_MS), "hour")
  return RELATIVE.format(Math.trunc(milliseconds / DAY_MS), "day")
}

/** Seconds of work left: "about 2 minutes". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
}
