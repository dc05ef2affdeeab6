import { DomainError } from "../domain/errors.ts"
import { checkedKeySet, type KeySet } from "../domain/issuer.ts"
import type { Clock } from "../runtime/clock.ts"

/** Gets the JSON at a URL, from public addresses only; rejects with an error whose message can be shown. */
export type FetchKeySet = (url: string) => Promise<unknown>

/** What is known of the key set at a URL. */
export interface KeySetState {
  readonly keySet: KeySet | undefined
  /** Why it could not be read when it was last tried; undefined: it could. */
  readonly problem: string | undefined
}

/** Asked for again after so long, while what is known serves: whoever comes by waits for no server that is slow or hangs. */
const DUE_MS = 300_000
/** After so long it serves only when it cannot be read again, so that a withdrawn key is refused. */
const FRESH_MS = 600_000
/** While it cannot be read, the last one serves so long: a provider that is down for a while logs nobody out. */
const USABLE_MS = 3_600_000
/** A token with an unknown key asks for a new set; tokens that anybody makes up must not make us ask all the time. */
const LEAST_GAP_MS = 30_000
const REMEMBERED_MAX = 1_000

interface Entry {
  state: KeySetState
  /** Monotonic milliseconds; undefined: never. */
  readAt: number | undefined
  triedAt: number | undefined
  reading: Promise<KeySetState> | undefined
}

/** The key sets of issuers, each read by one request at a time, however many ask. */
export class KeySets {
  readonly #fetch: FetchKeySet
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(fetch: FetchKeySet, clock: Clock) {
    this.#fetch = fetch
    this.#clock = clock
  }

  /**
   * Undefined when it was never read, or not for an hour. With `kid`, read again if that key is not in it. Who asks for a key
   * that is known waits only for a set that is not fresh, of a server that answered last time, which is when nobody asked for
   * minutes: nobody else's made-up key, and no provider that is known to be down, holds them up.
   */
  async at(url: string, kid?: string): Promise<KeySet | undefined> {
    const entry = this.#entry(url)
    const { keySet, problem } = entry.state
    const hasKey = kid === undefined || keySet?.keys.some((key) => key.kid === kid) === true
    const age = this.#since(entry.readAt)
    const isFresh = hasKey && age <= FRESH_MS
    const isDue = !isFresh || age > DUE_MS
    if (isDue && this.#since(entry.triedAt) > LEAST_GAP_MS) void this.#read(url, entry)
    const serves = isFresh || (hasKey && problem !== undefined && age <= USABLE_MS)
    if (!serves) await entry.reading
    return this.#since(entry.readAt) <= USABLE_MS ? entry.state.keySet : undefined
  }

  /** Reads it now, whatever is known: for whoever has just said where it is. */
  readNow(url: string): Promise<KeySetState> {
    return this.#read(url, this.#entry(url))
  }

  /** What is known at this moment; undefined: it was not asked for yet. */
  stateOf(url: string): KeySetState | undefined {
    return this.#entries.get(url)?.state
  }

  #entry(url: string): Entry {
    const known = this.#entries.get(url)
    const entry = known ?? {
      state: { keySet: undefined, problem: undefined },
      readAt: undefined,
      triedAt: undefined,
      reading: undefined,
    }
    // In the order of their last use: whoever sets one issuer after the other forgets what nobody uses, and not what all do.
    this.#entries.delete(url)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size >= REMEMBERED_MAX && oldest !== undefined) this.#entries.delete(oldest)
    this.#entries.set(url, entry)
    return entry
  }

  #read(url: string, entry: Entry): Promise<KeySetState> {
    entry.reading ??= this.#readOnce(url, entry).finally(() => {
      entry.reading = undefined
    })
    return entry.reading
  }

  async #readOnce(url: string, entry: Entry): Promise<KeySetState> {
    entry.triedAt = this.#clock.monotonic()
    try {
      const keySet = checkedKeySet(await this.#fetch(url), "the key set")
      entry.readAt = this.#clock.monotonic()
      entry.state = { keySet, problem: undefined }
    } catch (error) {
      const problem = error instanceof DomainError || error instanceof Error ? error.message : String(error)
      entry.state = { keySet: entry.state.keySet, problem }
    }
    return entry.state
  }

  #since(monotonic: number | undefined): number {
    return monotonic === undefined ? Number.POSITIVE_INFINITY : this.#clock.monotonic() - monotonic
  }
}
