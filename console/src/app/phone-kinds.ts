import type { Schema } from "../api/client.ts"

export type PhoneOs = Schema<"NewPhone">["os"]

export const PHONE_KINDS: readonly { readonly os: PhoneOs; readonly label: string }[] = [
  { os: "IOS", label: "iPhone" },
  { os: "ANDROID", label: "Android phone" },
  { os: "WP", label: "Windows PC" },
]
