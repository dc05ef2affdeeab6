import { backOffMs } from "../back-off.ts"
import { Sweeper } from "../sweeper.ts"
import {
  type AnswerSink,
  type ClientOptions,
  type ClientTimings,
  DEFAULT_TIMINGS,
  type Outage,
  type RequestClient,
  type RequestTemplate,
} from "./client.ts"
import type { ConnectionLife } from "./connection-life.ts"

/** What the pool is told by a connection. */
export interface ConnectionEvents {
  /** Ready, or the peer allows more streams. */
  changed(): void
  /** It takes no more requests, for a reason that is not ours. Comes at most once, before `gone`. */
  lost(connection: PooledConnection, reason: string): void
  /** Closed, and all its requests are settled. */
  gone(connection: PooledConnection): void
}

export interface PooledConnection {
  readonly id: number
  readonly life: ConnectionLife
  /** How many requests it takes now. */
  room(): number
  /** Writes a request; throws when nothing was written. `now` is monotonic. */
  send(template: RequestTemplate, variable: string, ticket: number, now: number): void
  /** Nothing new; closes when the last answer is in. */
  retire(): void
  /** Gives the connection up: what is in flight may have been processed. */
  destroy(reason: string): void
  /** Time-outs and pings; called about once a second. */
  sweep(now: number): void
}

export interface ConnectionParts {
  readonly id: number
  readonly options: ClientOptions
  readonly timings: ClientTimings
  readonly sink: AnswerSink
  readonly events: ConnectionEvents
}

export type OpenConnection = (parts: ConnectionParts) => PooledConnection

/** The longest timer that the clock takes (design D10). */
const TIMER_MS_MAX = 30_000

/** The request port over a pool of connections to one origin: when one is opened, how often, and which carries what. */
export class ClientPool implements RequestClient {
  readonly #openConnection: OpenConnection
  readonly #options: ClientOptions
  readonly #timings: ClientTimings
  readonly #sink: AnswerSink
  readonly #connections: PooledConnection[] = []
  /** Requests that could not be written although there seemed to be room; settled in the next turn. */
  readonly #unsent: number[] = []
  #nextId = 1
  #turn = 0
  #failures = 0
  #retryAt = 0
  #outageReason = "no connection"
  readonly #sweeper: Sweeper
  #stopWaiting: (() => void) | undefined
  #isClosing = false
  #onEmpty: (() => void) | undefined

  constructor(openConnection: OpenConnection, options: ClientOptions, sink: AnswerSink) {
    this.#openConnection = openConnection
    this.#options = options
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings }
    this.#sink = sink
    const { requestMs, connectMs, silentPingMs, pingAnswerMs } = this.#timings
    const shortestMs = Math.min(requestMs, connectMs, silentPingMs, pingAnswerMs)
    this.#sweeper = new Sweeper(options.clock, shortestMs, (now) => {
      for (const connection of [...this.#connections]) connection.sweep(now)
      return this.#connections.length > 0
    })
  }

  room(wanted: number): number {
    if (this.#isClosing) return 0
    let free = 0
    for (const connection of this.#connections) free += connection.room()
    if (free < wanted) this.#grow()
    return Math.min(free, wanted)
  }

  outage(): Outage | undefined {
    if (this.#connections.some((connection) => connection.life.isUsable)) return undefined
    const afterMs = this.#retryAt - this.#now()
    if (afterMs <= 0) return undefined
    this.#announceEndOfOutage(afterMs)
    return { reason: this.#outageReason, afterMs: Math.ceil(afterMs) }
  }

  submit(template: RequestTemplate, variables: readonly string[], tickets: readonly number[]): void {
    const now = this.#now()
    let next = 0
    for (let visited = 0; visited < this.#connections.length && next < tickets.length; visited += 1) {
      const connection = this.#connections[(this.#turn + visited) % this.#connections.length]
      const end = Math.min(tickets.length, next + (connection?.room() ?? 0))
      for (; next < end; next += 1) this.#send(connection, template, variables[next], tickets[next], now)
    }
    this.#turn += 1
    for (; next < tickets.length; next += 1)
      this.#send(undefined, template, variables[next], tickets[next], now)
  }

  retire(connection: number | "all"): void {
    const retiring = this.#connections.filter(
      ({ id, life }) => (connection === "all" || id === connection) && life.isUsable,
    )
    for (const each of retiring) each.retire()
    // Retiring one connection after the other must not become rapid reconnecting (providers.md 2.3).
    if (connection !== "all" && retiring.length > 0) this.#spaceConnects()
  }

  async close(signal: AbortSignal): Promise<void> {
    this.#isClosing = true
    this.#stopWaiting?.()
    if (this.#connections.length > 0) {
      const empty = new Promise<void>((resolve) => {
        this.#onEmpty = resolve
      })
      const giveUp = () => {
        for (const connection of [...this.#connections]) connection.destroy("closed before the answer")
      }
      signal.addEventListener("abort", giveUp, { once: true })
      for (const connection of [...this.#connections]) connection.retire()
      if (signal.aborted) giveUp()
      await empty
      signal.removeEventListener("abort", giveUp)
    }
    this.#sweeper.stop()
  }

  #now(): number {
    return this.#options.clock.monotonic()
  }

  #send(
    connection: PooledConnection | undefined,
    template: RequestTemplate,
    variable: string | undefined,
    ticket: number | undefined,
    now: number,
  ): void {
    if (variable === undefined || ticket === undefined)
      throw new RangeError("variables and tickets differ in length")
    try {
      if (connection === undefined) throw new RangeError("more requests than there is room for")
      connection.send(template, variable, ticket, now)
    } catch (error) {
      // Refused before anything was written.
      this.#options.log.error({ origin: this.#options.origin, err: error }, "a push could not be written")
      this.#unsent.push(ticket)
      if (this.#unsent.length === 1) setImmediate(() => this.#settleUnsent())
    }
  }

  #settleUnsent(): void {
    for (const ticket of this.#unsent.splice(0)) {
      this.#sink.unanswered(ticket, { processed: "not_processed", reason: "never sent" })
    }
  }

  #grow(): void {
    const usable = this.#connections.filter((connection) => connection.life.isUsable)
    if (
      usable.length >= this.#options.connectionsMax ||
      usable.some((connection) => connection.life.isUnproven)
    )
      return
    if (this.#now() < this.#retryAt) return
    const connection = this.#openConnection({
      id: this.#nextId,
      options: this.#options,
      timings: this.#timings,
      sink: this.#sink,
      events: {
        changed: () => this.#changed(),
        lost: (lost, reason) => this.#lost(lost, reason),
        gone: (gone) => this.#gone(gone),
      },
    })
    this.#nextId += 1
    this.#connections.push(connection)
    this.#sweeper.start()
  }

  #changed(): void {
    if (!this.#isClosing) this.#sink.changed()
  }

  #lost(connection: PooledConnection, reason: string): void {
    this.#options.log.info({ origin: this.#options.origin, reason }, "a connection ended")
    this.#outageReason = `no connection: ${reason}`
    if (connection.life.hasAnswered) {
      this.#failures = 0
      this.#spaceConnects(connection.life.openedAt)
    } else {
      this.#backOff()
    }
    this.#changed()
  }

  #gone(connection: PooledConnection): void {
    this.#connections.splice(this.#connections.indexOf(connection), 1)
    if (this.#connections.length === 0) this.#onEmpty?.()
    this.#changed()
  }

  #backOff(): void {
    const range = { minMs: this.#timings.reconnectMinMs, maxMs: this.#timings.reconnectMaxMs }
    this.#failures += 1
    const delay = backOffMs(this.#failures, range, this.#options.random)
    this.#retryAt = Math.max(this.#retryAt, this.#now() + delay)
  }

  /** At most one new connection per `reconnectMinMs` in place of one that was lost. */
  #spaceConnects(openedAt = this.#now()): void {
    this.#retryAt = Math.max(this.#retryAt, openedAt + this.#timings.reconnectMinMs)
  }

  #announceEndOfOutage(afterMs: number): void {
    if (this.#stopWaiting !== undefined || this.#isClosing) return
    this.#stopWaiting = this.#options.clock.after(Math.min(afterMs, TIMER_MS_MAX), () => {
      this.#stopWaiting = undefined
      this.#changed()
    })
  }
}
