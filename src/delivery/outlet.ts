import type { Outcome } from "../domain/outcome.ts"
import type { OutgoingBatch, PreparedPush, SendGate } from "../provider/provider.ts"
import type { Dispatcher, PushQueue } from "./dispatcher.ts"

/** Where an outlet's pushes come from and their outcomes go back to. */
export interface Source {
  /** The send gate; see provider.ts. */
  refusal(ticket: number, outlet: Outlet): Outcome | undefined
  /** False: the ticket is not in flight, there is nothing to settle. */
  settled(ticket: number, outcome: Outcome, outlet: Outlet): boolean
  /** The provider has the push. */
  taken(ticket: number): void
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
  #vacancies: number | undefined

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

  /** Makes the next `hasVacancy` ask anew. */
  forgetVacancies(): void {
    this.#vacancies = undefined
  }

  /** Whether a device for which a place is reserved now can be sent to at once. Asks for so many at a time. */
  hasVacancy(wanted: number): boolean {
    this.#vacancies ??= this.dispatcher.vacancies(wanted, this.isExpress)
    return this.#vacancies > 0
  }

  /** A place is reserved for a device that goes this way. */
  promise(): void {
    this.dispatcher.promise(1)
    if (this.#vacancies !== undefined) this.#vacancies -= 1
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
    for (let index = this.#next; index < this.#next + count; index += 1) {
      this.#source.taken(this.#tickets[index] as number)
    }
    this.#forget(count)
  }

  #forget(count: number): void {
    this.#next += count
    if (this.#next < this.#tickets.length) return
    this.#tickets.length = 0
    this.#tokens.length = 0
    this.#next = 0
  }

  /** Takes back everything that the provider has not taken. */
  withdraw(): readonly number[] {
    const tickets = this.#tickets.slice(this.#next)
    this.#forget(tickets.length)
    return tickets
  }

  settle(ticket: number, outcome: Outcome): void {
    if (this.#source.settled(ticket, outcome, this)) this.dispatcher.returned()
  }

  room(): void {
    this.dispatcher.room()
  }
}
