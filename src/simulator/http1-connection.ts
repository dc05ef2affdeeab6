import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { BodyCollector } from "./body-collector.ts"
import type {
  ProviderAnswer,
  ProviderConnection,
  ProviderExchange,
  ProviderRequest,
} from "./provider-exchange.ts"

/** One HTTP/1.1 connection of a simulated provider, over the TLS socket that node:http serves. */
export class Http1Connection implements ProviderConnection {
  readonly id: number
  readonly lastProcessedStream = 0
  readonly #tlsSocket: Socket
  readonly #rawSocket: Socket
  #isSilent = false

  constructor(id: number, tlsSocket: Socket, rawSocket: Socket) {
    this.id = id
    this.#tlsSocket = tlsSocket
    this.#rawSocket = rawSocket
  }

  get isSilent(): boolean {
    return this.#isSilent
  }

  setStreamLimit(): void {}

  goAway(): void {
    this.afterFlush(() => this.finish())
  }

  blackHole(): void {
    this.#isSilent = true
  }

  finish(): void {
    this.#tlsSocket.end()
  }

  reset(): void {
    this.#rawSocket.resetAndDestroy()
  }

  afterFlush(callback: () => void): void {
    setImmediate(() => {
      if (this.#tlsSocket.writableLength === 0) callback()
      else this.#tlsSocket.once("drain", callback)
    })
  }
}

export function receiveHttp1Request(
  connection: Http1Connection,
  message: IncomingMessage,
  response: ServerResponse,
  onRequest: (exchange: ProviderExchange) => void,
): void {
  response.on("error", () => {})
  const body = new BodyCollector(message, () => {
    if (connection.isSilent) return
    onRequest(new Http1Exchange(connection, response, new Http1Request(message, body)))
  })
}

class Http1Request implements ProviderRequest {
  readonly protocol = "http/1.1"
  readonly #message: IncomingMessage
  readonly #body: BodyCollector

  constructor(message: IncomingMessage, body: BodyCollector) {
    this.#message = message
    this.#body = body
  }

  get method(): string {
    return this.#message.method ?? ""
  }

  get path(): string {
    return this.#message.url ?? ""
  }

  get body(): Buffer {
    return this.#body.kept
  }

  get bodyBytes(): number {
    return this.#body.bytes
  }

  header(name: string): string | undefined {
    const value = this.#message.headers[name]
    return Array.isArray(value) ? value.join(", ") : value
  }

  hasRepeatedHeader(): boolean {
    return this.#message.rawHeaders.length > 2 * Object.keys(this.#message.headers).length
  }
}

class Http1Exchange implements ProviderExchange {
  readonly request: ProviderRequest
  readonly connection: Http1Connection
  readonly streamId = 0
  readonly #response: ServerResponse

  constructor(connection: Http1Connection, response: ServerResponse, request: ProviderRequest) {
    this.connection = connection
    this.request = request
    this.#response = response
  }

  isOpen(): boolean {
    return !this.#response.headersSent && !this.#response.destroyed
  }

  markProcessed(): void {}

  answer(answer: ProviderAnswer): void {
    if (!this.isOpen()) return
    const length = { "content-length": String(Buffer.byteLength(answer.body)) }
    this.#writeHead(answer, { ...length, ...answer.headers })
    this.#response.end(answer.body)
  }

  begin(head: Pick<ProviderAnswer, "status" | "statusText" | "headers">): ServerResponse {
    if (this.isOpen()) {
      this.#writeHead(head, head.headers)
      this.#response.flushHeaders()
    }
    return this.#response
  }

  resetStream(): void {
    this.connection.reset()
  }

  #writeHead(
    head: Pick<ProviderAnswer, "status" | "statusText">,
    headers: Readonly<Record<string, string>>,
  ): void {
    if (head.statusText === undefined) this.#response.writeHead(head.status, headers)
    else this.#response.writeHead(head.status, head.statusText, headers)
  }
}
