import type { Message } from "../domain/message.ts"

type Listener = (message: Message) => void

/** Tells those who run the messages that one was published here or changed its state. */
export class MessageChanges {
  readonly #listeners = new Set<Listener>()

  subscribe(listener: Listener): void {
    this.#listeners.add(listener)
  }

  announce(message: Message): void {
    for (const listener of this.#listeners) listener(message)
  }
}
