import type { ProviderName } from "../domain/platform.ts"
import {
  type Checked,
  type FieldRules,
  instant,
  oneOf,
  problemWith,
  required,
  text,
  wholeNumber,
} from "./field-rules.ts"

/**
 * What is special about a device. A token that was never declared is a healthy device of whoever sends to it, as long
 * as it is well-formed.
 *
 * valid         healthy; useful with the fields that bind it to an application or an environment
 * unregistered  the app was removed: APNs 410 Unregistered, FCM UNREGISTERED, WNS 410
 * expired       the token ran out: APNs 410 ExpiredToken, FCM UNREGISTERED, WNS 410
 * unknown       never issued: APNs BadDeviceToken, FCM INVALID_ARGUMENT, WNS 404
 * throttled     too much for this one device: APNs 429, FCM QUOTA_EXCEEDED, WNS 406
 * skipped       WNS answers 200 with "channelthrottled": taken and not shown; others: as throttled
 * dropped       WNS answers 200 with "dropped": taken and not shown; others: as valid
 */
export type DeviceCondition =
  | "valid"
  | "unregistered"
  | "expired"
  | "unknown"
  | "throttled"
  | "skipped"
  | "dropped"

export type ApnsEnvironment = "production" | "sandbox"

export interface DeviceState {
  readonly provider: ProviderName
  /** As the provider addresses it. For WNS the channel URI; its path and query identify the channel. */
  readonly token: string
  readonly condition: DeviceCondition
  /** Since when it is unregistered or expired, ms since 1970: the `timestamp` of APNs. Defaults to the moment of declaring. */
  readonly since?: number
  /** The condition holds before this instant (ms since 1970); from then on the device is valid: reinstalled. */
  readonly until?: number
  /** The only environment that knows an APNs token. Defaults to both. */
  readonly environment?: ApnsEnvironment
  /** The only application that may send: APNs topic, FCM project id, WNS client id. Defaults to any. */
  readonly application?: string
  /** FCM: the Android package of the app. */
  readonly packageName?: string
  /** FCM: "ios" makes the message travel through APNs. Defaults to "android". */
  readonly platform?: "android" | "ios"
  /** Last contact, ms since 1970: FCM forgets a device 270 days later, WNS a channel 30 days later. Defaults to never. */
  readonly lastSeen?: number
  /** Throttled: the `Retry-After` of FCM and WNS in seconds. Defaults to no such header. */
  readonly retryAfterSeconds?: number
}

const RULES: FieldRules = {
  provider: required(oneOf(["apns", "fcm", "wns"])),
  token: required(text),
  condition: required(
    oneOf(["valid", "unregistered", "expired", "unknown", "throttled", "skipped", "dropped"]),
  ),
  since: instant,
  until: instant,
  environment: oneOf(["production", "sandbox"]),
  application: text,
  packageName: text,
  platform: oneOf(["android", "ios"]),
  lastSeen: instant,
  retryAfterSeconds: wholeNumber(0, 86_400),
}

const DECLARED_MAX = 100_000

export function checkDeviceState(value: unknown): Checked<DeviceState> {
  const problem = problemWith(value, RULES, "")
  return problem === undefined ? { ok: true, value: value as DeviceState } : { ok: false, problem }
}

/** One spelling for one address: APNs ignores the case of hex, WNS is addressed by path and query. */
export function addressOf(provider: ProviderName, token: string): string {
  if (provider === "apns") return token.toLowerCase()
  if (provider === "wns") return token.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, "").replace(/^(?!\/)/, "/")
  return token
}

/** The declared devices of all simulators: at most 100 000, nothing is kept for any other token. */
export class DeviceStates {
  readonly #declared = new Map<string, DeviceState>()

  /** Declares or re-declares a device. `now`, ms since 1970, is the default of `since`. */
  declare(state: DeviceState, now: number): void {
    const checked = checkDeviceState(state)
    if (!checked.ok) throw new TypeError(`not a device state: ${checked.problem}`)
    const key = keyOf(state.provider, state.token)
    if (this.#declared.size >= DECLARED_MAX && !this.#declared.has(key)) {
      throw new RangeError(`at most ${DECLARED_MAX} devices can be declared`)
    }
    this.#declared.set(key, { since: now, ...state })
  }

  /** Undefined for a device that was not declared. The condition is the one at `now` (ms since 1970). */
  find(provider: ProviderName, token: string, now: number): DeviceState | undefined {
    if (this.#declared.size === 0) return undefined
    const state = this.#declared.get(keyOf(provider, token))
    if (state?.until === undefined || now < state.until) return state
    const lastSeen = state.lastSeen === undefined ? {} : { lastSeen: Math.max(state.lastSeen, state.until) }
    return { ...state, condition: "valid", ...lastSeen }
  }

  get size(): number {
    return this.#declared.size
  }

  clear(): void {
    this.#declared.clear()
  }
}

function keyOf(provider: ProviderName, token: string): string {
  return `${provider} ${addressOf(provider, token)}`
}
