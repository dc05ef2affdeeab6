import fc from "fast-check"
import { NOW } from "./registration-cases.ts"

/** A body for a registration: mostly what an app could send, with something wrong in it more often than not. */
export interface GeneratedBody {
  readonly text: string
  /** Whether it must be accepted; false says nothing. */
  readonly isValid: boolean
}

type Fields = Record<string, unknown>

/** Characters that a text of a registration may have, from all planes. */
const goodCharacter = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 1 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("é", "ß", "日", "م", "📱", "\u{10ffff}", "\u200d", "\ufeff", "%", "/"),
  },
)
const goodText = (max: number, min = 1) =>
  fc.array(goodCharacter, { minLength: min, maxLength: max }).map((characters) => characters.join(""))

const goodDeviceId = fc.oneof(
  fc.integer({ min: 0, max: 200 }).map((number) => `shared-${number}`),
  fc.uuid(),
  goodText(45).filter((text) => text !== "." && text !== ".."),
)

const goodChannel = fc.oneof(
  fc.constantFrom("default", "news", "sport"),
  goodText(12).filter((name) => !/[/,]|::/.test(name) && name !== "." && name !== ".."),
)

const anHourOn = NOW + 3_600_000
const goodExpiration = fc.oneof(
  fc.constantFrom(null, 0, "", "0"),
  fc.integer({ min: NOW + 1, max: 253_402_300_799_999 }),
  fc.integer({ min: anHourOn, max: 99_999_999_999_000 }).map((instant) => instant / 1000),
  fc.integer({ min: anHourOn, max: 253_402_300_799_999 }).map((instant) => new Date(instant).toISOString()),
  fc.integer({ min: anHourOn, max: 253_402_300_799_999 }).map(String),
)

const goodFields: fc.Arbitrary<Fields> = fc.record(
  {
    deviceToken: goodText(256),
    deviceId: goodDeviceId,
    os: fc.oneof(fc.constantFrom("IOS", "ANDROID", "WP", "OSX"), goodText(15)),
    osVersion: goodText(45, 0),
    channels: fc.option(fc.array(goodChannel, { maxLength: 6 })),
    expiration: goodExpiration,
  },
  { requiredKeys: ["deviceToken", "deviceId", "os", "osVersion"] },
)

const PROPERTIES = ["deviceToken", "deviceId", "os", "osVersion", "channels", "expiration"] as const

/** Texts that have been trouble somewhere. */
const evilText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    ".",
    "..",
    "",
    " ",
    "\0",
    "\ud800",
    "\udfff\ud800",
    "\u2028",
    "__proto__",
    "-1",
    "1e9",
    "NaN",
    "null",
  ),
  fc.constantFrom("2026-02-30", "2027-01-15T08:00:00Z", "9999-12-31T24:00:00-23:59", "a,b", "a::b", "a/b"),
  fc.integer({ min: 40, max: 2000 }).map((length) => "x".repeat(length)),
  fc.integer({ min: 10, max: 300 }).map((length) => "\u{1d160}".repeat(length)),
)

const evilNumber = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    -1,
    0,
    -0,
    1,
    NOW,
    NOW - 1,
    NOW + 1,
    NOW / 1000,
    1e11,
    1e11 - 1,
    2 ** 53,
    -(2 ** 53),
    1e300,
    5e-324,
  ),
)

const evilValue: fc.Arbitrary<unknown> = fc.oneof(
  evilText,
  evilNumber,
  fc.constantFrom(null, true, false),
  fc.array(fc.oneof(evilText, goodChannel), { maxLength: 8 }),
  fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 4 }),
  fc.integer({ min: 900, max: 3000 }).map((length) => Array(length).fill("a")),
  fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "deviceId")),
    fc.jsonValue(),
  ),
)

/** One property, or several, of a good body replaced by something else. */
const mutatedFields: fc.Arbitrary<Fields> = fc
  .tuple(
    goodFields,
    fc.array(fc.tuple(fc.constantFrom(...PROPERTIES), evilValue), { minLength: 1, maxLength: 2 }),
    fc.subarray([...PROPERTIES], { maxLength: 1 }),
  )
  .map(([fields, changes, missing]) => {
    const changed = { ...fields, ...Object.fromEntries(changes) }
    return Object.fromEntries(Object.entries(changed).filter(([name]) => !missing.includes(name as never)))
  })

/** Texts that JSON writers never write, put in place of a property's value. */
const rawValue = fc.oneof(
  fc.constantFrom(
    "1e400",
    "-1e999",
    "9007199254740993",
    "NaN",
    "01",
    "'a'",
    "tru",
    "",
    '"\\ud800"',
    '"\\u0000"',
  ),
  fc.constantFrom(
    '"\\x"',
    '"a',
    '"\t"',
    "[1,]",
    "{,}",
    "[",
    "}",
    '{"a":1,"a":2}',
    '{"__proto__":1}',
    "1.9e12",
  ),
  fc.integer({ min: 20, max: 60 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
  fc.string({ maxLength: 12 }),
)

const rawFields = fc
  .tuple(goodFields, fc.constantFrom(...PROPERTIES, "more"), rawValue)
  .map(([fields, name, raw]) => {
    const others = Object.entries(fields).filter(([other]) => other !== name)
    const texts = others.map(([other, value]) => `${JSON.stringify(other)}:${JSON.stringify(value)}`)
    return `{${[...texts, `${JSON.stringify(name)}:${raw}`].join(",")}}`
  })

/** The text of a good body, damaged as bytes can be on their way. */
const damagedText = fc
  .tuple(goodFields, fc.nat(), fc.nat({ max: 3 }), fc.string({ unit: "binary", maxLength: 3 }))
  .map(([fields, at, removed, inserted]) => {
    const text = JSON.stringify(fields)
    const start = at % (text.length + 1)
    return text.slice(0, start) + inserted + text.slice(start + removed)
  })

/** Another property given twice, or written with escapes. */
const disguisedText = fc
  .tuple(goodFields, fc.constantFrom(...PROPERTIES), fc.boolean(), evilValue)
  .map(([fields, name, isEscaped, value]) => {
    const text = JSON.stringify(fields)
    const written = isEscaped ? `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}` : name
    return `{"${written}":${JSON.stringify(value) ?? "null"},${text.slice(1)}`
  })

const largeText = fc.tuple(goodFields, fc.integer({ min: 60_000, max: 70_000 })).map(([fields, bytes]) => {
  const text = JSON.stringify(fields)
  return text.padEnd(bytes)
})

const extraFields = fc
  .tuple(goodFields, fc.string(), fc.jsonValue({ maxDepth: 4 }))
  .map(([fields, name, value]) => {
    // Before the others, so that a property of theirs by that name counts.
    return { ...Object.fromEntries([[`x${name.toWellFormed()}`, value]]), ...fields }
  })

const maybe = (arbitrary: fc.Arbitrary<string>) => arbitrary.map((text) => ({ text, isValid: false }))

export const anyBody: fc.Arbitrary<GeneratedBody> = fc.oneof(
  { weight: 24, arbitrary: goodFields.map((fields) => ({ text: JSON.stringify(fields), isValid: true })) },
  { weight: 40, arbitrary: maybe(mutatedFields.map((fields) => JSON.stringify(fields))) },
  { weight: 10, arbitrary: maybe(extraFields.map((fields) => JSON.stringify(fields))) },
  { weight: 10, arbitrary: maybe(rawFields) },
  { weight: 6, arbitrary: maybe(damagedText) },
  { weight: 4, arbitrary: maybe(disguisedText) },
  { weight: 3, arbitrary: maybe(fc.json()) },
  { weight: 2, arbitrary: maybe(fc.string({ minLength: 1, maxLength: 80 })) },
  { weight: 1, arbitrary: maybe(largeText) },
)
