import type { ErrorName } from "../../src/domain/errors.ts"
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts"

/** Bodies of a registration that must be refused, and how: the value corpus of reliability T-14d over every property. */
export interface RefusedCase {
  readonly what: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly error: ErrorName
  /** What `errorData.property` says, and where the message must look; undefined: no property is to blame. */
  readonly property: string | undefined
}

/** The properties of a body as JSON texts, so that they can be what no JSON writer would write. */
export type BodyTexts = Readonly<Record<string, string | undefined>>

export const PHONE: BodyTexts = {
  deviceToken: '"token"',
  deviceId: '"phone"',
  os: '"IOS"',
  osVersion: '"18.1"',
}

export function bodyOf(change: BodyTexts = {}): string {
  const texts = Object.entries({ ...PHONE, ...change }).filter(([, text]) => text !== undefined)
  return `{${texts.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`
}

export const TEXT_PROPERTIES = ["deviceToken", "deviceId", "os", "osVersion"] as const

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth)

const BIG_BODY = bodyOf({ channels: JSON.stringify(["x".repeat(1_048_576)]) })

/** Refused as the value of any property. */
const NEVER_JSON: readonly [what: string, text: string, inside?: string][] = [
  ["1e400", "1e400"],
  ["-1e400", "-1e400"],
  ["2^53 + 1", "9007199254740993"],
  ["-2^53", "-9007199254740992"],
  ["a number of 400 digits", "9".repeat(400)],
  ["NaN", "NaN"],
  ["Infinity", "Infinity"],
  ["undefined", "undefined"],
  ["a number with a plus sign", "+1"],
  ["text in single quotes", "'a'"],
  ["nothing between colon and comma", ""],
  ["half of a surrogate pair", '"a\\ud800"'],
  ["the other half of a surrogate pair", '"\\udc00a"'],
  ["a surrogate pair the wrong way round", '"\\udc00\\ud800"'],
  ["an unescaped line feed in a string", '"a\nb"'],
  ["an unknown escape sequence", '"\\x41"'],
  ["nesting of 32 levels more", nested(32), "[0]".repeat(31)],
  ["an object with the key __proto__", '{"__proto__":{"isAdmin":true}}', ".__proto__"],
  ["an object with the key constructor", '{"constructor":{}}', ".constructor"],
  ["an object with a key twice", '{"a":1,"a":2}', ".a"],
  ["an object with a key twice, once escaped", '{"a":1,"\\u0061":2}', ".a"],
]

const NEVER_TEXT: readonly [what: string, text: string | undefined][] = [
  ["nothing", undefined],
  ["null", "null"],
  ["a number", "7"],
  ["minus zero", "-0"],
  ["the largest exact number", "9007199254740991"],
  ["true", "true"],
  ["false", "false"],
  ["an array", '["a"]'],
  ["an empty array", "[]"],
  ["an object", '{"a":1}'],
  ["NUL", '"a\\u0000b"'],
  ["a tab", '"\\t"'],
  ["a line feed", '"a\\nb"'],
  ["escape", '"\\u001b[31m"'],
  ["DEL", '"\\u007f"'],
  ["next line", '"\\u0085"'],
  ["a line separator", '"\\u2028"'],
  ["a paragraph separator, unescaped", '"\u2029"'],
]

function textCases(property: (typeof TEXT_PROPERTIES)[number]): RefusedCase[] {
  const limit = DEFAULT_LIMITS[property]
  const tooLong: readonly [what: string, text: string][] = [
    ["one character too many", JSON.stringify("a".repeat(limit + 1))],
    ["one emoji too many", JSON.stringify("📱".repeat(limit + 1))],
    [
      "one character too many, in normal form C only",
      JSON.stringify("\u{1d160}".repeat(Math.ceil((limit + 1) / 3))),
    ],
    ["60 000 characters", JSON.stringify("a".repeat(60_000))],
  ]
  const cases = [
    ...NEVER_TEXT.map(([what, text]) => ({ what, text, error: "invalid_property" as const })),
    ...tooLong.map(([what, text]) => ({ what, text, error: "property_too_long" as const })),
    ...(property === "osVersion"
      ? []
      : [{ what: "empty text", text: '""', error: "invalid_property" as const }]),
  ]
  return cases.map(({ what, text, error }) => ({
    what: `${property}: ${what}`,
    body: bodyOf({ [property]: text }),
    error,
    property,
  }))
}

const channelCases: readonly RefusedCase[] = (
  [
    ["text", '"news"', "channels"],
    ["empty text", '""', "channels"],
    ["a number", "1", "channels"],
    ["true", "true", "channels"],
    ["an object", '{"0":"news"}', "channels"],
    ["1001 names", JSON.stringify(Array(1001).fill("a")), "channels"],
    ["10 000 names", JSON.stringify(Array(10_000).fill("a")), "channels"],
    ["null among the names", '["a",null]', "channels[1]"],
    ["a number among the names", "[1]", "channels[0]"],
    ["an array among the names", '["a","b",["c"]]', "channels[2]"],
    ["an object among the names", "[{}]", "channels[0]"],
    ["an empty name", '["a",""]', "channels[1]"],
    ["a name with a slash", '["a/b"]', "channels[0]"],
    ["a name with an escaped slash", '["a\\u002fb"]', "channels[0]"],
    ["a name with a comma", '["a,b"]', "channels[0]"],
    ["a name with two colons", '["a::b"]', "channels[0]"],
    ["a name of one dot", '["."]', "channels[0]"],
    ["a name of two dots", '["a",".."]', "channels[1]"],
    ["a name with NUL", '["a\\u0000"]', "channels[0]"],
    ["a name with a line feed", '["a\\n"]', "channels[0]"],
    ["a name that is too long", JSON.stringify(["a", "b".repeat(46)]), "channels[1]"],
    ["a name of too many emoji", JSON.stringify(["📣".repeat(46)]), "channels[0]"],
  ] as const
).map(([what, text, property]) => ({
  what: `channels: ${what}`,
  body: bodyOf({ channels: text }),
  error: what.includes("too") ? "property_too_long" : "invalid_property",
  property,
}))

/** With the server's clock at this instant, 2027-01-15T08:00:00Z. */
export const NOW = 1_800_000_000_000

const expirationCases: readonly RefusedCase[] = (
  [
    ["now, in milliseconds", String(NOW), "invalid_expiration"],
    ["now, in seconds", String(NOW / 1000), "invalid_expiration"],
    ["now, as ISO text", '"2027-01-15T08:00:00Z"', "invalid_expiration"],
    ["now, as ISO text of a zone", '"2027-01-15T09:00:00+01:00"', "invalid_expiration"],
    ["a millisecond ago", String(NOW - 1), "invalid_expiration"],
    ["1", "1", "invalid_expiration"],
    ["-1", "-1", "invalid_expiration"],
    ["a negative time as text", '"-1800000000"', "invalid_expiration"],
    ["a time before 1970", '"1969-12-31T23:59:59Z"', "invalid_expiration"],
    ["the year 0000", '"0000-01-01"', "invalid_expiration"],
    ["the year 10000", "253402300800000", "invalid_property"],
    ["the year 275760", "8640000000000000", "invalid_property"],
    ["the year 275760 as text", '"+275760-09-13T00:00:00.000Z"', "invalid_property"],
    ["microseconds", "1800000000000000", "invalid_property"],
    ["30 February", '"2028-02-30T00:00:00Z"', "invalid_property"],
    ["29 February of a common year", '"2027-02-29"', "invalid_property"],
    ["25 o'clock", '"2028-01-01T25:00:00Z"', "invalid_property"],
    ["a zone of 99 hours", '"2028-01-01T00:00:00+99:00"', "invalid_property"],
    ["a word", '"tomorrow"', "invalid_property"],
    ["the text NaN", '"NaN"', "invalid_property"],
    ["the text Infinity", '"Infinity"', "invalid_property"],
    ["the text 1e12", '"1e12"', "invalid_property"],
    ["a number with NUL behind it", '"1900000000\\u0000"', "invalid_property"],
    ["a text of 60 000 digits", `"${"9".repeat(60_000)}"`, "invalid_property"],
    ["blank text", '" "', "invalid_property"],
    ["true", "true", "invalid_property"],
    ["an array", "[1900000000]", "invalid_property"],
    ["an object", '{"time":1900000000}', "invalid_property"],
  ] as const
).map(([what, text, error]) => ({
  what: `expiration: ${what}`,
  body: bodyOf({ expiration: text }),
  error,
  property: "expiration",
}))

const unreadableCases: readonly RefusedCase[] = [
  ...TEXT_PROPERTIES,
  "channels",
  "expiration",
  "unknown",
].flatMap((property) =>
  NEVER_JSON.map(([what, text, inside = ""]) => ({
    what: `${property}: ${what}`,
    body: bodyOf({ [property]: text }),
    error: "malformed_json" as const,
    property: property + inside,
  })),
)

const wholeCases: readonly RefusedCase[] = [
  ...(
    [
      ["an empty array", "[]"],
      ["an array with a registration", `[${bodyOf()}]`],
      ["null", "null"],
      ["text", '"deviceId"'],
      ["a number", "1"],
      ["true", "true"],
    ] as const
  ).map(([what, body]) => ({ what, body, error: "invalid_property" as const, property: "the body" })),
  { what: "an empty object", body: "{}", error: "invalid_property", property: "os" },
  ...(
    [
      ["a space", " "],
      ["a brace", "{"],
      ["a body that ends in the middle", bodyOf().slice(0, -10)],
      ["a body without its last brace", bodyOf().slice(0, -1)],
      ["a body with text behind it", `${bodyOf()}x`],
      ["two bodies", bodyOf() + bodyOf()],
      ["a comma before the brace", bodyOf().replace("}", ",}")],
      ["a comment", `/* */${bodyOf()}`],
      ["names without quotes", "{deviceId:1}"],
      ["a byte order mark", `\ufeff${bodyOf()}`],
      ["bytes that are no UTF-8", Buffer.concat([Buffer.from(bodyOf()), Buffer.from([0xc3])])],
      [
        "an overlong encoding",
        Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
      ],
      [
        "an encoded surrogate",
        Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
      ],
      ["UTF-16", Buffer.from(bodyOf(), "utf16le")],
      ["a form", "deviceId=phone&os=IOS"],
      ["XML", "<device/>"],
      ["zeros", Buffer.alloc(100)],
      ["a hexadecimal number", bodyOf({ expiration: "0x1F" })],
      ["a number with a leading zero", bodyOf({ expiration: "012" })],
      ["a number with a thousands separator", bodyOf({ expiration: "1_900_000_000" })],
    ] as const
  ).map(([what, body]) => ({ what, body, error: "malformed_json" as const, property: undefined })),
  ...(
    [
      ["the property __proto__", `{"__proto__":{},${bodyOf().slice(1)}`, "__proto__"],
      ["the property __proto__, escaped", `{"\\u005f_proto__":{},${bodyOf().slice(1)}`, "__proto__"],
      ["the property constructor", `{"constructor":{},${bodyOf().slice(1)}`, "constructor"],
      ["the property prototype", `{"prototype":{},${bodyOf().slice(1)}`, "prototype"],
      ["deviceId twice", `{"deviceId":"other",${bodyOf().slice(1)}`, "deviceId"],
      ["deviceId twice, once escaped", `{"device\\u0049d":"other",${bodyOf().slice(1)}`, "deviceId"],
      ["deviceId twice with the same value", `{"deviceId":"phone",${bodyOf().slice(1)}`, "deviceId"],
      ["30 000 levels of arrays", nested(30_000), "[0]".repeat(32)],
      ["10 000 levels of objects", '{"a":'.repeat(10_000), Array(32).fill("a").join(".")],
      ["an unknown property twice", `{"x":1,"x":2,${bodyOf().slice(1)}`, "x"],
    ] as const
  ).map(([what, body, property]) => ({ what, body, error: "malformed_json" as const, property })),
  { what: "1 MB", body: BIG_BODY, error: "body_too_large", property: undefined },
  { what: "a million levels", body: nested(1_000_000), error: "body_too_large", property: undefined },
  {
    what: "one byte more than allowed",
    body: bodyOf().padEnd(DEFAULT_LIMITS.bodyBytes + 1),
    error: "body_too_large",
    property: undefined,
  },
]

const typeCases: readonly RefusedCase[] = [
  "text/plain",
  "text/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonp",
  "application/json; charset=latin1",
  "application/json; charset=utf-16",
  "application/json, text/plain",
  "application/problem+json",
  "json",
].map((type) => ({
  what: `the type ${type}`,
  body: bodyOf(),
  headers: { "content-type": type },
  error: "unsupported_content_type" as const,
  property: "content-type",
}))

export const REFUSED: readonly RefusedCase[] = [
  ...TEXT_PROPERTIES.flatMap((property) => textCases(property)),
  ...channelCases,
  ...expirationCases,
  ...unreadableCases,
  ...wholeCases,
  ...typeCases,
  {
    what: "no type at all",
    body: bodyOf(),
    headers: { "content-type": "" },
    error: "unsupported_content_type",
    property: "content-type",
  },
  {
    what: "a compressed body",
    body: bodyOf(),
    headers: { "content-encoding": "gzip" },
    error: "unsupported_content_type",
    property: "content-encoding",
  },
]
