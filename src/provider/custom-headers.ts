import type { PushContent } from "../domain/push-content.ts"

/** Headers that address one platform or one provider; an app of another platform never sees them. */
const PLATFORM_PREFIXES = ["ios-", "osx-", "android-", "wp-", "apns-", "fcm-", "wns-"]
const IMMEDIATE_PUSH_KEYS = ["ios_immediate_push", "android_immediate_push"]

/** True for a published header that goes to every app unchanged, as its own key (providers.md 6.2, last row). */
export function isCustomHeader(name: string): boolean {
  return !PLATFORM_PREFIXES.some((prefix) => name.startsWith(prefix)) && !IMMEDIATE_PUSH_KEYS.includes(name)
}

/** A published header; undefined when it is absent or empty. */
export function headerText(headers: PushContent["headers"], name: string): string | undefined {
  const value = headers.get(name)
  return value === "" ? undefined : value
}

/** The text of the message, or the header `message` of a template's payload when the message itself is empty. */
export function messageText(content: PushContent): string {
  return content.text === "" ? (content.headers.get("message") ?? "") : content.text
}
