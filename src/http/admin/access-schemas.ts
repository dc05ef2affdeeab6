import { MESSAGING_OPERATIONS, PRESETS } from "../../domain/permission.ts"
import { ACCESSES, DECISION_LEVELS } from "../../domain/permission-rules.ts"
import { API_KEY_KINDS } from "../../domain/roles.ts"
import {
  KEY_ADDRESSES_MAX,
  KEY_REQUESTS_PER_SECOND_MAX,
  OVERLAP_HOURS_DEFAULT,
  OVERLAP_HOURS_MAX,
} from "../../service/keys.ts"
import { Type } from "../schema.ts"

/** The shapes of who may do what: keys, host names, roles and rules. Times are milliseconds since 1970. */

const Time = Type.Integer({ description: "Milliseconds since 1970." })
const OptionalTime = Type.Union([Time, Type.Null()])
const OptionalText = Type.Union([Type.String(), Type.Null()])
const Text = (description: string) => Type.String({ description })
const oneOf = (words: readonly string[]) => Type.Union(words.map((word) => Type.Literal(word)))

const applicationId = Type.String({ title: "applicationId" })
const Operation = oneOf(Object.keys(MESSAGING_OPERATIONS))

export const AccessParams = Type.Object({ applicationId })

export const KeyParams = Type.Object({
  applicationId,
  keyNumber: Type.Integer({ title: "keyNumber", description: "The number of the key in the list." }),
})

export const HostParams = Type.Object({
  applicationId,
  host: Type.String({ title: "host", description: "A host name without a port." }),
})

export const RoleParams = Type.Object({
  applicationId,
  role: Type.String({ title: "role", description: "The name of a custom role." }),
})

export const ApplicationChanges = Type.Object({
  name: Type.Optional(Type.String()),
  preset: Type.Optional(oneOf(PRESETS)),
})

const keyProperties = {
  number: Type.Integer({ description: "Stays the same when the key is regenerated." }),
  kind: oneOf(API_KEY_KINDS),
  label: Type.String(),
  role: OptionalText,
  createdAt: Time,
  expiresAt: OptionalTime,
  regeneratedAt: OptionalTime,
  previousUntil: Type.Union([Time, Type.Null()], {
    description: "Until then the key that was replaced last works beside the present one.",
  }),
  lastUsedAt: Type.Union([Time, Type.Null()], {
    description: "At most a minute older than the last use, by either key or by a host name.",
  }),
  addresses: Type.Array(Type.String(), {
    description: "The addresses and CIDR ranges that the key is accepted from; none: everywhere.",
  }),
  requestsPerSecond: Type.Union([Type.Integer(), Type.Null()], {
    description: "How many requests with it are answered; null: as many as the setting rate-per-key says.",
  }),
}

const Addresses = Type.Array(Type.String(), {
  maxItems: KEY_ADDRESSES_MAX,
  description:
    "Addresses and CIDR ranges of IPv4 and IPv6 that the key is accepted from, such as 203.0.113.7 and 2001:db8::/32; none: everywhere. Elsewhere it is answered as a wrong key, and so are host names that are bound to it.",
})

const RequestsPerSecond = Type.Union(
  [Type.Integer({ minimum: 1, maximum: KEY_REQUESTS_PER_SECOND_MAX }), Type.Null()],
  {
    description:
      "How many requests with it are answered, on average over ten seconds and by each server, instead of as many as the setting rate-per-key says; null: those. The limit of the application holds besides.",
  },
)

export const RevealedKey = Type.Object({ ...keyProperties, key: Text("The API key itself.") })

export const KeyList = Type.Object({
  keys: Type.Array(
    Type.Object({
      ...keyProperties,
      key: Type.Optional(Text("The API key itself, only with `reveal=true`.")),
    }),
  ),
})

export const KeyListQuery = Type.Object({
  reveal: Type.Optional(
    Type.Boolean({ description: "Show the keys themselves; needs the scope administer. Defaults to false." }),
  ),
})

export const NewKey = Type.Object({
  kind: oneOf(API_KEY_KINDS),
  label: Type.Optional(Text("What it is for, at most 100 characters.")),
  role: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: "A custom role that requests with the key run with; a CUSTOM key needs one.",
    }),
  ),
  expiresAt: Type.Optional(Type.Union([Time, Type.Null()], { description: "None or null: never." })),
  addresses: Type.Optional(Addresses),
  requestsPerSecond: Type.Optional(RequestsPerSecond),
})

export const KeyChanges = Type.Object({
  label: Type.Optional(Text("What it is for, at most 100 characters.")),
  role: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description:
        "A custom role that requests with the key run with; null: none, which a CUSTOM key cannot have.",
    }),
  ),
  expiresAt: Type.Optional(
    Type.Union([Time, Type.Null()], { description: "Later than now; null: it never expires." }),
  ),
  addresses: Type.Optional(Addresses),
  requestsPerSecond: Type.Optional(RequestsPerSecond),
})

export const ApiKey = Type.Object(keyProperties)

export const Regeneration = Type.Object({
  overlapHours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: OVERLAP_HOURS_MAX,
      default: OVERLAP_HOURS_DEFAULT,
      description: "How long the old key still works.",
    }),
  ),
})

export const RevokedKey = Type.Object({
  done: Type.Boolean(),
  hosts: Type.Array(Type.String(), {
    description: "The host names that were bound to it and are unbound now.",
  }),
})

export const Host = Type.Object({
  host: Type.String(),
  keyNumber: Type.Integer(),
  keyKind: oneOf(API_KEY_KINDS),
  role: OptionalText,
  createdAt: Time,
})

export const HostList = Type.Object({ hosts: Type.Array(Host) })

export const HostBinding = Type.Object({
  key: Type.Optional(
    Type.Union([Type.Integer(), Type.String()], {
      description: "The number of a key, or a type: then the oldest working key of it. Defaults to JS.",
    }),
  ),
  role: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: "A custom role that requests run with besides.",
    }),
  ),
})

export const Role = Type.Object({
  name: Type.String(),
  isSystem: Type.Boolean(),
  description: Type.String(),
})

export const RoleList = Type.Object({ roles: Type.Array(Role) })

export const NewRole = Type.Object({ name: Type.String(), description: Type.Optional(Type.String()) })

export const Rule = Type.Object({
  level: oneOf(["application", "channel"]),
  channel: OptionalText,
  role: OptionalText,
  user: OptionalText,
  operation: Operation,
  access: oneOf(ACCESSES),
})

export const RuleChange = Type.Object({
  level: oneOf(["application", "channel"]),
  channel: Type.Optional(Text("The name of the channel, for the level channel; it need not exist yet.")),
  role: Type.Optional(Text("A system or custom role; either this or user.")),
  user: Type.Optional(Text("The id of a user, for the level channel only.")),
  operation: Operation,
  access: Type.Union(
    ACCESSES.map((access) => Type.Literal(access)),
    { description: "inherit takes the rule away." },
  ),
})

export const MatrixQuery = Type.Object({
  channel: Type.Optional(Text("Only the rules of this channel, and those of the application.")),
})

export const Matrix = Type.Object({
  preset: oneOf(PRESETS),
  operations: Type.Array(
    Type.Object({
      operation: Operation,
      meaning: Type.String(),
      onChannels: Type.Boolean({ description: "Whether rules of a channel may speak of it." }),
    }),
  ),
  roles: Type.Array(
    Type.Object({
      ...Role.properties,
      presetGrants: Type.Array(Operation, { description: "What the preset grants where no rule decides." }),
    }),
  ),
  rules: Type.Array(Rule),
})

const DecidedBy = Type.Object({
  level: oneOf([...DECISION_LEVELS, "preset"]),
  subject: Text("The role or the user whom the rule is about; for the preset, its name."),
  access: oneOf(["grant", "deny"]),
})

export const ExplainQuery = Type.Object({
  operation: Operation,
  channel: Type.Optional(Text("A channel, for operations that are decided on channels.")),
  key: Type.Optional(Text("The number of a key, or a type: then the oldest working key of it.")),
  host: Type.Optional(Text("A host name, instead of a key.")),
  user: Type.Optional(Text("The id of a user who is logged in.")),
})

export const Explained = Type.Object({
  allowed: Type.Boolean({ description: "Whether such a request succeeds." }),
  summary: Type.String(),
  channel: OptionalText,
  roles: Type.Array(Type.String(), { description: "Every role that the request runs with." }),
  decidedBy: DecidedBy,
  steps: Type.Array(
    Type.Object({
      operation: Operation,
      allowed: Type.Boolean(),
      decidedBy: DecidedBy,
      levels: Type.Array(
        Type.Object({
          level: oneOf(DECISION_LEVELS),
          rules: Type.Array(Type.Object({ subject: Type.String(), access: oneOf(["grant", "deny"]) })),
        }),
        { description: "In the order in which they are asked, with the rules that speak of the request." },
      ),
      presetGrantsTo: Type.Array(Type.String()),
    }),
    {
      description:
        "The operation, and channel:create when it would have to create the channel: all must be allowed.",
    },
  ),
})
