import type { Outcome } from "../domain/outcome.ts"
import type { OutgoingBatch, PreparedPush, SendGate } from "../provider/provider.ts"
import type { Dispatcher, PushQueue } from "./dispatcher.ts"

/** Where an outlet's pushes come from and their outcomes go back to. */
export interface Source {
  /** The send gate; see provider.ts. */
  refusal(ticket: number, outlet: Outlet): Outcome | undefined
  /** False: the ticket is not in flight, there is nothing to settle. */
  settled(ticket: number, outcome: Outcome, outlet: Outlet): boolean
}

/** One message on its way out through one credential: the pushes of one runner that wait for their turn. */
export class Outlet implements PushQueue {
  readonly dispatcher: Dispatcher
  readonly isExpress: boolean
  readonly gate: SendGate
  isQueued = false
  readonly #push: PreparedPush
  readonly #source: Source
  #tickets: number[] = []
  #tokens: string[] = []
  #next = 0

  constructor(dispatcher: Dispatcher, push: PreparedPush, source: Source, isExpress: boolean) {
    this.dispatcher = dispatcher
    this.isExpress = isExpress
    this.#push = push
    this.#source = source
    this.gate = (ticket) => source.refusal(ticket, this)
  }

  get pending(): number {
    return this.#tickets.length - this.#next
  }

  add(ticket: number, token: string): void {
    this.#tickets.push(ticket)
    this.#tokens.push(token)
  }

  /** Fresh arrays: a provider may keep what it took until the push is settled. */
  batch(count: number): OutgoingBatch {
    const end = this.#next + count
    return {
      push: this.#push,
      tickets: this.#tickets.slice(this.#next, end),
      tokens: this.#tokens.slice(this.#next, end),
    }
  }

  taken(count: number): void {
    this.#next += count
    if (this.#next < this.#tickets.length) return
    this.#tickets.length = 0
    this.#tokens.length = 0
    this.#next = 0
  }

  /** Takes back everything that the provider has not taken. */
  withdraw(): readonly number[] {
    const tickets = this.#tickets.slice(this.#next)
    this.taken(tickets.length)
    return tickets
  }

  settle(ticket: number, outcome: Outcome): void {
    if (this.#source.settled(ticket, outcome, this)) this.dispatcher.returned()
  }

  room(): void {
    this.dispatcher.room()
  }
}
