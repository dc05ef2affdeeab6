import { PASSWORD_RULE } from "../../domain/administrator.ts"
import { MANAGEMENT_SCOPES } from "../../domain/permission.ts"
import { Type } from "../schema.ts"
import { PageQuery } from "./schemas.ts"
import { Delivery } from "./server-schemas.ts"

/** The shapes of sessions, administrators, tokens, devices and channels. Times are milliseconds since 1970. */

const Time = Type.Integer({ description: "Milliseconds since 1970." })
const MaybeTime = Type.Union([Time, Type.Null()])
const Scope = Type.Union(
  MANAGEMENT_SCOPES.map((scope) => Type.Literal(scope)),
  { description: "Each includes those before it." },
)
const Applications = Type.Union([Type.Array(Type.String()), Type.Null()], {
  description: "Ids of the applications that it is restricted to; null: all, and the server as a whole.",
})
const Password = Type.String({ minLength: PASSWORD_RULE.min, maxLength: PASSWORD_RULE.max })

export const Caller = Type.Object(
  {
    kind: Type.Union([Type.Literal("session"), Type.Literal("token")]),
    number: Type.Integer({ description: "Of the administrator, or of the token." }),
    name: Type.String(),
    scope: Scope,
    applications: Applications,
    endsAt: Type.Union([Time, Type.Null()], { description: "When the session or token ends in any case." }),
    idleMs: Type.Union([Type.Integer(), Type.Null()], {
      description: "A session without a request for so long is over.",
    }),
  },
  { $id: "Caller" },
)

export const Login = Type.Object({ name: Type.String(), password: Type.String() })

export const Setup = Type.Object({
  token: Type.String({ description: "What follows `#setup=` in the setup link." }),
  name: Type.String({ minLength: 1, maxLength: 100 }),
  password: Password,
})

export const PasswordChange = Type.Object({ currentPassword: Type.String(), password: Password })

const sessionProperties = {
  number: Type.Integer(),
  createdAt: Time,
  lastUsedAt: Type.Integer({
    description: "Milliseconds since 1970, at most a minute older than the last use.",
  }),
  endsAt: Type.Integer({
    description: "Milliseconds since 1970; earlier, when it is not used for half an hour.",
  }),
}

export const SessionList = Type.Object({ sessions: Type.Array(Type.Object(sessionProperties)) })

export const OwnSessionList = Type.Object({
  sessions: Type.Array(
    Type.Object({
      ...sessionProperties,
      isCurrent: Type.Boolean({ description: "Whether it is the one that asks." }),
    }),
  ),
})

export const OwnSessionParams = Type.Object({
  session: Type.String({ description: "The session's number." }),
})

export const SessionParams = Type.Object({
  administrator: Type.String({ description: "The administrator's number." }),
  session: Type.String({ description: "The session's number." }),
})

export const EndedSessions = Type.Object({ ended: Type.Integer() })

export const AdministratorParams = Type.Object({
  administrator: Type.String({ description: "The administrator's number." }),
})

export const Administrator = Type.Object(
  {
    number: Type.Integer(),
    name: Type.String(),
    scope: Scope,
    applications: Applications,
    createdAt: Time,
    lastLoginAt: MaybeTime,
  },
  { $id: "Administrator" },
)

export const AdministratorList = Type.Object({ administrators: Type.Array(Administrator) })

export const NewAdministrator = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  password: Password,
  scope: Scope,
  applications: Type.Optional(Applications),
})

export const AdministratorChanges = Type.Object({
  scope: Type.Optional(Scope),
  applications: Type.Optional(Applications),
  password: Type.Optional(Password),
})

export const TokenParams = Type.Object({ token: Type.String({ description: "The token's number." }) })

const tokenProperties = {
  number: Type.Integer(),
  label: Type.String(),
  scope: Scope,
  applications: Applications,
  createdAt: Time,
  expiresAt: MaybeTime,
  lastUsedAt: Type.Union([Time, Type.Null()], { description: "At most a minute older than the last use." }),
}

const Token = Type.Object(tokenProperties, { $id: "AdministratorToken" })

export const TokenList = Type.Object({ tokens: Type.Array(Token) })

export const RevealedToken = Type.Object({
  ...tokenProperties,
  token: Type.String({ description: "Shown this once: only its hash is kept." }),
})

export const NewToken = Type.Object({
  label: Type.Optional(Type.String({ maxLength: 100 })),
  scope: Scope,
  applications: Type.Optional(Applications),
  expiresAt: Type.Optional(MaybeTime),
})

export const DeviceCounts = Type.Object(
  {
    ios: Type.Integer(),
    osx: Type.Integer(),
    android: Type.Integer(),
    wp: Type.Integer(),
    other: Type.Integer({ description: "Systems without a provider: registered, never pushed to." }),
  },
  { $id: "DeviceCounts" },
)

export const Device = Type.Object(
  {
    deviceId: Type.String(),
    objectId: Type.String(),
    os: Type.String(),
    osVersion: Type.String(),
    tokenHash: Type.String({
      description: "The first 8 hexadecimal digits of the token's SHA-256, as in logs.",
    }),
    tokenLength: Type.Integer(),
    channels: Type.Array(Type.String()),
    userId: Type.Union([Type.String(), Type.Null()]),
    createdAt: Time,
    registeredAt: Time,
    expiresAt: MaybeTime,
    receives: Type.Boolean({ description: "False while a later registration has the same token." }),
  },
  { $id: "Device" },
)

export const DevicePage = Type.Object({
  devices: Type.Array(Device),
  next: Type.Union([Type.String(), Type.Null()]),
})

export const Overview = Type.Object({
  devices: DeviceCounts,
  delivery: Type.Array(Delivery),
  channels: Type.Object({
    count: Type.Integer(),
    isComplete: Type.Boolean({ description: "False: there are more than were counted." }),
  }),
})

export const Channel = Type.Object(
  { name: Type.String(), createdAt: Time, devices: DeviceCounts },
  { $id: "Channel" },
)

export const ChannelParams = Type.Object({ applicationId: Type.String(), channel: Type.String() })

export const ChannelQuery = Type.Object({
  namePrefix: Type.Optional(
    Type.String({ description: "Only channels whose name begins with it; capitals matter." }),
  ),
  cursor: PageQuery.properties.cursor,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
})

export const ChannelPage = Type.Object({
  channels: Type.Array(Channel),
  next: Type.Union([Type.String(), Type.Null()]),
})

export const NewChannel = Type.Object({ name: Type.String() })

export const AudienceQuery = Type.Object({
  channel: Type.String(),
  platforms: Type.Optional(
    Type.String({ description: "Of ios, osx, android and wp, separated by commas; left out: all." }),
  ),
})

export const Audience = Type.Object({
  exists: Type.Boolean({ description: "False: publishing would create the channel." }),
  total: Type.Integer(),
  devices: DeviceCounts,
})
