import { describe, expect, test } from "vitest"
import { DEVICE, FcmClient, verdictOf } from "./fcm-client.ts"
import { setup } from "./wire.ts"

const data = (bytes: number) => ({ data: { k: "x".repeat(bytes - 1) } })

/** Shape errors: a BadRequest that names the field, and no FcmError. */
const MALFORMED: readonly (readonly [string, object, string, string])[] = [
  ["no target (item 24)", { token: undefined }, "message", "Recipient of the message is not set."],
  [
    "two targets (item 24)",
    { topic: "news" },
    "message",
    "Invalid value at 'message' (oneof), oneof field 'target' is already set. Cannot set 'topic'",
  ],
  [
    "a number in data (item 24)",
    { data: { a: "b", count: 12 } },
    "message.data[1].value",
    "Invalid value at 'message.data[1].value' (TYPE_STRING), 12",
  ],
  [
    "an unknown field",
    { notificaton: {} },
    "message",
    `Invalid JSON payload received. Unknown name "notificaton" at 'message': Cannot find field.`,
  ],
  [
    "an unknown field of the notification",
    { notification: { text: "x" } },
    "message.notification",
    `Invalid JSON payload received. Unknown name "text" at 'message.notification': Cannot find field.`,
  ],
  [
    "a ttl without its unit (item 25)",
    { android: { ttl: "3600" } },
    "message.android.ttl",
    "Invalid value at 'message.android.ttl' (type.googleapis.com/google.protobuf.Duration), Field 'ttl', Illegal duration format; duration must end with 's'",
  ],
  [
    "an unknown priority",
    { android: { priority: "urgent" } },
    "message.android.priority",
    `Invalid value at 'message.android.priority' (type.googleapis.com/google.firebase.fcm.v1.AndroidMessagePriority), "urgent"`,
  ],
  [
    "a title that is no text",
    { notification: { title: 5 } },
    "message.notification.title",
    "Invalid value at 'message.notification.title' (TYPE_STRING), 5",
  ],
  [
    "an android block that is no object",
    { android: "high" },
    "message.android",
    `Invalid value at 'message.android' (type.googleapis.com/google.firebase.fcm.v1.AndroidConfig), "high"`,
  ],
  [
    "an APNs header that is no text",
    { apns: { headers: { "apns-priority": 5 } } },
    "message.apns.headers[0].value",
    "Invalid value at 'message.apns.headers[0].value' (TYPE_STRING), 5",
  ],
  [
    "loc args that are no texts",
    { android: { notification: { body_loc_args: ["a", 1] } } },
    "message.android.notification.body_loc_args[1]",
    "Invalid value at 'message.android.notification.body_loc_args[1]' (TYPE_STRING), 1",
  ],
]

/** Values that FCM itself refuses: an FcmError INVALID_ARGUMENT. */
const INVALID: readonly (readonly [string, object, string])[] = [
  ["the data key 'from' (item 25)", { data: { from: "x" } }, "message.data[0].key"],
  ["the data key 'message_type' (item 25)", { data: { a: "", message_type: "x" } }, "message.data[1].key"],
  ["a data key with 'google.' (item 25)", { data: { "google.x": "x" } }, "message.data[0].key"],
  [
    "a data key with 'gcm.notification.' (item 25)",
    { data: { "gcm.notification.title": "x" } },
    "message.data[0].key",
  ],
  ["a reserved key in android.data (item 25)", { android: { data: { from: "x" } } }, "message.data[0].key"],
  ["a ttl of more than 28 days (item 25)", { android: { ttl: "2419201s" } }, "message.android.ttl"],
  ["a negative ttl (item 25)", { android: { ttl: "-1s" } }, "message.android.ttl"],
  ["4097 bytes to a device (item 25)", data(4_097), "message"],
  ["2049 bytes to a topic (item 25)", { token: undefined, topic: "t", ...data(2_049) }, "message"],
  ["4097 bytes in characters of three bytes (item 25)", { data: { k: `${"€".repeat(1_365)}x` } }, "message"],
  ["a topic with a slash", { token: undefined, topic: "/topics/x" }, "message.topic"],
  ["a colour by name", { android: { notification: { color: "red" } } }, "message.android.notification.color"],
]

const VALID: readonly (readonly [string, object])[] = [
  ["4096 bytes to a device (item 25)", data(4_096)],
  ["2048 bytes to a topic (item 25)", { token: undefined, topic: "t", ...data(2_048) }],
  ["the data key 'collapse_key'", { data: { collapse_key: "x" } }],
  [
    "a ttl of 28 days and of nothing",
    { android: { ttl: "2419200s", priority: "high" }, webpush: { headers: {} } },
  ],
  ["a ttl with a fraction", { android: { ttl: "3.5s" } }],
  [
    "names in lowerCamelCase",
    { android: { collapseKey: "x", directBootOk: true, notification: { channelId: "c" } } },
  ],
  ["null for absent", { notification: null, android: { ttl: null } }],
  [
    "every block of the reference",
    {
      fcm_options: { analytics_label: "l" },
      apns: { payload: { aps: { badge: 1 } }, fcm_options: { image: "i" } },
      webpush: { fcm_options: { link: "https://example.com" } },
      android: {
        notification: {
          notification_priority: "PRIORITY_MAX",
          visibility: "SECRET",
          vibrate_timings: ["0.1s"],
          light_settings: {
            color: { red: 1, green: 0, blue: 0.5, alpha: 1 },
            light_on_duration: "1s",
            light_off_duration: "1s",
          },
          notification_count: 3,
        },
      },
    },
  ],
]

describe("the FCM simulator, messages", () => {
  test.each(MALFORMED)("answers 400 without FcmError to %s", async (_name, message, field, description) => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    expect(verdictOf(await client.send(message))).toEqual({
      status: 400,
      grpcStatus: "INVALID_ARGUMENT",
      errorCode: undefined,
      fields: [field],
      message: description,
    })
  })

  test.each(INVALID)("answers 400 with FcmError to %s", async (_name, message, field) => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    expect(verdictOf(await client.send(message))).toMatchObject({
      status: 400,
      errorCode: "INVALID_ARGUMENT",
      fields: [field],
    })
  })

  test.each(VALID)("accepts %s", async (_name, message) => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    const { status, body } = await client.send(message)
    expect(body).toContain('"name"')
    expect(status).toBe(200)
  })

  test("the last of duplicate keys wins", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    await client.post(`{"message":{"token":"first","token":"${DEVICE}"}}`)
    expect(running.simulators.journal.read().map(({ token }) => token)).toEqual([DEVICE])
  })

  test.each([["{"], ["[]"], ['"text"'], [""]])("answers 400 to the body '%s'", async (body) => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    expect(verdictOf(await client.post(body))).toMatchObject({ status: 400, errorCode: undefined })
  })

  test("reports all violations at once", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    const verdict = verdictOf(await client.send({ data: { a: 1, b: 2 }, nonsense: true }))
    expect(verdict.fields).toEqual(["message.data[0].value", "message.data[1].value", "message"])
  })
})
