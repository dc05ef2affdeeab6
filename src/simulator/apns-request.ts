import type { ApnsReason } from "./apns-rejections.ts"
import type { ProviderRequest } from "./provider-exchange.ts"

/**
 * What APNs demands of a request apart from its provider token (providers.md 2.4, 2.5). Apple does not document the
 * order of its checks; this one is that of pushy's test server, with the token's checks before it.
 */

export interface ApnsPush {
  readonly token: string
  /** The app's bundle id: the topic without the suffix of its push type. */
  readonly bundleId: string
  readonly topic: string
  readonly pushType: string | undefined
}

const SUFFIXES: Readonly<Record<string, string>> = {
  alert: "",
  background: "",
  voip: ".voip",
  pushtotalk: ".voip-ptt",
  complication: ".complication",
  fileprovider: ".pushkit.fileprovider",
  location: ".location-query",
  liveactivity: ".push-type.liveactivity",
  widgets: ".push-type.widgets",
  controls: ".push-type.controls",
}
const PUSH_TYPES: ReadonlySet<string> = new Set([...Object.keys(SUFFIXES), "mdm"])
const KNOWN_SUFFIXES = Object.values(SUFFIXES).filter((suffix) => suffix !== "")

const DEVICE_PATH = "/3/device/"
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const HEX_TOKEN = /^[0-9a-f]+$/i
const TOKEN_DIGITS_MIN = 64
const COLLAPSE_ID_BYTES_MAX = 64
const PAYLOAD_BYTES_MAX = 4_096
const VOIP_PAYLOAD_BYTES_MAX = 5_120

export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** The device token in a request's path; undefined when it is another path. */
export function deviceTokenIn(path: string): string | undefined {
  return path.startsWith(DEVICE_PATH) ? path.slice(DEVICE_PATH.length) : undefined
}

/** The first reason against the headers, the path and the topic, or what the request asks for. */
export function readApnsRequest(
  request: ProviderRequest,
  covers: (bundleId: string) => boolean,
): ApnsPush | ApnsReason {
  const reason = reasonAgainstHeaders(request)
  if (reason !== undefined) return reason
  const topic = request.header("apns-topic") ?? ""
  const pushType = request.header("apns-push-type")
  const bundleId = bundleIdOf(topic, pushType)
  if (bundleId === undefined) return "BadTopic"
  if (!covers(bundleId)) return "TopicDisallowed"
  const token = deviceTokenIn(request.path)
  if (token === undefined) return "BadPath"
  if (token === "") return "MissingDeviceToken"
  const isWellFormed = token.length >= TOKEN_DIGITS_MIN && token.length % 2 === 0 && HEX_TOKEN.test(token)
  return isWellFormed ? { token, bundleId, topic, pushType } : "BadDeviceToken"
}

function reasonAgainstHeaders(request: ProviderRequest): ApnsReason | undefined {
  if (request.hasRepeatedHeader()) return "DuplicateHeaders"
  const id = request.header("apns-id")
  if (id !== undefined && !isUuid(id)) return "BadMessageId"
  if (request.method !== "POST") return "MethodNotAllowed"
  if ((request.header("apns-topic") ?? "") === "") return "MissingTopic"
  // Node reads header bytes as Latin-1: one character is one byte on the wire.
  if ((request.header("apns-collapse-id")?.length ?? 0) > COLLAPSE_ID_BYTES_MAX) return "BadCollapseId"
  const pushType = request.header("apns-push-type")
  if (isBadPriority(request.header("apns-priority"), pushType)) return "BadPriority"
  if (pushType !== undefined && !PUSH_TYPES.has(pushType)) return "InvalidPushType"
  return /^\d+$/.test(request.header("apns-expiration") ?? "0") ? undefined : "BadExpirationDate"
}

// Without the header the priority is 10, which is an error for a background push.
function isBadPriority(priority = "10", pushType: string | undefined): boolean {
  return !["1", "5", "10"].includes(priority) || (pushType === "background" && priority === "10")
}

/** The topic without its push type's suffix; undefined when the two do not fit. Without a push type any suffix does. */
function bundleIdOf(topic: string, pushType: string | undefined): string | undefined {
  if (pushType === "mdm") return topic
  const suffix = KNOWN_SUFFIXES.find((known) => topic.endsWith(known) && topic.length > known.length) ?? ""
  if (pushType !== undefined && suffix !== SUFFIXES[pushType]) return undefined
  return topic.slice(0, topic.length - suffix.length)
}

/** The first reason against the payload, or undefined. */
export function reasonAgainstPayload(request: ProviderRequest, push: ApnsPush): ApnsReason | undefined {
  if (request.bodyBytes === 0) return "PayloadEmpty"
  const isVoip = push.topic.endsWith(".voip")
  const bytesMax = isVoip ? VOIP_PAYLOAD_BYTES_MAX : PAYLOAD_BYTES_MAX
  return request.bodyBytes > bytesMax ? "PayloadTooLarge" : undefined
}
