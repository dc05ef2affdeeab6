import { fcmError, malformedRequest } from "./fcm-errors.ts"
import { readSendRequest } from "./fcm-schema.ts"
import { isRecord } from "./field-rules.ts"
import type { ProviderAnswer } from "./provider-exchange.ts"

/** What a send request to FCM asks for, once it has the right shape and its values make sense (providers.md 1.4). */

type Fields = Readonly<Record<string, unknown>>

type FcmTargetKind = "token" | "topic" | "condition" | "fid"

export interface FcmMessage {
  readonly validateOnly: boolean
  readonly targetKind: FcmTargetKind
  readonly target: string
  readonly data: Readonly<Record<string, string>>
  readonly notification: Fields
  readonly android: Fields
  readonly androidNotification: Fields
  readonly apns: Fields
  readonly hasNotification: boolean
}

const TARGETS: readonly FcmTargetKind[] = ["token", "topic", "condition", "fid"]
const TOPIC = /^[a-zA-Z0-9\-_.~%]+$/
const WELL_FORMED_TOKEN = /^[\x21-\x7e]{1,4096}$/
const RESERVED_DATA_KEY = /^(from|message_type|gcm|gcm\.notification\..*|google.*)$/
const COLOR = /^#[0-9a-fA-F]{6}$/
const MESSAGE_BYTES_MAX = 4_096
const TOPIC_BYTES_MAX = 2_048
const TTL_SECONDS_MAX = 2_419_200

/** The message in a request of the right shape, whatever FCM would say to its values; undefined for any other text. */
export function fcmMessageIn(body: string): FcmMessage | undefined {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return undefined
  }
  const { fields, violations } = readSendRequest(json)
  if (violations !== undefined) return undefined
  const sent = recordIn(fields, "message")
  const targetKind = TARGETS.find((kind) => sent[kind] !== undefined)
  return targetKind === undefined ? undefined : messageOf(fields, sent, targetKind)
}

/** The message, or the answer that refuses it. */
export function readFcmMessage(
  body: string,
):
  | { readonly message: FcmMessage; readonly refusal?: never }
  | { readonly refusal: ProviderAnswer; readonly message?: never } {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return { refusal: malformedRequest([], "Invalid JSON payload received. Unexpected token.") }
  }
  const { fields, violations } = readSendRequest(json)
  if (violations !== undefined) return { refusal: malformedRequest(violations) }
  const sent = recordIn(fields, "message")
  const given = TARGETS.filter((kind) => sent[kind] !== undefined)
  const [targetKind] = given
  if (targetKind === undefined) {
    const description = "Recipient of the message is not set."
    return { refusal: malformedRequest([{ field: "message", description }]) }
  }
  if (given.length > 1) {
    const description = `Invalid value at 'message' (oneof), oneof field 'target' is already set. Cannot set '${given[1]}'`
    return { refusal: malformedRequest([{ field: "message", description }]) }
  }
  const message = messageOf(fields, sent, targetKind)
  const refusal = refusalOf(message)
  return refusal === undefined ? { message } : { refusal }
}

function messageOf(request: Fields, sent: Fields, targetKind: FcmTargetKind): FcmMessage {
  const android = recordIn(sent, "android")
  return {
    validateOnly: request["validate_only"] === true,
    targetKind,
    target: String(sent[targetKind]),
    // android.data replaces data, it does not add to it.
    data: recordIn(isRecord(android["data"]) ? android : sent, "data") as Record<string, string>,
    notification: recordIn(sent, "notification"),
    android,
    androidNotification: recordIn(android, "notification"),
    apns: recordIn(sent, "apns"),
    hasNotification: isRecord(sent["notification"]) || isRecord(android["notification"]),
  }
}

function recordIn(fields: Fields, name: string): Fields {
  const value = fields[name]
  return isRecord(value) ? value : {}
}

/** The answer to values that have the right type and are still not allowed. */
function refusalOf(message: FcmMessage): ProviderAnswer | undefined {
  return (
    refusalOfTarget(message) ?? refusalOfData(message) ?? refusalOfAndroid(message) ?? refusalOfSize(message)
  )
}

function invalid(text: string, field?: string): ProviderAnswer {
  const violations = field === undefined ? undefined : [{ field, description: text }]
  return fcmError("INVALID_ARGUMENT", { message: text, ...(violations && { violations }) })
}

function refusalOfTarget({ targetKind, target }: FcmMessage): ProviderAnswer | undefined {
  if (targetKind === "topic" && !TOPIC.test(target)) {
    return invalid("Topic name must match [a-zA-Z0-9-_.~%]+.", "message.topic")
  }
  const isAddress = targetKind === "token" || targetKind === "fid"
  return isAddress && !WELL_FORMED_TOKEN.test(target) ? invalidToken() : undefined
}

/** Says something about the token: an FcmError and no BadRequest. */
export function invalidToken(): ProviderAnswer {
  return invalid("The registration token is not a valid FCM registration token")
}

function refusalOfData({ data }: FcmMessage): ProviderAnswer | undefined {
  const index = Object.keys(data).findIndex((key) => RESERVED_DATA_KEY.test(key))
  if (index < 0) return undefined
  return invalid(`Invalid data payload key: ${Object.keys(data)[index]}`, `message.data[${index}].key`)
}

function refusalOfAndroid({ android, androidNotification }: FcmMessage): ProviderAnswer | undefined {
  const { ttl } = android
  if (typeof ttl === "string") {
    const seconds = Number(ttl.slice(0, -1))
    if (seconds < 0 || seconds > TTL_SECONDS_MAX) {
      return invalid(
        `Invalid value for TTL: must be from 0 to ${TTL_SECONDS_MAX} seconds.`,
        "message.android.ttl",
      )
    }
  }
  const { color } = androidNotification
  if (typeof color === "string" && !COLOR.test(color)) {
    return invalid("Invalid color: must be of the form #rrggbb.", "message.android.notification.color")
  }
  return undefined
}

function refusalOfSize(message: FcmMessage): ProviderAnswer | undefined {
  const { data, notification, androidNotification, targetKind } = message
  const isToDevice = targetKind === "token" || targetKind === "fid"
  const bytesMax = isToDevice ? MESSAGE_BYTES_MAX : TOPIC_BYTES_MAX
  const bytes = bytesOf(data) + bytesOf(notification) + bytesOf(androidNotification)
  return bytes > bytesMax ? invalid("Android message is too big", "message") : undefined
}

/** Keys and values count (providers.md 1.4). */
function bytesOf(fields: Fields): number {
  let bytes = 0
  for (const [key, value] of Object.entries(fields)) {
    bytes += Buffer.byteLength(key)
    bytes += Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(value))
  }
  return bytes
}
