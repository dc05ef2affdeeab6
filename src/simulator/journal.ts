import type { Platform, ProviderName } from "../domain/platform.ts"
import type { ShownNotification } from "../domain/shown-notification.ts"
import type { Log } from "../runtime/log.ts"
import { type ApnsEnvironment, addressOf } from "./device-states.ts"
import { Ledger } from "./ledger.ts"

/**
 * What the simulated devices received, as a phone would show it. Terms: an *entry* is one accepted push; the *ring*
 * holds the latest entries; the *ledger* is an optional file with one line per processed push, accepted or not.
 */

export interface AcceptedPush extends ShownNotification {
  readonly provider: ProviderName
  readonly platform: Platform
  readonly environment?: ApnsEnvironment
  /** APNs topic, FCM project id, WNS client id. */
  readonly application: string
  /** As the provider addresses the device; for WNS path and query of the channel URI. */
  readonly token: string
  /** The body as it came: JSON or XML; base64 when it is not text. */
  readonly payload: string
  /** Headers that change what the provider or the phone does with the push. */
  readonly headers: Readonly<Record<string, string>>
}

export interface JournalEntry extends AcceptedPush {
  /** 1, 2, 3, …; never reused, not even after clear(). */
  readonly sequence: number
  /** ms since 1970. */
  readonly at: number
}

interface RefusedPush {
  readonly provider: ProviderName
  readonly token: string
  readonly reason: string
  readonly messageId?: string
}

export interface ProviderTotals {
  readonly accepted: number
  readonly rejected: number
  readonly rejectedByReason: Readonly<Record<string, number>>
}

interface JournalOptions {
  readonly now: () => number
  readonly log: Log
  /** Entries kept. Defaults to 2 000. */
  readonly entriesMax?: number
  /** A file to append one JSON line per processed push to: {at, provider, token, messageId?, outcome, reason?}. */
  readonly ledgerFile?: string
}

export interface JournalQuery {
  /** Only this device. For WNS the whole channel URI or its path and query. */
  readonly token?: string
  /** Only entries after this sequence number, the oldest first. Without it: the latest ones, the oldest first. */
  readonly since?: number
  /** Defaults to 100. */
  readonly limit?: number
}

const ENTRIES_DEFAULT = 2_000
// Characters, at most two bytes each: together with the objects themselves this stays below 10 MB.
const CHARACTERS_MAX = 3_500_000
const REASONS_MAX = 200

interface Totals {
  accepted: number
  rejected: number
  readonly reasons: Map<string, number>
}

export class Journal {
  readonly #now: () => number
  readonly #log: Log
  readonly #ledger: Ledger | undefined
  readonly #entriesMax: number
  /** Circular once full: the oldest entry is at #first. */
  #entries: JournalEntry[] = []
  #first = 0
  #characters = 0
  #sequence = 0
  readonly #totals = new Map<ProviderName, Totals>()
  readonly #listeners = new Set<(entry: JournalEntry) => void>()

  /** Opens the ledger file if one is asked for; throws when that cannot be written. */
  constructor(options: JournalOptions) {
    this.#now = options.now
    this.#log = options.log
    this.#entriesMax = options.entriesMax ?? ENTRIES_DEFAULT
    this.#ledger = options.ledgerFile === undefined ? undefined : new Ledger(options.ledgerFile, options.log)
  }

  accept(push: AcceptedPush): void {
    const entry: JournalEntry = { sequence: ++this.#sequence, at: this.#now(), ...push }
    this.#totalsOf(push.provider).accepted += 1
    this.#keep(entry)
    this.#ledger?.append({
      at: entry.at,
      provider: entry.provider,
      token: entry.token,
      messageId: entry.messageId,
      outcome: "accepted",
    })
    for (const listener of this.#listeners) this.#tell(listener, entry)
  }

  refuse(push: RefusedPush): void {
    const totals = this.#totalsOf(push.provider)
    totals.rejected += 1
    const known = totals.reasons.has(push.reason) || totals.reasons.size < REASONS_MAX
    const reason = known ? push.reason : "other"
    totals.reasons.set(reason, (totals.reasons.get(reason) ?? 0) + 1)
    this.#ledger?.append({
      at: this.#now(),
      provider: push.provider,
      token: push.token,
      messageId: push.messageId,
      outcome: "rejected",
      reason: push.reason,
    })
  }

  /** True when refusals should carry the message id; finding it costs a look into the payload. */
  get hasLedger(): boolean {
    return this.#ledger !== undefined
  }

  /** Exact since the start or the last clear(), whatever the ring has forgotten. */
  totals(provider: ProviderName): ProviderTotals {
    const { accepted, rejected, reasons } = this.#totalsOf(provider)
    return { accepted, rejected, rejectedByReason: Object.fromEntries(reasons) }
  }

  /** The sequence number of the latest entry, 0 before the first. */
  get lastSequence(): number {
    return this.#sequence
  }

  /** Entries still in the ring, in the order of their arrival; empty when there are none. */
  read(query: JournalQuery = {}): readonly JournalEntry[] {
    const limit = query.limit ?? 100
    const found: JournalEntry[] = []
    for (let index = 0; index < this.#entries.length; index += 1) {
      const entry = this.#entries[(this.#first + index) % this.#entries.length]
      if (entry === undefined || entry.sequence <= (query.since ?? 0)) continue
      if (query.token !== undefined && !isFor(entry, query.token)) continue
      found.push(entry)
      if (query.since !== undefined && found.length === limit) break
    }
    return found.length > limit ? found.slice(found.length - limit) : found
  }

  /** Called with every accepted push, in order, before the provider answers. The returned function ends it. */
  subscribe(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Forgets entries and totals; sequence numbers go on and the ledger file stays as it is. */
  clear(): void {
    this.#entries = []
    this.#first = 0
    this.#characters = 0
    this.#totals.clear()
  }

  /** Writes what the ledger has buffered; throws when any line could not be written. */
  flush(): void {
    this.#ledger?.flush()
  }

  /** As flush(), and closes the ledger. */
  close(): void {
    this.#listeners.clear()
    this.#ledger?.close()
  }

  #keep(entry: JournalEntry): void {
    this.#characters += charactersIn(entry)
    if (this.#entries.length < this.#entriesMax) {
      this.#straighten()
      this.#entries.push(entry)
    } else {
      this.#characters -= charactersIn(this.#entries[this.#first])
      this.#entries[this.#first] = entry
      this.#first = (this.#first + 1) % this.#entries.length
    }
    if (this.#characters > CHARACTERS_MAX) this.#shrink()
  }

  #straighten(): void {
    if (this.#first === 0) return
    this.#entries = [...this.#entries.slice(this.#first), ...this.#entries.slice(0, this.#first)]
    this.#first = 0
  }

  // Drops a quarter of the entries at once, so that a flood of large pushes does not pay for this on each of them.
  #shrink(): void {
    this.#straighten()
    this.#entries = this.#entries.slice(Math.ceil(this.#entries.length / 4))
    this.#characters = this.#entries.reduce((sum, entry) => sum + charactersIn(entry), 0)
  }

  #totalsOf(provider: ProviderName): Totals {
    let totals = this.#totals.get(provider)
    if (totals === undefined) {
      totals = { accepted: 0, rejected: 0, reasons: new Map() }
      this.#totals.set(provider, totals)
    }
    return totals
  }

  #tell(listener: (entry: JournalEntry) => void, entry: JournalEntry): void {
    try {
      listener(entry)
    } catch (error) {
      this.#log.error({ error }, "a listener of the journal failed")
    }
  }
}

function isFor(entry: JournalEntry, token: string): boolean {
  return addressOf(entry.provider, entry.token) === addressOf(entry.provider, token)
}

function charactersIn(entry: JournalEntry | undefined): number {
  if (entry === undefined) return 0
  const { payload, token, title, subtitle, body, sound, image } = entry
  return [payload, token, title, subtitle, body, sound, image].reduce<number>(
    (sum, part) => sum + (part?.length ?? 0),
    0,
  )
}
