import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  sensitiveHeaders,
} from "node:http2"
import type { Socket } from "node:net"
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
import { openSocket } from "./open-socket.ts"
import { beginExchange, type Exchange, type ExchangeOwner } from "./reference-exchange.ts"

const STREAM_ID_MAX = 2 ** 30

/** Where the path stands in a raw header list. */
const PATH_AT = 7
const REQUEST_OPTIONS = { endStream: false }

/** One node:http2 session with its rules: settings first, a probe first, GOAWAY, pings, time-outs. */
export class ReferenceConnection implements PooledConnection, ExchangeOwner {
  readonly id: number
  readonly life: ConnectionLife
  readonly bodyBytesMax: number
  readonly #options: ClientOptions
  readonly #timings: ClientTimings
  readonly #sink: AnswerSink
  readonly #events: ConnectionEvents
  readonly #authority: string
  readonly #scheme: string
  readonly #socket: Socket
  readonly #session: ClientHttp2Session
  readonly #inFlight = new Set<Exchange>()
  /** Templates in the form in which node:http2 takes them quickest: one raw list, in which only the path changes. */
  readonly #rawHeaders = new WeakMap<RequestTemplate, string[]>()
  #streamsAllowed = 0
  #heardAt: number
  #drainedAt: number | undefined
  #pingSentAt: number | undefined
  #isSuspect = false
  /** Streams given up that the peer may still count. */
  #cancelled = 0
  #goawayCode: number | undefined
  #lastStreamId: number | undefined

  constructor({ id, options, timings, sink, events }: ConnectionParts) {
    this.id = id
    this.#options = options
    this.#timings = timings
    this.#sink = sink
    this.#events = events
    this.bodyBytesMax = options.bodyBytesMax ?? BODY_BYTES_MAX
    this.life = new ConnectionLife(options, (reason) => events.lost(this, reason))
    this.#heardAt = this.life.openedAt
    const url = new URL(options.origin)
    this.#authority = url.host
    this.#scheme = url.protocol.slice(0, -1)
    this.#socket = openSocket(url, options.ca)
    // The session reports its faults; one that comes after the session's end must not end the process.
    this.#socket.on("error", () => {})
    this.#session = connect(url.origin, {
      createConnection: () => this.#socket,
      settings: { enablePush: false, maxHeaderListSize: options.headerBytesMax ?? HEADER_BYTES_MAX },
      // In MB. Bounded by the streams; the default of 10 refuses the pushes of a full connection.
      maxSessionMemory: 1_000,
    })
    this.#listen()
  }

  room(): number {
    if (!this.life.isReady || this.#isSuspect) return 0
    const streams = Math.min(this.life.streamsMax, this.#streamsAllowed)
    return Math.max(0, streams - this.#inFlight.size - this.#cancelled)
  }

  send(template: RequestTemplate, variable: string, ticket: number, now: number): void {
    const headers = this.#headersOf(template)
    if (template.kind === "path") headers[PATH_AT] = template.pathPrefix + variable
    const stream = this.#session.request(headers, REQUEST_OPTIONS)
    this.#inFlight.add(beginExchange(ticket, stream, this, now))
    stream.end(template.kind === "path" ? template.body : bodyAround(template, variable))
    if ((stream.id ?? 0) > STREAM_ID_MAX) this.retire()
  }

  heard(exchange: Exchange): void {
    this.#heardAt = this.#options.clock.monotonic()
    exchange.elapsedMs = this.#heardAt - exchange.startedAt
    this.life.answered(exchange.status)
  }

  /** Settles an exchange once: with its answer if a status came, else with what is known about its silence. */
  finish(exchange: Exchange, silence?: Silence): void {
    if (exchange.isSettled) return
    exchange.isSettled = true
    this.#inFlight.delete(exchange)
    if (exchange.status !== 0) this.#sink.answered(exchange.ticket, exchange)
    else this.#sink.unanswered(exchange.ticket, silence ?? this.#silenceOf(exchange.stream))
    this.#closeWhenDrained()
  }

  retire(): void {
    if (this.life.retire()) this.#closeWhenDrained()
  }

  destroy(reason: string): void {
    if (this.life.isClosed) return
    this.life.lose(reason)
    this.#session.destroy(undefined, constants.NGHTTP2_CANCEL)
    this.#socket.destroy()
  }

  sweep(now: number): void {
    if (this.life.isConnecting) {
      if (now - this.life.openedAt >= this.#timings.connectMs) this.destroy("connect time-out")
      return
    }
    for (const exchange of this.#inFlight) {
      if (now - exchange.startedAt < this.#timings.requestMs) break
      this.cancel(exchange, { processed: "unknown", reason: "request time-out" })
    }
    if (this.life.isReady) this.#checkPeer(now)
    const isStuck = this.#drainedAt !== undefined && now - this.#drainedAt >= this.#timings.pingAnswerMs
    if (isStuck) this.#socket.destroy()
  }

  cancel(exchange: Exchange, silence?: Silence): void {
    exchange.isCut = true
    this.#cancelled += 1
    exchange.stream.close(constants.NGHTTP2_CANCEL)
    this.finish(exchange, silence)
    // Its answer comes after the peer has read of the cancellation: only then is the place of the stream free.
    if (this.life.isReady) this.#ping(this.#options.clock.monotonic())
  }

  #checkPeer(now: number): void {
    if (this.#pingSentAt !== undefined) {
      if (now - this.#pingSentAt >= this.#timings.pingAnswerMs) this.destroy("ping time-out")
      return
    }
    const patience = this.#inFlight.size > 0 ? this.#timings.silentPingMs : this.#timings.idlePingMs
    if (now - this.#silentSince() < patience) return
    this.#isSuspect = this.#inFlight.size > 0
    this.#ping(now)
  }

  #ping(now: number): void {
    if (this.#pingSentAt !== undefined || this.#session.destroyed) return
    this.#pingSentAt = now
    const known = this.#cancelled
    this.#session.ping((error) => {
      if (error) return
      this.#pingSentAt = undefined
      this.#isSuspect = false
      this.#cancelled -= known
      this.#heardAt = this.#options.clock.monotonic()
      if (this.#cancelled > 0) this.#ping(this.#heardAt)
      this.#events.changed()
    })
  }

  /** The peer owes us something only since it was last heard, or since the oldest request, whichever is later. */
  #silentSince(): number {
    for (const oldest of this.#inFlight) return Math.max(this.#heardAt, oldest.startedAt)
    return this.#heardAt
  }

  #listen(): void {
    const session = this.#session
    session.on("remoteSettings", (settings) => {
      this.#streamsAllowed = settings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY
      this.#heardAt = this.#options.clock.monotonic()
      this.life.begin()
      this.#events.changed()
    })
    session.on("goaway", (code, lastStreamId, opaqueData) => this.#onGoaway(code, lastStreamId, opaqueData))
    session.on("error", (error: NodeJS.ErrnoException) => this.life.suspect(error))
    session.on("close", () => this.#onSessionClose())
  }

  /** node:http2 closes the session itself: gently after NO_ERROR, else at once with all its streams. */
  #onGoaway(code: number, lastStreamId: number, opaqueData: Buffer | undefined): void {
    this.#goawayCode = code
    this.#lastStreamId = lastStreamId
    this.#options.log.info(
      {
        origin: this.#options.origin,
        code,
        lastStreamId,
        debug: opaqueData?.toString("latin1").slice(0, 200),
      },
      "the peer closes a connection",
    )
    this.life.lose(`GOAWAY ${code}`)
  }

  #onSessionClose(): void {
    this.life.lose(this.life.lostReason)
    // The streams settle themselves as they close; whatever node forgot must not hang.
    setImmediate(() => {
      for (const exchange of this.#inFlight) this.finish(exchange)
      this.life.close()
      this.#events.gone(this)
    })
  }

  #silenceOf(stream: ClientHttp2Stream): Silence {
    const id = stream.id
    if (id === undefined) return { processed: "not_processed", reason: "never sent" }
    if (this.#lastStreamId !== undefined && id > this.#lastStreamId) {
      return { processed: "not_processed", reason: `GOAWAY ${this.#goawayCode}` }
    }
    // A session that dies of a GOAWAY lends its streams the code of the GOAWAY, which says nothing about a stream.
    const diedOfGoaway = this.#goawayCode !== undefined && this.#goawayCode !== constants.NGHTTP2_NO_ERROR
    if (diedOfGoaway) return { processed: "unknown", reason: `GOAWAY ${this.#goawayCode}` }
    if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) {
      return { processed: "not_processed", reason: "REFUSED_STREAM" }
    }
    if (this.#session.destroyed) return { processed: "unknown", reason: this.life.lostReason }
    return { processed: "unknown", reason: `RST_STREAM ${stream.rstCode}` }
  }

  #closeWhenDrained(): void {
    if (!this.life.isDraining || this.#inFlight.size > 0) return
    this.#drainedAt ??= this.#options.clock.monotonic()
    if (this.#session.destroyed) return
    this.#session.destroy()
    // Not to wait for the peer's end of it.
    this.#socket.destroySoon()
  }

  #headersOf(template: RequestTemplate): string[] {
    const known = this.#rawHeaders.get(template)
    if (known !== undefined) return known
    const headers = [
      ":method",
      "POST",
      ":scheme",
      this.#scheme,
      ":authority",
      this.#authority,
      ":path",
      template.kind === "path" ? "" : template.path,
    ]
    for (const field of template.headers) headers.push(field.name, field.value)
    const sensitive = template.headers
      .filter((field) => field.isSensitive === true)
      .map((field) => field.name)
    Object.assign(headers, { [sensitiveHeaders]: sensitive })
    this.#rawHeaders.set(template, headers)
    return headers
  }
}

function bodyAround(template: RequestTemplate & { kind: "body" }, variable: string): Buffer {
  const { bodyStart, bodyEnd } = template
  const body = Buffer.allocUnsafe(bodyStart.length + variable.length + bodyEnd.length)
  bodyStart.copy(body, 0)
  body.write(variable, bodyStart.length, "latin1")
  bodyEnd.copy(body, bodyStart.length + variable.length)
  return body
}
