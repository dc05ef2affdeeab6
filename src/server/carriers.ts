import type { Carrier, Carriers } from "../delivery/carrier.ts"
import { type Platform, PROVIDER_OF, type ProviderName } from "../domain/platform.ts"
import type { Provider } from "../provider/provider.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { CredentialInput, Credentials } from "../service/credentials.ts"
import type { Store, StoredCredential } from "../store/store.ts"

/**
 * A replaced, paused or removed credential is noticed within this time, whichever process changed it. A missing or paused
 * one is not remembered: that it cannot be used is final for a device, and somebody may just have seen to it.
 */
const REMEMBERED_MS = 1_000
/** How long a provider that was replaced may wait for the answers to what it has in flight. */
const CLOSING_MS = 20_000
/**
 * A provider that nobody asked for so long is closed, and opened anew on need: applications come and go, and its memory and
 * connections would stay. Whoever sends asks every few seconds. Apple wants connections kept for hours (providers.md 2.3);
 * the sandbox is on this machine.
 */
const IDLE_MS = 3_600_000
const SANDBOX_IDLE_MS = 60_000
const SWEEP_MS = 30_000

export interface CarrierPoolOptions {
  readonly store: Pick<Store, "credentials">
  readonly credentials: Credentials
  readonly open: (provider: ProviderName, input: CredentialInput) => Provider
  /** The bundled simulators, for applications without a credential; undefined with --no-sandbox. */
  readonly sandbox: ((provider: ProviderName, application: number) => CredentialInput) | undefined
  readonly clock: Clock
  readonly log: Log
}

/** Of one stored credential, and never of the one that replaces it: refusals of the former may still come in. */
interface Pause {
  reason: string | undefined
  /** The store does not say so yet. */
  isBeingStored: boolean
}

interface Slot {
  carrier: Carrier | undefined
  /** The stored credential behind the carrier; undefined: the sandbox, or none. */
  number: number | undefined
  pause: Pause
  usedAt: number
  checkedAt: number
  checking: Promise<Carrier | undefined> | undefined
}

/**
 * One provider for each credential in use, opened on first need and replaced when its credential is. In the sandbox every
 * application has a credential of its own, so that nothing there can be taken for another's.
 */
export class CarrierPool implements Carriers {
  readonly #options: CarrierPoolOptions
  readonly #slots = new Map<string, Slot>()
  readonly #closing = new Set<Promise<void>>()
  #stopSweeping: (() => void) | undefined
  #isClosed = false

  constructor(options: CarrierPoolOptions) {
    this.#options = options
  }

  async find(application: number, platform: Platform): Promise<Carrier | undefined> {
    const name = PROVIDER_OF[platform]
    const slot = this.#slot(application, name)
    slot.usedAt = this.#options.clock.monotonic()
    const isUsable = slot.carrier !== undefined && slot.pause.reason === undefined
    const isFresh = slot.usedAt - slot.checkedAt < REMEMBERED_MS
    if (isUsable && isFresh) return slot.carrier
    slot.checking ??= this.#check(slot, application, name).finally(() => {
      slot.checking = undefined
    })
    return slot.checking
  }

  /** Closes every provider; answers still out when the signal aborts are settled as ambiguous. */
  async close(signal: AbortSignal): Promise<void> {
    this.#isClosed = true
    this.#stopSweeping?.()
    const carriers = [...this.#slots.values()].flatMap(({ carrier }) => carrier ?? [])
    await Promise.all(carriers.map(({ provider }) => provider.close(signal)))
    await Promise.all(this.#closing)
  }

  #slot(application: number, name: ProviderName): Slot {
    const key = `${application}/${name}`
    const known = this.#slots.get(key)
    if (known !== undefined) return known
    const slot: Slot = {
      carrier: undefined,
      number: undefined,
      pause: { reason: undefined, isBeingStored: false },
      usedAt: Number.NEGATIVE_INFINITY,
      checkedAt: Number.NEGATIVE_INFINITY,
      checking: undefined,
    }
    this.#slots.set(key, slot)
    this.#sweepLater()
    return slot
  }

  #sweepLater(): void {
    if (this.#stopSweeping !== undefined || this.#isClosed || this.#slots.size === 0) return
    this.#stopSweeping = this.#options.clock.after(SWEEP_MS, () => {
      this.#stopSweeping = undefined
      this.#sweep(this.#options.clock.monotonic())
      this.#sweepLater()
    })
  }

  #sweep(now: number): void {
    for (const [key, slot] of this.#slots) {
      const isBusy = slot.checking !== undefined || slot.pause.isBeingStored
      const idleMs = slot.number === undefined ? SANDBOX_IDLE_MS : IDLE_MS
      if (isBusy || now - slot.usedAt < idleMs) continue
      this.#retire(slot)
      this.#slots.delete(key)
    }
  }

  async #check(slot: Slot, application: number, name: ProviderName): Promise<Carrier | undefined> {
    const stored = await this.#options.store.credentials.find(application, name)
    slot.checkedAt = this.#options.clock.monotonic()
    const isSame = stored?.number === slot.number && !isResumed(slot, stored)
    if (isSame && slot.carrier !== undefined) {
      if (!slot.pause.isBeingStored) slot.pause.reason = stored?.pausedReason
      return slot.carrier
    }
    this.#retire(slot)
    slot.number = stored?.number
    slot.pause = { reason: stored?.pausedReason, isBeingStored: false }
    slot.carrier =
      stored === undefined ? this.#sandboxCarrier(name, application) : this.#openCarrier(slot.pause, stored)
    return slot.carrier
  }

  #openCarrier(pause: Pause, stored: StoredCredential): Carrier {
    const { store, credentials, clock, open } = this.#options
    const provider = open(stored.provider, credentials.open(stored))
    return {
      key: `credential ${stored.number}`,
      provider,
      paused: () => pause.reason,
      async pause(reason) {
        pause.reason = reason
        pause.isBeingStored = true
        try {
          await store.credentials.pause(stored.number, reason, clock.now())
        } finally {
          pause.isBeingStored = false
        }
      },
    }
  }

  #sandboxCarrier(name: ProviderName, application: number): Carrier | undefined {
    const { sandbox, open } = this.#options
    if (sandbox === undefined) return undefined
    // Nobody could end a pause, there being no credential to resume: simulated refusals stay outcomes.
    return {
      key: `sandbox ${name} ${application}`,
      provider: open(name, sandbox(name, application)),
      paused: () => undefined,
      pause: async () => {},
    }
  }

  #retire(slot: Slot): void {
    if (slot.carrier === undefined) return
    const closing = slot.carrier.provider.close(AbortSignal.timeout(CLOSING_MS)).catch((error: unknown) => {
      this.#options.log.error({ err: error }, "a provider that was replaced or idle did not close")
    })
    this.#closing.add(closing)
    void closing.then(() => this.#closing.delete(closing))
    // Nor is it there when the next one cannot be opened.
    slot.carrier = undefined
  }
}

/** Then its provider is opened anew: the access token and the connections of the old one remember what was refused. */
function isResumed({ pause }: Slot, stored: StoredCredential | undefined): boolean {
  return pause.reason !== undefined && !pause.isBeingStored && stored?.pausedReason === undefined
}
