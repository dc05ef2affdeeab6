import { DomainError } from "../domain/errors.ts"
import type { KeyPrincipal, Principal } from "../policy/principal.ts"
import { RateMeter } from "./rate-meter.ts"
import { UncappedAddresses } from "./uncapped-addresses.ts"

/** How many requests a second are answered, on average over ten seconds; 0: any number. */
export interface RateSettings {
  /** With one API key that has no limit of its own. */
  readonly perKey: number
  /** With all keys of an application together. */
  readonly perApplication: number
  /** From one client address. */
  readonly perAddress: number
  /** With one administrator's token, or by one administrator in all sessions together. */
  readonly perAdministrator: number
}

export const UNLIMITED: RateSettings = { perKey: 0, perApplication: 0, perAddress: 0, perAdministrator: 0 }

/** Limits of keys that differ; beyond, all begin anew. */
const OWN_LIMITS_MAX = 1000

/** Whom a limit protects the others from; the meters count each by itself (docs/adr/0011-rate-limits.md). */
export class RateLimits {
  readonly #keys: RateMeter
  /** Of keys with limits of their own, by the limit: one that is changed is another one from the next request on. */
  readonly #ownLimits = new Map<number, RateMeter>()
  readonly #applications: RateMeter
  readonly #addresses: RateMeter
  readonly #administrators: RateMeter
  readonly #uncapped: UncappedAddresses

  /** `uncapped`: addresses and ranges without a limit of their own, as a reverse proxy needs. */
  constructor(settings: RateSettings, uncapped: readonly string[]) {
    this.#keys = new RateMeter(settings.perKey)
    this.#applications = new RateMeter(settings.perApplication)
    this.#addresses = new RateMeter(settings.perAddress)
    this.#administrators = new RateMeter(settings.perAdministrator)
    this.#uncapped = new UncappedAddresses(uncapped)
  }

  /**
   * Counts a request of a known key, for the path that cannot wait. False: one of the limits has to be looked at more
   * closely, with the two methods below.
   */
  pass(address: string, principal: KeyPrincipal): boolean {
    return (
      this.#passAddress(address) &&
      this.#meterOf(principal).pass(principal.keyNumber) &&
      this.#applications.pass(principal.application.number)
    )
  }

  /** Before anybody knows who it is. Throws, or rejects, with `too_many_requests`. */
  takeAddress(address: string): Promise<void> | undefined {
    if (this.#passAddress(address)) return undefined
    return this.#take(this.#addresses, address, "this address")
  }

  /** When it is known who it is. */
  takeCaller(principal: Principal): Promise<void> | undefined {
    switch (principal.kind) {
      case "key":
        return this.#takeKey(principal)
      case "administrator": {
        const { via } = principal
        const subject = via === undefined ? principal.label : subjectOf(via)
        if (this.#administrators.pass(subject)) return undefined
        return this.#take(this.#administrators, subject, "this administrator or token")
      }
      case "system":
        return undefined
    }
  }

  /** A connection in memory has no address. */
  #passAddress(address: string): boolean {
    return address === "" || this.#uncapped.has(address) || this.#addresses.pass(address)
  }

  #meterOf({ requestsPerSecond }: KeyPrincipal): RateMeter {
    return requestsPerSecond === undefined ? this.#keys : this.#meterOfOwnLimit(requestsPerSecond)
  }

  #meterOfOwnLimit(requestsPerSecond: number): RateMeter {
    const known = this.#ownLimits.get(requestsPerSecond)
    if (known !== undefined) return known
    if (this.#ownLimits.size >= OWN_LIMITS_MAX) this.#ownLimits.clear()
    const meter = new RateMeter(requestsPerSecond)
    this.#ownLimits.set(requestsPerSecond, meter)
    return meter
  }

  #takeKey(principal: KeyPrincipal): Promise<void> | undefined {
    const isKeyCounted = this.#meterOf(principal).pass(principal.keyNumber)
    if (isKeyCounted && this.#applications.pass(principal.application.number)) return undefined
    return this.#takeBoth(principal, isKeyCounted)
  }

  async #takeBoth(principal: KeyPrincipal, isKeyCounted: boolean): Promise<void> {
    if (!isKeyCounted) await this.#take(this.#meterOf(principal), principal.keyNumber, "this API key")
    await this.#take(this.#applications, principal.application.number, "this application")
  }

  async #take(meter: RateMeter, subject: string | number, whose: string): Promise<void> {
    const retryAfterMs = await meter.take(subject)
    if (retryAfterMs === undefined) return
    throw new DomainError(
      "too_many_requests",
      `The limit of ${meter.perSecond} requests a second for ${whose} is reached.`,
      { limit: meter.perSecond, retryAfterMs },
    )
  }
}

function subjectOf(
  via:
    | { readonly kind: "token"; readonly token: number }
    | { readonly kind: "session"; readonly administrator: number },
): string {
  return via.kind === "token" ? `token ${via.token}` : `person ${via.administrator}`
}
