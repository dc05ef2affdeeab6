import type { Scope } from "../../app/session.tsx"

/** The shortest password of an administrator, in characters, as the server demands it. */
export const PASSWORD_MIN = 12

export const SCOPES: readonly { readonly value: Scope; readonly label: string }[] = [
  { value: "read", label: "Read: look at everything, change nothing" },
  { value: "operate", label: "Operate: also publish, and manage devices, channels and users" },
  { value: "administer", label: "Administer: also keys, credentials, permissions" },
]

export function scopeOf(text: string | undefined): Scope {
  return SCOPES.find(({ value }) => value === text)?.value ?? "read"
}
