import { hash } from "node:crypto"

export const FCM_PROJECT = "bench-project"

/** The device token of a number: 64 hexadecimal digits without a pattern, which APNs and FCM both take. */
export function tokenOf(index: number): string {
  return hash("sha256", `device ${index}`, "hex")
}
