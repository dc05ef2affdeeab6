import { FINAL_KINDS } from "../../domain/outcome.ts"
import { Type } from "../schema.ts"

/** The shapes of the management API. Times are milliseconds since 1970. */

const Time = Type.Integer({ description: "Milliseconds since 1970." })
const Text = (description: string) => Type.String({ description })

export const ApplicationParams = Type.Object({ applicationId: Type.String() })

export const MessageParams = Type.Object({ applicationId: Type.String(), messageId: Type.String() })

export const MessageDeviceParams = Type.Object({
  applicationId: Type.String(),
  messageId: Type.String(),
  "*": Type.String({ title: "deviceId", description: "The device id; it may contain slashes." }),
})

export const CredentialParams = Type.Object({
  applicationId: Type.String(),
  provider: Type.Union([Type.Literal("apns"), Type.Literal("fcm"), Type.Literal("wns")]),
})

export const PageQuery = Type.Object({
  cursor: Type.Optional(Text("The `next` of the page before.")),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
})

const Counts = Type.Object(Object.fromEntries(FINAL_KINDS.map((kind) => [kind, Type.Integer()])))

export const MessageReport = Type.Object({
  messageId: Type.String(),
  state: Text("running, paused, finished, cancelled or failed."),
  channel: Type.String(),
  platforms: Type.Union([Type.Array(Type.String()), Type.Null()]),
  policy: Type.String(),
  delivery: Type.String(),
  message: Type.Unknown(),
  headers: Type.Record(Type.String(), Type.String()),
  acceptedAt: Time,
  expiresAt: Time,
  stateChangedAt: Time,
  audience: Type.Integer({ description: "counts and pending add up to it." }),
  counts: Counts,
  pending: Type.Integer(),
  retrying: Type.Integer(),
  ratePerSecond: Type.Number(),
  secondsLeft: Type.Union([Type.Integer(), Type.Null()]),
  reasons: Type.Array(Type.Object({ kind: Type.String(), reason: Type.String(), count: Type.Integer() })),
  obstacles: Type.Array(Type.Object({ obstacle: Type.String(), devices: Type.Integer() }), {
    description:
      "What pending devices wait for beyond their turn, most devices first: docs/outcomes.md lists it. Empty in lists of messages.",
  }),
  unknownDeviceIds: Type.Array(Type.String()),
  again: Type.Union(
    [Type.Object({ messageId: Type.String(), outcomes: Type.Array(Type.String()) }), Type.Null()],
    { description: "Of a message that was sent again: which it was, and to those with which outcomes." },
  ),
})

export const MessagePage = Type.Object({
  messages: Type.Array(MessageReport),
  next: Type.Union([Type.String(), Type.Null()]),
})

export const MessageEvents = Type.String({
  contentMediaType: "text/event-stream",
  description: "One `data:` line with a message report whenever it changed, until it is complete.",
})

export const DeviceReport = Type.Object({
  messageId: Type.String(),
  deviceId: Type.String(),
  verdict: Text("settled, retrying, pending, not_in_audience or not_registered."),
  summary: Type.String(),
  next: Type.String(),
  outcome: Type.Optional(Type.Object({ kind: Type.String(), reason: Type.String() })),
  settledBetween: Type.Optional(Type.Array(Time, { minItems: 2, maxItems: 2 })),
  retry: Type.Optional(Type.Object({ attempts: Type.Integer(), notBefore: Time, lastReason: Type.String() })),
  registration: Type.Optional(
    Type.Object({
      registeredAt: Time,
      createdAt: Time,
      os: Type.String(),
      channels: Type.Array(Type.String()),
      expiresAt: Type.Union([Time, Type.Null()]),
      receives: Type.Boolean(),
    }),
  ),
  departures: Type.Array(Type.Object({ leftAt: Time, reason: Type.String(), detail: Type.String() })),
})

export const Credential = Type.Object({
  provider: Type.String(),
  summary: Type.Record(Type.String(), Type.String()),
  updatedAt: Time,
  pausedAt: Type.Union([Time, Type.Null()]),
  pausedReason: Type.Union([Type.String(), Type.Null()]),
})

export const CredentialList = Type.Object({ credentials: Type.Array(Credential) })

export const CredentialBody = Type.Object({
  fields: Type.Unknown({
    description:
      "APNs: {key, keyId, teamId, topic, osxTopic?, environment?}; FCM: the service account JSON; WNS: {tenantId, clientId, clientSecret}.",
  }),
  origin: Type.Optional(Text("A simulator or proxy to send to.")),
  ca: Type.Optional(Text("PEM of the authorities to trust for that origin.")),
})

export const Application = Type.Object({
  applicationId: Type.String(),
  name: Type.String(),
  preset: Type.String(),
  createdAt: Time,
})

export const ApplicationList = Type.Object({ applications: Type.Array(Application) })

export const ApplicationBody = Type.Object({
  name: Type.String(),
  preset: Type.Optional(Text("locked (default) or compatible.")),
})

export const ApplicationWithKeys = Type.Object({
  ...Application.properties,
  apiKeys: Type.Record(Type.String(), Type.String()),
})

export const Done = Type.Object({ done: Type.Boolean() })

export const SandboxJournal = Type.Object({
  entries: Type.Array(Type.Unknown({ description: "What a device received, as a phone would show it." })),
  totals: Type.Record(Type.String(), Type.Unknown()),
})

export const JournalQuery = Type.Object({
  token: Type.Optional(Text("Only this device token.")),
  since: Type.Optional(Type.Integer({ description: "Only entries with a larger sequence number." })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
})

export const AuditQuery = Type.Object({
  ...PageQuery.properties,
  application: Type.Optional(Text("Only what concerns this application.")),
  actor: Type.Optional(
    Text(
      "Only entries whose actor contains it, in any case. A page may then be short and still have a next one.",
    ),
  ),
  action: Type.Optional(
    Text("Only actions that begin with it, such as `credential` or `credential.set`. Bounded as actor is."),
  ),
})

export const AuditVerification = Type.Object({
  isWhole: Type.Boolean(),
  entries: Type.Integer({ description: "So many are as they were written." }),
  broken: Type.Union([Type.Integer(), Type.Null()], {
    description: "The first entry that was altered, or that follows a gap.",
  }),
  hash: Text(
    "Of the last good entry. Keep it elsewhere: with it, even a log that was written anew is noticed.",
  ),
})

export const AuditPage = Type.Object({
  entries: Type.Array(
    Type.Object({
      number: Type.Integer(),
      at: Time,
      actor: Type.String(),
      action: Type.String(),
      application: Type.Union([Type.String(), Type.Null()]),
      target: Type.String(),
      details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        description:
          "`interrupted: true`: the call changed something and did not come to its end, as when the server was killed; " +
          "`begunAt` says when it began.",
      }),
      hash: Text("SHA-256 over this entry and the hash of the one before."),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()]),
})

export const CredentialCheckup = Type.Object(
  {
    ok: Type.Boolean(),
    steps: Type.Array(
      Type.Object({
        name: Type.Union([
          Type.Literal("credential"),
          Type.Literal("connection"),
          Type.Literal("authorization"),
          Type.Literal("push"),
        ]),
        ok: Type.Boolean(),
        detail: Text("What was seen."),
        advice: Type.Optional(Text("What to do, when it is not well.")),
      }),
      { description: "In their order, up to the first that failed." },
    ),
  },
  { $id: "CredentialCheckup" },
)
