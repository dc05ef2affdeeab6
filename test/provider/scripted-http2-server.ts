import {
  createSecureServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2"
import type { AddressInfo, Socket } from "node:net"
import { Arrivals } from "./arrivals.ts"
import { LOOPBACK_TLS } from "./loopback-tls.ts"

/** A request that has arrived in full and waits for the test to say what becomes of it. */
export interface ArrivedRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Counts from 1 in the order in which the connections were made. */
  readonly connection: number
  readonly stream: ServerHttp2Stream
  readonly session: ServerHttp2Session
  respond(status: number, headers?: OutgoingHttpHeaders, body?: string): void
  reset(code: number): void
}

/** An HTTP/2 server on a loopback port that does nothing by itself: the test answers each request, or does not. */
export class ScriptedHttp2Server {
  readonly requests = new Arrivals<ArrivedRequest>()
  readonly pings = new Arrivals<number>()
  readonly sessions: ServerHttp2Session[] = []
  readonly #server
  readonly #sockets = new Set<Socket>()

  constructor(settings: Settings) {
    this.#server = createSecureServer({ ...LOOPBACK_TLS, settings })
    this.#server.on("secureConnection", (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => this.#sockets.delete(socket))
    })
    this.#server.on("session", (session) => {
      this.sessions.push(session)
      session.on("error", () => {})
      session.on("ping", () => this.pings.add(this.sessions.indexOf(session) + 1))
    })
    this.#server.on("sessionError", () => {})
    this.#server.on("stream", (stream, headers) => this.#receive(stream, headers))
  }

  get origin(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get connections(): number {
    return this.sessions.length
  }

  listen(): Promise<this> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve(this)))
  }

  /** The TCP sockets that are open now. */
  get sockets(): readonly Socket[] {
    return [...this.#sockets]
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const session of this.sessions) session.destroy()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #receive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const session = stream.session as ServerHttp2Session
    const connection = this.sessions.indexOf(session) + 1
    let body = ""
    stream.setEncoding("utf8")
    stream.on("error", () => {})
    stream.on("data", (text: string) => {
      body += text
    })
    stream.on("end", () => {
      // What ended with its connection has not arrived in full.
      if (stream.aborted || stream.destroyed) return
      this.requests.add({
        headers,
        body,
        connection,
        stream,
        session,
        respond(status, more = {}, text = "") {
          if (stream.destroyed) return
          stream.respond({ ":status": status, ...more }, { endStream: text === "" })
          if (text !== "") stream.end(text)
        },
        reset: (code) => stream.close(code),
      })
    })
  }
}

export function openHttp2Server(
  settings: Settings = { maxConcurrentStreams: 100 },
): Promise<ScriptedHttp2Server> {
  return new ScriptedHttp2Server(settings).listen()
}
