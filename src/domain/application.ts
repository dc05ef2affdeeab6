import type { Preset } from "./permission.ts"

/**
 * The types of API key that an application is created with, as Backendless has them (contract 7). JS, ANDROID, IOS and WP
 * are *client* keys: shipped inside an app and therefore public. REST and BL belong to servers. roles.ts has further ones.
 */
export const KEY_KINDS = ["REST", "JS", "ANDROID", "IOS", "WP", "BL"] as const

export type KeyKind = (typeof KEY_KINDS)[number]

/** A tenant: owns devices, channels, messages, credentials and keys. */
export interface Application {
  /** The store's own number of the application, never reused. */
  readonly number: number
  /** The public application id: upper-case UUID groups. */
  readonly id: string
  readonly name: string
  readonly preset: Preset
  /** Milliseconds since 1970. */
  readonly createdAt: number
}
