import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { AddressRanges, readAddressRange } from "./address-ranges.ts"

function rangeOf(text: string): string {
  const reading = readAddressRange(text)
  if (!reading.ok) throw new Error(`${text} ${reading.fault}`)
  return reading.range
}

const rangesOf = (...texts: readonly string[]) => new AddressRanges(texts.map(rangeOf))

describe("an address or range is read", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["203.0.113.7/32", "203.0.113.7"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["10.64.0.0/10", "10.64.0.0/10"],
    ["192.0.2.254/31", "192.0.2.254/31"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:DB8::/32", "2001:db8::/32"],
    ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
    ["2001:db8::1/128", "2001:db8::1"],
    ["fc00::/7", "fc00::/7"],
    ["2001:db8:0:8000::/49", "2001:db8:0:8000::/49"],
    ["::1", "::1"],
    ["::/0", "::/0"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["::FFFF:a00:1", "10.0.0.1"],
    ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
    ["::ffff:0:0/96", "0.0.0.0/0"],
    ["64:ff9b::10.0.0.1", "64:ff9b::a00:1"],
  ])("%s as %s", (text, range) => {
    expect(rangeOf(text)).toBe(range)
    expect(rangeOf(range)).toBe(range)
  })

  test.each([
    ["", /^is no IP address or CIDR range, such as /],
    ["proxy.example", /^is no IP address/],
    ["10.0.0", /^is no IP address/],
    ["10.0.0.256", /^is no IP address/],
    ["10.0.0.0/8/8", /^is no IP address/],
    ["[::1]", /^is no IP address/],
    ["10.0.0.1:80", /^is no IP address/],
    [" 10.0.0.1", /^is no IP address/],
    ["10.0.0.0-10.0.0.9", /^is no IP address/],
    ["10.0.0.0/", /^needs a number of bits from 0 to 32 behind its slash$/],
    ["10.0.0.0/33", /^needs a number of bits from 0 to 32 /],
    ["10.0.0.0/08", /^needs a number of bits from 0 to 32 /],
    ["10.0.0.0/-1", /^needs a number of bits from 0 to 32 /],
    ["10.0.0.0/8.5", /^needs a number of bits from 0 to 32 /],
    ["2001:db8::/129", /^needs a number of bits from 0 to 128 /],
    ["fe80::1%eth0", /^names a network interface of one machine/],
    ["fe80::%eth0/64", /^names a network interface of one machine/],
    [
      "10.1.2.3/8",
      /^has more than its first 8 bits set: the range is 10\.0\.0\.0\/8, the address alone 10\.1\.2\.3$/,
    ],
    [
      "2001:db8::1/32",
      /^has more than its first 32 bits set: the range is 2001:db8::\/32, the address alone 2001:db8::1$/,
    ],
    ["::ffff:0:0/95", /^has more than its first 95 bits set/],
    ["::ffff:10.0.0.1/104", /the range is 10\.0\.0\.0\/8, the address alone 10\.0\.0\.1$/],
    ["1.2.3.4/0", /the range is 0\.0\.0\.0\/0/],
  ])("%j is not: it %s", (text, fault) => {
    expect(readAddressRange(text)).toEqual({ ok: false, fault: expect.stringMatching(fault) })
  })
})

describe("ranges hold", () => {
  const some = rangesOf("10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1")

  test.each([
    "10.0.0.0",
    "10.255.255.255",
    "192.0.2.7",
    "2001:db8::",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:DB8:0::1",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::ffff:10.1.2.3",
    "::ffff:a01:203",
    "2001:db8::1%eth0",
  ])("%s", (address) => {
    expect(some.has(address)).toBe(true)
  })

  test.each([
    "9.255.255.255",
    "11.0.0.0",
    "192.0.2.6",
    "192.0.2.8",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db9::",
    "::2",
    "::ffff:11.0.0.0",
    "::10.0.0.1",
    "",
    "proxy.example",
    "10.0.0.0/8",
    "10.0.0.1, 10.0.0.2",
  ])("not %j", (address) => {
    expect(some.has(address)).toBe(false)
  })

  test("nothing when none is named, and of the other family nothing ever", () => {
    expect(rangesOf().has("10.0.0.1")).toBe(false)
    expect(rangesOf("::/0").has("10.0.0.1")).toBe(false)
    expect(rangesOf("::/0").has("::ffff:10.0.0.1")).toBe(false)
    expect(rangesOf("::/0").has("2001:db8::1")).toBe(true)
    expect(rangesOf("0.0.0.0/0").has("2001:db8::1")).toBe(false)
    expect(rangesOf("0.0.0.0/0").has("255.255.255.255")).toBe(true)
  })
})

test("an address is in a range if the first bits of the two are the same", () => {
  const byte = fc.integer({ min: 0, max: 255 })
  const bitsOf = (bytes: readonly number[]) => bytes.map((one) => one.toString(2).padStart(8, "0")).join("")
  const textOf = (bytes: readonly number[]) =>
    bytes.length === 4
      ? bytes.join(".")
      : Array.from({ length: 8 }, (_, at) =>
          (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
        ).join(":")
  const cases = fc.constantFrom(4, 16).chain((length) =>
    fc.record({
      one: fc.array(byte, { minLength: length, maxLength: length }),
      flipped: fc.integer({ min: 0, max: length * 8 - 1 }),
      bits: fc.integer({ min: 0, max: length * 8 }),
    }),
  )
  fc.assert(
    fc.property(cases, ({ one, flipped, bits }) => {
      const network = one.map(
        (value, at) => value & ~(2 ** (8 - Math.min(8, Math.max(0, bits - 8 * at))) - 1),
      )
      const other = one.map((value, at) => (at === flipped >> 3 ? value ^ (0x80 >> (flipped & 7)) : value))
      const ranges = rangesOf(`${textOf(network)}/${bits}`)
      expect(ranges.has(textOf(one))).toBe(true)
      const isSame = bitsOf(other).slice(0, bits) === bitsOf(network).slice(0, bits)
      expect(ranges.has(textOf(other))).toBe(isSame)
    }),
  )
})
