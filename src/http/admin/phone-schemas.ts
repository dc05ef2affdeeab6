import { Type } from "../schema.ts"
import { Shown } from "./publish-schemas.ts"

/** The shapes of the virtual phones of the sandbox. Times are milliseconds since 1970. */

const Time = Type.Integer({ description: "Milliseconds since 1970." })

export const NewPhone = Type.Object(
  {
    os: Type.Union([Type.Literal("IOS"), Type.Literal("ANDROID"), Type.Literal("WP")]),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: "For people." })),
    channels: Type.Optional(
      Type.Array(Type.String(), {
        description: "Created if they do not exist. None: the channel `default`.",
      }),
    ),
  },
  { $id: "NewPhone" },
)

const notification = {
  sequence: Type.Integer({ description: "Grows with every notification of the application." }),
  at: Time,
  messageId: Type.Optional(Type.String()),
  shown: Shown,
}

export const Phone = Type.Object(
  {
    deviceId: Type.String(),
    name: Type.String(),
    os: Type.String(),
    channels: Type.Array(Type.String()),
    createdAt: Time,
    sandboxed: Type.Boolean({
      description: "False: the platform has a credential by now, so nothing arrives here any more.",
    }),
    notifications: Type.Array(Type.Object(notification), {
      description: "What arrived since the server was started, the latest first, at most 20.",
    }),
  },
  { $id: "Phone", description: "A virtual phone: a device of the sandbox that people can look at." },
)

export const PhoneList = Type.Object({ phones: Type.Array(Phone) })

export const PhoneParams = Type.Object({ applicationId: Type.String(), deviceId: Type.String() })

/** What an event carries; described for whoever reads the stream. */
export const PhoneEvents = Type.String({
  contentMediaType: "text/event-stream",
  description:
    "Events of the type `notification`, each with an id and `data: {sequence, deviceId, os, at, messageId?, shown}`. With the header Last-Event-ID the stream goes on after that event, as far as the server remembers; without it, it begins with what arrives from now on. A comment every 15 seconds keeps the connection open.",
})

export const EventHeaders = Type.Object({
  "Last-Event-ID": Type.Optional(Type.String({ description: "The id of the last event that was seen." })),
})
