import type { Preset } from "./permission.ts"

/**
 * The types of API key, as Backendless has them (contract 7). A *client* key is shipped inside an app and therefore
 * public; the others belong to servers.
 */
export const KEY_KINDS = ["REST", "JS", "ANDROID", "IOS", "WP", "BL"] as const

export type KeyKind = (typeof KEY_KINDS)[number]

const CLIENT_KEY_KINDS: ReadonlySet<KeyKind> = new Set(["JS", "ANDROID", "IOS", "WP"])

export function isClientKey(kind: KeyKind): boolean {
  return CLIENT_KEY_KINDS.has(kind)
}

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
