import type { Platform } from "../../domain/platform.ts"
import type { PushContent } from "../../domain/push-content.ts"
import { headerText, isCustomHeader, messageText } from "../custom-headers.ts"
import { jsonObjectOf } from "../json-object.ts"
import { sizeProblem, type TranslatedPush } from "../push-protocol.ts"
import { PUSH_TYPES, type PushTypeRule } from "./apns-push-type.ts"

/** A message as APNs carries it; what depends on the credential, the token and the time is added when it is sent. */
export interface ApnsPush extends TranslatedPush {
  readonly platform: Platform
  readonly pushType: string
  readonly topicSuffix: string
  readonly priority: number
  readonly collapseId: string | undefined
  readonly body: Buffer
}

type Dictionary = Record<string, unknown>

const BADGE = /^\d{1,9}$/
const COLLAPSE_ID = /^[\x21-\x7e]{1,64}$/
const TRUE_VALUES = ["1", "true"]

/** Translates a message for iOS or macOS, field by field as providers.md 6.2 and 6.4 say. Pure; never throws. */
export function apnsPush(content: PushContent, platform: Platform): ApnsPush {
  const pushType = content.headers.get("apns-push-type") ?? naturalPushType(content, platform)
  const rule = PUSH_TYPES.get(pushType) ?? (PUSH_TYPES.get("alert") as PushTypeRule)
  const body = Buffer.from(JSON.stringify(payloadOf(content, platform, pushType)))
  const priority = Number(content.headers.get("apns-priority") ?? rule.priority)
  const problem =
    headerProblem(content, pushType, rule) ?? sizeProblem("APNs", body.length, rule.payloadBytesMax)
  return {
    platform,
    pushType,
    topicSuffix: rule.topicSuffix,
    priority,
    collapseId: collapseId(content, pushType),
    body,
    payloadBytes: body.length,
    payloadBytesMax: rule.payloadBytesMax,
    expiresAt: content.expiresAt,
    ...(problem === undefined ? {} : { problem }),
  }
}

/** Content-available alone is a silent push; as soon as anything is to be seen or heard it is an alert. */
function naturalPushType(content: PushContent, platform: Platform): "alert" | "background" {
  return isContentAvailable(content) && !hasVisiblePart(content, platform) ? "background" : "alert"
}

function isContentAvailable(content: PushContent): boolean {
  return TRUE_VALUES.includes(content.headers.get("ios-content-available") ?? "")
}

function hasVisiblePart(content: PushContent, platform: Platform): boolean {
  const { headers } = content
  const parts = ["ios-alert", "ios-alert-body", "ios-badge", "ios-sound"]
  const isNamed = parts.some((name) => headerText(headers, name) !== undefined)
  return isNamed || titlesOf(content, platform).length > 0 || isMutable(content)
}

/** The notification service extension of the app is to change the alert before it is shown. */
function isMutable(content: PushContent): boolean {
  const { headers } = content
  return (
    ["template_name", "ios-rich-media-url", "attachment-url"].some((name) => headers.has(name)) ||
    immediatePush(content) !== undefined
  )
}

/** Anything but the text of a JSON object crashes the extension of the SDK (providers.md 6.4), so it is left out. */
function immediatePush(content: PushContent): string | undefined {
  const text = content.headers.get("ios_immediate_push")
  return text !== undefined && jsonObjectOf(text) !== undefined ? text : undefined
}

function titlesOf(content: PushContent, platform: Platform): ["title" | "subtitle", string][] {
  const { headers } = content
  const titles: ["title" | "subtitle", string][] = []
  for (const part of ["title", "subtitle"] as const) {
    const own = platform === "osx" ? headerText(headers, `osx-alert-${part}`) : undefined
    const text = own ?? headerText(headers, `ios-alert-${part}`)
    if (text !== undefined) titles.push([part, text])
  }
  return titles
}

function payloadOf(content: PushContent, platform: Platform, pushType: string): Dictionary {
  const shown = { ...customKeys(content, platform), messageId: content.messageId }
  if (pushType === "alert") return { ...shown, aps: alertAps(content, platform) }
  if (pushType === "background") return { ...shown, aps: { "content-available": 1 } }
  // The other types have dictionaries of their own (Live Activities, MDM): the publisher writes them as the message.
  const written = jsonObjectOf(content.text)
  const isWholePayload = written !== undefined && ("aps" in written || "mdm" in written)
  return isWholePayload ? { ...shown, message: undefined, ...written } : { ...shown, aps: {} }
}

function alertAps(content: PushContent, platform: Platform): Dictionary {
  const { headers } = content
  const aps: Dictionary = {
    // An object, never a string: the SDK reads its members (providers.md 6.4).
    alert: { ...Object.fromEntries(titlesOf(content, platform)), body: alertBody(content) },
  }
  // A badge or sound with nothing to read must not show an empty banner.
  if (alertBody(content) === "" && titlesOf(content, platform).length === 0) delete aps["alert"]
  const badge = badgeOf(content)
  if (badge !== undefined && BADGE.test(badge)) aps["badge"] = Number(badge)
  const sound = headerText(headers, "ios-sound")
  if (sound !== undefined) aps["sound"] = sound
  if (isContentAvailable(content)) aps["content-available"] = 1
  if (isMutable(content)) aps["mutable-content"] = 1
  return aps
}

/** A blank one is none, as of every header that has something to show. */
function badgeOf({ headers }: PushContent): string | undefined {
  return headers.get("ios-badge")?.trim() || undefined
}

function alertBody(content: PushContent): string {
  const { headers } = content
  return headerText(headers, "ios-alert-body") ?? headerText(headers, "ios-alert") ?? messageText(content)
}

/** The keys beside `aps`. The Flutter SDK takes `message` and the title for granted, so they are there even if empty. */
function customKeys(content: PushContent, platform: Platform): Dictionary {
  const keys: Dictionary = {}
  for (const [name, value] of content.headers) {
    if (isCustomHeader(name) && name !== "aps") keys[name] = value
  }
  const prefix = platform === "osx" ? "osx" : "ios"
  for (const [part, text] of titlesOf(content, platform)) keys[`${prefix}-alert-${part}`] = text
  keys[`${prefix}-alert-title`] ??= ""
  keys["message"] = messageText(content)
  const richMedia = content.headers.get("ios-rich-media-url")
  if (richMedia !== undefined) {
    keys["ios-rich-media-url"] = richMedia
    keys["attachment-url"] = richMedia
  }
  const immediate = immediatePush(content)
  if (immediate !== undefined) keys["ios_immediate_push"] = immediate
  return keys
}

/** A second copy of an alert replaces the first on the screen, unless the publisher groups messages himself. */
function collapseId(content: PushContent, pushType: string): string | undefined {
  const chosen = content.headers.get("apns-collapse-id")
  if (chosen !== undefined || pushType !== "alert") return chosen
  return content.messageId.slice(content.messageId.indexOf(":") + 1)
}

function headerProblem(content: PushContent, pushType: string, rule: PushTypeRule): string | undefined {
  if (!PUSH_TYPES.has(pushType)) {
    return `the header apns-push-type must be one of ${[...PUSH_TYPES.keys()].join(", ")}`
  }
  const priority = content.headers.get("apns-priority")
  if (priority !== undefined && !rule.priorities.map(String).includes(priority)) {
    return `the header apns-priority must be ${rule.priorities.join(" or ")} with push type ${pushType}`
  }
  const badge = badgeOf(content)
  if (badge !== undefined && !BADGE.test(badge)) {
    return "the header ios-badge must be a whole number from 0 to 999999999"
  }
  const chosen = content.headers.get("apns-collapse-id")
  if (chosen !== undefined && !COLLAPSE_ID.test(chosen)) {
    return "the header apns-collapse-id must be 1 to 64 characters of printable ASCII without spaces"
  }
  return undefined
}
