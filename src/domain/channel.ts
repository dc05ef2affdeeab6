import { DomainError } from "./errors.ts"
import type { Limits } from "./limits.ts"
import { checkedText } from "./text.ts"

/** The channel of a registration and of a publish that names none (contract 2.1). */
export const DEFAULT_CHANNEL = "default"

// `/` ends a path segment of the JS SDK; `,` and `::` separate the parts of a registrationId (contract 2.1).
const FORBIDDEN_PARTS = ["/", ",", "::"] as const

/** A channel name that registration and publish both accept, or a DomainError that names the property. */
export function checkedChannelName(value: unknown, property: string, limits: Limits): string {
  const name = checkedText(value, property, { min: 1, max: limits.channelName })
  for (const part of FORBIDDEN_PARTS) {
    if (name.includes(part)) {
      throw new DomainError(
        "invalid_property",
        `${property} contains "${part}"; a channel name has no "/", "," or "::".`,
        {
          property,
        },
      )
    }
  }
  if (name === "." || name === "..") {
    throw new DomainError("invalid_property", `${property} is "${name}", which no URL path can carry.`, {
      property,
    })
  }
  return name
}
