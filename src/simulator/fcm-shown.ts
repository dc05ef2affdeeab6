import type { ShownNotification } from "../domain/shown-notification.ts"
import type { FcmMessage } from "./fcm-message.ts"
import { isRecord } from "./field-rules.ts"
import { messageIdIn, numberOf, textOf } from "./shown-values.ts"

/**
 * How an Android phone presents an FCM message. With a notification block the system shows it; a data message is shown by
 * the app, here as the Backendless SDK does it (providers.md 6.3): android_immediate_push, else message and its headers.
 */
export function shownByAndroid(message: FcmMessage, payloadText: string): ShownNotification {
  const messageId = messageIdIn(message.data, payloadText)
  const shown = message.hasNotification ? shownBySystem(message) : shownByApp(message.data)
  return { ...shown, ...(messageId !== undefined && { messageId }) }
}

function shownBySystem({ notification, androidNotification }: FcmMessage): ShownNotification {
  const field = (name: string) => textOf(androidNotification[name]) ?? textOf(notification[name])
  const title = field("title") ?? field("title_loc_key")
  const body = field("body") ?? field("body_loc_key")
  const badge = numberOf(androidNotification["notification_count"])
  return shown("alert", title === undefined && body === undefined, {
    title,
    body,
    badge,
    sound: field("sound"),
    image: field("image"),
  })
}

function shownByApp(data: Readonly<Record<string, string>>): ShownNotification {
  const template = templateIn(data["android_immediate_push"])
  const field = (ofTemplate: string, ofData: string) => textOf(template[ofTemplate]) ?? textOf(data[ofData])
  const body = textOf(data["message"])
  const image = field("attachmentUrl", "android-attachment-url")
  const isSilent = template["contentAvailable"] === 1 || (body === undefined && image === undefined)
  return shown("data", isSilent, {
    title: field("contentTitle", "android-content-title"),
    subtitle: field("summarySubText", "android-summary-subtext"),
    body,
    badge: numberOf(template["badgeNumber"]),
    sound: field("sound", "android-content-sound"),
    image,
  })
}

function templateIn(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {}
  try {
    const template: unknown = JSON.parse(text)
    return isRecord(template) ? template : {}
  } catch {
    return {}
  }
}

type Optional<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | undefined }

function shown(
  kind: ShownNotification["kind"],
  silent: boolean,
  fields: Optional<Pick<ShownNotification, "title" | "subtitle" | "body" | "badge" | "sound" | "image">>,
): ShownNotification {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  return { kind, silent, ...Object.fromEntries(present) }
}
