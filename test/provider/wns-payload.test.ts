import { describe, expect, it } from "vitest"
import { wnsPush } from "../../src/provider/wns/wns-payload.ts"
import { contentOf } from "./push-batches.ts"

type Headers = Readonly<Record<string, string>>

const toast = (inside: string, launch = "") =>
  `<toast${launch}><visual><binding template="ToastGeneric">${inside}</binding></visual></toast>`
const tile = (inside: string) =>
  `<tile><visual><binding template="TileMedium">${inside}</binding><binding template="TileWide">${inside}</binding></visual></tile>`

/** Field by field as providers.md 3.2 and 6.2. */
const FIELDS: readonly (readonly [title: string, headers: Headers, type: string, body: string])[] = [
  ["the message alone is a toast", {}, "toast", toast("<text>Hello</text>")],
  [
    "wp-title comes before the message",
    { "wp-title": "Title" },
    "toast",
    toast("<text>Title</text><text>Hello</text>"),
  ],
  [
    "wp-subtitle stands in place of the message",
    { "wp-title": "Title", "wp-subtitle": "Sub" },
    "toast",
    toast("<text>Title</text><text>Sub</text>"),
  ],
  [
    "wp-content stands in place of the message",
    { "wp-title": "Title", "wp-content": "Content" },
    "toast",
    toast("<text>Title</text><text>Content</text>"),
  ],
  [
    "wp-subtitle and wp-content are both shown",
    { "wp-subtitle": "Sub", "wp-content": "Content" },
    "toast",
    toast("<text>Sub</text><text>Content</text>"),
  ],
  [
    "wp-parameter is what the app is launched with",
    { "wp-parameter": "/page?a=1&b=2" },
    "toast",
    toast("<text>Hello</text>", ` launch="/page?a=1&amp;b=2"`),
  ],
  ["wp-type in any case", { "wp-type": "Toast" }, "toast", toast("<text>Hello</text>")],
  ["an unknown wp-type is a toast", { "wp-type": "hologram" }, "toast", toast("<text>Hello</text>")],
  ["wp-badge", { "wp-type": "badge", "wp-badge": "3" }, "badge", `<badge value="3"/>`],
  ["wp-count", { "wp-type": "BADGE", "wp-count": "12" }, "badge", `<badge value="12"/>`],
  [
    "wp-badge wins over wp-count",
    { "wp-type": "badge", "wp-badge": "1", "wp-count": "2" },
    "badge",
    `<badge value="1"/>`,
  ],
  ["a badge beside a text is a toast", { "wp-badge": "3" }, "toast", toast("<text>Hello</text>")],
  [
    "wp-type TILE",
    { "wp-type": "TILE", "wp-title": "Title", "wp-content": "Content" },
    "tile",
    tile("<text>Title</text><text>Content</text>"),
  ],
  [
    "the sides of a flip tile become images and lines",
    {
      "wp-type": "tile",
      "wp-backgroundImage": "https://e.com/a?x=1&y=2",
      "wp-backImage": "b.png",
      "wp-backTitle": "Back",
      "wp-backContent": "More",
    },
    "tile",
    tile(
      `<image placement="background" src="https://e.com/a?x=1&amp;y=2"/><image placement="peek" src="b.png"/>` +
        "<text>Hello</text><text>Back</text><text>More</text>",
    ),
  ],
  ["wp-raw is sent as it is", { "wp-type": "RAW", "wp-raw": "<any>&thing" }, "raw", "<any>&thing"],
  ["wp-raw needs no wp-type", { "wp-raw": "x" }, "raw", "x"],
  ["a raw notification without wp-raw carries the message", { "wp-type": "raw" }, "raw", "Hello"],
  [
    "headers of other platforms do not matter",
    { "ios-alert-title": "I", "android-content-title": "A", custom: "c" },
    "toast",
    toast("<text>Hello</text>"),
  ],
]

describe("WNS payload: every header", () => {
  for (const [title, headers, type, body] of FIELDS) {
    it(title, () => {
      const push = wnsPush(contentOf(headers))
      expect({ type: push.type, body: push.body.toString() }).toEqual({ type, body })
      expect(push.problem).toBeUndefined()
      expect(push.payloadBytes).toBe(push.body.length)
    })
  }

  it("is a badge when there is a number and nothing to read", () => {
    const push = wnsPush(contentOf({ "wp-count": "4" }, ""))
    expect({ type: push.type, body: push.body.toString() }).toEqual({
      type: "badge",
      body: `<badge value="4"/>`,
    })
  })

  it("escapes what has a meaning in XML and drops what XML forbids", () => {
    const text = `<b>"A" & 'B'</b>\u0000\u0008\ufffe\ud800 😀\n`
    expect(wnsPush(contentOf({}, text)).body.toString()).toBe(
      toast("<text>&lt;b&gt;&quot;A&quot; &amp; &apos;B&apos;&lt;/b&gt;\ufffd 😀\n</text>"),
    )
  })
})

describe("WNS payload: the headers of a publisher who knows WNS", () => {
  it("are carried along", () => {
    const headers = { "wns-tag": "tag1", "wns-group": "group1", "wns-cache-policy": "no-cache" }
    expect(wnsPush(contentOf(headers))).toMatchObject({
      tag: "tag1",
      group: "group1",
      cachePolicy: "no-cache",
    })
  })

  for (const [headers, problem] of [
    [{ "wns-tag": "x".repeat(17) }, "the header wns-tag must be 1 to 16 letters and digits"],
    [{ "wns-group": "a b" }, "the header wns-group must be 1 to 16 letters and digits"],
    [{ "wns-cache-policy": "maybe" }, "the header wns-cache-policy must be cache or no-cache"],
  ] as const) {
    it(`are refused before anything is sent: ${JSON.stringify(headers)}`, () => {
      expect(wnsPush(contentOf(headers)).problem).toBe(problem)
    })
  }

  it("cannot make the payload larger than WNS takes", () => {
    expect(wnsPush(contentOf({ "wp-raw": "x".repeat(5000) })).problem).toBeUndefined()
    expect(wnsPush(contentOf({ "wp-raw": "x".repeat(5001) })).problem).toBe(
      "the payload has 5001 bytes; WNS takes at most 5000",
    )
  })
})
