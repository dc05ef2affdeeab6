import type { NotificationKind, ShownNotification } from "../domain/shown-notification.ts"
import { isRecord } from "./field-rules.ts"
import { messageIdIn, numberOf, textOf } from "./shown-values.ts"

/** How an iPhone or a Mac presents an APNs payload (providers.md 2.5, 6.4). */
export function shownByApple(
  payload: Readonly<Record<string, unknown>>,
  payloadText: string,
  pushType: string | undefined,
): ShownNotification {
  const aps = isRecord(payload["aps"]) ? payload["aps"] : {}
  const alert = alertOf(aps["alert"])
  const body = alert.body ?? textOf(payload["message"])
  const badge = numberOf(aps["badge"])
  const sound = soundOf(aps["sound"])
  const image = aps["mutable-content"] === 1 ? textOf(payload["attachment-url"]) : undefined
  const messageId = messageIdIn(payload, payloadText)
  const hasAlert = alert.title !== undefined || alert.subtitle !== undefined || alert.body !== undefined
  return {
    kind: kindOf(pushType, hasAlert, aps),
    silent: !hasAlert && badge === undefined && sound === undefined,
    ...(alert.title !== undefined && { title: alert.title }),
    ...(alert.subtitle !== undefined && { subtitle: alert.subtitle }),
    ...(body !== undefined && { body }),
    ...(badge !== undefined && { badge }),
    ...(sound !== undefined && { sound }),
    ...(image !== undefined && { image }),
    ...(messageId !== undefined && { messageId }),
    ...(pushType === "background" && hasAlert && { remark: "a background push does not show its alert" }),
  }
}

function kindOf(
  pushType: string | undefined,
  hasAlert: boolean,
  aps: Readonly<Record<string, unknown>>,
): NotificationKind {
  if (pushType === "alert" || pushType === "background") return pushType
  if (pushType !== undefined) return "other"
  return !hasAlert && aps["content-available"] === 1 ? "background" : "alert"
}

interface Alert {
  readonly title?: string | undefined
  readonly subtitle?: string | undefined
  readonly body?: string | undefined
}

function alertOf(alert: unknown): Alert {
  if (typeof alert === "string") return { body: alert }
  if (!isRecord(alert)) return {}
  return {
    title: textOf(alert["title"]) ?? localized(alert["title-loc-key"], alert["title-loc-args"]),
    subtitle: textOf(alert["subtitle"]) ?? localized(alert["subtitle-loc-key"], alert["subtitle-loc-args"]),
    body: textOf(alert["body"]) ?? localized(alert["loc-key"], alert["loc-args"]),
  }
}

// The texts live in the app; the key and its arguments are all that can be shown of them here.
function localized(key: unknown, values: unknown): string | undefined {
  if (typeof key !== "string") return undefined
  return Array.isArray(values) && values.length > 0 ? `${key}(${values.map(String).join(", ")})` : key
}

function soundOf(sound: unknown): string | undefined {
  return textOf(isRecord(sound) ? sound["name"] : sound)
}
