import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2"
import type { Answer } from "./client.ts"

/** The connection of an exchange, as its stream's events need it. */
export interface ExchangeOwner {
  readonly id: number
  readonly bodyBytesMax: number
  /** The status has come. */
  heard(exchange: Exchange): void
  /** Nothing more will come. */
  finish(exchange: Exchange): void
  /** Nothing more is wanted. */
  cancel(exchange: Exchange): void
}

const EXCHANGE = Symbol("exchange")

interface PushStream extends ClientHttp2Stream {
  [EXCHANGE]: Exchange
}

/** One request and its answer: the only object per push beyond what node:http2 makes. */
export class Exchange implements Answer {
  readonly ticket: number
  readonly stream: PushStream
  readonly owner: ExchangeOwner
  readonly startedAt: number
  readonly reasonPhrase = ""
  status = 0
  elapsedMs = 0
  isCut = false
  isSettled = false
  headers: IncomingHttpHeaders | undefined
  chunks: Buffer[] | undefined
  bodyBytes = 0

  constructor(ticket: number, stream: PushStream, owner: ExchangeOwner, startedAt: number) {
    this.ticket = ticket
    this.stream = stream
    this.owner = owner
    this.startedAt = startedAt
  }

  get connection(): number {
    return this.owner.id
  }

  get isComplete(): boolean {
    return !this.isCut && this.stream.rstCode === constants.NGHTTP2_NO_ERROR && this.stream.readableEnded
  }

  get body(): string {
    return this.chunks === undefined ? "" : Buffer.concat(this.chunks).toString("utf8")
  }

  header(name: string): string | undefined {
    const value = this.headers?.[name]
    return typeof value === "string" ? value : undefined
  }
}

// Shared by all streams, so that a push costs no closure; node:http2 calls them with the stream as `this`.
function onResponse(this: PushStream, headers: IncomingHttpHeaders): void {
  const exchange = this[EXCHANGE]
  exchange.status = Number(headers[":status"])
  exchange.headers = headers
  exchange.owner.heard(exchange)
}

function onData(this: PushStream, chunk: Buffer): void {
  const exchange = this[EXCHANGE]
  const space = exchange.owner.bodyBytesMax - exchange.bodyBytes
  exchange.chunks ??= []
  exchange.chunks.push(chunk.length <= space ? chunk : chunk.subarray(0, space))
  exchange.bodyBytes += Math.min(chunk.length, space)
  if (chunk.length <= space) return
  exchange.owner.cancel(exchange)
}

function onClose(this: PushStream): void {
  this[EXCHANGE].owner.finish(this[EXCHANGE])
}

// An 'error' event without a listener ends the process; 'close' always follows and says what matters.
function onStreamError(): void {}

/** Ties a request just made to its exchange. */
export function beginExchange(
  ticket: number,
  request: ClientHttp2Stream,
  owner: ExchangeOwner,
  startedAt: number,
): Exchange {
  const stream = request as PushStream
  const exchange = new Exchange(ticket, stream, owner, startedAt)
  stream[EXCHANGE] = exchange
  stream.on("response", onResponse)
  stream.on("data", onData)
  stream.on("error", onStreamError)
  stream.on("close", onClose)
  return exchange
}
