import type { IncomingMessage, Server, ServerResponse } from "node:http"
import { type AddressInfo, Server as NetServer, type Socket } from "node:net"
import type { Duplex } from "node:stream"
import { DomainError } from "../domain/errors.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import { createServer, STATUS_CODES } from "../runtime/node-http.ts"
import { type BeginRequest, Connection, type Farewell } from "./connection.ts"
import { ConnectionsPerAddress } from "./connections-per-address.ts"
import type { ErrorReply } from "./errors.ts"
import { InFlight } from "./in-flight.ts"
import { type PlainHandler, PlainLane } from "./plain-lane.ts"
import type { RequestHead } from "./plain-request.ts"
import { HEADERS_KEPT } from "./request-guard.ts"

/**
 * The node:http server and what it owes each connection: limits in number and time, exactly one answer per request
 * whatever arrives, and an orderly end. Knows nothing of routes.
 */

/** How many connections, and how slow they may be (reliability.md 2.6). Times in milliseconds. */
export interface ConnectionLimits {
  /** Open at once; more are refused by closing them. Defaults to 20 000. */
  readonly connectionsMax: number
  /** Open at once from one address or IPv6 network; more are answered `too_many_requests`. Defaults to 1000. */
  readonly connectionsPerAddressMax: number
  /** Addresses without a cap of their own, as a reverse proxy needs. Defaults to the loopback addresses. */
  readonly uncappedAddresses: readonly string[]
  /** From the first byte of a request, or from the connection, to the end of its headers. Defaults to 5000. */
  readonly headersTimeoutMs: number
  /** From the first byte of a request to the end of its body. Defaults to 15 000. */
  readonly requestTimeoutMs: number
  /** How often the two timeouts are looked at, so by how much they may be exceeded. Defaults to 1000. */
  readonly timeoutCheckMs: number
  /** Between two requests of one connection. Defaults to 60 000. */
  readonly keepAliveMs: number
  /** How long a refused client may go on sending before its connection is cut. Defaults to 1000. */
  readonly lingerMs: number
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  connectionsMax: 20_000,
  connectionsPerAddressMax: 1000,
  uncappedAddresses: ["127.0.0.1", "::1"],
  headersTimeoutMs: 5000,
  requestTimeoutMs: 15_000,
  timeoutCheckMs: 1000,
  keepAliveMs: 60_000,
  lingerMs: 1000,
}

const HEADER_BYTES_MAX = 16_384
/** Requests of one connection that wait for those before them, whoever sent them: 2 KB of memory each, and what they bring. */
const WAITING_MAX = 100
const WAITING_BYTES_MAX = 262_144

/** Headers of every answer; the content type is that of all JSON answers. */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
}

export interface ConnectionsOptions {
  readonly limits: ConnectionLimits
  readonly clock: Clock
  readonly log: Log
  /** Turns a fault into an answer (http/errors.ts). */
  readonly reply: (error: unknown) => ErrorReply
  /** Takes each request that may still be answered. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** Gets each plain request before node:http does, while its connection is free. */
  readonly handlePlain?: PlainHandler | undefined
  /** Counts each answer; without a request it is one to bytes that never became any. */
  readonly answered?: ((request: RequestHead | undefined, status: number) => void) | undefined
}

export class Connections {
  readonly server: Server
  /** Requests being answered; handlers that outlive their client register here too. */
  readonly inFlight = new InFlight()
  readonly #options: ConnectionsOptions
  readonly #byStream = new WeakMap<Duplex, Connection>()
  readonly #perAddress: ConnectionsPerAddress
  readonly #stop = new AbortController()
  readonly #onResponseClose: (this: ServerResponse) => void
  readonly #plainLane: PlainLane | undefined
  #ended: Promise<void> | undefined
  #dropLoggedAt = Number.NEGATIVE_INFINITY

  constructor(options: ConnectionsOptions) {
    this.#options = options
    const { clock, handlePlain, limits } = options
    this.#perAddress = new ConnectionsPerAddress(limits.connectionsPerAddressMax, limits.uncappedAddresses)
    this.#plainLane =
      handlePlain && new PlainLane({ clock, keepAliveMs: limits.keepAliveMs, handle: handlePlain })
    const receive = (request: IncomingMessage, response: ServerResponse) => this.#receive(request, response)
    this.server = hardenedServer(options.limits, receive)
    this.server.on("connection", (socket: Socket) => this.#connected(socket))
    this.server.on("drop", () => this.#logDrop("connectionsMax"))
    this.server.on("checkContinue", receive)
    this.server.on("checkExpectation", receive)
    this.server.on("connect", (request, stream) => {
      stream.on("error", () => stream.destroy())
      // node:http has let go of it: its parser may be that of another connection by now.
      this.#byStream.get(stream)?.withdrawPlainLane()
      const fault = new DomainError(
        "malformed_request",
        `Malformed request: ${request.method} is not served.`,
      )
      this.#end(stream, fault, undefined)
    })
    const connections = this
    this.#onResponseClose = function (this: ServerResponse) {
      if (this.headersSent) options.answered?.(this.req, this.statusCode)
      connections.#answered(this.req.socket)
    }
  }

  /** Aborts when the server begins to stop. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal
  }

  listen(host: string, port: number): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject)
      this.server.listen({ host, port }, () => {
        this.server.off("error", reject)
        resolve(this.server.address() as AddressInfo)
      })
    })
  }

  /**
   * Answers a request with an error, and with headers besides those of the error; ends its connection, and reads
   * nothing more from it as a request.
   */
  refuse(
    request: IncomingMessage,
    response: ServerResponse,
    error: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    request.resume()
    this.#end(request.socket, error, response, headers)
  }

  /**
   * Begins a request when those that its client sent before it on the same connection were answered: what it asks for may
   * depend on what they do (RFC 9112 9.3.2), and node:http keeps no order but that of the answers.
   */
  inTurn(begin: BeginRequest, request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#byStream.get(request.socket)
    if (connection === undefined) return
    const { requests, bytes } = connection.waiting(request.socket.bytesRead)
    if (requests < WAITING_MAX && bytes < WAITING_BYTES_MAX) {
      connection.inTurn(begin, request, response)
      return
    }
    const isFull = requests >= WAITING_MAX
    const limit = isFull ? WAITING_MAX : WAITING_BYTES_MAX
    const message = `${limit} ${isFull ? "requests" : "bytes"} wait on this connection already; read the answers first.`
    const details = { limit, retryAfterMs: 1000 }
    this.refuse(request, response, new DomainError("too_many_requests", message, details))
  }

  /** For the server's `clientError` event: what node:http could not parse, or waited for in vain. */
  readonly parsingFailed = (error: NodeJS.ErrnoException, stream: Duplex): void => {
    const connection = this.#byStream.get(stream)
    const fault = parserFault(error)
    if (connection === undefined || fault === undefined) {
      stream.destroy()
      return
    }
    // Already ending: what was written last must still get out.
    if (connection.farewell !== undefined || stream.writableEnded) return
    // More after a request with `Connection: close`: no request, and the answer under way is the last one anyway.
    if (error.code === "HPE_CLOSED_CONNECTION" && connection.running > 0) return
    // An error within a body belongs to the request that is under way; any other to one that never came to be.
    const isInBody = connection.request !== undefined && !connection.request.complete
    const instead = isInBody ? connection.response : undefined
    if (instead?.closed === true) stream.destroy()
    else this.#end(stream, fault, instead)
  }

  /**
   * Takes no further connection, answers `unavailable` to further requests of open ones, waits for the running ones
   * until the signal aborts, and cuts what is left.
   */
  async close(signal: AbortSignal): Promise<void> {
    this.#ended ??= this.#beginStop()
    await this.inFlight.drained(signal)
    this.server.closeAllConnections()
    // Ends the interval that looks for timeouts.
    this.server.close()
    await this.#ended
  }

  /** Resolves when the last connection has ended. */
  #beginStop(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      if (!this.server.listening) resolve()
      else this.server.once("close", resolve)
    })
    // net.Server's own close: that of http.Server would cut idle connections on which a request may be arriving.
    NetServer.prototype.close.call(this.server)
    this.#stop.abort()
    return ended
  }

  #connected(socket: Duplex & { readonly remoteAddress?: string | undefined }): void {
    const { limits } = this.#options
    const connection = new Connection(socket.remoteAddress)
    this.#byStream.set(socket, connection)
    socket.once("close", () => this.#disconnected(connection))
    this.#attachPlainLane(socket, connection)
    if (this.#perAddress.enter(connection.address)) return
    this.#logDrop("connectionsPerAddressMax")
    const fault = new DomainError(
      "too_many_requests",
      `This address has ${limits.connectionsPerAddressMax} connections open already.`,
      { limit: limits.connectionsPerAddressMax, retryAfterMs: 1000 },
    )
    this.#end(socket, fault, undefined)
  }

  #attachPlainLane(stream: Duplex, connection: Connection): void {
    if (this.#plainLane === undefined) return
    connection.withdrawPlainLane = this.#plainLane.attach(stream, {
      isOpen: () => {
        const isIdle = connection.running === 0 && (connection.request?.complete ?? true)
        const isEnding = connection.farewell !== undefined || this.#stop.signal.aborted
        return isIdle && !isEnding && stream.writable && stream.writableLength === 0
      },
      began: () => {
        connection.running++
        this.inFlight.enter()
      },
      ended: (request, status) => {
        this.#options.answered?.(request, status)
        this.#answered(stream)
      },
    })
  }

  #disconnected(connection: Connection): void {
    // node:http emits no `close` for responses that were queued behind another one: settle all at once.
    this.inFlight.leave(connection.running)
    connection.running = Number.NEGATIVE_INFINITY
    this.#perAddress.leave(connection.address)
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#byStream.get(request.socket)
    if (connection === undefined || connection.farewell !== undefined) {
      // Behind a request that was refused, nothing counts as a request.
      request.resume()
      return
    }
    connection.running++
    connection.request = request
    connection.response = response
    this.inFlight.enter()
    response.on("close", this.#onResponseClose)
    if (this.#stop.signal.aborted) {
      const fault = new DomainError("unavailable", "The server is stopping.", { retryAfterMs: 1000 })
      this.refuse(request, response, fault)
    } else this.#options.handle(request, response)
  }

  #answered(stream: Duplex): void {
    const connection = this.#byStream.get(stream)
    if (connection === undefined || connection.running <= 0) return
    connection.running--
    this.inFlight.leave(1)
    connection.beginNext()
    if (connection.farewell !== undefined) this.#speakWhenDue(stream, connection, connection.farewell)
  }

  #end(
    stream: Duplex,
    error: unknown,
    instead: ServerResponse | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const connection = this.#byStream.get(stream)
    if (connection === undefined || connection.farewell !== undefined) return
    const reply = this.#options.reply(error)
    if (instead?.headersSent !== true) this.#options.answered?.(instead?.req, reply.status)
    const headOnly = connection.request?.method === "HEAD" && instead !== undefined
    const bytes = answerBytes({ ...reply, headers: { ...headers, ...reply.headers } }, headOnly)
    connection.farewell = { bytes, instead }
    this.#speakWhenDue(stream, connection, connection.farewell)
  }

  #speakWhenDue(stream: Duplex, connection: Connection, { bytes, instead }: Farewell): void {
    const ownTurn = instead === undefined || instead.closed ? 0 : 1
    if (connection.running > ownTurn) return
    // A response that has begun cannot be replaced, only cut short; a second answer must never follow it.
    if (instead !== undefined && !instead.closed && instead.headersSent) {
      stream.destroy()
      return
    }
    if (instead?.headersSent === true || !stream.writable) stream.end()
    else stream.end(bytes, "latin1")
    this.#linger(stream)
  }

  /** Closing at once would reset the connection while the client still sends, and the answer would be lost. */
  #linger(stream: Duplex): void {
    stream.resume()
    const cancel = this.#options.clock.after(this.#options.limits.lingerMs, () => stream.destroy())
    stream.once("close", cancel)
  }

  #logDrop(limit: string): void {
    const now = this.#options.clock.monotonic()
    if (now - this.#dropLoggedAt < 10_000) return
    this.#dropLoggedAt = now
    this.#options.log.warn({ limit }, "refusing connections: a limit is reached")
  }
}

function hardenedServer(
  limits: ConnectionLimits,
  receive: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.timeoutCheckMs,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: HEADER_BYTES_MAX,
      insecureHTTPParser: false,
      // The guard demands Host, in the envelope of every other error; node:http would answer without a body.
      requireHostHeader: false,
      noDelay: true,
      // Finds clients that vanished while an event stream was open.
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
    },
    receive,
  )
  server.maxHeadersCount = HEADERS_KEPT
  server.maxConnections = limits.connectionsMax
  // No maxRequestsPerSocket: pipelined requests beyond it are answered by node:http itself, without a body.
  return server
}

const TLS_HANDSHAKE = 0x16

/** Undefined when the connection itself is broken and nothing can be said on it. */
function parserFault(
  error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer },
): DomainError | undefined {
  const code = error.code ?? ""
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new DomainError("request_timeout", "The request did not arrive completely in time.")
  }
  if (code === "HPE_HEADER_OVERFLOW") {
    // node:http does not say which of the two it was.
    const limits = `larger than ${HEADER_BYTES_MAX} bytes, or more than ${HEADERS_KEPT - 1}`
    return new DomainError("malformed_request", `The headers are ${limits}.`, {
      reason: "header_size",
      limit: HEADER_BYTES_MAX,
      headersMax: HEADERS_KEPT - 1,
    })
  }
  if (!code.startsWith("HPE_")) return undefined
  const isTls = error.rawPacket?.[0] === TLS_HANDSHAKE && code === "HPE_INVALID_METHOD"
  return new DomainError(
    "malformed_request",
    isTls ? "This port speaks HTTP; the client began with TLS." : "The request is not well-formed HTTP/1.1.",
  )
}

function answerBytes(reply: ErrorReply, headOnly: boolean): string {
  // ASCII only, so that one character is one byte.
  const body = JSON.stringify(reply.body).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
  const headers = {
    ...ANSWER_HEADERS,
    ...reply.headers,
    "content-length": String(body.length),
    connection: "close",
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status]}\r\n${lines.join("")}\r\n${headOnly ? "" : body}`
}
