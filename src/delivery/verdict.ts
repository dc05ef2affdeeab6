import type { Outcome } from "../domain/outcome.ts"
import type { AudienceDevice } from "../store/message-store.ts"
import type { Outlet } from "./outlet.ts"
import type { Outlets } from "./outlets.ts"

/** The engine's own word on a device before anything is sent to it, or the way by which it can be sent to. */
export function verdictOn(device: AudienceDevice, outlets: Outlets, now: number): Outcome | Outlet {
  if (device.token === "") return LEFT_AUDIENCE
  if (device.platform === undefined) return UNSUPPORTED_OS
  if (isRegistrationExpired(device, now)) return REGISTRATION_EXPIRED
  if (!device.receives) return SHARED_TOKEN
  return outlets.at(device.platform)
}

export function isRegistrationExpired(device: AudienceDevice, now: number): boolean {
  return device.expiresAt !== undefined && device.expiresAt <= now
}

export const UNSUPPORTED_OS: Outcome = { kind: "suppressed", reason: "unsupported_os" }
const LEFT_AUDIENCE: Outcome = { kind: "suppressed", reason: "left_audience" }
export const REGISTRATION_EXPIRED: Outcome = { kind: "suppressed", reason: "registration_expired" }
const SHARED_TOKEN: Outcome = { kind: "suppressed", reason: "shared_token" }
