import type { ShownNotification } from "../domain/shown-notification.ts"
import { shownByApple } from "./apns-shown.ts"
import { fcmMessageIn } from "./fcm-message.ts"
import { shownByAndroid } from "./fcm-shown.ts"
import { isRecord } from "./field-rules.ts"
import { shownByWindows } from "./wns-shown.ts"

/** What a phone of the simulators would show of a payload that was not sent, and need not be within the limits. */

export function shownOnApple(payload: string, pushType: string): ShownNotification {
  const fields: unknown = JSON.parse(payload)
  return shownByApple(isRecord(fields) ? fields : {}, payload, pushType)
}

export function shownOnAndroid(payload: string): ShownNotification {
  const message = fcmMessageIn(payload)
  if (message === undefined) return { kind: "other", silent: true, remark: "not shown: no message of FCM" }
  return shownByAndroid(message, payload)
}

/** `type`: of the notification, such as `wns/toast`. */
export function shownOnWindows(type: string, payload: string): ShownNotification {
  return shownByWindows(type, payload)
}
