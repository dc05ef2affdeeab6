import {
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2"
import type { Socket } from "node:net"
import type { TLSSocket } from "node:tls"
import { BodyCollector } from "./body-collector.ts"
import { FrameGate, goAwayFrame } from "./frame-gate.ts"
import type {
  GoAwayNotice,
  ProviderAnswer,
  ProviderConnection,
  ProviderExchange,
  ProviderRequest,
} from "./provider-exchange.ts"

/** One HTTP/2 connection of a simulated provider: enforces the announced stream limit and hands over whole requests. */

interface Http2ConnectionOptions {
  readonly id: number
  /** Streams allowed at first. */
  readonly streamLimit: number
  /** Streams beyond an acknowledged limit before the connection ends with GOAWAY. */
  readonly overshootsMax: number
  readonly onRequest: (exchange: ProviderExchange) => void
  readonly onRefusedStream: () => void
}

// node:http2 must never enforce a limit by itself: it would end the connection instead of refusing the stream.
const NATIVE_STREAM_LIMIT = 100_000
const SETTINGS_UNDER_WAY_MAX = 1_000
const HIGHEST_STREAM_ID = 0x7fff_ffff

const SESSION_OPTIONS = {
  maxSessionMemory: 256,
  maxOutstandingSettings: SETTINGS_UNDER_WAY_MAX + 10,
  settings: { maxConcurrentStreams: NATIVE_STREAM_LIMIT, initialWindowSize: 1_048_576, enablePush: false },
}

export class Http2Connection implements ProviderConnection {
  readonly id: number
  readonly #options: Http2ConnectionOptions
  readonly #rawSocket: Socket
  readonly #gate: FrameGate
  readonly #session: ServerHttp2Session
  #streamLimit: number
  #isLimitAcknowledged = false
  #settingsUnderWay = 0
  #openStreams = 0
  #overshoots = 0
  #lastLookedAt = HIGHEST_STREAM_ID
  lastProcessedStream = 0

  constructor(tlsSocket: TLSSocket, rawSocket: Socket, options: Http2ConnectionOptions) {
    this.id = options.id
    this.#options = options
    this.#rawSocket = rawSocket
    this.#streamLimit = options.streamLimit
    this.#gate = new FrameGate(tlsSocket, options.streamLimit)
    this.#session = performServerHandshake(this.#gate, SESSION_OPTIONS)
    this.#session.once("localSettings", () => {
      this.#isLimitAcknowledged = this.#settingsUnderWay === 0
    })
    this.#session.setLocalWindowSize(16 * 1_048_576)
    this.#session.on("error", () => {})
    this.#session.on("stream", (stream, headers, _flags, rawHeaders) =>
      this.#acceptStream(stream, headers, rawHeaders as unknown as readonly string[]),
    )
  }

  setStreamLimit(limit: number): void {
    if (limit === this.#streamLimit || this.#session.destroyed) return
    if (this.#settingsUnderWay === SETTINGS_UNDER_WAY_MAX) {
      // A client that never acknowledges; node:http2 would throw at the next one.
      this.finish()
      return
    }
    this.#streamLimit = limit
    this.#isLimitAcknowledged = false
    this.#settingsUnderWay += 1
    this.#gate.showStreamLimit(limit)
    this.#session.settings({ maxConcurrentStreams: NATIVE_STREAM_LIMIT }, () => {
      this.#settingsUnderWay -= 1
      if (this.#settingsUnderWay === 0) this.#isLimitAcknowledged = true
    })
  }

  goAway(notice: GoAwayNotice): void {
    this.#lastLookedAt = Math.min(this.#lastLookedAt, notice.lastStreamId)
    // What was answered in this turn of the event loop is written by node:http2 at its end: let it go first.
    setImmediate(() => this.#gate.inject(goAwayFrame(notice.code, notice.lastStreamId, notice.opaqueData)))
  }

  blackHole(): void {
    this.#disownTheRest()
    this.#gate.fallSilent()
  }

  finish(): void {
    this.#disownTheRest()
    this.#gate.endSocket()
  }

  reset(): void {
    this.#disownTheRest()
    this.#rawSocket.resetAndDestroy()
  }

  afterFlush(callback: () => void): void {
    setImmediate(() => this.#gate.afterWrites(callback))
  }

  // Requests that were read together with the last one are still on their way up: they never happened.
  #disownTheRest(): void {
    this.#lastLookedAt = Math.min(this.#lastLookedAt, this.lastProcessedStream)
  }

  #acceptStream(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    rawHeaders: readonly string[],
  ): void {
    stream.on("error", () => {})
    this.#openStreams += 1
    stream.once("close", () => {
      this.#openStreams -= 1
    })
    const isDisowned = () => (stream.id ?? 0) > this.#lastLookedAt
    if (isDisowned()) {
      stream.resume()
    } else if (this.#openStreams > this.#streamLimit) {
      this.#refuse(stream)
    } else {
      const body = new BodyCollector(stream, () => {
        if (isDisowned() || stream.destroyed) return
        this.#options.onRequest(new Http2Exchange(this, stream, new Http2Request(headers, rawHeaders, body)))
      })
    }
  }

  #refuse(stream: ServerHttp2Stream): void {
    stream.close(constants.NGHTTP2_REFUSED_STREAM)
    this.#options.onRefusedStream()
    // Until the client has acknowledged the limit it cannot know better.
    if (!this.#isLimitAcknowledged) return
    this.#overshoots += 1
    if (this.#overshoots !== this.#options.overshootsMax) return
    this.goAway({
      code: constants.NGHTTP2_ENHANCE_YOUR_CALM,
      lastStreamId: this.lastProcessedStream,
      opaqueData: JSON.stringify({ reason: "Maximum active streams violated" }),
    })
    this.afterFlush(() => this.finish())
  }
}

class Http2Request implements ProviderRequest {
  readonly protocol = "h2"
  readonly #headers: IncomingHttpHeaders
  readonly #rawHeaders: readonly string[]
  readonly #body: BodyCollector

  constructor(headers: IncomingHttpHeaders, rawHeaders: readonly string[], body: BodyCollector) {
    this.#headers = headers
    this.#rawHeaders = rawHeaders
    this.#body = body
  }

  get method(): string {
    return this.#headers[":method"] ?? ""
  }

  get path(): string {
    return this.#headers[":path"] ?? ""
  }

  get body(): Buffer {
    return this.#body.kept
  }

  get bodyBytes(): number {
    return this.#body.bytes
  }

  header(name: string): string | undefined {
    const value = this.#headers[name]
    return Array.isArray(value) ? value.join(", ") : value
  }

  // The header object merges repetitions, the raw list does not (providers.md 5.10).
  hasRepeatedHeader(): boolean {
    return this.#rawHeaders.length > 2 * Object.keys(this.#headers).length
  }
}

class Http2Exchange implements ProviderExchange {
  readonly request: ProviderRequest
  readonly connection: Http2Connection
  readonly streamId: number
  readonly #stream: ServerHttp2Stream

  constructor(connection: Http2Connection, stream: ServerHttp2Stream, request: ProviderRequest) {
    this.connection = connection
    this.request = request
    this.streamId = stream.id ?? 0
    this.#stream = stream
  }

  isOpen(): boolean {
    return !this.#stream.destroyed && !this.#stream.closed && !this.#stream.headersSent
  }

  markProcessed(): void {
    this.connection.lastProcessedStream = Math.max(this.connection.lastProcessedStream, this.streamId)
  }

  answer(answer: ProviderAnswer): void {
    if (!this.isOpen()) return
    const headers = headersOf(answer)
    if (answer.body === "") {
      this.#stream.respond(headers, { endStream: true })
    } else {
      this.#stream.respond(headers)
      this.#stream.end(answer.body)
    }
  }

  begin(head: Pick<ProviderAnswer, "status" | "headers">): ServerHttp2Stream {
    if (this.isOpen()) this.#stream.respond(headersOf(head))
    return this.#stream
  }

  resetStream(code: number): void {
    if (!this.#stream.destroyed) this.#stream.close(code)
  }
}

// Scripted answers may be meant for both protocols; these headers do not exist in HTTP/2 (RFC 9113 8.2.2).
const HTTP1_ONLY = ["connection", "keep-alive", "transfer-encoding", "upgrade"] as const

function headersOf({ status, headers }: Pick<ProviderAnswer, "status" | "headers">): OutgoingHttpHeaders {
  const sent: OutgoingHttpHeaders = { ...headers, ":status": status }
  for (const name of HTTP1_ONLY) delete sent[name]
  return sent
}
