import { USER_STATUSES } from "../../domain/user.ts"
import { Type } from "../schema.ts"

/** The shapes of users in the dialect, for the OpenAPI document. */

const Time = Type.Union([Type.Integer({ description: "Milliseconds since 1970." }), Type.Null()])

const userProperties = {
  ___class: Type.Literal("Users"),
  objectId: Type.String(),
  ownerId: Type.String(),
  userStatus: Type.Union(USER_STATUSES.map((status) => Type.Literal(status))),
  socialAccount: Type.String(),
  created: Type.Integer({ description: "Milliseconds since 1970." }),
  updated: Time,
  lastLogin: Time,
}

/** The app's own properties are beside these. */
const more = { additionalProperties: true }

export const RegisteredUser = Type.Object(userProperties, more)

export const LoggedInUser = Type.Object(
  {
    ...userProperties,
    "user-token": Type.String({ description: "Send it as the header `user-token` from now on." }),
  },
  more,
)

export const UserRegistration = Type.Object(
  {
    email: Type.Optional(
      Type.String({
        description: "What the user logs in with, unless the application has another identity property.",
      }),
    ),
    password: Type.String({ minLength: 1, maxLength: 256 }),
  },
  more,
)

export const LoginBody = Type.Object({
  login: Type.Optional(Type.Union([Type.String(), Type.Number()], { description: "The identity." })),
  password: Type.Optional(Type.String()),
  objectId: Type.Optional(Type.String({ description: "Instead of both, with a key of the type BL." })),
})

export const UserTokenParams = Type.Object({
  token: Type.String({ title: "token", description: "A user token." }),
})

export const LoggedOut = Type.Object({})

export const IsValid = Type.Boolean()

export const RoleNames = Type.Array(Type.String())
