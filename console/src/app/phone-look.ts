import type { PhoneLook } from "../ui/phone.tsx"

/** Whose manners the phones of an operating system or platform have. */
export function lookOf(os: string): PhoneLook {
  switch (os.toLowerCase()) {
    case "android":
      return "android"
    case "wp":
      return "windows"
    default:
      return "ios"
  }
}
