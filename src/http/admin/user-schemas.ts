import { IDENTITY_RULE, USER_PASSWORD_RULE, USER_STATUSES } from "../../domain/user.ts"
import { DEFAULT_USER_SETTINGS, UNKNOWN_PROPERTY_POLICIES } from "../../domain/user-settings.ts"
import { Type } from "../schema.ts"

/** The shapes of an application's users. Times are milliseconds since 1970. */

const Time = Type.Integer({ description: "Milliseconds since 1970." })
const MaybeTime = Type.Union([Time, Type.Null()])
const oneOf = (words: readonly string[]) => Type.Union(words.map((word) => Type.Literal(word)))
const Properties = Type.Record(Type.String(), Type.Unknown(), {
  description: "The app's own properties: at most 100, 16 384 bytes as JSON.",
})
const Identity = Type.String({
  maxLength: IDENTITY_RULE.max,
  description:
    "What the user logs in with, by default an e-mail address; upper and lower case do not matter.",
})
const Password = Type.String({ minLength: USER_PASSWORD_RULE.min, maxLength: USER_PASSWORD_RULE.max })
const Roles = Type.Array(Type.String(), { maxItems: 50, description: "Names of custom roles." })
const Settable = Type.Union(
  USER_STATUSES.filter((status) => status !== "GUEST").map((status) => Type.Literal(status)),
  {
    description:
      "DISABLED ends every login and refuses others. EMAIL_CONFIRMATION_PENDING refuses logins with a password; those that there are stay.",
  },
)
const applicationId = Type.String({ title: "applicationId" })

export const UserParams = Type.Object({
  applicationId,
  userId: Type.String({ title: "userId", description: "The object id of the user." }),
})

export const UserQuery = Type.Object({
  identityPrefix: Type.Optional(
    Type.String({
      description: "Only users whose identity begins with it, in any case; ordered by identity.",
    }),
  ),
  cursor: Type.Optional(Type.String({ description: "The `next` of the page before." })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
})

export const User = Type.Object(
  {
    userId: Type.String(),
    kind: Type.Union([Type.Literal("registered"), Type.Literal("guest"), Type.Literal("social")], {
      description: "social: came with a token of an identity provider.",
    }),
    status: oneOf(USER_STATUSES),
    identity: Type.Union([Type.String(), Type.Null()]),
    issuer: Type.Union([Type.String(), Type.Null()]),
    subject: Type.Union([Type.String(), Type.Null()]),
    properties: Properties,
    roles: Roles,
    createdAt: Time,
    updatedAt: MaybeTime,
    lastLoginAt: MaybeTime,
  },
  { $id: "User" },
)

export const UserPage = Type.Object({
  users: Type.Array(User),
  next: Type.Union([Type.String(), Type.Null()]),
})

export const NewUser = Type.Object({
  identity: Identity,
  password: Type.Optional(Password),
  properties: Type.Optional(Properties),
  status: Type.Optional(Settable),
})

export const UserChanges = Type.Object({
  identity: Type.Optional(Identity),
  password: Type.Optional(Password),
  properties: Type.Optional(Properties),
  status: Type.Optional(Settable),
})

export const UserRoles = Type.Object({ roles: Roles })

const Names = (description: string) => Type.Array(Type.String(), { description, maxItems: 100 })
const Lifetime = (description: string) =>
  Type.Union([Type.Integer({ minimum: 60_000 }), Type.Null()], { description })

const settings = {
  registration: Type.Boolean({ description: "Whether apps may register users (3009)." }),
  guests: Type.Boolean({ description: "Whether apps may make guests (3009)." }),
  login: Type.Boolean({ description: "Whether users may log in (3034)." }),
  multipleLogins: Type.Boolean({ description: "Whether a user may be logged in more than once." }),
  logoutLastUser: Type.Boolean({
    description: "Without multiple logins: true refuses the second one (3002), false ends the first one.",
  }),
  maxConcurrentLogins: Type.Integer({
    minimum: 0,
    maximum: 100,
    description:
      "With multiple logins: how many at once (3044); 0: up to 100, the least recently used make room.",
  }),
  failedLoginsLock: Type.Integer({
    minimum: 0,
    maximum: 1000,
    description:
      "After how many wrong passwords a login is refused with 3036, for one address and a growing time; at most 5 count. 0: after 5, with 90014.",
  }),
  identityProperty: Type.String({ description: "The property that users log in with." }),
  requiredProperties: Names("What a user must have to register (3012), besides identity and password."),
  knownProperties: Names("What else is known, where unknown properties are not kept."),
  unknownProperties: Type.Union(
    UNKNOWN_PROPERTY_POLICIES.map((policy) => Type.Literal(policy)),
    { description: "What becomes of properties that are not known: kept, dropped, or refused (3010)." },
  ),
  sessionIdleMs: Lifetime("A login without a request for so long is over; null: never."),
  sessionLastsMs: Lifetime("A login is over so long after it began; null: never."),
  guestsKeptMs: Lifetime(
    "A guest without a login, who can never have one again, is removed so long after the registration, or somewhat later; null: never.",
  ),
}

export const UserSettings = Type.Object(settings, { $id: "UserSettings" })

export const UserSettingsChanges = Type.Partial(Type.Object(settings), {
  description: `What is left out stays as it is. The defaults: ${JSON.stringify(DEFAULT_USER_SETTINGS)}`,
})
