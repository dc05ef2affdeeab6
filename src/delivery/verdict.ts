import type { Outcome } from "../domain/outcome.ts"
import type { AudienceDevice } from "../store/message-store.ts"
import { Outlet } from "./outlet.ts"
import type { Outlets } from "./outlets.ts"

/** The engine's own word on a device before anything is sent to it, or the way by which it can be sent to. */
export function verdictOn(device: AudienceDevice, outlets: Outlets, now: number): Outcome | Outlet {
  if (device.token === "") return LEFT_AUDIENCE
  if (device.platform === undefined) return UNSUPPORTED_OS
  if (isRegistrationExpired(device, now)) return REGISTRATION_EXPIRED
  if (!device.receives) return SHARED_TOKEN
  const route = outlets.at(device.platform)
  if (!(route instanceof Outlet)) return route
  return pausedOutcome(route) ?? route
}

export function isRegistrationExpired(device: AudienceDevice, now: number): boolean {
  return device.expiresAt !== undefined && device.expiresAt <= now
}

/** A paused credential is final for the device: after its repair the log names whom to send to again. */
export function pausedOutcome(outlet: Outlet): Outcome | undefined {
  const reason = outlet.dispatcher.paused()
  return reason === undefined ? undefined : { kind: "credential_refused", reason, scope: "credential" }
}

export const UNSUPPORTED_OS: Outcome = { kind: "suppressed", reason: "unsupported_os" }
const LEFT_AUDIENCE: Outcome = { kind: "suppressed", reason: "left_audience" }
export const REGISTRATION_EXPIRED: Outcome = { kind: "suppressed", reason: "registration_expired" }
const SHARED_TOKEN: Outcome = { kind: "suppressed", reason: "shared_token" }
