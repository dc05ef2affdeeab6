import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { DeviceStore, GoneToken } from "../store/store.ts"
import type { Dispatcher } from "./dispatcher.ts"
import { storeBackOffMs } from "./settings.ts"

/** What providers said about tokens waits here to be carried out; more is dropped, for it will be said again. */
const QUEUE_MAX = 10_000
const REMOVALS_AT_ONCE = 32
const QUARANTINED_MAX = 10_000

/** Tokens that a provider called gone in such numbers that the provider or the credential is doubted, not the tokens. */
export interface Quarantine {
  readonly credential: string
  /** The registrations that were spared just now. */
  readonly registrations: readonly number[]
}

export interface TokenFeedbackOptions {
  readonly devices: Pick<DeviceStore, "removeGone">
  readonly clock: Clock
  readonly log: Log
  readonly onQuarantine: ((quarantine: Quarantine) => void) | undefined
}

/**
 * Removes the registrations whose token is gone. Told only after the checkpoint that stored the outcome, so that no
 * device disappears without a trace; removes none that was renewed since, and none at all during a mass invalidation.
 */
export class TokenFeedback {
  readonly #options: TokenFeedbackOptions
  readonly #quarantined: number[] = []
  #queue: GoneToken[] = []
  #working: Promise<void> | undefined
  readonly #stopping = new AbortController()

  constructor(options: TokenFeedbackOptions) {
    this.#options = options
  }

  /** The registrations spared last, at most 10 000. */
  get quarantined(): readonly number[] {
    return this.#quarantined
  }

  report(dispatcher: Dispatcher, gone: readonly GoneToken[]): void {
    if (dispatcher.invalidations.isMass(this.#options.clock.monotonic())) {
      this.#quarantine(dispatcher.key, gone)
      return
    }
    const room = QUEUE_MAX - this.#queue.length
    if (gone.length > room) this.#options.log.warn({ dropped: gone.length - room }, "token feedback dropped")
    this.#queue.push(...gone.slice(0, room))
    this.#working ??= this.#work()
  }

  /** Resolves when everything reported was carried out, or when the signal aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    const stop = () => this.#stopping.abort()
    if (signal.aborted) stop()
    signal.addEventListener("abort", stop, { once: true })
    await this.#working
    signal.removeEventListener("abort", stop)
  }

  async #work(): Promise<void> {
    for (let failures = 0; this.#queue.length > 0 && !this.#stopping.signal.aborted; ) {
      const some = this.#queue.slice(0, REMOVALS_AT_ONCE)
      try {
        await Promise.all(some.map((gone) => this.#remove(gone)))
        this.#queue = this.#queue.slice(some.length)
        failures = 0
      } catch (error) {
        this.#options.log.error({ err: error }, "registrations of gone tokens could not be removed")
        await this.#options.clock.sleep(storeBackOffMs(failures), this.#stopping.signal)
        failures += 1
      }
    }
    this.#working = undefined
  }

  async #remove(gone: GoneToken): Promise<void> {
    await this.#options.devices.removeGone(gone, this.#options.clock.now())
  }

  #quarantine(credential: string, gone: readonly GoneToken[]): void {
    const registrations = gone.map(({ registration }) => registration)
    this.#quarantined.push(...registrations)
    if (this.#quarantined.length > QUARANTINED_MAX) {
      this.#quarantined.splice(0, this.#quarantined.length - QUARANTINED_MAX)
    }
    this.#options.onQuarantine?.({ credential, registrations })
  }
}
