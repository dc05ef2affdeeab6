/** The longest pause that a provider's answer can impose on us. */
const PAUSE_MS_MAX = 24 * 3_600_000

const SECONDS = /^\d{1,9}$/
/** IMF-fixdate (RFC 9110 5.6.7), the only form that a sender may generate. */
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** The pause that a `Retry-After` header asks for, in ms, at most a day; undefined when it is absent or unreadable. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim()
  if (text === undefined || text === "") return undefined
  if (SECONDS.test(text)) return Math.min(Number(text) * 1000, PAUSE_MS_MAX)
  const date = httpDate(text)
  return date === undefined ? undefined : Math.min(Math.max(date - now, 0), PAUSE_MS_MAX)
}

/** Milliseconds since 1970. */
function httpDate(text: string): number | undefined {
  const match = HTTP_DATE.exec(text)
  if (match === null) return undefined
  const month = MONTHS.indexOf(match[2] as string)
  if (month < 0) return undefined
  const days = daysSince1970(Number(match[3]), month, Number(match[1]))
  return ((days * 24 + Number(match[4])) * 60 + Number(match[5])) * 60_000 + Number(match[6]) * 1000
}

/** In the proleptic Gregorian calendar, with years that begin in March so that the leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month < 2 ? year - 1 : year
  const monthFromMarch = (month + 10) % 12
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  return y * 365 + leapDays + dayOfYear - 719_468
}
