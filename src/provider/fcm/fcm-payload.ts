import type { PushContent } from "../../domain/push-content.ts"
import { headerText, isCustomHeader, messageText } from "../custom-headers.ts"
import { jsonObjectOf } from "../json-object.ts"
import { sizeProblem, type TranslatedPush } from "../push-protocol.ts"

/** A message as FCM carries it; the token and the time to live are added when it is sent. */
export interface FcmPush extends TranslatedPush {
  readonly priority: "HIGH" | "NORMAL"
  readonly collapseKey: string | undefined
  /** The `data` map as JSON. */
  readonly dataJson: string
}

/** Keys and values of `data` together, in bytes (providers.md 1.4). */
export const FCM_PAYLOAD_BYTES_MAX = 4096

/** Keys that FCM refuses, or overwrites (providers.md 1.4). */
const RESERVED_KEY = /^(?:from|message_type|collapse_key|google.*|gcm(?:\..*)?)$/s

const PRIORITIES: ReadonlyMap<string, "HIGH" | "NORMAL"> = new Map([
  ["high", "HIGH"],
  ["normal", "NORMAL"],
])

/**
 * Translates a message for Android, as providers.md 6.2 and 6.3 say. Always data only: with a `notification` block the
 * SDK's code does not run while the app is in the background. Pure; never throws.
 */
export function fcmPush(content: PushContent): FcmPush {
  const data = dataOf(content)
  const payloadBytes = bytesOf(data)
  const priority = PRIORITIES.get((content.headers.get("fcm-priority") ?? "high").toLowerCase())
  const problem =
    priority === undefined
      ? "the header fcm-priority must be high or normal"
      : sizeProblem("FCM", payloadBytes, FCM_PAYLOAD_BYTES_MAX)
  return {
    priority: priority ?? "HIGH",
    // Never one of our own: FCM keeps four keys per device and drops the rest (reliability.md F5).
    collapseKey: headerText(content.headers, "fcm-collapse-key"),
    dataJson: JSON.stringify(data),
    payloadBytes,
    payloadBytesMax: FCM_PAYLOAD_BYTES_MAX,
    expiresAt: content.expiresAt,
    ...(problem === undefined ? {} : { problem }),
  }
}

/** The body around the token: the token is the only thing that differs per device. */
export function fcmBody(push: FcmPush, ttlSeconds: number): { readonly start: string; readonly end: string } {
  const android = {
    priority: push.priority,
    ttl: `${ttlSeconds}s`,
    ...(push.collapseKey === undefined ? {} : { collapse_key: push.collapseKey }),
  }
  const start = `{"message":{"android":${JSON.stringify(android)},"data":${push.dataJson},"token":"`
  return { start, end: `"}}` }
}

function dataOf(content: PushContent): Record<string, string> {
  const { headers } = content
  const data: Record<string, string> = {}
  for (const [name, value] of headers) {
    const isForAndroid = name.startsWith("android-") || isCustomHeader(name)
    if (isForAndroid && !RESERVED_KEY.test(name)) data[name] = value
  }
  // An immediate push that does not parse is dropped in silence by the SDK, and the message with it.
  const immediate = headers.get("android_immediate_push")
  if (immediate !== undefined && jsonObjectOf(immediate) !== undefined)
    data["android_immediate_push"] = immediate
  // The SDKs take both for granted, so they are there even if empty (providers.md 6.3, contract 3.3).
  data["message"] = messageText(content) || (headers.get("android-content-text") ?? "")
  data["android-content-title"] ??= ""
  data["messageId"] = content.messageId
  return data
}

function bytesOf(data: Readonly<Record<string, string>>): number {
  let bytes = 0
  for (const [name, value] of Object.entries(data))
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value)
  return bytes
}
