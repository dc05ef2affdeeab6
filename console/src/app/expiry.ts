import { now } from "../ui/time.tsx"

const DAY_MS = 86_400_000

/** For a SelectField: how long a key or token lives. */
export const LIFETIMES: readonly { readonly value: string; readonly label: string }[] = [
  { value: "", label: "Never" },
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
]

/** The instant that a chosen lifetime ends, in milliseconds since 1970; null: never. */
export function expiryOf(lifetime: string | undefined): number | null {
  return lifetime === undefined || lifetime === "" ? null : now() + Number(lifetime) * DAY_MS
}
