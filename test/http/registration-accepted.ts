import { DEFAULT_LIMITS } from "../../src/domain/limits.ts"
import { bodyOf, NOW, TEXT_PROPERTIES } from "./registration-cases.ts"

/** Bodies of a registration that must be accepted, and what a device finds when it reads its registration back. */
export interface AcceptedCase {
  readonly what: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  /** Defaults to "phone". */
  readonly deviceId?: string
  readonly stored: Readonly<Record<string, unknown>>
  /** The channels in the registrationId. Defaults to the default channel. */
  readonly named?: readonly string[]
}

const TEXTS: readonly [what: string, text: string, stored?: string][] = [
  ["one letter", "a"],
  ["a space", " "],
  ["a decomposed letter, which is composed", "e\u0301", "é"],
  ["the Angstrom sign, which is a letter", "\u212b", "Å"],
  ["letters from right to left", "مرحبا"],
  ["a mark that turns the direction", "a\u202eb"],
  ["a byte order mark", "\ufeffa"],
  ["an emoji of four bytes", "📱"],
  ["an emoji of several code points", "👩‍👩‍👧"],
  ["the last code point of Unicode", "\u{10ffff}"],
  ["a noncharacter", "\uffff"],
  ["quotes and a backslash", `'"\\`],
  ["the beginning of another statement", "';drop table"],
  ["__proto__", "__proto__"],
  ["the word null", "null"],
  ["a percent sign and digits", "%41%00"],
  ["slashes and dots", "/../a"],
  ["a question mark and a hash", "?a=b#c"],
  ["a semicolon and an equals sign", "a;b=c"],
  ["a plus sign", "a+b"],
]

const textCases: readonly AcceptedCase[] = TEXT_PROPERTIES.flatMap((property) => {
  const limit = DEFAULT_LIMITS[property]
  const atTheLimit: typeof TEXTS = [
    ["as many characters as allowed", "a".repeat(limit)],
    ["as many emoji as allowed", "📱".repeat(limit)],
    ["as many decomposed letters as allowed", "e\u0301".repeat(limit), "é".repeat(limit)],
  ]
  return [...TEXTS, ...atTheLimit].map(([what, text, stored = text]) => ({
    what: `${property}: ${what}`,
    body: bodyOf({ [property]: JSON.stringify(text) }),
    stored: { [property]: stored },
    ...(property === "deviceId" && { deviceId: stored }),
  }))
})

const thousand = Array.from({ length: 1000 }, (_, index) => `channel-${index}`)

const channelCases: readonly AcceptedCase[] = (
  [
    ["none", undefined, ["default"]],
    ["null", "null", ["default"]],
    ["an empty list", "[]", ["default"]],
    ["one", '["news"]', ["news"]],
    ["several, in their order", '["b","a","default"]', ["b", "a", "default"]],
    ["one twice", '["a","b","a"]', ["a", "b"]],
    ["one in two spellings", '["caf\\u00e9","cafe\\u0301"]', ["café"]],
    ["names with colons, dots and spaces", '[":a:","...","a b","%"]', [":a:", "...", "a b", "%"]],
    ["a name as long as allowed", JSON.stringify(["n".repeat(45)]), ["n".repeat(45)]],
    ["as many as allowed", JSON.stringify(thousand), thousand],
  ] as const
).map(([what, text, channels]) => ({
  what: `channels: ${what}`,
  body: bodyOf({ channels: text }),
  stored: { channels },
  named: channels,
}))

const HUNDRED_YEARS_ON = Date.UTC(2127, 0, 15, 8)

const expirationCases: readonly AcceptedCase[] = (
  [
    ["none", undefined, null],
    ["null", "null", null],
    ["0", "0", null],
    ["-0", "-0", null],
    ["empty text", '""', null],
    ["one millisecond from now", String(NOW + 1), NOW + 1],
    ["one millisecond from now, in seconds", "1800000000.001", NOW + 1],
    ["one millisecond from now, as ISO text", '"2027-01-15T08:00:00.001Z"', NOW + 1],
    ["an hour from now in seconds, as the JS SDK sends it", "1800003600.123", NOW + 3_600_123],
    ["an hour from now in milliseconds, as Swift sends it", String(NOW + 3_600_000), NOW + 3_600_000],
    ["ISO text of no zone, as Flutter sends it", '"2027-01-15T09:00:00.000"', NOW + 3_600_000],
    ["an hour that summer time skips in Europe", '"2027-03-28T02:30:00"', Date.UTC(2027, 2, 28, 2, 30)],
    ["an hour that exists twice in Europe", '"2027-10-31T02:30:00+01:00"', Date.UTC(2027, 9, 31, 1, 30)],
    ["a hundred years from now in seconds", String(HUNDRED_YEARS_ON / 1000), HUNDRED_YEARS_ON],
    ["a hundred years from now in milliseconds", String(HUNDRED_YEARS_ON), HUNDRED_YEARS_ON],
    ["the last instant of the year 9999", '"9999-12-31T23:59:59.999Z"', 253_402_300_799_999],
    ["milliseconds in scientific notation", "1.9e12", 1_900_000_000_000],
    ["seconds as text", '"1900000000"', 1_900_000_000_000],
  ] as const
).map(([what, text, expiration]) => ({
  what: `expiration: ${what}`,
  body: bodyOf({ expiration: text }),
  stored: { expiration },
}))

const url = `https://wns2-by3p.notify.windows.com/?token=${"A".repeat(900)}`

const wholeCases: readonly AcceptedCase[] = [
  {
    what: "only what is needed",
    body: bodyOf(),
    stored: { os: "IOS", osVersion: "18.1", deviceToken: "token" },
  },
  { what: "an empty version", body: bodyOf({ osVersion: '""' }), stored: { osVersion: "" } },
  {
    what: "an os that nobody can push to",
    body: bodyOf({ os: '"TEST-PLATFORM"' }),
    stored: { os: "TEST-PLATFORM" },
  },
  {
    what: "a Windows device with a long token",
    body: bodyOf({ os: '"WP"', deviceToken: JSON.stringify(url) }),
    stored: { deviceToken: url },
  },
  {
    what: "unknown properties of every kind",
    body: bodyOf({ user: '{"a":[null,true,1.5]}', DEVICEID: '"other"', " ": '"\\u0000"', "": "1" }),
    stored: { deviceToken: "token" },
  },
  {
    what: "a property as deep as allowed",
    body: bodyOf({ unknown: "[".repeat(31) + "]".repeat(31) }),
    stored: { deviceToken: "token" },
  },
  {
    what: "spaces and line feeds",
    body: `\r\n\t ${bodyOf().replaceAll(",", " ,\n\t")}\n`,
    stored: { os: "IOS" },
  },
  {
    what: "names and values in escapes",
    body: bodyOf().replace("deviceId", "device\\u0049d").replace("phone", "\\u0070hone"),
    stored: { os: "IOS" },
  },
  {
    what: "as many bytes as allowed",
    body: bodyOf().padEnd(DEFAULT_LIMITS.bodyBytes),
    stored: { deviceToken: "token" },
  },
  ...[
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json; charset="utf-8"',
    "APPLICATION/JSON",
  ].map((type) => ({
    what: `the type ${type}`,
    body: bodyOf(),
    headers: { "content-type": type },
    stored: { os: "IOS" },
  })),
  { what: "an empty user token", body: bodyOf(), headers: { "user-token": " " }, stored: { os: "IOS" } },
]

export const ACCEPTED: readonly AcceptedCase[] = [
  ...textCases,
  ...channelCases,
  ...expirationCases,
  ...wholeCases,
]
