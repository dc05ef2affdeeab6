import { RESENDABLE_KINDS } from "../../domain/outcome.ts"
import { PLATFORMS } from "../../domain/platform.ts"
import { Type } from "../schema.ts"
import { DeviceCounts } from "./administration-schemas.ts"

/** The shapes of publishing: the message, its preview, and sending again. Times are milliseconds since 1970. */

const Text = (description: string) => Type.String({ description })
const Platform = Type.Union(PLATFORMS.map((platform) => Type.Literal(platform)))
const Provider = Type.Union([Type.Literal("apns"), Type.Literal("fcm"), Type.Literal("wns")])

export const IdempotencyHeaders = Type.Object({
  "Idempotency-Key": Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        "Visible ASCII. The same key with the same request within 24 hours answers with the first message.",
    }),
  ),
})

export const Publish = Type.Object(
  {
    channel: Text("Whose devices it is for; created if it does not exist."),
    message: Type.Unknown({ description: "What to send: text or any other JSON value." }),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
        description: "Push headers such as ios-alert-title or android-content-title, and values for the app.",
      }),
    ),
    platforms: Type.Optional(
      Type.Array(Platform, { minItems: 1, description: "Only these. Left out: every device." }),
    ),
    deviceIds: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 10_000,
        description: "Only these of the channel's devices. Left out: every device.",
      }),
    ),
    policy: Type.Optional(
      Type.Union([Type.Literal("PUSH"), Type.Literal("PUBSUB"), Type.Literal("BOTH")], {
        description: "PUBSUB is stored and pushed to nobody. Defaults to BOTH.",
      }),
    ),
    delivery: Type.Optional(
      Type.Union([Type.Literal("at-least-once"), Type.Literal("at-most-once")], {
        description: "At most two copies, or never a second one. Defaults to at-least-once.",
      }),
    ),
    ttlSeconds: Type.Optional(Type.Integer({ minimum: 2, maximum: 2_419_200 })),
    publisherId: Type.Optional(Type.String()),
    subtopic: Type.Optional(Type.String()),
  },
  {
    $id: "Publish",
    description: "The names that the Backendless dialect has for the audience and policy work as well.",
  },
)

const publishedProperties = {
  messageId: Type.String(),
  audience: Type.Integer({ description: "Devices that it is for." }),
  unsupported: Type.Integer({
    description:
      "How many of them have an operating system without a push provider: nothing is sent to them.",
  }),
  unknownDeviceIds: Type.Array(Type.String(), {
    description: "Named by the publish, and not registered with the channel.",
  }),
}

export const PublishedMessage = Type.Object(publishedProperties, { $id: "PublishedMessage" })

export const Shown = Type.Object(
  {
    kind: Text("alert, background, data, toast, tile, badge, raw or other."),
    silent: Type.Boolean({ description: "True when the person sees and hears nothing." }),
    title: Type.Optional(Type.String()),
    subtitle: Type.Optional(Type.String()),
    body: Type.Optional(Type.String()),
    badge: Type.Optional(Type.Number()),
    sound: Type.Optional(Type.String()),
    image: Type.Optional(Type.String()),
    messageId: Type.Optional(Type.String()),
    remark: Type.Optional(Text("Why the phone shows less than was meant, or shows it later.")),
  },
  { $id: "ShownNotification", description: "How a phone presents a notification." },
)

export const MessagePreview = Type.Object(
  {
    audience: Type.Union(
      [
        Type.Object({
          exists: Type.Boolean({ description: "False: publishing would create the channel." }),
          total: Type.Integer(),
          devices: DeviceCounts,
          unknownDeviceIds: Type.Array(Type.String()),
        }),
        Type.Null(),
      ],
      { description: "Whom it would be for now; null while the body is not a message." },
    ),
    payloads: Type.Array(
      Type.Object({
        platform: Platform,
        provider: Provider,
        bytes: Type.Integer({ description: "What counts against the limit." }),
        limit: Type.Integer(),
        fits: Type.Boolean(),
        payload: Text("What the provider would get: JSON for APNs and FCM, XML or text for WNS."),
        headers: Type.Record(Type.String(), Type.String(), {
          description: "Request headers that change what the provider or the phone does with it.",
        }),
        shown: Shown,
      }),
      { description: "One for each platform that the message is for." },
    ),
    problems: Type.Array(Type.Object({ property: Type.String(), message: Type.String() }), {
      description: "Why publishing it would be refused; none: it would be accepted.",
    }),
  },
  { $id: "MessagePreview" },
)

export const Resend = Type.Object(
  {
    outcomes: Type.Optional(
      Type.Array(Type.Union(RESENDABLE_KINDS.map((kind) => Type.Literal(kind))), {
        minItems: 1,
        description:
          "Which devices, in any number: those with one of these outcomes. Defaults to retries_exhausted and credential_refused. expired and cancelled are those that nothing was sent to; of the suppressed ones, only those that had no credential.",
      }),
    ),
  },
  { $id: "Resend" },
)

export const ResentMessage = Type.Object(
  {
    ...publishedProperties,
    matched: Type.Integer({ description: "Devices of the first message that had one of the outcomes." }),
    departed: Type.Integer({
      description: "How many of them left the channel or are not registered any more, and get nothing.",
    }),
  },
  { $id: "ResentMessage" },
)
