import { checkedChannelName } from "../../domain/channel.ts"
import { DomainError } from "../../domain/errors.ts"
import type { Limits } from "../../domain/limits.ts"
import { PLATFORMS, type Platform } from "../../domain/platform.ts"
import type { PublishRequest } from "../../domain/publish.ts"
import { wrongType } from "../../domain/text.ts"
import { objectBody } from "../backendless/decode.ts"
import { decodePublish, decodeSinglecast } from "../backendless/decode-publish.ts"
import { propertiesOf } from "./body.ts"

/** What the dialect calls what this surface has a plainer name for. */
const DIALECT_NAMES = {
  platforms: "pushBroadcast",
  deviceIds: "pushSinglecast",
  policy: "publishPolicy",
} as const

/** Understood, and refused with a reason by the dialect's decoder as long as they are not supported. */
const NOT_YET = ["publishAt", "repeatEvery", "repeatExpiresAt", "segmentQuery", "query", "templateValues"]

const KNOWN = [
  "channel",
  "message",
  "headers",
  ...Object.keys(DIALECT_NAMES),
  "delivery",
  "ttlSeconds",
  "publisherId",
  "subtopic",
  ...Object.values(DIALECT_NAMES),
  "pushPolicy",
  ...NOT_YET,
]

/**
 * The body of a publish through the management API: the dialect's rules under plainer names. Here, what is unknown is
 * refused, and so is an audience of nothing: a misspelt `platforms` must not make a message for everybody.
 */
export function decodeAdminPublish(body: unknown, now: number, limits: Limits): PublishRequest {
  const fields = propertiesOf(objectBody(body), KNOWN)
  for (const [name, dialectName] of Object.entries(DIALECT_NAMES)) {
    if (fields[name] === undefined || fields[dialectName] === undefined) continue
    throw new DomainError(
      "invalid_property",
      `${name} and ${dialectName} are two names of one thing: send one.`,
      {
        property: name,
      },
    )
  }
  const channel = checkedChannelName(fields["channel"], "channel", limits)
  const policy = fields["policy"] === undefined ? {} : { publishPolicy: policyOf(fields["policy"]) }
  const request = decodePublish(channel, { ...fields, ...policy }, now, limits)
  const { platforms, deviceIds } = fields
  return {
    ...request,
    ...(platforms !== undefined && { platforms: platformsOf(platforms) }),
    ...(deviceIds !== undefined && { deviceIds: deviceIdsOf(deviceIds, limits) }),
  }
}

function policyOf(value: unknown): string {
  if (value === "PUSH" || value === "PUBSUB" || value === "BOTH") return value
  throw new DomainError("invalid_property", "policy must be PUSH, PUBSUB or BOTH.", { property: "policy" })
}

function platformsOf(value: unknown): readonly Platform[] {
  if (!Array.isArray(value)) throw wrongType("platforms", "an array of platforms", value)
  const named = PLATFORMS.filter((platform) => value.includes(platform))
  if (named.length > 0 && value.every((word) => named.includes(word))) return named
  throw new DomainError(
    "invalid_property",
    `platforms must have one or more of ${PLATFORMS.join(", ")}; leave it out for every device.`,
    { property: "platforms" },
  )
}

function deviceIdsOf(value: unknown, limits: Limits): readonly string[] {
  if (!Array.isArray(value)) throw wrongType("deviceIds", "an array of device ids", value)
  const ids = decodeSinglecast(value, limits, "deviceIds")
  if (ids !== undefined) return ids
  throw new DomainError("invalid_property", "deviceIds is empty; leave it out for every device.", {
    property: "deviceIds",
  })
}
