import { describe, expect, it } from "vitest"
import { apnsPush } from "../../src/provider/apns/apns-payload.ts"
import { contentOf, MESSAGE_UUID } from "./push-batches.ts"

type Headers = Readonly<Record<string, string>>

function payload(headers: Headers, text = "Hello", platform: "ios" | "osx" = "ios"): Record<string, unknown> {
  return JSON.parse(apnsPush(contentOf(headers, text), platform).body.toString("utf8"))
}

const ALWAYS = { message: "Hello", messageId: `message:${MESSAGE_UUID}`, "ios-alert-title": "" }
const IMMEDIATE = `{"name":"news","alertTitle":"Title"}`

/** Field by field as providers.md 6.2 and 6.4: the headers published, the payload that must come of them. */
const FIELDS: readonly (readonly [title: string, headers: Headers, payload: object])[] = [
  ["the message is the body, and a key of its own", {}, { ...ALWAYS, aps: { alert: { body: "Hello" } } }],
  [
    "ios-alert-body replaces the message in the alert only",
    { "ios-alert-body": "Body" },
    { ...ALWAYS, aps: { alert: { body: "Body" } } },
  ],
  [
    "ios-alert is the older name of the body",
    { "ios-alert": "Old" },
    { ...ALWAYS, aps: { alert: { body: "Old" } } },
  ],
  [
    "ios-alert-body wins over ios-alert",
    { "ios-alert": "Old", "ios-alert-body": "New" },
    { ...ALWAYS, aps: { alert: { body: "New" } } },
  ],
  [
    "title and subtitle stand in the alert and beside it",
    { "ios-alert-title": "Title", "ios-alert-subtitle": "Subtitle" },
    {
      ...ALWAYS,
      "ios-alert-title": "Title",
      "ios-alert-subtitle": "Subtitle",
      aps: { alert: { title: "Title", subtitle: "Subtitle", body: "Hello" } },
    },
  ],
  ["ios-badge is a number", { "ios-badge": "3" }, { ...ALWAYS, aps: { alert: { body: "Hello" }, badge: 3 } }],
  ["ios-badge 0 clears", { "ios-badge": "0" }, { ...ALWAYS, aps: { alert: { body: "Hello" }, badge: 0 } }],
  [
    "an ios-badge that is no number is left out",
    { "ios-badge": "three" },
    { ...ALWAYS, aps: { alert: { body: "Hello" } } },
  ],
  [
    "ios-sound is the sound",
    { "ios-sound": "ping.caf" },
    { ...ALWAYS, aps: { alert: { body: "Hello" }, sound: "ping.caf" } },
  ],
  [
    "ios-content-available alone is silent",
    { "ios-content-available": "1" },
    { ...ALWAYS, aps: { "content-available": 1 } },
  ],
  [
    "ios-content-available with something to see is an alert that wakes the app",
    { "ios-content-available": "1", "ios-alert-title": "Title" },
    {
      ...ALWAYS,
      "ios-alert-title": "Title",
      aps: { alert: { title: "Title", body: "Hello" }, "content-available": 1 },
    },
  ],
  [
    "ios-content-available 0 means nothing",
    { "ios-content-available": "0" },
    { ...ALWAYS, aps: { alert: { body: "Hello" } } },
  ],
  [
    "ios-rich-media-url is the attachment, for the extension to load",
    { "ios-rich-media-url": "https://example.com/a.png" },
    {
      ...ALWAYS,
      "ios-rich-media-url": "https://example.com/a.png",
      "attachment-url": "https://example.com/a.png",
      aps: { alert: { body: "Hello" }, "mutable-content": 1 },
    },
  ],
  [
    "template_name goes to the extension",
    { template_name: "news" },
    { ...ALWAYS, template_name: "news", aps: { alert: { body: "Hello" }, "mutable-content": 1 } },
  ],
  [
    "ios_immediate_push goes to the extension as text",
    { ios_immediate_push: IMMEDIATE },
    { ...ALWAYS, ios_immediate_push: IMMEDIATE, aps: { alert: { body: "Hello" }, "mutable-content": 1 } },
  ],
  [
    "an ios_immediate_push that is no JSON object would crash the extension and is left out",
    { ios_immediate_push: "not JSON" },
    { ...ALWAYS, aps: { alert: { body: "Hello" } } },
  ],
  [
    "content-available does not silence a template",
    { "ios-content-available": "1", template_name: "news" },
    {
      ...ALWAYS,
      template_name: "news",
      aps: { alert: { body: "Hello" }, "content-available": 1, "mutable-content": 1 },
    },
  ],
  [
    "other headers are keys of their own",
    { orderId: "20", "thread-id": "orders" },
    { ...ALWAYS, orderId: "20", "thread-id": "orders", aps: { alert: { body: "Hello" } } },
  ],
  [
    "headers of other platforms and providers stay away",
    {
      "android-content-title": "A",
      "wp-title": "W",
      "osx-alert-title": "O",
      "apns-priority": "5",
      "fcm-priority": "high",
      "wns-tag": "t",
      android_immediate_push: "{}",
    },
    { ...ALWAYS, aps: { alert: { body: "Hello" } } },
  ],
  [
    "nobody can replace aps, the message or its id",
    { aps: "{}", message: "Other", messageId: "other" },
    { ...ALWAYS, aps: { alert: { body: "Hello" } } },
  ],
]

describe("APNs payload: every header", () => {
  for (const [title, headers, expected] of FIELDS) {
    it(title, () => {
      expect(payload(headers)).toEqual(expected)
    })
  }

  it("uses the macOS titles for osx and falls back to those of iOS", () => {
    const both = { "osx-alert-title": "Mac", "ios-alert-title": "Phone", "ios-alert-subtitle": "Sub" }
    expect(payload(both, "Hello", "osx")).toEqual({
      message: "Hello",
      messageId: `message:${MESSAGE_UUID}`,
      "osx-alert-title": "Mac",
      "osx-alert-subtitle": "Sub",
      aps: { alert: { title: "Mac", subtitle: "Sub", body: "Hello" } },
    })
  })

  it("shows no empty banner when there is a badge and nothing to read", () => {
    expect(payload({ "ios-badge": "7" }, "")["aps"]).toEqual({ badge: 7 })
  })

  it("takes the text of a template's payload when the message is empty", () => {
    const translated = payload({ message: "From the template" }, "")
    expect(translated).toMatchObject({
      message: "From the template",
      aps: { alert: { body: "From the template" } },
    })
  })

  it("carries any text unchanged", () => {
    const text = `"quotes" \\ <b> \n 😀 ä`
    expect(payload({}, text)["message"]).toBe(text)
  })
})

describe("APNs payload: push type, priority and topic", () => {
  for (const [pushType, topicSuffix, priority, payloadBytesMax] of [
    ["alert", "", 10, 4096],
    ["background", "", 5, 4096],
    ["voip", ".voip", 10, 5120],
    ["pushtotalk", ".voip-ptt", 10, 4096],
    ["complication", ".complication", 10, 4096],
    ["fileprovider", ".pushkit.fileprovider", 10, 4096],
    ["location", ".location-query", 10, 4096],
    ["liveactivity", ".push-type.liveactivity", 10, 4096],
    ["widgets", ".push-type.widgets", 10, 4096],
    ["controls", ".push-type.controls", 10, 4096],
    ["mdm", "", 10, 4096],
  ] as const) {
    it(`${pushType}: topic${topicSuffix}, priority ${priority}, at most ${payloadBytesMax} bytes`, () => {
      const push = apnsPush(contentOf({ "apns-push-type": pushType }), "ios")
      expect(push).toMatchObject({ pushType, topicSuffix, priority, payloadBytesMax })
      expect(push.problem).toBeUndefined()
    })
  }

  it("is background with priority 5 for a silent push, else alert with priority 10", () => {
    const silent = apnsPush(contentOf({ "ios-content-available": "1" }), "ios")
    expect(silent).toMatchObject({ pushType: "background", priority: 5, collapseId: undefined })
    const alert = apnsPush(contentOf(), "ios")
    expect(alert).toMatchObject({ pushType: "alert", priority: 10, collapseId: MESSAGE_UUID })
    const badge = apnsPush(contentOf({ "ios-content-available": "1", "ios-badge": "1" }), "ios")
    expect(badge).toMatchObject({ pushType: "alert", priority: 10 })
  })

  it("lets the publisher choose priority and collapse id", () => {
    const chosen = apnsPush(contentOf({ "apns-priority": "1", "apns-collapse-id": "match-12" }), "ios")
    expect(chosen).toMatchObject({ priority: 1, collapseId: "match-12" })
    const background = { "ios-content-available": "1", "apns-collapse-id": "sync" }
    expect(apnsPush(contentOf(background), "ios").collapseId).toBe("sync")
  })

  it("takes the message as the whole payload when a special type needs a dictionary of its own", () => {
    const aps = { event: "update", "content-state": { score: 3 }, timestamp: 1 }
    const content = contentOf({ "apns-push-type": "liveactivity" }, JSON.stringify({ aps }))
    const translated = JSON.parse(apnsPush(content, "ios").body.toString())
    expect(translated["aps"]).toEqual(aps)
    expect(translated).not.toHaveProperty("message")
    expect(payload({ "apns-push-type": "voip" })).toMatchObject({ aps: {}, message: "Hello" })
  })
})

describe("APNs payload: problems that are told before anything is sent", () => {
  for (const [title, headers, problem] of [
    ["an unknown push type", { "apns-push-type": "loud" }, /apns-push-type must be one of alert, background/],
    ["an unknown priority", { "apns-priority": "7" }, /apns-priority must be 10 or 5 or 1/],
    [
      "a background push with priority 10",
      { "ios-content-available": "1", "apns-priority": "10" },
      /apns-priority must be 5 with push type background/,
    ],
    [
      "a Live Activity with priority 1",
      { "apns-push-type": "liveactivity", "apns-priority": "1" },
      /apns-priority must be 10 or 5 with push type liveactivity/,
    ],
    ["a collapse id of 65 bytes", { "apns-collapse-id": "x".repeat(65) }, /apns-collapse-id must be 1 to 64/],
    [
      "a collapse id that no header can carry",
      { "apns-collapse-id": "näh" },
      /apns-collapse-id must be 1 to 64/,
    ],
    ["an empty collapse id", { "apns-collapse-id": "" }, /apns-collapse-id must be 1 to 64/],
  ] as const) {
    it(title, () => {
      expect(apnsPush(contentOf(headers), "ios").problem).toMatch(problem)
    })
  }

  it("takes a collapse id of 64 bytes", () => {
    const push = apnsPush(contentOf({ "apns-collapse-id": "x".repeat(64) }), "ios")
    expect(push).toMatchObject({ collapseId: "x".repeat(64) })
    expect(push.problem).toBeUndefined()
  })

  it("counts the bytes of the payload, not its characters, against the limit", () => {
    const overhead = apnsPush(contentOf({}, ""), "ios").payloadBytes
    // The text stands in the payload twice.
    const most = Math.floor((4096 - overhead) / 2)
    expect(apnsPush(contentOf({}, "x".repeat(most - 20)), "ios").problem).toBeUndefined()
    const tooLarge = apnsPush(contentOf({}, "x".repeat(most + 20)), "ios")
    expect(tooLarge.problem).toBe(`the payload has ${tooLarge.payloadBytes} bytes; APNs takes at most 4096`)
    const umlauts = apnsPush(contentOf({}, "ä".repeat(most - 20)), "ios")
    expect(umlauts.payloadBytes).toBeGreaterThan(4096)
    expect(umlauts.problem).toBeDefined()
  })

  it("allows a VoIP push more", () => {
    const text = "x".repeat(4600)
    expect(apnsPush(contentOf({ "apns-push-type": "voip" }, text), "ios").problem).toBeUndefined()
    expect(apnsPush(contentOf({ "apns-push-type": "voip" }, "x".repeat(5200)), "ios").problem).toMatch(/5120/)
  })
})
