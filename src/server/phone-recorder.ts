import { virtualPhoneOf } from "../domain/virtual-phone.ts"
import type { PhoneNotification, PhoneNotifications } from "../service/phones.ts"
import type { JournalEntry } from "../simulator/journal.ts"

/** Kept for one application. */
const NOTIFICATIONS_MAX = 100
const CHARACTERS_MAX = 100_000
/** Applications whose notifications are kept: the ones that got something last. */
const APPLICATIONS_MAX = 100

/**
 * Remembers what the virtual phones of each application got: apart from the journal, whose latest entries a broadcast to
 * other devices of the sandbox, or another application, would push out.
 */
export class PhoneRecorder implements PhoneNotifications {
  readonly epoch: string
  readonly #applicationOf: (entry: JournalEntry) => number | undefined
  /** The least recently used first. */
  readonly #kept = new Map<number, PhoneNotification[]>()
  readonly #sequences = new Map<number, number>()
  readonly #listeners = new Map<number, Set<() => void>>()

  /** `epoch`: different for every run of the server. */
  constructor(epoch: string, applicationOf: (entry: JournalEntry) => number | undefined) {
    this.epoch = epoch
    this.#applicationOf = applicationOf
  }

  /** To be called with every entry of the journal. */
  add(entry: JournalEntry): void {
    const deviceId = virtualPhoneOf(entry.token)
    const application = deviceId === undefined ? undefined : this.#applicationOf(entry)
    if (deviceId === undefined || application === undefined) return
    const sequence = this.latest(application) + 1
    this.#sequences.set(application, sequence)
    const { at, platform, kind, silent, messageId } = entry
    const { title, subtitle, body, badge, sound, image, remark } = entry
    const shown = defined({ kind, silent, title, subtitle, body, badge, sound, image, messageId, remark })
    this.#keep(application, { sequence, deviceId, os: platform.toUpperCase(), at, messageId, shown })
    for (const listener of this.#listeners.get(application) ?? []) listener()
  }

  read(application: number): readonly PhoneNotification[] {
    return this.#kept.get(application) ?? []
  }

  latest(application: number): number {
    return this.#sequences.get(application) ?? 0
  }

  subscribe(application: number, listener: () => void): () => void {
    const listeners = this.#listeners.get(application) ?? new Set()
    this.#listeners.set(application, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(application)
    }
  }

  #keep(application: number, notification: PhoneNotification): void {
    const kept = [...this.read(application), notification].slice(-NOTIFICATIONS_MAX)
    let characters = kept.reduce((sum, one) => sum + charactersIn(one), 0)
    while (characters > CHARACTERS_MAX && kept.length > 1)
      characters -= charactersIn(kept.shift() ?? notification)
    this.#kept.delete(application)
    this.#kept.set(application, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > APPLICATIONS_MAX && oldest !== undefined) this.#kept.delete(oldest)
  }
}

function charactersIn({ shown }: PhoneNotification): number {
  const { title, subtitle, body, sound, image } = shown
  return [title, subtitle, body, sound, image].reduce((sum, text) => sum + (text?.length ?? 0), 0)
}

type Defined<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> }

function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}
