import { DomainError } from "../../domain/errors.ts"
import { fromIsoText, inMilliseconds } from "../../domain/expiration.ts"
import type { Limits } from "../../domain/limits.ts"
import type { DeliveryPromise, PublishPolicy } from "../../domain/message.ts"
import { PLATFORM_CODES, PLATFORMS, type Platform } from "../../domain/platform.ts"
import type { PublishRequest } from "../../domain/publish.ts"
import { checkedText, storableText, wrongType } from "../../domain/text.ts"
import { decodeDeviceId, objectBody } from "./decode.ts"

/** The body of `POST messaging/<channel>` (contract 3.1, 3.2) → what the publish asks for. Unknown keys are ignored. */
export function decodePublish(channel: string, body: unknown, now: number, limits: Limits): PublishRequest {
  const fields = objectBody(body)
  refuseUnsupported(fields, now)
  const deviceIds = decodeSinglecast(fields["pushSinglecast"], limits, "pushSinglecast")
  return {
    channel,
    messageJson: decodeMessage(fields["message"]),
    headers: decodeHeaders(fields["headers"]),
    policy: decodePolicy(fields),
    platforms: decodeBroadcast(fields["pushBroadcast"], deviceIds !== undefined),
    deviceIds,
    delivery: decodeDelivery(fields["delivery"]),
    ttlSeconds: decodeTtl(fields["ttlSeconds"]),
    publisherId: optionalText(fields["publisherId"], "publisherId"),
    subtopic: optionalText(fields["subtopic"], "subtopic"),
  }
}

const HEADERS_MAX = 100
const HEADER_NAME_RULE = { min: 1, max: 200 }
/** One second would be over before the first device's turn: with less than a second left nothing is sent (reliability 4.5). */
const TTL_SECONDS = { min: 2, max: 2_419_200 }

function decodeMessage(value: unknown): string {
  if (value === undefined || value === null) throw wrongType("message", "text or another JSON value", value)
  return JSON.stringify(typeof value === "string" ? multilineText(value, "message") : value)
}

/** Text that people read: line breaks and tabs belong to it, other control characters do not. */
function multilineText(value: string, property: string): string {
  storableText(value.replace(/[\t\n\r\u2028\u2029]/g, " "), property)
  return value.normalize("NFC")
}

function decodeHeaders(value: unknown): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return new Map()
  if (typeof value !== "object" || Array.isArray(value)) throw wrongType("headers", "an object", value)
  const entries = Object.entries(value)
  if (entries.length > HEADERS_MAX) {
    throw new DomainError(
      "invalid_property",
      `headers has ${entries.length} entries; the limit is ${HEADERS_MAX}.`,
      {
        property: "headers",
        limit: HEADERS_MAX,
        length: entries.length,
      },
    )
  }
  const headers = new Map<string, string>()
  for (const [given, header] of entries) {
    const name = headerName(given)
    const property = `headers.${name}`
    // The body's names differ; in normal form C two of them can be one, and the later would silently win.
    if (headers.has(name)) {
      throw new DomainError("invalid_property", `${property} is given twice.`, { property })
    }
    headers.set(name, headerText(header, property))
  }
  return headers
}

/** A name that is refused may be empty or long: people are told what it is, programs where it is. */
function headerName(given: string): string {
  try {
    return checkedText(given, "the name of a header", HEADER_NAME_RULE)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw new DomainError(error.error, error.message, { ...error.details, property: "headers" })
  }
}

function headerText(value: unknown, property: string): string {
  if (typeof value === "number") return String(value)
  if (typeof value !== "string") throw wrongType(property, "a string or a number", value)
  return multilineText(value, property)
}

/** `pushPolicy` is the older name; ActionScript and Flutter send positions instead of words (contract 3.1). */
function decodePolicy(fields: Readonly<Record<string, unknown>>): PublishPolicy {
  const policy = choice(fields["publishPolicy"], "publishPolicy", PUBLISH_POLICIES, [
    "PUSH",
    "PUBSUB",
    "BOTH",
  ])
  return policy ?? choice(fields["pushPolicy"], "pushPolicy", PUSH_POLICIES, ["ALSO", "ONLY"]) ?? "BOTH"
}

const PUBLISH_POLICIES: Readonly<Record<string, PublishPolicy>> = {
  PUSH: "PUSH",
  PUBSUB: "PUBSUB",
  BOTH: "BOTH",
}
const PUSH_POLICIES: Readonly<Record<string, PublishPolicy>> = { ONLY: "PUSH", ALSO: "BOTH", NONE: "PUBSUB" }

function choice<T>(
  value: unknown,
  property: string,
  words: Readonly<Record<string, T>>,
  positions: readonly string[],
): T | undefined {
  if (value === undefined || value === null || value === "") return undefined
  const word =
    typeof value === "number" ? positions[value] : typeof value === "string" ? value.trim().toUpperCase() : ""
  if (word !== undefined && Object.hasOwn(words, word)) return words[word]
  throw new DomainError("invalid_property", `${property} must be one of ${Object.keys(words).join(", ")}.`, {
    property,
  })
}

const ALL_PLATFORMS = 15
/** Nothing, 0 and an empty text mean no restriction (contract 3.2). */
const UNRESTRICTED: ReadonlySet<unknown> = new Set([undefined, null, 0, "", "0"])

/** The platforms asked for; undefined: every device, also those that no provider serves. */
function decodeBroadcast(value: unknown, namesDevices: boolean): readonly Platform[] | undefined {
  if (UNRESTRICTED.has(value)) return undefined
  const mask = typeof value === "number" ? value : maskOf(value)
  if (!Number.isInteger(mask) || mask < 0 || mask > ALL_PLATFORMS) {
    throw new DomainError("invalid_property", `pushBroadcast must be a mask from 0 to ${ALL_PLATFORMS}.`, {
      property: "pushBroadcast",
    })
  }
  if (mask === ALL_PLATFORMS) return undefined
  // FOR_NONE beside device ids is how the Swift SDK says "only these devices".
  if (mask === 0 && namesDevices) return undefined
  return PLATFORMS.filter((platform) => (mask & PLATFORM_CODES[platform]) !== 0)
}

function maskOf(value: unknown): number {
  if (typeof value !== "string") throw wrongType("pushBroadcast", "a number or a string", value)
  if (/^\s*\d{1,3}\s*$/.test(value)) return Number(value)
  return value
    .toUpperCase()
    .split("|")
    .map((word) => word.trim().replace(/^FOR_/, ""))
    .reduce((mask, word) => mask | wordMask(word, value), 0)
}

function wordMask(word: string, value: string): number {
  if (word === "ALL") return ALL_PLATFORMS
  if (word === "NONE") return 0
  const platform = PLATFORMS.find((known) => known.toUpperCase() === word)
  if (platform !== undefined) return PLATFORM_CODES[platform]
  throw new DomainError(
    "invalid_property",
    `pushBroadcast "${value.slice(0, 100)}" names no operating systems: use IOS, ANDROID, WP, OSX or ALL, joined with |.`,
    { property: "pushBroadcast" },
  )
}

/** Device ids, each once; undefined when none are named. `property` is what the caller knows them by. */
export function decodeSinglecast(
  value: unknown,
  limits: Limits,
  property: string,
): readonly string[] | undefined {
  if (value === undefined || value === null || value === "") return undefined
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (ids.length === 0) return undefined
  if (ids.length > limits.deviceIdsPerPublish) {
    throw new DomainError(
      "invalid_property",
      `${property} has ${ids.length} device ids; the limit is ${limits.deviceIdsPerPublish}.`,
      { property, limit: limits.deviceIdsPerPublish, length: ids.length },
    )
  }
  return [...new Set(ids.map((id, index) => decodeDeviceId(id, limits, `${property}[${index}]`)))]
}

function decodeDelivery(value: unknown): DeliveryPromise {
  if (value === undefined || value === null || value === "at-least-once") return "at-least-once"
  if (value === "at-most-once") return "at-most-once"
  throw new DomainError("invalid_property", 'delivery must be "at-least-once" or "at-most-once".', {
    property: "delivery",
  })
}

function decodeTtl(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  const { min, max } = TTL_SECONDS
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value
  throw new DomainError(
    "invalid_property",
    `ttlSeconds must be a whole number from ${min} to ${max}: with less than a second left nothing is sent.`,
    { property: "ttlSeconds", limit: max },
  )
}

function optionalText(value: unknown, property: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined
  return checkedText(value, property, { min: 1, max: 255 })
}

/** What a publish may ask for in Backendless and not yet here: refused, because ignoring it would send something else. */
function refuseUnsupported(fields: Readonly<Record<string, unknown>>, now: number): void {
  const asked = (name: string) => !UNRESTRICTED.has(fields[name])
  const unsupported = ["repeatEvery", "repeatExpiresAt", "segmentQuery", "query", "templateValues"].find(
    asked,
  )
  if (unsupported !== undefined) {
    throw new DomainError("not_supported", `${unsupported} is not supported yet; publish without it.`, {
      property: unsupported,
    })
  }
  if (asked("publishAt") && isLater(fields["publishAt"], now)) {
    throw new DomainError(
      "not_supported",
      "publishAt in the future is not supported yet; publish when it is due.",
      {
        property: "publishAt",
      },
    )
  }
}

/**
 * Anything that is no past timestamp counts as later: a schedule that cannot be read must not fire at once, and neither
 * must one in seconds, which as milliseconds would lie in January 1970.
 */
function isLater(value: unknown, now: number): boolean {
  const text = typeof value === "string" ? value.trim() : ""
  const number = text === "" ? value : Number(text)
  const instant = fromIsoText(text) ?? (typeof number === "number" ? inMilliseconds(number) : Number.NaN)
  return !(instant <= now)
}
