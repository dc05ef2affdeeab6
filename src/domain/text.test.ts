import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { DomainError, type ErrorName } from "./errors.ts"
import { checkedText, storableText } from "./text.ts"

const RULE = { min: 1, max: 10 }

describe("text that is accepted", () => {
  it.each<[what: string, text: string, stored: string]>([
    ["plain letters", "phone-1", "phone-1"],
    ["as many characters as the limit", "0123456789", "0123456789"],
    ["as many emoji as the limit, two code units each", "📱".repeat(10), "📱".repeat(10)],
    ["as many decomposed letters as the limit, two code points each", "e\u0301".repeat(10), "é".repeat(10)],
    ["the Angstrom sign, which is a letter in normal form C", "\u212b", "Å"],
    ["Hangul in parts", "\u1112\u1161\u11ab", "한"],
    ["letters that run from right to left", "مرحبا", "مرحبا"],
    ["a mark that turns the direction", "a\u202eb", "a\u202eb"],
    ["a byte order mark", "\ufeffa", "\ufeffa"],
    ["a noncharacter", "\uffff", "\uffff"],
    ["the last code point of Unicode", "\u{10ffff}", "\u{10ffff}"],
    ["spaces, also around it", " a b ", " a b "],
    ["quotes, slashes and percent signs", `'"/\\%00`, `'"/\\%00`],
    ["the name of a property of all objects", "__proto__", "__proto__"],
  ])("%s", (_, text, stored) => {
    expect(checkedText(text, "deviceId", RULE)).toBe(stored)
  })

  it("empty text, where the rule allows it", () => {
    expect(checkedText("", "osVersion", { min: 0, max: 10 })).toBe("")
  })
})

describe("text that is refused, with its property named", () => {
  it.each<[what: string, value: unknown, error: ErrorName, reason: string]>([
    ["nothing", undefined, "invalid_property", "deviceId is missing; it must be a string."],
    ["null", null, "invalid_property", "deviceId is null; it must be a string."],
    ["a number", 7, "invalid_property", "deviceId is a number; it must be a string."],
    ["true", true, "invalid_property", "deviceId is a boolean; it must be a string."],
    ["an array", ["a"], "invalid_property", "deviceId is an array; it must be a string."],
    ["an object", { a: 1 }, "invalid_property", "deviceId is an object; it must be a string."],
    ["empty text", "", "invalid_property", "deviceId is empty"],
    [
      "one character too many",
      "0123456789a",
      "property_too_long",
      "deviceId has 11 characters; the limit is 10.",
    ],
    [
      "one emoji too many",
      "📱".repeat(11),
      "property_too_long",
      "deviceId has 11 characters; the limit is 10.",
    ],
    [
      "text that only normal form C makes too long",
      "\u{1d160}".repeat(4),
      "property_too_long",
      "12 characters",
    ],
    ["the first half of a pair", "a\ud800", "invalid_property", "half of a surrogate pair"],
    ["the second half of a pair", "\udc00a", "invalid_property", "half of a surrogate pair"],
    ["a pair the wrong way round", "\udc00\ud800", "invalid_property", "half of a surrogate pair"],
    ["NUL", "a\0b", "invalid_property", "U+0000 at position 1"],
    ["a tab", "\t", "invalid_property", "U+0009 at position 0"],
    ["a line feed", "ab\n", "invalid_property", "U+000A at position 2"],
    ["escape", "\u001b[31m", "invalid_property", "U+001B"],
    ["DEL", "\u007f", "invalid_property", "U+007F"],
    ["a C1 control", "\u0085", "invalid_property", "U+0085"],
    ["a line separator", "\u2028", "invalid_property", "U+2028"],
    ["a paragraph separator", "\u2029", "invalid_property", "U+2029"],
  ])("%s", (_, value, error, reason) => {
    const { error: name, message, details } = refusal(() => checkedText(value, "deviceId", RULE))
    expect({ name, details: details.property }).toEqual({ name: error, details: "deviceId" })
    expect(message).toContain(reason)
    expect(message).toContain("deviceId")
  })

  it("the limit and the length come along, so that a program can act on them", () => {
    expect(refusal(() => checkedText("01234567890", "os", RULE)).details).toEqual({
      property: "os",
      limit: 10,
      length: 11,
    })
  })

  it("the message never repeats the value, which may be a secret", () => {
    const secret = "a-secret-token"
    for (const value of [`${secret}\n`, `${secret}\ud800`, secret, [secret], { secret }]) {
      const { message, details } = refusal(() => checkedText(value, "deviceToken", RULE))
      expect(message + JSON.stringify(details)).not.toContain(secret)
    }
  })
})

describe("every text", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
      .map((units) => String.fromCharCode(...units)),
  )

  it("is refused or stored so that storing it again changes nothing", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = storedOrRefused(text)
        if (stored === undefined) return
        expect(storableText(stored, "text")).toBe(stored)
        expect(Buffer.from(stored, "utf8").toString("utf8")).toBe(stored)
        expect(stored).not.toMatch(/\p{Cc}/u)
      }),
      { numRuns: 5000 },
    )
  })

  it("is stored as the same text as every other spelling of it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = storedOrRefused(text)
        if (stored === undefined) return
        expect(storedOrRefused(text.normalize("NFD"))).toBe(stored)
      }),
      { numRuns: 5000 },
    )
  })
})

function storedOrRefused(text: string): string | undefined {
  try {
    return storableText(text, "text")
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
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
