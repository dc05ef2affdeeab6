import { asDate, type Clock } from "../runtime/clock.ts"
import { STATUS_CODES } from "../runtime/node-http.ts"
import { type ClientStream, type PlainRequest, PlainRequests } from "./plain-request.ts"

/**
 * Answers plain requests without node:http, which costs more than everything else that a registration needs (ADR 21).
 * node:http keeps the connection: its timeouts, its limits, its end, and every request that is not plain. This lane only
 * looks at bytes before node:http's parser does, and keeps from it those of requests that it answers itself.
 */

/** Looks at a plain request: returns what begins to answer it, or undefined to leave it to node:http. */
export type PlainHandler = (request: PlainRequest) => ((answer: PlainAnswer) => void) | undefined

/** To be called once. `fields`: header lines, each with its line end, besides those of every answer of node:http. */
export type PlainAnswer = (status: number, fields: string, body: string) => void

/** What the lane must ask and tell whoever keeps the connection. */
export interface PlainGate {
  /** Whether the next request may be answered here: nothing of an earlier one is left to do, and nothing ends. */
  isOpen(): boolean
  began(): void
  ended(request: PlainRequest, status: number): void
}

export interface PlainLaneOptions {
  readonly clock: Clock
  readonly keepAliveMs: number
  readonly handle: PlainHandler
}

export class PlainLane {
  readonly requests = new PlainRequests()
  readonly handle: PlainHandler
  readonly #clock: Clock
  readonly #keepAlive: string
  #commonFields = ""
  #commonFieldsUntil = 0

  constructor(options: PlainLaneOptions) {
    this.handle = options.handle
    this.#clock = options.clock
    this.#keepAlive = `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(options.keepAliveMs / 1000)}\r\n`
  }

  /** Comes between a connection and node:http, which listens to it already. Returns how it withdraws, for good. */
  attach(stream: ClientStream, gate: PlainGate): () => void {
    const listeners = stream.listeners("data")
    // A Node that takes its bytes another way does without this lane.
    if (listeners.length !== 1) return () => {}
    const parse = listeners[0] as (chunk: Buffer) => void
    const connection = new PlainConnection(stream, gate, parse, this)
    stream.on("data", connection.take)
    stream.off("data", parse)
    return () => {
      stream.off("data", connection.take)
      connection.withdraw()
    }
  }

  /** What node:http adds to each answer by itself. */
  commonFields(): string {
    const now = this.#clock.now()
    if (now >= this.#commonFieldsUntil || now < this.#commonFieldsUntil - 1000) {
      this.#commonFieldsUntil = now - (now % 1000) + 1000
      this.#commonFields = `date: ${asDate(now).toUTCString()}\r\n${this.#keepAlive}`
    }
    return this.#commonFields
  }
}

class PlainConnection {
  readonly #stream: ClientStream
  readonly #gate: PlainGate
  readonly #parse: (chunk: Buffer) => void
  readonly #lane: PlainLane
  /** Whether node:http's parser is between two messages: everything that it was given was one plain request or another. */
  #isBetweenMessages = true
  /** node:http starts the clock of a connection at once and stops it only after a first request. */
  #isFirst = true
  #isWithdrawn = false
  #isAnswering = false
  /** What came behind the request that is being answered. */
  #behind: Buffer | undefined

  constructor(stream: ClientStream, gate: PlainGate, parse: (chunk: Buffer) => void, lane: PlainLane) {
    this.#stream = stream
    this.#gate = gate
    this.#parse = parse
    this.#lane = lane
  }

  withdraw(): void {
    this.#isWithdrawn = true
  }

  readonly take = (chunk: Buffer): void => {
    if (this.#isAnswering) {
      this.#stream.pause()
      this.#behind = this.#behind === undefined ? chunk : Buffer.concat([this.#behind, chunk])
      return
    }
    if (this.#isBetweenMessages) {
      const request = this.#lane.requests.recognise(chunk, this.#stream)
      if (request === undefined) this.#isBetweenMessages = false
      else if (this.#isFirst) this.#isFirst = false
      else if (this.#gate.isOpen() && this.#answer(request)) return
    }
    this.#parse(chunk)
  }

  #answer(request: PlainRequest): boolean {
    const begin = this.#lane.handle(request)
    if (begin === undefined) return false
    this.#isAnswering = true
    this.#gate.began()
    begin((status, fields, body) => {
      this.#write(status, fields, body)
      this.#isAnswering = false
      this.#gate.ended(request, status)
      this.#goOn()
    })
    return true
  }

  #write(status: number, fields: string, body: string): void {
    if (!this.#stream.writable) return
    const length = Buffer.byteLength(body)
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields}${this.#lane.commonFields()}`
    // Plain ASCII, as nearly always: written without being encoded.
    const encoding = length === body.length ? "latin1" : "utf8"
    this.#stream.write(`${head}content-length: ${length}\r\n\r\n${body}`, encoding)
  }

  #goOn(): void {
    const chunk = this.#behind
    if (chunk === undefined) return
    this.#behind = undefined
    this.#stream.resume()
    if (!this.#isWithdrawn && !this.#stream.destroyed) this.take(chunk)
  }
}
