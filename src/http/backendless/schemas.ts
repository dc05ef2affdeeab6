import { Type } from "../schema.ts"

/**
 * The shapes of the dialect, for the OpenAPI document. Requests are decoded by hand (decode.ts): one value has many
 * spellings, and the error messages must name what was wrong.
 */

const Text = (description: string) => Type.String({ description })

export const RegistrationBody = Type.Object({
  deviceToken: Text("The token that the provider gave the app: at most 256 characters, 1 024 for WP."),
  deviceId: Text("What identifies the device: at most 45 characters."),
  os: Text("IOS, ANDROID, WP or OSX; any other text is stored and never pushed to. At most 15 characters."),
  osVersion: Text("At most 45 characters."),
  channels: Type.Optional(
    Type.Union([Type.Array(Type.String()), Type.Null()], {
      description: "Channels to join, created if they do not exist. None: the channel `default`.",
    }),
  ),
  expiration: Type.Optional(
    Type.Union([Type.Number(), Type.String(), Type.Null()], {
      description:
        "When the registration expires: seconds (below 1e11), milliseconds, or ISO-8601 text (UTC without a zone). None, null or 0: never.",
    }),
  ),
})

export const RegistrationResult = Type.Object({
  registrationId: Text("`<id>::<channel>` for each channel named, joined with commas."),
})

export const DeviceIdParams = Type.Object({
  "*": Type.String({ title: "deviceId", description: "The device id; it may contain slashes." }),
})

export const RegistrationList = Type.Array(
  Type.Object({
    id: Type.String(),
    deviceToken: Type.String(),
    deviceId: Type.String(),
    os: Type.String(),
    osVersion: Type.String(),
    expiration: Type.Union([Type.Integer({ description: "Milliseconds since 1970." }), Type.Null()]),
    channels: Type.Array(Type.String()),
  }),
  { minItems: 1, maxItems: 1 },
)

export const CancelledRegistration = Type.Object({ result: Type.Boolean() })

export const FindBody = Type.Object({
  where: Text("deviceId='…', optionally with `and channelName='…'` or `and channelName in ('…', …)`."),
  pageSize: Type.Optional(Type.Integer()),
  offset: Type.Optional(Type.Integer()),
})

export const RegistrationRows = Type.Array(
  Type.Object({
    ___class: Type.String(),
    objectId: Type.String(),
    channelName: Type.String(),
    deviceToken: Type.String(),
    deviceId: Type.String(),
    operatingSystemName: Type.String(),
    operatingSystemVersion: Type.String(),
    expiration: Type.Union([Type.Integer(), Type.Null()]),
    created: Type.Integer(),
    updated: Type.Integer(),
    ownerId: Type.Union([Type.String(), Type.Null()]),
  }),
)

export const ObjectIdParams = Type.Object({ objectId: Type.String() })

export const DeletionTime = Type.Object({
  deletionTime: Type.Integer({ description: "Milliseconds since 1970." }),
})

export const TemplateMap = Type.Object({}, { description: "Push templates by name." })

export const ApplicationInfo = Type.Object({
  applicationId: Type.String(),
  loggers: Type.Array(Type.Object({ name: Type.String(), level: Type.String() })),
})

export const ChannelParams = Type.Object({
  channel: Type.String({ description: "The channel, created if it does not exist." }),
})

export const NamedChannelParams = Type.Object({ channel: Type.String() })

export const DeletedChannel = Type.Object({ result: Type.Boolean() })

export const TemplateParams = Type.Object({ template: Type.String() })

export const TemplateValues = Type.Object(
  {},
  { description: "Values for the template, as `templateValues` or bare." },
)

export const MessageIdParams = Type.Object({ messageId: Type.String() })

export const PublishBody = Type.Object({
  message: Type.Unknown({ description: "What to send: text or any other JSON value." }),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
      description: "Push headers such as ios-alert-title or android-content-title, and values for the app.",
    }),
  ),
  publishPolicy: Type.Optional(
    Type.String({ description: "PUSH, PUBSUB (stored, pushed to nobody) or BOTH." }),
  ),
  pushBroadcast: Type.Optional(
    Type.Union([Type.Integer(), Type.String()], {
      description:
        "Operating systems: a mask (IOS 1, ANDROID 2, WP 4, OSX 8) or names joined with |. None: all.",
    }),
  ),
  pushSinglecast: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: 10_000,
      description: "Device ids: only these of the channel's devices.",
    }),
  ),
  delivery: Type.Optional(
    Type.String({ description: "at-least-once (at most two copies) or at-most-once (never a second copy)." }),
  ),
  ttlSeconds: Type.Optional(Type.Integer({ minimum: 2, maximum: 2_419_200 })),
  publisherId: Type.Optional(Type.String()),
  subtopic: Type.Optional(Type.String()),
})

export const MessageStatus = Type.Object({
  messageId: Type.String(),
  status: Type.String({
    description: "scheduled, published, cancelled (CANCELLED from a cancel), failed or unknown.",
  }),
  errorMessage: Type.Null(),
})
