import type { Schema } from "../../api/client.ts"

export type Publish = Schema<"Publish">
export type Platform = NonNullable<Publish["platforms"]>[number]

/** A message as it is being written: what the fields hold. */
export interface Draft {
  readonly channel: string
  /** None: every device. */
  readonly platforms: readonly Platform[]
  /** One a line; none: every device of the channel. */
  readonly deviceIds: string
  readonly message: string
  readonly title: string
  readonly subtitle: string
  readonly badge: string
  readonly sound: string
  readonly image: string
  readonly isSilent: boolean
  /** Push headers by name, which go before what the fields above become. */
  readonly headers: Readonly<Record<string, string>>
  /** What the app reads besides, as it stands in the notification. */
  readonly values: readonly AppValue[]
  /** Seconds; empty: as long as the providers keep it. */
  readonly ttlSeconds: string
  readonly isAtMostOnce: boolean
}

export interface AppValue {
  readonly id: number
  readonly name: string
  readonly value: string
}

export const EMPTY_DRAFT: Draft = {
  channel: "default",
  platforms: [],
  deviceIds: "",
  message: "",
  title: "",
  subtitle: "",
  badge: "",
  sound: "",
  image: "",
  isSilent: false,
  headers: {},
  values: [],
  ttlSeconds: "",
  isAtMostOnce: false,
}

/** The request that sends a draft. */
export function publishOf(draft: Draft): Publish {
  const deviceIds = draft.deviceIds.split("\n").flatMap((line) => line.trim() || [])
  return {
    channel: draft.channel,
    message: draft.message,
    headers: headersOf(draft),
    ...(draft.platforms.length > 0 && { platforms: [...draft.platforms] }),
    ...(deviceIds.length > 0 && { deviceIds }),
    ...(draft.ttlSeconds !== "" && { ttlSeconds: Number(draft.ttlSeconds) }),
    ...(draft.isAtMostOnce && { delivery: "at-most-once" as const }),
  }
}

function headersOf(draft: Draft): Record<string, string> {
  const values = draft.values.filter(({ name }) => name !== "").map(({ name, value }) => [name, value])
  return present({ ...contentHeaders(draft), ...present(draft.headers), ...Object.fromEntries(values) })
}

/** The headers that the common fields become on each platform. */
export function contentHeaders(draft: Draft): Record<string, string> {
  if (draft.isSilent) return SILENT
  const { title, subtitle, badge, sound, image, message } = draft
  return present({
    "ios-alert-title": title,
    "android-content-title": title,
    "wp-title": title,
    "ios-alert-subtitle": subtitle,
    "android-summary-subtext": subtitle,
    "wp-subtitle": subtitle,
    // Windows shows the lines that are named, or else the message.
    "wp-content": subtitle === "" ? "" : message,
    "ios-badge": badge,
    "ios-sound": sound,
    "android-content-sound": sound,
    "ios-rich-media-url": image,
    "android-attachment-url": image,
  })
}

/** What keeps each platform from showing anything. The class name is for the parser of the Android SDK. */
const SILENT: Record<string, string> = {
  "ios-content-available": "1",
  android_immediate_push: JSON.stringify({
    ___jsonclass: "com.backendless.messaging.AndroidPushTemplate",
    contentAvailable: 1,
  }),
  "wp-type": "raw",
}

function present(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""))
}

/** Whether there is anything to send. */
export function isBlank(draft: Draft): boolean {
  return !draft.isSilent && draft.message === "" && Object.keys(headersOf(draft)).length === 0
}
