import { type Platform, PROVIDER_OF, type ProviderName } from "../domain/platform.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { ShownNotification } from "../domain/shown-notification.ts"
import { apnsPush } from "../provider/apns/apns-payload.ts"
import { APNS_ALERT_BYTES_MAX } from "../provider/apns/apns-push-type.ts"
import { FCM_PAYLOAD_BYTES_MAX, fcmBody, fcmPush } from "../provider/fcm/fcm-payload.ts"
import type { TranslatedPush } from "../provider/push-protocol.ts"
import { WNS_PAYLOAD_BYTES_MAX, wnsPush } from "../provider/wns/wns-payload.ts"
import type { PayloadPreview } from "../service/message-previews.ts"
import { shownOnAndroid, shownOnApple, shownOnWindows } from "../simulator/shown.ts"

/** What each provider takes of an ordinary notification; some push types of APNs may be larger. */
export const PAYLOAD_BYTES_MAX: { readonly [P in ProviderName]: number } = {
  apns: APNS_ALERT_BYTES_MAX,
  fcm: FCM_PAYLOAD_BYTES_MAX,
  wns: WNS_PAYLOAD_BYTES_MAX,
}

/** What stands where the token of a device will. */
const SOME_TOKEN = "<device token>"

/** A message as a platform gets it, by the provider's own translation, and as its simulated phone shows that. Pure. */
export function payloadPreview(content: PushContent, platform: Platform, ttlSeconds: number): PayloadPreview {
  const { push, payload, headers, shown } = translated(content, platform, ttlSeconds)
  const { payloadBytes: bytes, payloadBytesMax: limit, problem } = push
  const about = { platform, provider: PROVIDER_OF[platform], bytes, limit, fits: bytes <= limit }
  return { ...about, payload, headers, shown, problem }
}

interface Translated {
  readonly push: TranslatedPush
  readonly payload: string
  readonly headers: Readonly<Record<string, string>>
  readonly shown: ShownNotification
}

function translated(content: PushContent, platform: Platform, ttlSeconds: number): Translated {
  switch (PROVIDER_OF[platform]) {
    case "apns":
      return forApple(content, platform)
    case "fcm":
      return forAndroid(content, ttlSeconds)
    case "wns":
      return forWindows(content)
  }
}

function forApple(content: PushContent, platform: Platform): Translated {
  const push = apnsPush(content, platform)
  const payload = push.body.toString()
  const { collapseId } = push
  return {
    push,
    payload,
    headers: {
      "apns-push-type": push.pushType,
      "apns-priority": String(push.priority),
      ...(collapseId !== undefined && { "apns-collapse-id": collapseId }),
    },
    shown: shownOnApple(payload, push.pushType),
  }
}

function forAndroid(content: PushContent, ttlSeconds: number): Translated {
  const push = fcmPush(content)
  const { start, end } = fcmBody(push, ttlSeconds)
  const payload = start + SOME_TOKEN + end
  return { push, payload, headers: {}, shown: shownOnAndroid(payload) }
}

function forWindows(content: PushContent): Translated {
  const push = wnsPush(content)
  const payload = push.body.toString()
  const type = `wns/${push.type}`
  const { tag, group, cachePolicy } = push
  return {
    push,
    payload,
    headers: {
      "x-wns-type": type,
      ...(tag !== undefined && { "x-wns-tag": tag }),
      ...(group !== undefined && { "x-wns-group": group }),
      ...(cachePolicy !== undefined && { "x-wns-cache-policy": cachePolicy }),
    },
    shown: shownOnWindows(type, payload),
  }
}
