import type { Socket } from "node:net"
import { TLSSocket } from "node:tls"
import { AnswerHeaders } from "./answer-headers.ts"
import {
  type AnswerSink,
  BODY_BYTES_MAX,
  type ClientOptions,
  type ClientTimings,
  HEADER_BYTES_MAX,
  type RequestTemplate,
  type Silence,
} from "./client.ts"
import type { ConnectionEvents, ConnectionParts, PooledConnection } from "./client-pool.ts"
import { ConnectionLife } from "./connection-life.ts"
import { FrameReader } from "./frame-reader.ts"
import { type ExchangeHome, FramedExchange } from "./framed-exchange.ts"
import {
  FLAG,
  goawayFrame,
  openingFrames,
  pingFrame,
  rstStreamFrame,
  SETTINGS_ACK,
  WINDOW_INITIAL,
  WINDOW_MAX,
  windowUpdateFrame,
} from "./frames.ts"
import { HpackEncoder } from "./hpack-encoder.ts"
import { IncomingFrames, type PayloadPart, type PeerMessages } from "./incoming-frames.ts"
import { Liveness } from "./liveness.ts"
import { openSocket } from "./open-socket.ts"
import { Outbox } from "./outbox.ts"
import { PeerSettings } from "./peer-settings.ts"
import { ERROR, type ErrorCode, ProtocolFault } from "./protocol-fault.ts"
import { RequestWriter } from "./request-writer.ts"
import { WaitingBodies } from "./waiting-bodies.ts"

/** Odd numbers up to 2^31 - 1 exist; a connection ends long before. */
export const STREAM_ID_MAX = 2 ** 30
/** What the peer may send of all answers together before we say that we have read it. */
const RECEIVE_WINDOW = 2 ** 20
/** Nothing more is given to a connection whose peer has so much still to read. */
const UNREAD_BYTES_MAX = 2 ** 20
/** A peer that makes us answer (pings, settings) and does not read the answers. */
const UNREAD_BYTES_LIMIT = 2 ** 24

/** One HTTP/2 connection (RFC 9113), the client's side, made for many small requests of few kinds. */
export class FramedConnection implements PooledConnection, PeerMessages, ExchangeHome {
  readonly id: number
  readonly life: ConnectionLife
  readonly answerHeaders: readonly string[]
  readonly bodyBytesMax: number
  readonly #options: ClientOptions
  readonly #timings: ClientTimings
  readonly #sink: AnswerSink
  readonly #events: ConnectionEvents
  readonly #streamIdMax: number
  readonly #socket: Socket
  readonly #outbox: Outbox
  readonly #reader: FrameReader
  readonly #headers: AnswerHeaders
  readonly #peer: PeerSettings
  readonly #writer: RequestWriter
  readonly #liveness: Liveness
  /** By stream, the oldest first. */
  readonly #inFlight = new Map<number, FramedExchange>()
  readonly #waiting: WaitingBodies
  #isListening = true
  #nextStream = 1
  /** Bytes of answers that count against the window of the connection. */
  #unreturned = 0
  #drainedAt: number | undefined
  /** Of the bytes that are being read. */
  #now: number

  constructor({ id, options, timings, sink, events }: ConnectionParts, streamIdMax: number) {
    this.id = id
    this.#options = options
    this.#timings = timings
    this.#sink = sink
    this.#events = events
    this.#streamIdMax = streamIdMax
    this.answerHeaders = options.answerHeaders
    this.bodyBytesMax = options.bodyBytesMax ?? BODY_BYTES_MAX
    this.life = new ConnectionLife(options, (reason) => events.lost(this, reason))
    this.#now = this.life.openedAt
    const url = new URL(options.origin)
    this.#socket = openSocket(url, options.ca)
    this.#outbox = new Outbox(this.#socket)
    const headerBytesMax = options.headerBytesMax ?? HEADER_BYTES_MAX
    this.#headers = new AnswerHeaders(options.answerHeaders, headerBytesMax)
    this.#reader = new FrameReader(new IncomingFrames(this, this.#headers, headerBytesMax))
    const encoder = new HpackEncoder()
    this.#peer = new PeerSettings((bytes) => encoder.resize(bytes))
    const address = { scheme: url.protocol.slice(0, -1), authority: url.host }
    this.#writer = new RequestWriter(this.#outbox, encoder, this.#peer, address)
    this.#waiting = new WaitingBodies(this.#writer)
    this.#liveness = new Liveness(timings, this.life.openedAt, (payload) =>
      this.#outbox.write(pingFrame(payload, 0)),
    )
    this.#listen(headerBytesMax)
  }

  get isListening(): boolean {
    return this.#isListening
  }

  room(): number {
    if (!this.life.isReady || this.#liveness.isSuspect || this.#isBlocked) return 0
    const streams = Math.min(this.life.streamsMax, this.#peer.maxConcurrentStreams)
    return Math.max(0, streams - this.#inFlight.size - this.#liveness.cancelled)
  }

  send(template: RequestTemplate, variable: string, ticket: number, now: number): void {
    const stream = this.#nextStream
    this.#nextStream += 2
    const exchange = new FramedExchange(ticket, stream, this, now)
    this.#inFlight.set(stream, exchange)
    exchange.waitingBody = this.#writer.write(template, variable, stream)
    if (exchange.waitingBody !== undefined) this.#waiting.add(exchange)
    if (this.#nextStream > this.#streamIdMax) this.retire()
  }

  retire(): void {
    if (this.life.retire()) this.#closeWhenDrained()
  }

  destroy(reason: string): void {
    if (this.life.isClosed) return
    this.life.lose(reason)
    this.#isListening = false
    this.#outbox.close()
    this.#socket.destroy()
  }

  sweep(now: number): void {
    if (this.life.isConnecting) {
      if (now - this.life.openedAt >= this.#timings.connectMs) this.destroy("connect time-out")
      return
    }
    let oldest: FramedExchange | undefined
    for (const exchange of this.#inFlight.values()) {
      oldest = exchange
      if (now - exchange.startedAt < this.#timings.requestMs) break
      this.#cancel(exchange, { processed: "unknown", reason: "request time-out" })
      oldest = undefined
    }
    if (this.life.isReady && !this.#liveness.check(now, oldest?.startedAt)) {
      this.destroy("ping time-out")
    }
    const isStuck = this.#drainedAt !== undefined && now - this.#drainedAt >= this.#timings.pingAnswerMs
    if (isStuck) this.#socket.destroy()
  }

  headers(stream: number, isEnd: boolean): void {
    const exchange = this.#exchange(stream)
    if (exchange === undefined) return
    const { status, fault } = this.#headers
    const isFinal = exchange.status === 0 && status >= 200
    // Before the headers there may be interim ones; after them only trailers, which are the end.
    const isInOrder = exchange.status === 0 ? isFinal || (status >= 100 && !isEnd) : isEnd
    if (fault !== undefined || !isInOrder) {
      this.#reject(exchange, fault ?? "malformed headers")
      return
    }
    if (isFinal) this.#answer(exchange, status)
    if (isEnd) this.#end(exchange)
  }

  data(stream: number, isEnd: boolean, { bytes, start, end }: PayloadPart, flowBytes: number): void {
    this.#received(flowBytes)
    const exchange = this.#exchange(stream)
    if (exchange === undefined) return
    if (exchange.status === 0) this.#reject(exchange, "a body without headers")
    else if (exchange.take(bytes, start, end)) {
      if (isEnd) this.#end(exchange)
    } else if (isEnd) this.#finish(exchange)
    else this.#cancel(exchange)
  }

  reset(stream: number, code: number): void {
    const exchange = this.#exchange(stream)
    if (exchange === undefined) return
    const isRefused = code === ERROR.refusedStream
    this.#finish(
      exchange,
      isRefused
        ? { processed: "not_processed", reason: "REFUSED_STREAM" }
        : { processed: "unknown", reason: `RST_STREAM ${code}` },
    )
  }

  settings({ bytes, start, end }: PayloadPart): void {
    const before = this.#peer.initialWindowSize
    this.#peer.apply(bytes, start, end)
    this.#waiting.shift(this.#peer.initialWindowSize - before)
    this.#reply(SETTINGS_ACK)
    this.life.begin()
    this.#waiting.continue()
    this.#events.changed()
  }

  ping(payload: Buffer, isAnswer: boolean): void {
    if (!isAnswer) this.#reply(pingFrame(payload, FLAG.ack))
    else if (this.#liveness.answered(payload, this.#now)) this.#events.changed()
  }

  goaway(lastStream: number, code: number, debug: string): void {
    const { log, origin } = this.#options
    log.info({ origin, code, lastStream, debug }, "the peer closes a connection")
    const reason = `GOAWAY ${code}`
    this.life.lose(reason)
    for (const exchange of [...this.#inFlight.values()]) {
      if (exchange.stream > lastStream) this.#finish(exchange, { processed: "not_processed", reason })
      // With an error the peer closes at once; its answers, if any, would come too late.
      else if (code !== ERROR.none) this.#finish(exchange, { processed: "unknown", reason })
    }
    this.#closeWhenDrained()
  }

  windowUpdate(stream: number, bytes: number): void {
    if (stream !== 0) {
      const exchange = this.#exchange(stream)
      if (exchange !== undefined) this.#widen(exchange, bytes)
      return
    }
    if (bytes === 0) throw new ProtocolFault(ERROR.protocol, "a window is widened by nothing")
    const wasBlocked = this.#writer.isBlocked
    this.#writer.widen(bytes)
    this.#waiting.continue()
    if (wasBlocked && !this.#writer.isBlocked) this.#events.changed()
  }

  /** The bodies that wait, or what the peer has not read yet, leave no room for more. */
  get #isBlocked(): boolean {
    return this.#writer.isBlocked || this.#outbox.waiting > UNREAD_BYTES_MAX
  }

  #listen(headerBytesMax: number): void {
    const socket = this.#socket
    socket.setNoDelay(true)
    socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", () => {
      if (socket instanceof TLSSocket && socket.alpnProtocol !== "h2") this.destroy("no HTTP/2")
    })
    socket.on("data", (chunk: Buffer) => this.#read(chunk))
    socket.on("drain", () => this.#events.changed())
    socket.on("end", () => this.destroy(this.life.lostReason))
    socket.on("error", (error: NodeJS.ErrnoException) => this.life.suspect(error))
    socket.on("close", () => this.#onClose())
    // Goes out as soon as the connection is made.
    const streamWindow = Math.max(WINDOW_INITIAL, 2 * this.bodyBytesMax)
    this.#outbox.write(openingFrames({ streamWindow, window: RECEIVE_WINDOW, headerBytesMax }))
  }

  #read(chunk: Buffer): void {
    if (!this.#isListening) return
    this.#now = this.#options.clock.monotonic()
    this.#liveness.heard(this.#now)
    try {
      this.#reader.push(chunk)
    } catch (error) {
      if (!(error instanceof ProtocolFault)) throw error
      this.#fail(error)
    }
  }

  /** The peer cannot be understood any more: what is in flight may have been processed. */
  #fail(fault: ProtocolFault): void {
    const { log, origin } = this.#options
    log.warn({ origin, fault: fault.message }, "a peer broke the protocol")
    const reason = `protocol error: ${fault.message}`
    this.life.lose(reason)
    this.#shut(fault.code)
    for (const exchange of [...this.#inFlight.values()]) this.#finish(exchange)
  }

  #onClose(): void {
    this.life.lose(this.life.lostReason)
    this.#isListening = false
    for (const exchange of [...this.#inFlight.values()]) this.#finish(exchange)
    this.life.close()
    this.#events.gone(this)
  }

  /** The request of a stream; undefined if it is settled. */
  #exchange(stream: number): FramedExchange | undefined {
    const exchange = this.#inFlight.get(stream)
    if (exchange === undefined && (stream >= this.#nextStream || stream % 2 === 0))
      throw new ProtocolFault(ERROR.protocol, "a frame on a stream that was never opened")
    return exchange
  }

  #answer(exchange: FramedExchange, status: number): void {
    exchange.status = status
    exchange.values = this.#headers.values
    exchange.contentLength = this.#headers.contentLength
    exchange.elapsedMs = this.#now - exchange.startedAt
    this.life.answered(status)
  }

  #widen(exchange: FramedExchange, bytes: number): void {
    const body = exchange.waitingBody
    if (body !== undefined) body.window += bytes
    if (bytes === 0) this.#reject(exchange, "a window is widened by nothing")
    else if (body !== undefined && body.window > WINDOW_MAX) {
      this.#reject(exchange, "the window is too large", ERROR.flowControl)
    } else if (body !== undefined) this.#waiting.continue()
  }

  /** The peer has ended the answer. */
  #end(exchange: FramedExchange): void {
    const { contentLength, bodyBytes } = exchange
    exchange.isComplete = contentLength === undefined || contentLength === bodyBytes
    // It does not want the rest of the request; the stream is open until it hears that it will not get it.
    if (exchange.waitingBody === undefined) this.#finish(exchange)
    else this.#cancel(exchange)
  }

  /** Settles an exchange once: with its answer if a status came, else with what is known about its silence. */
  #finish(exchange: FramedExchange, silence?: Silence): void {
    if (exchange.isSettled) return
    exchange.isSettled = true
    this.#inFlight.delete(exchange.stream)
    if (exchange.waitingBody !== undefined) this.#waiting.remove(exchange)
    if (exchange.status !== 0) this.#sink.answered(exchange.ticket, exchange)
    else this.#sink.unanswered(exchange.ticket, silence ?? this.#silence())
    this.#closeWhenDrained()
  }

  #silence(): Silence {
    return { processed: "unknown", reason: this.life.lostReason }
  }

  /** Nothing more is wanted of the stream. */
  #cancel(exchange: FramedExchange, silence?: Silence, code: ErrorCode = ERROR.cancel): void {
    this.#outbox.write(rstStreamFrame(exchange.stream, code))
    if (this.life.isReady) this.#liveness.cancel(this.#options.clock.monotonic())
    this.#finish(exchange, silence)
  }

  /** The answer breaks the rules in a way that concerns only its stream. */
  #reject(exchange: FramedExchange, reason: string, code: ErrorCode = ERROR.protocol): void {
    this.#cancel(exchange, { processed: "unknown", reason }, code)
  }

  /** Opens the window again when half of it is used up. That of a stream is larger than what we take of an answer. */
  #received(bytes: number): void {
    this.#unreturned += bytes
    if (this.#unreturned < RECEIVE_WINDOW / 2) return
    this.#reply(windowUpdateFrame(0, this.#unreturned))
    this.#unreturned = 0
  }

  #reply(frame: Buffer): void {
    this.#outbox.write(frame)
    if (this.#outbox.waiting > UNREAD_BYTES_LIMIT)
      throw new ProtocolFault(ERROR.enhanceYourCalm, "the peer does not read")
  }

  #closeWhenDrained(): void {
    if (this.life.isDraining && this.#inFlight.size === 0) this.#shut(ERROR.none)
  }

  #shut(code: ErrorCode): void {
    if (this.#drainedAt !== undefined) return
    this.#drainedAt = this.#options.clock.monotonic()
    this.#isListening = false
    this.#outbox.write(goawayFrame(code))
    this.#outbox.close()
    // Not to wait for the peer's end of it.
    this.#socket.destroySoon()
  }
}
