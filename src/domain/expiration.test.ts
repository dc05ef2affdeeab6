import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { DomainError, type ErrorName } from "./errors.ts"
import { parseExpiration } from "./expiration.ts"

const NOW = Date.UTC(2026, 0, 1)
const NEW_YEAR_2027 = Date.UTC(2027, 0, 1)
const YEAR_9999_END = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

describe("an expiration that means the same instant in every spelling", () => {
  it.each<[sender: string, value: unknown, instant: number | undefined]>([
    ["no expiration at all", undefined, undefined],
    ["null, as Flutter sends it", null, undefined],
    ["0", 0, undefined],
    ["minus 0", -0, undefined],
    ["the text 0", "0", undefined],
    ["the text 0.0", "0.0", undefined],
    ["empty text", "", undefined],
    ["whole seconds", 1_798_761_600, NEW_YEAR_2027],
    ["seconds with a fraction, as the JS SDK sends a Date", 1_798_761_600.123, NEW_YEAR_2027 + 123],
    [
      "seconds of the years 2038 and 2039, whose product with 1000 is inexact",
      2_191_929_130.812,
      2_191_929_130_812,
    ],
    ["milliseconds, as the Swift SDK sends them", NEW_YEAR_2027, NEW_YEAR_2027],
    ["milliseconds with a fraction", NEW_YEAR_2027 + 0.25, NEW_YEAR_2027],
    ["seconds as text", "1798761600", NEW_YEAR_2027],
    ["seconds with a fraction as text", "1798761600.5", NEW_YEAR_2027 + 500],
    ["seconds with a plus sign as text", "+1798761600", NEW_YEAR_2027],
    ["milliseconds as text", String(NEW_YEAR_2027), NEW_YEAR_2027],
    ["text in spaces", ` ${NEW_YEAR_2027} `, NEW_YEAR_2027],
    ["ISO text without a zone, as Flutter sends it: UTC", "2027-01-01T00:00:00.000", NEW_YEAR_2027],
    ["ISO text with microseconds, as Dart writes it", "2027-01-01T00:00:00.123456", NEW_YEAR_2027 + 123],
    ["ISO text with Z", "2027-01-01T00:00:00Z", NEW_YEAR_2027],
    ["ISO text with a lower-case z", "2027-01-01T00:00:00z", NEW_YEAR_2027],
    ["ISO text with a zone east", "2027-01-01T05:45:00+05:45", NEW_YEAR_2027],
    ["ISO text with a zone west", "2026-12-31T16:00:00-08:00", NEW_YEAR_2027],
    ["ISO text with a zone without a colon", "2027-01-01T14:00:00+1400", NEW_YEAR_2027],
    ["ISO text with a zone of hours alone, as PostgreSQL writes it", "2027-01-01T02:00:00+02", NEW_YEAR_2027],
    ["ISO text in lower case, as RFC 3339 permits", "2027-01-01t00:00:00z", NEW_YEAR_2027],
    ["ISO text with a space instead of the T", "2027-01-01 00:00:00", NEW_YEAR_2027],
    ["ISO text with a comma before the fraction", "2027-01-01T00:00:00,5Z", NEW_YEAR_2027 + 500],
    ["ISO text without seconds", "2027-01-01T00:00Z", NEW_YEAR_2027],
    ["a date alone", "2027-01-01", NEW_YEAR_2027],
    ["24:00, which is the next midnight", "2026-12-31T24:00:00Z", NEW_YEAR_2027],
    ["a leap second", "2026-12-31T23:59:60Z", NEW_YEAR_2027],
    ["29 February of a leap year", "2028-02-29T00:00:00Z", Date.UTC(2028, 1, 29)],
    ["29 February of a leap century", "2400-02-29T00:00:00Z", Date.UTC(2400, 1, 29)],
    [
      "an hour that summer time skips somewhere: UTC knows none",
      "2027-03-28T02:30:00",
      Date.UTC(2027, 2, 28, 2, 30),
    ],
    ["a hundred years from now", Date.UTC(2126, 0, 1), Date.UTC(2126, 0, 1)],
    ["the last instant of the year 9999", YEAR_9999_END, YEAR_9999_END],
    ["the last instant of the year 9999 as text", "9999-12-31T23:59:59.999Z", YEAR_9999_END],
    ["one millisecond from now", NOW + 1, NOW + 1],
  ])("%s", (_, value, instant) => {
    expect(parseExpiration(value, NOW)).toBe(instant)
  })

  it("1e11 is where seconds end and milliseconds begin", () => {
    expect(parseExpiration(99_999_999_999, 0)).toBe(99_999_999_999_000)
    expect(parseExpiration(100_000_000_000, 0)).toBe(100_000_000_000)
    expect(parseExpiration("99999999999.5", 0)).toBe(99_999_999_999_500)
    expect(parseExpiration("100000000000", 0)).toBe(100_000_000_000)
  })
})

describe("an expiration that is refused", () => {
  it.each<[what: string, value: unknown, error: ErrorName]>([
    ["this very millisecond", NOW, "invalid_expiration"],
    ["this very second, in seconds", NOW / 1000, "invalid_expiration"],
    ["this very instant as text", "2026-01-01T00:00:00Z", "invalid_expiration"],
    ["a millisecond ago", NOW - 1, "invalid_expiration"],
    ["1", 1, "invalid_expiration"],
    ["-1", -1, "invalid_expiration"],
    ["text of a negative number", "-1798761600", "invalid_expiration"],
    ["the year 0000", "0000-01-01T00:00:00Z", "invalid_expiration"],
    ["a time before 1970", "1969-12-31", "invalid_expiration"],
    ["a fraction that is nearly nothing", 0.0001, "invalid_expiration"],
    ["the year 10000", YEAR_9999_END + 1, "invalid_property"],
    ["the year 10000 by its zone", "9999-12-31T23:59:59-01:00", "invalid_property"],
    ["the year 275760, JavaScript's last", 8_640_000_000_000_000, "invalid_property"],
    ["the year 275760 as text", "+275760-09-13T00:00:00.000Z", "invalid_property"],
    ["microseconds", NEW_YEAR_2027 * 1000, "invalid_property"],
    ["2^53 + 2", 2 ** 53 + 2, "invalid_property"],
    ["-2^53", -(2 ** 53), "invalid_property"],
    ["infinity", Number.POSITIVE_INFINITY, "invalid_property"],
    ["not a number", Number.NaN, "invalid_property"],
    ["a text of 400 digits", "9".repeat(400), "invalid_property"],
    ["the text NaN", "NaN", "invalid_property"],
    ["the text 1e12", "1e12", "invalid_property"],
    ["a hexadecimal text", "0x1F", "invalid_property"],
    ["two numbers", "1 2", "invalid_property"],
    ["blank text", "   ", "invalid_property"],
    ["a word", "tomorrow", "invalid_property"],
    ["a HTTP date", "Fri, 01 Jan 2027 00:00:00 GMT", "invalid_property"],
    ["month 13", "2027-13-01", "invalid_property"],
    ["month 0", "2027-00-01", "invalid_property"],
    ["day 0", "2027-01-00", "invalid_property"],
    ["31 April", "2027-04-31", "invalid_property"],
    ["29 February of a common year", "2027-02-29", "invalid_property"],
    ["29 February of a common century", "2100-02-29", "invalid_property"],
    ["25 o'clock", "2027-01-01T25:00:00Z", "invalid_property"],
    ["24:01", "2027-01-01T24:01:00Z", "invalid_property"],
    ["minute 60", "2027-01-01T00:60:00Z", "invalid_property"],
    ["second 61", "2027-01-01T00:00:61Z", "invalid_property"],
    ["a zone of 24 hours", "2027-01-01T00:00:00+24:00", "invalid_property"],
    ["a zone of one digit", "2027-01-01T00:00:00+2", "invalid_property"],
    ["a zone of three digits", "2027-01-01T00:00:00+023", "invalid_property"],
    ["a zone with 60 minutes", "2027-01-01T00:00:00+01:60", "invalid_property"],
    ["the name of a zone", "2027-01-01T00:00:00 CET", "invalid_property"],
    ["digits of another script", "٢٠٢٧-٠١-٠١", "invalid_property"],
    ["text after the time", "2027-01-01T00:00:00Z;", "invalid_property"],
    ["true", true, "invalid_property"],
    ["an array", [NEW_YEAR_2027], "invalid_property"],
    ["an object", { seconds: 1 }, "invalid_property"],
  ])("%s", (_, value, error) => {
    expect(refusal(() => parseExpiration(value, NOW))).toMatchObject({
      error,
      details: { property: "expiration" },
      message: expect.stringContaining("expiration"),
    })
  })
})

/** Every instant that four-digit years can write. */
const YEAR_0000_START = Date.parse("0000-01-01T00:00:00Z")
const instants = fc.integer({ min: YEAR_0000_START, max: YEAR_9999_END })
/** Before all of them, so that none is over. */
const BEGINNING = YEAR_0000_START - 86_400_000

describe("expiration for every instant of four-digit years", () => {
  it("ISO text means what the calendar of the language says", () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(parseExpiration(new Date(instant).toISOString(), BEGINNING)).toBe(instant)
      }),
      { numRuns: 3000 },
    )
  })

  it("ISO text with a zone means the same instant", () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -1439, max: 1439 }), (instant, minutes) => {
        const local = new Date(instant + minutes * 60_000)
        fc.pre(local.getUTCFullYear() >= 0 && local.getUTCFullYear() <= 9999)
        const zone = `${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
        expect(parseExpiration(local.toISOString().replace("Z", zone), BEGINNING)).toBe(instant)
      }),
      { numRuns: 3000 },
    )
  })

  it("calendar parts that the language refuses are refused, and those that it takes mean the same", () => {
    const part = (max: number) => fc.integer({ min: 0, max }).map(two)
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1971, max: 9998 }), part(14), part(33), part(25), part(62), part(59)),
        ([year, month, day, hour, minute, second]) => {
          const text = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
          const expected = calendarInstant(text)
          if (expected === undefined)
            expect(refusal(() => parseExpiration(text, 0)).error).toBe("invalid_property")
          else expect(parseExpiration(text, 0)).toBe(expected)
        },
      ),
      { numRuns: 5000 },
    )
  })

  it("a Date that the JS SDK divides by 1000 comes back to the millisecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999_999_999 }), (instant) => {
        expect(parseExpiration(instant / 1000, 0)).toBe(instant)
      }),
      { numRuns: 5000, examples: [[2_191_929_130_812]] },
    )
  })

  it("no value at all makes it fail in an undeclared way, or answer an instant that is over", () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.double()), (value) => {
        try {
          const instant = parseExpiration(value, NOW)
          expect(instant === undefined || (Number.isSafeInteger(instant) && instant > NOW)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError)
        }
      }),
      { numRuns: 5000 },
    )
  })
})

/** The calendar of the language rolls 31 April over into May; a part that changes was no calendar part. */
function calendarInstant(text: string): number | undefined {
  const parts = text.match(/\d+/g)?.map(Number) as [number, number, number, number, number, number]
  const [year, month, day, hour, minute, second] = parts
  const instant = Date.UTC(year, month - 1, day, hour, minute, second)
  const endsTheDay = hour === 24 && minute === 0 && second === 0
  const written = new Date(endsTheDay ? instant - 1 : instant)
  const isSame = written.getUTCMonth() === month - 1 && written.getUTCDate() === day
  const isTime = endsTheDay || (hour <= 23 && minute <= 59)
  return isSame && isTime ? instant : undefined
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, "0")
}

function refusal(run: () => unknown): DomainError {
  try {
    run()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error("it was accepted")
}
