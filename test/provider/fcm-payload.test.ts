import { describe, expect, it } from "vitest"
import { fcmBody, fcmPush } from "../../src/provider/fcm/fcm-payload.ts"
import { contentOf, MESSAGE_UUID } from "./push-batches.ts"

type Headers = Readonly<Record<string, string>>

function dataOf(headers: Headers, text = "Hello"): Record<string, string> {
  return JSON.parse(fcmPush(contentOf(headers, text)).dataJson)
}

const ALWAYS = { message: "Hello", messageId: `message:${MESSAGE_UUID}`, "android-content-title": "" }
const IMMEDIATE = `{"name":"news","contentTitle":"Title"}`

/** Field by field as providers.md 6.2 and 6.3: the headers published, the data that must come of them. */
const FIELDS: readonly (readonly [title: string, headers: Headers, data: object])[] = [
  ["the message, its id and a title are always there", {}, ALWAYS],
  [
    "android-content-title",
    { "android-content-title": "Title" },
    { ...ALWAYS, "android-content-title": "Title" },
  ],
  ["android-ticker-text", { "android-ticker-text": "T" }, { ...ALWAYS, "android-ticker-text": "T" }],
  ["android-content-text", { "android-content-text": "T" }, { ...ALWAYS, "android-content-text": "T" }],
  [
    "android-summary-subtext",
    { "android-summary-subtext": "S" },
    { ...ALWAYS, "android-summary-subtext": "S" },
  ],
  [
    "android-content-sound",
    { "android-content-sound": "bell" },
    { ...ALWAYS, "android-content-sound": "bell" },
  ],
  ["android-large-icon", { "android-large-icon": "u" }, { ...ALWAYS, "android-large-icon": "u" }],
  ["android-attachment-url", { "android-attachment-url": "u" }, { ...ALWAYS, "android-attachment-url": "u" }],
  ["android-action", { "android-action": "a" }, { ...ALWAYS, "android-action": "a" }],
  ["template_name", { template_name: "news" }, { ...ALWAYS, template_name: "news" }],
  [
    "android_immediate_push as JSON text",
    { android_immediate_push: IMMEDIATE },
    { ...ALWAYS, android_immediate_push: IMMEDIATE },
  ],
  ["an android_immediate_push that is no JSON object is left out", { android_immediate_push: "{" }, ALWAYS],
  [
    "other headers are keys of their own",
    { orderId: "20", inline_reply: "1" },
    { ...ALWAYS, orderId: "20", inline_reply: "1" },
  ],
  [
    "headers of other platforms and providers stay away",
    {
      "ios-badge": "1",
      "osx-alert-title": "O",
      "wp-title": "W",
      "apns-priority": "5",
      "fcm-priority": "high",
      "wns-tag": "t",
      ios_immediate_push: "{}",
    },
    ALWAYS,
  ],
  [
    "keys that FCM reserves are left out",
    {
      from: "1",
      message_type: "1",
      collapse_key: "1",
      "google.sent_time": "1",
      google_thing: "1",
      gcm: "1",
      "gcm.notification.title": "1",
    },
    ALWAYS,
  ],
  [
    "keys that only look reserved are not",
    { from_user: "1", gcmode: "1", agoogle: "1" },
    { ...ALWAYS, from_user: "1", gcmode: "1", agoogle: "1" },
  ],
  ["nobody can replace the message or its id", { message: "Other", messageId: "other" }, ALWAYS],
]

describe("FCM payload: every header", () => {
  for (const [title, headers, expected] of FIELDS) {
    it(title, () => {
      expect(dataOf(headers)).toEqual(expected)
    })
  }

  it("copies android-content-text into an empty message", () => {
    expect(dataOf({ "android-content-text": "Text" }, "")["message"]).toBe("Text")
    expect(dataOf({ "android-content-text": "Text", message: "Template" }, "")["message"]).toBe("Template")
  })

  it("sends the message even when it is empty", () => {
    expect(dataOf({}, "")["message"]).toBe("")
  })
})

describe("FCM payload: the body around the token", () => {
  const bodyOf = (headers: Headers, ttlSeconds = 60): Record<string, unknown> => {
    const { start, end } = fcmBody(fcmPush(contentOf(headers)), ttlSeconds)
    return JSON.parse(`${start}the-token${end}`)
  }

  it("is data only: a notification would be shown behind the back of the SDK", () => {
    const { message } = bodyOf({}) as { message: object }
    expect(Object.keys(message).sort()).toEqual(["android", "data", "token"])
    expect(message).toMatchObject({ token: "the-token", android: { priority: "HIGH", ttl: "60s" } })
  })

  it("has no collapse key unless the publisher sets one", () => {
    expect(bodyOf({})).not.toHaveProperty("message.android.collapse_key")
    expect(bodyOf({ "fcm-collapse-key": "news" })).toHaveProperty("message.android.collapse_key", "news")
  })

  it("has the priority that the publisher sets", () => {
    expect(bodyOf({ "fcm-priority": "NORMAL" })).toHaveProperty("message.android.priority", "NORMAL")
    expect(fcmPush(contentOf({ "fcm-priority": "urgent" })).problem).toBe(
      "the header fcm-priority must be high or normal",
    )
  })
})

describe("FCM payload: the size", () => {
  it("counts keys and values of the data, in bytes", () => {
    const push = fcmPush(contentOf({ k: "ä" }, "Hello"))
    const keys = "k".length + "message".length + "messageId".length + "android-content-title".length
    expect(push.payloadBytes).toBe(keys + 2 + 5 + `message:${MESSAGE_UUID}`.length)
  })

  it("is refused beyond 4096 bytes and taken at 4096", () => {
    const overhead = fcmPush(contentOf({}, "")).payloadBytes
    expect(fcmPush(contentOf({}, "x".repeat(4096 - overhead))).problem).toBeUndefined()
    expect(fcmPush(contentOf({}, "x".repeat(4097 - overhead))).problem).toBe(
      "the payload has 4097 bytes; FCM takes at most 4096",
    )
  })
})
