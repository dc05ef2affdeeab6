import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo, Socket } from "node:net"
import { Arrivals } from "./arrivals.ts"
import { LOOPBACK_TLS } from "./loopback-tls.ts"

export interface ArrivedHttp1Request {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Counts from 1 in the order in which the connections were made. */
  readonly connection: number
  readonly socket: Socket
  respond(
    status: number,
    headers?: Readonly<Record<string, string>>,
    body?: string,
    reasonPhrase?: string,
  ): void
}

/** What a path is answered with, without the test's doing; undefined leaves it to the test. */
export type AutoReply = (request: ArrivedHttp1Request) => boolean

/** An HTTP/1.1 server with TLS on a loopback port: the test answers each request, or does not. */
export class ScriptedHttp1Server {
  readonly requests = new Arrivals<ArrivedHttp1Request>()
  readonly sockets: Socket[] = []
  readonly #server
  readonly #autoReply: AutoReply

  constructor(autoReply: AutoReply) {
    this.#autoReply = autoReply
    this.#server = createServer({ ...LOOPBACK_TLS, keepAliveTimeout: 0 }, (request, response) =>
      this.#receive(request, response),
    )
    this.#server.on("secureConnection", (socket: Socket) => {
      this.sockets.push(socket)
      socket.on("error", () => {})
    })
    this.#server.on("clientError", () => {})
  }

  get origin(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  listen(): Promise<this> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve(this)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    let body = ""
    request.setEncoding("utf8")
    request.on("error", () => {})
    request.on("data", (text: string) => {
      body += text
    })
    request.on("end", () => {
      const arrived: ArrivedHttp1Request = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body,
        connection: this.sockets.indexOf(request.socket) + 1,
        socket: request.socket,
        respond(status, headers = {}, text = "", reasonPhrase) {
          response.writeHead(status, reasonPhrase, { "content-length": Buffer.byteLength(text), ...headers })
          response.end(text)
        },
      }
      if (!this.#autoReply(arrived)) this.requests.add(arrived)
    })
  }
}

export function openHttp1Server(autoReply: AutoReply = () => false): Promise<ScriptedHttp1Server> {
  return new ScriptedHttp1Server(autoReply).listen()
}
