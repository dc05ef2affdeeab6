import { isTerminal, type Message, type MessageState } from "../domain/message.ts"
import type { Signal } from "./signal.ts"

/** What this node knows of the state of a message that it works on; read by the send gate without asking the store. */
export interface LiveMessage {
  readonly number: number
  readonly state: MessageState
}

interface Entry {
  readonly number: number
  readonly signals: Set<Signal>
  state: MessageState
}

/** The messages that the runners of one engine work on at present: at most as many as there are runners. */
export class LiveMessages {
  readonly #entries = new Map<number, Entry>()
  #version = 0

  /** Raised by every announcement. Taken before a call of the store, it tells whether the answer may be out of date. */
  get version(): number {
    return this.#version
  }

  /** Joins the work on a message that was claimed at `version`; the signal is raised whenever its state changes. */
  enter(message: Message, version: number, signal: Signal): LiveMessage {
    let entry = this.#entries.get(message.number)
    if (entry === undefined) {
      entry = { number: message.number, state: message.state, signals: new Set() }
      this.#entries.set(message.number, entry)
    }
    entry.signals.add(signal)
    this.read(message.number, message.state, version)
    return entry
  }

  leave(number: number, signal: Signal): void {
    const entry = this.#entries.get(number)
    if (entry === undefined) return
    entry.signals.delete(signal)
    if (entry.signals.size === 0) this.#entries.delete(number)
  }

  /** Somebody on this node changed the state: newer than any answer of the store to a call that was begun before. */
  announced(number: number, state: MessageState): void {
    this.#version += 1
    this.#become(number, state)
  }

  /** What the store answered to a call that was begun at `version`. */
  read(number: number, state: MessageState, version: number): void {
    if (version === this.#version) this.#become(number, state)
  }

  raiseAll(): void {
    for (const entry of this.#entries.values()) {
      for (const signal of entry.signals) signal.raise()
    }
  }

  #become(number: number, state: MessageState): void {
    const entry = this.#entries.get(number)
    if (entry === undefined || entry.state === state || isTerminal(entry.state)) return
    entry.state = state
    for (const signal of entry.signals) signal.raise()
  }
}
