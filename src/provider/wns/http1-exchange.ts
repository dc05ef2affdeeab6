import type { ClientRequest, IncomingMessage } from "node:http"
import type { Socket } from "node:net"
import { type Answer, BODY_BYTES_MAX, type Silence } from "../http2/client.ts"

export interface ExchangeEvents {
  /** An address that may be connected to. */
  isAllowed(address: string | undefined): boolean
  /** Called exactly once; `isConnected` tells whether the request could have been written at all. */
  ended(exchange: Http1Exchange, silence: Silence | undefined): void
}

/** One request and its answer on HTTP/1.1, and how far it got: what was never written was never processed. */
export class Http1Exchange implements Answer {
  readonly ticket: number
  readonly origin: string
  readonly startedAt: number
  readonly connection = 0
  status = 0
  elapsedMs = 0
  isConnected = false
  isComplete = false
  readonly #request: ClientRequest
  readonly #events: ExchangeEvents
  readonly #monotonic: () => number
  #response: IncomingMessage | undefined
  #chunks: Buffer[] = []
  #bytes = 0
  #isEnded = false

  constructor(
    ticket: number,
    origin: string,
    request: ClientRequest,
    events: ExchangeEvents,
    monotonic: () => number,
  ) {
    this.ticket = ticket
    this.origin = origin
    this.#request = request
    this.#events = events
    this.#monotonic = monotonic
    this.startedAt = monotonic()
    request.on("socket", (socket) => this.#watch(socket))
    request.on("response", (response) => this.#read(response))
    request.on("error", (error: NodeJS.ErrnoException) => this.#end(this.#silenceOf(error)))
    request.on("close", () => this.#end({ processed: "unknown", reason: "connection closed" }))
  }

  get reasonPhrase(): string {
    return this.#response?.statusMessage ?? ""
  }

  get body(): string {
    return Buffer.concat(this.#chunks).toString("utf8")
  }

  header(name: string): string | undefined {
    const value = this.#response?.headers[name]
    return typeof value === "string" ? value : undefined
  }

  /** Gives the request up. */
  abandon(reason: string): void {
    this.#end({
      processed: this.isConnected ? "unknown" : "not_processed",
      reason: this.isConnected ? reason : `no connection: ${reason}`,
    })
    this.#request.destroy()
  }

  #watch(socket: Socket): void {
    if (this.#request.reusedSocket) {
      this.isConnected = true
      return
    }
    // Connected, and with TLS the peer proved its name: from here on bytes of the request may leave.
    const isTls = "encrypted" in socket
    socket.once(isTls ? "secureConnect" : "connect", () => {
      this.isConnected = true
    })
    socket.once("connect", () => {
      if (!this.#events.isAllowed(socket.remoteAddress)) this.abandon("FORBIDDEN_ADDRESS")
    })
  }

  #read(response: IncomingMessage): void {
    this.#response = response
    this.status = response.statusCode ?? 0
    this.elapsedMs = this.#monotonic() - this.startedAt
    response.on("data", (chunk: Buffer) => {
      const space = BODY_BYTES_MAX - this.#bytes
      this.#chunks.push(chunk.subarray(0, space))
      this.#bytes += Math.min(space, chunk.length)
      if (chunk.length > space) this.abandon("answer too large")
    })
    response.on("end", () => {
      this.isComplete = response.complete
      this.#end(undefined)
    })
    response.on("error", () => this.#end(undefined))
    response.on("close", () => this.#end(undefined))
  }

  /**
   * A write that fails was not taken over by the kernel in full, and a request that is not there in full is not
   * processed. A reset or an end while reading is silence about a request that may have been: also on a connection that
   * was kept alive and that the peer was just closing.
   */
  #silenceOf(error: NodeJS.ErrnoException): Silence {
    const code = error.code ?? error.name
    if (!this.isConnected) return { processed: "not_processed", reason: `no connection: ${code}` }
    if (error.syscall === "write") return { processed: "not_processed", reason: `write ${code}` }
    return { processed: "unknown", reason: code }
  }

  #end(silence: Silence | undefined): void {
    // With a status in hand, what becomes of the rest of the answer is its own affair.
    if (this.#isEnded || (silence !== undefined && this.#mayStillEnd())) return
    this.#isEnded = true
    this.#events.ended(this, this.status === 0 ? silence : undefined)
  }

  /** The request can close before the response that ended with its connection has been read to its end. */
  #mayStillEnd(): boolean {
    return this.#response !== undefined && !this.#response.destroyed && !this.#response.readableEnded
  }
}
