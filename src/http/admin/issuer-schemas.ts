import { TOKEN_ALGORITHMS } from "../../domain/issuer.ts"
import { Type } from "../schema.ts"

/** The shapes of identity providers. */

const applicationId = Type.String({ title: "applicationId" })
const OptionalText = Type.Union([Type.String(), Type.Null()])
const KeySet = Type.Object(
  { keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) },
  { description: "A JWKS of public keys, each with a kid." },
)
const Algorithms = Type.Array(Type.Union(TOKEN_ALGORITHMS.map((algorithm) => Type.Literal(algorithm))), {
  minItems: 1,
  description: "Signatures that its tokens may have, and no others.",
})

export const IssuerParams = Type.Object({
  applicationId,
  name: Type.String({
    title: "name",
    description: "Letters, digits, dots, underscores and dashes; at most 50.",
  }),
})

export const Issuer = Type.Object(
  {
    name: Type.String(),
    issuer: Type.String({ description: "What its tokens say in `iss`." }),
    algorithms: Algorithms,
    jwksUrl: OptionalText,
    jwks: Type.Union([KeySet, Type.Null()]),
    rolesClaim: OptionalText,
    changedAt: Type.Integer({ description: "Milliseconds since 1970." }),
    keyIds: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description: "The keys that are known at this moment; null: none was needed yet, or none can be read.",
    }),
    problem: Type.Union([Type.String(), Type.Null()], {
      description: "Why the key set could not be read when it was last tried.",
    }),
  },
  { $id: "Issuer" },
)

export const IssuerList = Type.Object({ issuers: Type.Array(Issuer) })

export const NewIssuer = Type.Object({
  issuer: Type.String({ maxLength: 500, description: "What its tokens say in `iss`, exactly." }),
  algorithms: Algorithms,
  jwksUrl: Type.Optional(
    Type.String({
      description: "Where the key set is: https on port 443, at public addresses. Or give jwks.",
    }),
  ),
  jwks: Type.Optional(KeySet),
  rolesClaim: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: "The claim that names custom roles: its name, or a path such as realm_access.roles.",
    }),
  ),
})
