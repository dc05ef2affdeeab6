import { IMPORTED_AT_ONCE } from "../../service/device-imports.ts"
import { Type } from "../schema.ts"
import { Device } from "./administration-schemas.ts"
import { PageQuery } from "./schemas.ts"
import { Delivery } from "./server-schemas.ts"

/** The shapes of finding, explaining, exporting and importing devices. Times are milliseconds since 1970. */

const Time = Type.Integer({ description: "Milliseconds since 1970." })
const Text = (description: string) => Type.String({ description })

export const DeviceQuery = Type.Object({
  ...PageQuery.properties,
  channel: Type.Optional(Text("Only the members of this channel.")),
  os: Type.Optional(
    Text("Only this operating system, in any case. A page may then be short and still have a next one."),
  ),
  deviceIdPrefix: Type.Optional(
    Text(
      "Only device ids that begin so. A device whose id is exactly this comes first, at once; for the others, a page looks at a bounded slice of all devices and may be short and still have a next one.",
    ),
  ),
  tokenHash: Type.Optional(
    Type.String({
      pattern: "^[0-9a-f]{8}$",
      description:
        "The first 8 hexadecimal digits of the SHA-256 of the token, as logs and devices show them. Bounded as deviceIdPrefix is. Who has the token itself asks with a POST to device-searches, which answers at once: a token never stands in a URL.",
    }),
  ),
  userId: Type.Optional(Text("Only the devices of this user. Bounded as deviceIdPrefix is.")),
})

export const DeviceSearch = Type.Object(
  {
    deviceToken: Text("The whole token, as the app registered it."),
    cursor: Type.Optional(Text("The `next` of the page before.")),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
  },
  { $id: "DeviceSearch" },
)

const History = Type.Array(
  Type.Object({
    leftAt: Time,
    reason: Text("unregistered, expired or token_gone."),
    detail: Text("The provider's word for token_gone, else empty."),
  }),
  { description: "Earlier registrations of this device id that are gone, the latest first, of 30 days." },
)

export const DeviceDetails = Type.Object(
  {
    ...Device.properties,
    receivedBy: Type.Union([Type.String(), Type.Null()], {
      description:
        "The id of the device that receives in its place, because it registered the same token later; null when this one receives.",
    }),
    delivery: Type.Union([Delivery, Type.Null()], {
      description: "Where its messages go; null for an operating system without a push provider.",
    }),
    history: History,
  },
  { $id: "DeviceDetails" },
)

export const DeviceParams = Type.Object({
  applicationId: Type.String(),
  "*": Type.String({ title: "deviceId", description: "The device id; it may contain slashes." }),
})

export const DeviceMessagesQuery = Type.Object({
  ...PageQuery.properties,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  all: Type.Optional(
    Type.Boolean({
      description:
        "Also the messages that were not for this device, with the reason. Defaults to false; a page may then be short and still have a next one.",
    }),
  ),
})

export const DeviceMessages = Type.Object(
  {
    messages: Type.Array(
      Type.Object({
        messageId: Type.String(),
        channel: Type.String(),
        message: Type.Unknown(),
        headers: Type.Record(Type.String(), Type.String()),
        state: Text("Of the message: running, paused, finished, cancelled or failed."),
        acceptedAt: Time,
        verdict: Text("settled, retrying, pending, not_in_audience or not_registered."),
        summary: Type.String(),
        next: Type.String(),
        outcome: Type.Optional(Type.Object({ kind: Type.String(), reason: Type.String() })),
        settledBetween: Type.Optional(Type.Array(Time, { minItems: 2, maxItems: 2 })),
        retry: Type.Optional(
          Type.Object({ attempts: Type.Integer(), notBefore: Time, lastReason: Type.String() }),
        ),
      }),
    ),
    next: Type.Union([Type.String(), Type.Null()]),
    history: History,
  },
  { $id: "DeviceMessages" },
)

export const DeviceExportQuery = Type.Object({
  channel: Type.Optional(Text("Only the members of this channel.")),
  os: Type.Optional(Text("Only this operating system, in any case.")),
  tokens: Type.Optional(
    Type.Boolean({
      description:
        "Also the tokens, in a last column; needs the scope administer, and leaves an entry in the audit log. Defaults to false.",
    }),
  ),
})

export const DeviceExport = Type.String({
  contentMediaType: "text/csv",
  description:
    "RFC 4180 with the header line deviceId,os,osVersion,channels,expiration,createdAt,registeredAt,userId[,deviceToken]; times in milliseconds since 1970, empty for never. channels are joined with ; and a ; or \\ in a name has a \\ before it. A text that begins with = + - @ ' a tab or a line break has a ' put before it, so that no spreadsheet runs it: take one leading ' off to get the text back.",
})

const ImportedDevice = Type.Object({
  deviceToken: Text("The token that the provider gave the app: at most 256 characters, 1 024 for WP."),
  deviceId: Text("At most 45 characters."),
  os: Text("IOS, ANDROID, WP or OSX; any other text is stored and never pushed to. At most 15 characters."),
  osVersion: Text("At most 45 characters."),
  channels: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  expiration: Type.Optional(
    Type.Union([Type.Number(), Type.String(), Type.Null()], {
      description: "As in a registration: milliseconds, seconds or ISO-8601 text. None, null or 0: never.",
    }),
  ),
})

export const DeviceImport = Type.Object(
  {
    devices: Type.Array(ImportedDevice, {
      minItems: 1,
      maxItems: IMPORTED_AT_ONCE,
      description: "Each as an app would register it. More are imported with more calls.",
    }),
  },
  { $id: "DeviceImport" },
)

export const ImportedDevices = Type.Object(
  {
    created: Type.Integer({ description: "Devices that had no registration before." }),
    renewed: Type.Integer({
      description: "Devices whose registration was there, with what is in the row now.",
    }),
    refused: Type.Array(
      Type.Object({
        index: Type.Integer({ description: "Of the row, from 0." }),
        code: Type.Integer({ description: "Of the error, see docs/errors.md." }),
        message: Type.String(),
      }),
      { description: "Rows of which nothing was stored. All others are on stable storage." },
    ),
  },
  { $id: "ImportedDevices" },
)
