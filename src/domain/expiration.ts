import { DomainError } from "./errors.ts"
import { wrongType } from "./text.ts"

/** Below it a number means seconds, from it on milliseconds (contract 2.2): 1e11 s is the year 5138, 1e11 ms 1973. */
const FIRST_MILLISECOND_VALUE = 1e11
/** 9999-12-31T23:59:59.999Z: the last instant that four-digit years can write. */
const LATEST_MS = 253_402_300_799_999

const NUMERIC = /^[+-]?\d+(\.\d+)?$/
const ISO_TEXT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?$/

/**
 * The instant (ms since 1970) that an SDK means by `expiration`, in every form that one of them sends (contract 2.2):
 * seconds with a fraction, milliseconds, numeric text, ISO-8601 text (without a zone: UTC). Undefined for missing, null
 * and 0: the registration does not expire. An instant that is not after `now` is error 5004.
 */
export function parseExpiration(value: unknown, now: number): number | undefined {
  if (value === undefined || value === null || value === 0 || value === "") return undefined
  const instant = typeof value === "number" ? fromNumber(value) : fromText(value)
  if (instant === undefined) return undefined
  if (instant > LATEST_MS) {
    throw new DomainError(
      "invalid_property",
      "expiration lies after the year 9999; leave it out for no expiration.",
      {
        property: "expiration",
      },
    )
  }
  if (instant <= now) {
    throw new DomainError(
      "invalid_expiration",
      `Invalid expiration date. The expiration date must be after the current time; this one is ${durationText(now - instant)} before it.`,
      { property: "expiration" },
    )
  }
  return instant
}

/** In the largest unit that fits, for people: a mistaken unit shows as decades. */
function durationText(ms: number): string {
  if (ms >= 86_400_000) return `${Math.floor(ms / 86_400_000)} day(s)`
  if (ms >= 1000) return `${Math.floor(ms / 1000)} second(s)`
  return `${ms} ms`
}

function fromNumber(value: number): number {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new DomainError(
      "invalid_property",
      "expiration is no number that can be kept exactly; send seconds or milliseconds.",
      {
        property: "expiration",
      },
    )
  }
  return inMilliseconds(value)
}

/** Since 1970, of a time in seconds or milliseconds. */
export function inMilliseconds(value: number): number {
  // Rounded: 2191929130.812 s times 1000 is 2191929130811.9998, and the JS SDK meant 812 ms.
  return Math.round(Math.abs(value) < FIRST_MILLISECOND_VALUE ? value * 1000 : value)
}

function fromText(value: unknown): number | undefined {
  if (typeof value !== "string") throw wrongType("expiration", "a number, ISO-8601 text or null", value)
  const text = value.trim()
  if (NUMERIC.test(text)) {
    const number = Number(text)
    return number === 0 ? undefined : fromNumber(number)
  }
  const instant = fromIsoText(text)
  if (instant === undefined) {
    throw new DomainError(
      "invalid_property",
      "expiration is no timestamp; send seconds, milliseconds or ISO-8601 text such as 2030-01-31T12:00:00Z.",
      { property: "expiration" },
    )
  }
  return instant
}

/** Without a zone: UTC. Undefined: no ISO-8601 text. */
export function fromIsoText(text: string): number | undefined {
  const match = ISO_TEXT.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const isCalendarDay = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  // 24:00 and the leap second 60 occur in ISO-8601 text; both mean the next instant.
  const isTimeOfDay =
    (hour <= 23 && minute <= 59 && second <= 60) || (hour === 24 && minute === 0 && second === 0)
  if (!isCalendarDay || !isTimeOfDay) return undefined
  const fractionMs = Math.floor(Number(`0.${match[7] ?? "0"}`) * 1000)
  const offsetMinutes = zoneOffsetMinutes(match[8])
  return (
    daysSince1970(year, month, day) * 86_400_000 +
    (hour * 3600 + minute * 60 + second) * 1000 +
    fractionMs -
    offsetMinutes * 60_000
  )
}

function zoneOffsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === "Z" || zone === "z") return 0
  const digits = zone.slice(1).replace(":", "")
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return zone.startsWith("-") ? -minutes : minutes
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Days of the proleptic Gregorian calendar, counted with March as the first month so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
