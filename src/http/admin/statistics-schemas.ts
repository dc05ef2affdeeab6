import { FINAL_KINDS } from "../../domain/outcome.ts"
import { Type } from "../schema.ts"

/** The shape of an application's figures over time. */

const Time = Type.Integer({ description: "Milliseconds since 1970." })

export const StatisticsQuery = Type.Object({
  from: Type.Optional(
    Type.Integer({
      description:
        "Milliseconds since 1970; begins with the hour or day (UTC) that it falls into. Defaults to 24 steps of an hour or 30 of a day before `to`.",
    }),
  ),
  to: Type.Optional(Type.Integer({ description: "Milliseconds since 1970, exclusive. Defaults to now." })),
  step: Type.Optional(
    Type.Union([Type.Literal("hour"), Type.Literal("day")], {
      description: "A day is one of UTC. Defaults to hour.",
    }),
  ),
})

const Counts = Type.Object(Object.fromEntries(FINAL_KINDS.map((kind) => [kind, Type.Integer()])))

export const Statistics = Type.Object(
  {
    step: Type.Union([Type.Literal("hour"), Type.Literal("day")]),
    from: Time,
    to: Time,
    points: Type.Array(
      Type.Object({
        at: Type.Integer({ description: "When the hour or day begins, milliseconds since 1970." }),
        registered: Type.Integer({ description: "Devices that had no registration before." }),
        renewed: Type.Integer({ description: "Registrations that were renewed." }),
        departed: Type.Integer({
          description: "Registrations that ended: cancelled, removed, expired, or with a token that is gone.",
        }),
        messages: Type.Integer({ description: "Messages that were published." }),
        outcomes: Counts,
      }),
      { description: "One for every hour or day, with 0 where nothing happened; at most 1 000." },
    ),
  },
  { $id: "Statistics" },
)
