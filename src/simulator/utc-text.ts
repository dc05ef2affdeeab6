/** Instants as text in UTC, without the system's Date (design D11): HTTP's date form and the two of ASN.1. */

const WORDS = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  weekday: "short",
  day: "2-digit",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
})

const DIGITS = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
})

function partsOf(format: Intl.DateTimeFormat, at: number): (name: Intl.DateTimeFormatPartTypes) => string {
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]))
  return (name) => parts.get(name) ?? ""
}

/** The form of `Retry-After` and `Date`: "Sun, 06 Nov 1994 08:49:37 GMT". `at` is in milliseconds since 1970. */
export function httpDate(at: number): string {
  const part = partsOf(WORDS, at)
  const time = `${part("hour")}:${part("minute")}:${part("second")}`
  return `${part("weekday")}, ${part("day")} ${part("month")} ${part("year")} ${time} GMT`
}

/** Digits of a GeneralizedTime without the final Z: "20491231235959". `at` is in milliseconds since 1970. */
export function timeDigits(at: number): string {
  const part = partsOf(DIGITS, at)
  return ["year", "month", "day", "hour", "minute", "second"]
    .map((name) => part(name as Intl.DateTimeFormatPartTypes))
    .join("")
}
