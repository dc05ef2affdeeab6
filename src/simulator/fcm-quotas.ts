import type { Clock } from "../runtime/clock.ts"

/** FCM's limits on rates (providers.md 1.7). */

export interface FcmQuotaOptions {
  /** Messages per project and minute. Defaults to 600 000. */
  readonly messagesPerMinute?: number
  /** Messages per Android device and minute. Defaults to 240. */
  readonly deviceMessagesPerMinute?: number
  /** Messages per Android device and hour. Defaults to 5 000. */
  readonly deviceMessagesPerHour?: number
  /** The form of Retry-After on 429. Defaults to "seconds". */
  readonly retryAfter?: "seconds" | "date" | "none"
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const COLLAPSIBLE_BURST = 20
const COLLAPSIBLE_REFILL_MS = 180_000
const DEVICES_MAX = 10_000

/** A bucket per project, filled up at the end of each minute; the minutes start when the simulator does. */
export class ProjectQuota {
  readonly #clock: Clock
  readonly #limit: number
  readonly #start: number
  readonly #used = new Map<string, { minute: number; count: number }>()

  constructor(clock: Clock, options: FcmQuotaOptions) {
    this.#clock = clock
    this.#limit = options.messagesPerMinute ?? 600_000
    this.#start = clock.monotonic()
  }

  /** Takes one message; false when the project's bucket is empty. A refused message is not counted. */
  take(project: string): boolean {
    const minute = Math.floor((this.#clock.monotonic() - this.#start) / MINUTE_MS)
    let used = this.#used.get(project)
    if (used === undefined) {
      used = { minute, count: 0 }
      this.#used.set(project, used)
    }
    if (used.minute !== minute) Object.assign(used, { minute, count: 0 })
    if (used.count >= this.#limit) return false
    used.count += 1
    return true
  }

  /** Whole seconds until the buckets are full again, at least 1. */
  secondsToRefill(): number {
    const elapsed = (this.#clock.monotonic() - this.#start) % MINUTE_MS
    return Math.max(1, Math.ceil((MINUTE_MS - elapsed) / 1000))
  }
}

interface DeviceUse {
  minuteStart: number
  minuteCount: number
  hourStart: number
  hourCount: number
  collapsible: number
  collapsibleSince: number
}

/** Caps per Android device, for the 10 000 devices sent to last. */
export class DeviceQuotas {
  readonly #clock: Clock
  readonly #perMinute: number
  readonly #perHour: number
  readonly #uses = new Map<string, DeviceUse>()

  constructor(clock: Clock, options: FcmQuotaOptions) {
    this.#clock = clock
    this.#perMinute = options.deviceMessagesPerMinute ?? 240
    this.#perHour = options.deviceMessagesPerHour ?? 5_000
  }

  /** "delayed": accepted, but a collapsible message over the burst, which the phone gets later. */
  take(token: string, isCollapsible: boolean): "now" | "delayed" | "refused" {
    const now = this.#clock.monotonic()
    const use = this.#useOf(token, now)
    if (now - use.minuteStart >= MINUTE_MS) Object.assign(use, { minuteStart: now, minuteCount: 0 })
    if (now - use.hourStart >= HOUR_MS) Object.assign(use, { hourStart: now, hourCount: 0 })
    if (use.minuteCount >= this.#perMinute || use.hourCount >= this.#perHour) return "refused"
    use.minuteCount += 1
    use.hourCount += 1
    return isCollapsible && !takeCollapsible(use, now) ? "delayed" : "now"
  }

  #useOf(token: string, now: number): DeviceUse {
    const known = this.#uses.get(token)
    if (known !== undefined) {
      this.#uses.delete(token)
      this.#uses.set(token, known)
      return known
    }
    if (this.#uses.size >= DEVICES_MAX) {
      const oldest = this.#uses.keys().next().value
      if (oldest !== undefined) this.#uses.delete(oldest)
    }
    const use = {
      minuteStart: now,
      minuteCount: 0,
      hourStart: now,
      hourCount: 0,
      collapsible: COLLAPSIBLE_BURST,
      collapsibleSince: now,
    }
    this.#uses.set(token, use)
    return use
  }
}

function takeCollapsible(use: DeviceUse, now: number): boolean {
  const refilled = Math.floor((now - use.collapsibleSince) / COLLAPSIBLE_REFILL_MS)
  use.collapsible = Math.min(COLLAPSIBLE_BURST, use.collapsible + refilled)
  use.collapsibleSince += refilled * COLLAPSIBLE_REFILL_MS
  if (use.collapsible === 0) return false
  use.collapsible -= 1
  return true
}
