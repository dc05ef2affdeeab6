import { describe, expect, it } from "vitest"
import { retryAfterMs } from "../../src/provider/retry-after.ts"

const NOW = Date.parse("2026-11-23T12:00:00Z")
const DAY_MS = 86_400_000

describe("Retry-After", () => {
  for (const [header, expected] of [
    ["0", 0],
    ["120", 120_000],
    [" 5 ", 5_000],
    ["999999999", DAY_MS],
    ["Mon, 23 Nov 2026 12:00:10 GMT", 10_000],
    ["Mon, 23 Nov 2026 11:00:00 GMT", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["Fri, 31 Dec 9999 23:59:59 GMT", DAY_MS],
    [undefined, undefined],
    ["", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["1e3", undefined],
    ["Mon, 23 Foo 2026 12:00:10 GMT", undefined],
    ["2026-11-23T12:00:10Z", undefined],
  ] as const) {
    it(`${JSON.stringify(header)} is a pause of ${expected} ms`, () => {
      expect(retryAfterMs(header, NOW)).toBe(expected)
    })
  }

  it("understands every day of the calendar", () => {
    for (
      let day = Date.parse("1999-12-25T00:00:30Z");
      day < Date.parse("2101-01-05");
      day += 13 * DAY_MS + 3_671_000
    ) {
      const header = new Date(day).toUTCString()
      expect([header, retryAfterMs(header, day - 7_000)]).toEqual([header, 7_000])
    }
  })
})
