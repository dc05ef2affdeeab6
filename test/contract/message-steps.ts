import fc from "fast-check"
import type { MessageState } from "../../src/domain/message.ts"
import type { Outcome } from "../../src/domain/outcome.ts"
import type { Platform } from "../../src/domain/platform.ts"
import { ACCEPTED } from "./message-world.ts"

export const DEVICES = 9
export const SYSTEMS = ["ANDROID", "iOS", "WP", "Symbian"] as const
/** A crash, which costs a lease, brings a message past it. */
export const SHORT_LIFE_MS = 15_000
export const CHANNELS = ["news", "sport"] as const
export const PLATFORM_CHOICES: readonly (readonly Platform[] | undefined)[] = [
  undefined,
  undefined,
  ["android"],
  ["ios", "wp"],
]
export const OUTCOME_CHOICES: readonly (Outcome | "retry" | "skip")[] = [
  ACCEPTED,
  { kind: "payload_rejected", reason: "size" },
  { kind: "suppressed", reason: "unsupported_os" },
  { kind: "outcome_unknown", reason: "reset" },
  "retry",
  "skip",
]

export type Step =
  | { readonly do: "register"; readonly device: number; readonly system: number; readonly channel: number }
  | { readonly do: "leave"; readonly device: number; readonly channel: number }
  | { readonly do: "unregister"; readonly device: number }
  | {
      readonly do: "publish"
      readonly channel: number
      readonly platforms: number
      readonly named: number
      readonly isShortLived: boolean
    }
  | { readonly do: "claim"; readonly express: boolean }
  | {
      readonly do: "work"
      readonly claim: number
      readonly pattern: readonly number[]
      readonly reserve: number
    }
  | { readonly do: "finish" | "release"; readonly claim: number }
  | { readonly do: "crash" }
  | { readonly do: "state"; readonly message: number; readonly to: MessageState }

const device = fc.nat(DEVICES - 1)
const index = fc.nat(5)
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("register"), device, system: fc.nat(3), channel: fc.nat(1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave"), device, channel: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unregister"), device }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("publish"),
      channel: fc.nat(1),
      platforms: fc.nat(3),
      named: fc.oneof(fc.constant(0), fc.nat(2 ** DEVICES - 1)),
      isShortLived: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("claim"), express: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("work"),
      claim: index,
      pattern: fc.array(fc.nat(OUTCOME_CHOICES.length - 1), { minLength: 1, maxLength: 4 }),
      reserve: fc.nat(2),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("finish", "release"), claim: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("state"),
      message: index,
      to: fc.constantFrom("paused", "running", "cancelled"),
    }),
  },
)
