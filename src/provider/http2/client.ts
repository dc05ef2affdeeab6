import type { Clock } from "../../runtime/clock.ts"
import type { Log } from "../../runtime/log.ts"
import type { Random } from "../../runtime/random.ts"

/**
 * The request port: what the providers need of HTTP, batch first. `reference-client.ts` implements it on node:http2, an
 * engine of our own can take its place behind the same contract suite (design D7); the WNS client implements it on
 * HTTP/1.1.
 *
 * Terms: a *template* is everything that the requests of a message have in common, so that an engine can encode it
 * once (cache by identity); the *variable* is the text that differs per push; a *ticket* is the caller's small integer
 * for one request in flight. A client never sends a request twice.
 */

export interface HeaderField {
  /** Lower case, no pseudo header. */
  readonly name: string
  /** Printable ASCII. */
  readonly value: string
  /** Never enters a compression table (HPACK "never indexed"). */
  readonly isSensitive?: boolean
}

/** A POST. */
export type RequestTemplate =
  /** The variable is appended to the path; APNs and WNS address a device like that. */
  | {
      readonly kind: "path"
      readonly headers: readonly HeaderField[]
      readonly pathPrefix: string
      readonly body: Buffer
    }
  /** The variable, printable ASCII, stands between the two parts of the body; FCM addresses a device like that. */
  | {
      readonly kind: "body"
      readonly headers: readonly HeaderField[]
      readonly path: string
      readonly bodyStart: Buffer
      readonly bodyEnd: Buffer
    }

/** Valid only during the call that hands it over: an engine may reuse the object. */
export interface Answer {
  readonly status: number
  /** HTTP/1.1 only; empty with HTTP/2, which has none. */
  readonly reasonPhrase: string
  /** One of the `answerHeaders` the client was opened with, by its lower-case name. */
  header(name: string): string | undefined
  /** At most `bodyBytesMax` bytes of it. */
  readonly body: string
  /** False when the body was cut: by its limit, by a time-out, or by a broken connection. */
  readonly isComplete: boolean
  /** From the submission of the request to the arrival of the status. */
  readonly elapsedMs: number
  /** Which connection carried it, for `retire`. */
  readonly connection: number
}

/** Why there is no answer. "not_processed" is certain (RFC 9113 8.7); everything else is "unknown". */
export interface Silence {
  readonly processed: "not_processed" | "unknown"
  /** One of few fixed texts, without addresses or times. */
  readonly reason: string
  /** No attempt to connect before that. */
  readonly afterMs?: number
}

/** Exactly one of the first two is called per submitted ticket, never from inside `submit`. */
export interface AnswerSink {
  answered(ticket: number, answer: Answer): void
  unanswered(ticket: number, silence: Silence): void
  /** A connection is ready, may carry more, or has failed: ask `room` and `outage` again. */
  changed(): void
}

/** No connection, and no attempt to get one before `afterMs` have passed. */
export interface Outage {
  readonly reason: string
  readonly afterMs: number
}

export interface RequestClient {
  /**
   * How many of `wanted` requests can be submitted now. Opens the first connection, or a further one when all are full;
   * `changed` tells when to ask again. (An answer makes room as well.)
   */
  room(wanted: number): number
  /** Undefined while a connection is there or being made. */
  outage(): Outage | undefined
  /**
   * Writes `tickets.length` requests at once, as many as `room` allowed. The arrays are parallel and may be reused by
   * the caller afterwards.
   */
  submit(template: RequestTemplate, variables: readonly string[], tickets: readonly number[]): void
  /** Gives the connection (or all) nothing more to carry and closes it once its answers are in. */
  retire(connection: number | "all"): void
  /** Takes no more requests, waits for the answers until the signal aborts, settles the rest as "unknown", closes. */
  close(signal: AbortSignal): Promise<void>
}

/** Times in milliseconds. Each has a default that suits the real providers; see `DEFAULT_TIMINGS`. */
export interface ClientTimings {
  /** To a usable connection: DNS, TCP, TLS and the peer's settings. */
  readonly connectMs: number
  /** From the submission to the complete answer. */
  readonly requestMs: number
  /** Requests are in flight and the peer says nothing for this long: a ping asks whether it is still there. */
  readonly silentPingMs: number
  /** Nothing is in flight and nothing was heard for this long: a ping keeps the path open and finds it dead early. */
  readonly idlePingMs: number
  /** No answer to a ping for this long: the peer is a black hole, the connection is given up. */
  readonly pingAnswerMs: number
  /** Least and most delay before the next attempt to connect, after failures. */
  readonly reconnectMinMs: number
  readonly reconnectMaxMs: number
}

/** Reconnect delays: providers.md 2.3 (Apple takes rapid reconnecting for an attack). */
export const DEFAULT_TIMINGS: ClientTimings = {
  connectMs: 10_000,
  requestMs: 15_000,
  silentPingMs: 5_000,
  idlePingMs: 60_000,
  pingAnswerMs: 5_000,
  reconnectMinMs: 1_000,
  reconnectMaxMs: 60_000,
}

export interface ClientOptions {
  /** `https://host[:port]`; `http://` (without TLS) for a loopback host. */
  readonly origin: string
  /** PEM of the authorities to trust instead of the well-known ones. */
  readonly ca?: string
  /** Lower-case names of the headers that `Answer.header` must know. */
  readonly answerHeaders: readonly string[]
  /** A connection carries a single request until one was answered with 200 (Apple's rule, providers.md 2.3). */
  readonly probesFirst: boolean
  readonly connectionsMax: number
  /** Per connection, below whatever the peer allows. */
  readonly streamsMax: number
  readonly timings?: Partial<ClientTimings>
  readonly bodyBytesMax?: number
  readonly headerBytesMax?: number
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** An answer of a provider is a few hundred bytes; more is cut (reliability.md 2.7). */
export const BODY_BYTES_MAX = 4_096
export const HEADER_BYTES_MAX = 16_384

export type OpenClient = (options: ClientOptions, sink: AnswerSink) => RequestClient
