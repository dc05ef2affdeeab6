import type { RequestOptions } from "node:http"
import { Agent as HttpsAgent, request as requestHttps } from "node:https"
import type { LookupFunction } from "node:net"
import type { Clock } from "../../runtime/clock.ts"
import { Agent as HttpAgent, request as requestHttp } from "../../runtime/node-http.ts"
import type { Random } from "../../runtime/random.ts"
import { backOffMs } from "../back-off.ts"
import {
  type AnswerSink,
  type ClientTimings,
  DEFAULT_TIMINGS,
  HEADER_BYTES_MAX,
  type Outage,
  type RequestClient,
  type RequestTemplate,
  type Silence,
} from "../http2/client.ts"
import { Sweeper } from "../sweeper.ts"
import { type ExchangeEvents, Http1Exchange } from "./http1-exchange.ts"

export interface Http1ClientOptions {
  readonly inFlightMax: number
  readonly ca?: string | undefined
  /** Set when all requests go to one origin: its outage is then the outage of the client. */
  readonly onlyOrigin?: string | undefined
  readonly lookup?: LookupFunction | undefined
  /** Asked for the peer's address at every connect. */
  readonly isAllowed: (address: string | undefined) => boolean
  readonly timings?: Partial<ClientTimings> | undefined
  readonly clock: Clock
  readonly random: Random
}

/** Idle connections are closed by us rather than by the peer, so that a push seldom meets a closing one. */
const FREE_SOCKET_MS = 20_000
/** Of origins that could not be reached. */
const BACK_OFFS_MAX = 1_000

interface BackOff {
  readonly failures: number
  readonly retryAt: number
  readonly reason: string
}

/**
 * The request port on HTTP/1.1 with connections that are kept alive; the variable of a template is an absolute URL.
 * Every request has a Content-Length, none is chunked, pipelined or redirected (providers.md 3.2).
 */
export class Http1Client implements RequestClient, ExchangeEvents {
  readonly #options: Http1ClientOptions
  readonly #timings: ClientTimings
  readonly #sink: AnswerSink
  readonly #agents: { readonly http: InstanceType<typeof HttpAgent>; readonly https: HttpsAgent }
  readonly #inFlight = new Set<Http1Exchange>()
  readonly #backOffs = new Map<string, BackOff>()
  readonly #sweeper: Sweeper
  #stopWaiting: (() => void) | undefined
  /** A connection was made: more than one request at a time will find one, too. */
  #isProven = false
  #isClosing = false
  #onEmpty: (() => void) | undefined

  constructor(options: Http1ClientOptions, sink: AnswerSink) {
    this.#options = options
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings }
    this.#sink = sink
    const { requestMs, connectMs } = this.#timings
    this.#sweeper = new Sweeper(options.clock, Math.min(requestMs, connectMs), (now) => this.#sweep(now))
    const shared = {
      keepAlive: true,
      maxSockets: options.inFlightMax,
      // Between two bursts all of them are free: were fewer kept, each burst would connect anew.
      maxFreeSockets: options.inFlightMax,
      timeout: FREE_SOCKET_MS,
    }
    const tls = options.ca === undefined ? shared : { ...shared, ca: options.ca }
    this.#agents = { http: new HttpAgent(shared), https: new HttpsAgent(tls) }
  }

  room(wanted: number): number {
    if (this.#isClosing) return 0
    const most = this.#isProven ? this.#options.inFlightMax : 1
    return Math.max(0, Math.min(wanted, most - this.#inFlight.size))
  }

  outage(): Outage | undefined {
    const backOff = this.#backOffs.get(this.#options.onlyOrigin ?? "")
    if (backOff === undefined) return undefined
    const afterMs = Math.ceil(backOff.retryAt - this.#options.clock.monotonic())
    if (afterMs <= 0) return undefined
    this.#announceEndOfOutage(afterMs)
    return { reason: backOff.reason, afterMs }
  }

  submit(template: RequestTemplate, variables: readonly string[], tickets: readonly number[]): void {
    if (template.kind !== "path") throw new TypeError("HTTP/1.1 pushes carry their address in the URL")
    const headers: Record<string, string | number> = { "content-length": template.body.length }
    for (const { name, value } of template.headers) headers[name] = value
    for (const [index, ticket] of tickets.entries()) {
      const url = new URL(template.pathPrefix + variables[index])
      const refusal = this.#backOffOf(url.origin)
      if (refusal === undefined) this.#send(url, headers, template.body, ticket)
      else setImmediate(() => this.#sink.unanswered(ticket, refusal))
    }
    this.#sweeper.start()
  }

  /** Nothing is known of a connection that would make it worse than another. */
  retire(): void {}

  async close(signal: AbortSignal): Promise<void> {
    this.#isClosing = true
    this.#stopWaiting?.()
    if (this.#inFlight.size > 0) {
      const empty = new Promise<void>((resolve) => {
        this.#onEmpty = resolve
      })
      const giveUp = () => this.#abandonAll()
      signal.addEventListener("abort", giveUp, { once: true })
      if (signal.aborted) giveUp()
      await empty
      signal.removeEventListener("abort", giveUp)
    }
    this.#sweeper.stop()
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  isAllowed(address: string | undefined): boolean {
    return this.#options.isAllowed(address)
  }

  ended(exchange: Http1Exchange, silence: Silence | undefined): void {
    this.#inFlight.delete(exchange)
    this.#isProven = exchange.isConnected || (this.#isProven && this.#options.onlyOrigin === undefined)
    if (exchange.isConnected) this.#backOffs.delete(exchange.origin)
    else this.#backOff(exchange.origin, silence?.reason ?? "no connection")
    if (silence === undefined) this.#sink.answered(exchange.ticket, exchange)
    else this.#sink.unanswered(exchange.ticket, silence)
    if (this.#inFlight.size === 0) this.#onEmpty?.()
  }

  #send(url: URL, headers: Record<string, string | number>, body: Buffer, ticket: number): void {
    const isTls = url.protocol === "https:"
    const options: RequestOptions = {
      method: "POST",
      agent: isTls ? this.#agents.https : this.#agents.http,
      headers,
      maxHeaderSize: HEADER_BYTES_MAX,
      ...(this.#options.lookup === undefined ? {} : { lookup: this.#options.lookup }),
    }
    const request = isTls ? requestHttps(url, options) : requestHttp(url, options)
    const exchange = new Http1Exchange(ticket, url.origin, request, this, () =>
      this.#options.clock.monotonic(),
    )
    this.#inFlight.add(exchange)
    request.end(body)
  }

  #backOffOf(origin: string): Silence | undefined {
    const backOff = this.#backOffs.get(origin)
    const afterMs = Math.ceil((backOff?.retryAt ?? 0) - this.#options.clock.monotonic())
    if (backOff === undefined || afterMs <= 0) return undefined
    return { processed: "not_processed", reason: backOff.reason, afterMs }
  }

  #backOff(origin: string, reason: string): void {
    const now = this.#options.clock.monotonic()
    const known = this.#backOffs.get(origin)
    // The others that failed to connect at the same time tell nothing new.
    if (known !== undefined && now < known.retryAt) return
    const failures = (known?.failures ?? 0) + 1
    const range = { minMs: this.#timings.reconnectMinMs, maxMs: this.#timings.reconnectMaxMs }
    const delay = backOffMs(failures, range, this.#options.random)
    if (this.#backOffs.size >= BACK_OFFS_MAX) this.#backOffs.clear()
    this.#backOffs.set(origin, { failures, retryAt: now + delay, reason })
  }

  #announceEndOfOutage(afterMs: number): void {
    if (this.#stopWaiting !== undefined || this.#isClosing) return
    this.#stopWaiting = this.#options.clock.after(Math.min(afterMs, TIMER_MS_MAX), () => {
      this.#stopWaiting = undefined
      this.#sink.changed()
    })
  }

  #abandonAll(): void {
    for (const exchange of [...this.#inFlight]) exchange.abandon("closed before the answer")
  }

  #sweep(now: number): boolean {
    for (const exchange of [...this.#inFlight]) {
      const age = now - exchange.startedAt
      if (age >= this.#timings.requestMs) exchange.abandon("request time-out")
      else if (!exchange.isConnected && age >= this.#timings.connectMs) exchange.abandon("connect time-out")
    }
    return this.#inFlight.size > 0
  }
}

/** The longest timer that the clock takes (design D10). */
const TIMER_MS_MAX = 30_000
