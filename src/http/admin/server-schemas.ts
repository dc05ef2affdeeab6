import { PLATFORMS } from "../../domain/platform.ts"
import { Type } from "../schema.ts"

/** The shapes of what there is to know of the server as a whole. Times are milliseconds since 1970. */

const Time = Type.Integer({ description: "Milliseconds since 1970." })

export const Delivery = Type.Object(
  {
    platform: Type.Union(PLATFORMS.map((platform) => Type.Literal(platform))),
    provider: Type.Union([Type.Literal("apns"), Type.Literal("fcm"), Type.Literal("wns")]),
    to: Type.Union(
      ["provider", "sandbox", "none", "held"].map((to) => Type.Literal(to)),
      {
        description:
          "none: there is no credential, and the sandbox is off. held: the server's master key is missing or wrong, and messages wait for it.",
      },
    ),
  },
  { $id: "Delivery", description: "Where the messages of an application go on one platform." },
)

const Characters = (description: string) => Type.Integer({ description })

export const Server = Type.Object(
  {
    version: Type.String(),
    startedAt: Time,
    url: Type.Union([Type.String(), Type.Null()], {
      description: "Where the machine itself reaches it; a proxy may serve it elsewhere.",
    }),
    store: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()], {
      description: "The engine and its state; null for a caller who is restricted to certain applications.",
    }),
    sandbox: Type.Object({
      isOn: Type.Boolean({ description: "Whether there are bundled simulators at all." }),
      applications: Type.Array(
        Type.Object({ applicationId: Type.String(), delivery: Type.Array(Delivery) }),
        { description: "At most the first 100 that the caller may see; an overview says it of one." },
      ),
    }),
    limits: Type.Object({
      deviceToken: Characters("Characters."),
      wpDeviceToken: Characters("Characters; a WNS channel is a URL."),
      deviceId: Characters("Characters."),
      os: Characters("Characters."),
      osVersion: Characters("Characters."),
      channelName: Characters("Characters."),
      channelsPerDevice: Type.Integer(),
      deviceIdsPerPublish: Type.Integer(),
      bodyBytes: Type.Integer(),
      publishBodyBytes: Type.Integer(),
      jsonDepth: Type.Integer(),
      applicationName: Characters("Characters."),
      devicesPerImport: Type.Integer(),
      phonesPerApplication: Type.Integer(),
      payloadBytes: Type.Object({ apns: Type.Integer(), fcm: Type.Integer(), wns: Type.Integer() }),
      statisticsHours: Type.Integer({
        description: "So many hours back there are figures for single hours.",
      }),
    }),
  },
  { $id: "Server" },
)
