import type { Server as HttpServer } from "node:http"
import { createServer as createNetServer, type Server as NetServer, type Socket } from "node:net"
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from "node:tls"
import type { ProviderName } from "../domain/platform.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import { createServer as createHttpServer } from "../runtime/node-http.ts"
import type { Random } from "../runtime/random.ts"
import type { ApnsEnvironment, DeviceStates } from "./device-states.ts"
import { performFault } from "./fault-performance.ts"
import type { FaultScript } from "./faults.ts"
import { Http1Connection, receiveHttp1Request } from "./http1-connection.ts"
import { Http2Connection } from "./http2-connection.ts"
import type { Journal } from "./journal.ts"
import type { ProviderExchange, ProviderService } from "./provider-exchange.ts"
import type { ServerIdentity } from "./self-signed-certificate.ts"

/** The TLS port of one simulated provider on 127.0.0.1: accepts connections and brings whole requests to the service. */

/** What all simulated providers share. */
export interface SimulatorSurroundings {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly faults: FaultScript
  readonly identity: ServerIdentity
  readonly journal: Journal
  readonly devices: DeviceStates
}

interface ListenerOptions {
  readonly provider: ProviderName
  readonly environment?: ApnsEnvironment
  /** 0 picks a free one. */
  readonly port: number
  readonly protocols: readonly ("h2" | "http/1.1")[]
  readonly service: ProviderService
  /** HTTP/2 streams a new connection may have open. */
  readonly streamLimit: number
  /** HTTP/2 streams beyond the limit before the connection ends. */
  readonly overshootsMax: number
  /** Connections accepted per minute; more are reset. 0 means no limit. */
  readonly connectionsPerMinute: number
}

export interface ListenerCounters {
  /** TCP connections, refused ones included. */
  readonly connections: number
  readonly connectionsRefused: number
  readonly connectionsOpen: number
  /** Streams refused because of the stream limit. */
  readonly streamsRefused: number
  readonly requests: number
}

// Longer than the idle time of any client's pool, so that only scripted faults close a connection under a request.
const KEEP_ALIVE_MS = 120_000
const MINUTE_MS = 60_000

export class ProviderListener {
  readonly #options: ListenerOptions
  readonly #surroundings: SimulatorSurroundings
  readonly #netServer: NetServer
  readonly #tlsServer: TlsServer
  readonly #httpServer: HttpServer
  readonly #sockets = new Set<Socket>()
  /** The latest connection from each port of the other side: an ended one may still be open on ours. */
  readonly #byRemotePort = new Map<number | undefined, Socket>()
  readonly #http1Connections = new WeakMap<Socket, Http1Connection>()
  readonly #counts = { connections: 0, connectionsRefused: 0, streamsRefused: 0, requests: 0 }
  #lastConnectionId = 0
  #minuteStart = 0
  #connectionsThisMinute = 0

  constructor(options: ListenerOptions, surroundings: SimulatorSurroundings) {
    this.#options = options
    this.#surroundings = surroundings
    const { identity } = surroundings
    this.#netServer = createNetServer((socket) => this.#acceptSocket(socket))
    this.#tlsServer = createTlsServer(
      { key: identity.privateKeyPem, cert: identity.certificatePem, ALPNProtocols: [...options.protocols] },
      (socket) => this.#acceptTls(socket),
    )
    this.#tlsServer.on("tlsClientError", (error, socket) => {
      surroundings.log.debug({ code: (error as NodeJS.ErrnoException).code }, "a TLS handshake failed")
      socket.destroy()
    })
    this.#httpServer = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (message, response) => {
      const connection = this.#http1Connections.get(message.socket)
      if (connection !== undefined) {
        receiveHttp1Request(connection, message, response, (exchange) => this.#receive(exchange))
      }
    })
  }

  /** Rejects when the port is taken. Resolves with the origin, https://127.0.0.1:<port>. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#netServer.once("error", reject)
      this.#netServer.listen(this.#options.port, "127.0.0.1", () => {
        this.#netServer.off("error", reject)
        const address = this.#netServer.address()
        const port = typeof address === "object" ? address?.port : undefined
        resolve(`https://127.0.0.1:${port}`)
      })
    })
  }

  counters(): ListenerCounters {
    return { ...this.#counts, connectionsOpen: this.#sockets.size }
  }

  /** Closes all connections at once; resolves when the port is free. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#netServer.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #acceptSocket(socket: Socket): void {
    this.#counts.connections += 1
    socket.on("error", () => {})
    const { provider, environment } = this.#options
    const site = { provider, endpoint: "connection", ...(environment && { environment }) } as const
    const fault = this.#surroundings.faults.strike(site, () => undefined)
    if (this.#isChurning() || fault?.do === "reset") {
      this.#counts.connectionsRefused += 1
      return void socket.resetAndDestroy()
    }
    const { remotePort } = socket
    this.#sockets.add(socket)
    this.#byRemotePort.set(remotePort, socket)
    socket.once("close", () => {
      this.#sockets.delete(socket)
      // The port may belong to a new connection already.
      if (this.#byRemotePort.get(remotePort) === socket) this.#byRemotePort.delete(remotePort)
    })
    // Read to its end, or it would never close.
    if (fault?.do === "fin") return void socket.resume().end()
    if (fault?.do === "black_hole") return void socket.resume()
    socket.setNoDelay(true)
    this.#tlsServer.emit("connection", socket)
  }

  #isChurning(): boolean {
    const { connectionsPerMinute } = this.#options
    if (connectionsPerMinute === 0) return false
    const now = this.#surroundings.clock.monotonic()
    if (now - this.#minuteStart >= MINUTE_MS) {
      this.#minuteStart = now
      this.#connectionsThisMinute = 0
    }
    this.#connectionsThisMinute += 1
    return this.#connectionsThisMinute > connectionsPerMinute
  }

  #acceptTls(tlsSocket: TLSSocket): void {
    tlsSocket.on("error", () => {})
    const rawSocket = this.#byRemotePort.get(tlsSocket.remotePort)
    if (rawSocket === undefined) return void tlsSocket.destroy()
    this.#lastConnectionId += 1
    const id = this.#lastConnectionId
    const protocol = tlsSocket.alpnProtocol || "http/1.1"
    if (protocol === "h2") {
      new Http2Connection(tlsSocket, rawSocket, {
        id,
        streamLimit: this.#options.streamLimit,
        overshootsMax: this.#options.overshootsMax,
        onRequest: (exchange) => this.#receive(exchange),
        onRefusedStream: () => {
          this.#counts.streamsRefused += 1
        },
      })
    } else if (this.#options.protocols.includes("http/1.1")) {
      this.#http1Connections.set(tlsSocket, new Http1Connection(id, tlsSocket, rawSocket))
      this.#httpServer.emit("connection", tlsSocket)
    } else {
      tlsSocket.destroy()
    }
  }

  #receive(exchange: ProviderExchange): void {
    this.#counts.requests += 1
    try {
      this.#serve(exchange)
    } catch (error) {
      // A bug here must not take the server down in whose process the sandbox runs.
      this.#surroundings.log.error({ error }, "a simulated provider failed")
      exchange.answer({ status: 500, headers: {}, body: "" })
    }
  }

  #serve(exchange: ProviderExchange): void {
    const { service, provider, environment } = this.#options
    const { request } = exchange
    const endpoint = service.endpointOf(request)
    const site = { provider, endpoint, ...(environment && { environment }) }
    const fault = this.#surroundings.faults.strike(site, () => service.tokenOf(request))
    if (fault === undefined) {
      exchange.markProcessed()
      exchange.answer(service.handle(request, exchange.connection))
    } else {
      performFault(fault, exchange, { ...this.#surroundings, service })
    }
  }
}
