import type { DeliveryPromise, PublishPolicy } from "./message.ts"
import type { Platform } from "./platform.ts"

/** What a publish call asks for, decoded; what it becomes is a `NewMessage`. */
export interface PublishRequest {
  readonly channel: string
  /** The published `message` as JSON text. */
  readonly messageJson: string
  readonly headers: ReadonlyMap<string, string>
  readonly policy: PublishPolicy
  /** Undefined: every operating system. */
  readonly platforms: readonly Platform[] | undefined
  /** Undefined: every device of the channel. */
  readonly deviceIds: readonly string[] | undefined
  readonly delivery: DeliveryPromise
  /** Undefined: 28 days, the longest that FCM keeps a message. */
  readonly ttlSeconds: number | undefined
  readonly publisherId: string | undefined
  readonly subtopic: string | undefined
}

export const DEFAULT_TTL_SECONDS = 2_419_200

/** The text that people read: the published message when it was text, else its JSON. */
export function messageText(messageJson: string): string {
  const value: unknown = JSON.parse(messageJson)
  return typeof value === "string" ? value : messageJson
}
