import type { Writable } from "node:stream"

/** One request to a simulated provider and its answer, alike for HTTP/2 and HTTP/1.1. */

export interface ProviderRequest {
  readonly protocol: "h2" | "http/1.1"
  readonly method: string
  /** With the query. */
  readonly path: string
  /** A header by its lower-case name; undefined when absent. */
  header(name: string): string | undefined
  /** True when any header came more than once. */
  hasRepeatedHeader(): boolean
  /** The body, at most its first BODY_KEPT_MAX bytes. */
  readonly body: Buffer
  /** The whole length, kept or not. */
  readonly bodyBytes: number
}

/** More than any provider accepts; the rest of a larger body is counted and thrown away. */
export const BODY_KEPT_MAX = 65_536

export interface ProviderAnswer {
  readonly status: number
  /** The reason phrase, HTTP/1.1 only. Defaults to the usual one of the status. */
  readonly statusText?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Why it was refused, for the journal; absent when it was accepted. */
  readonly reason?: string
}

/** A connection as faults and provider rules need it. All calls are harmless once it is closed. */
export interface ProviderConnection {
  readonly id: number
  /** Announces a new SETTINGS_MAX_CONCURRENT_STREAMS and enforces it. Nothing on HTTP/1.1. */
  setStreamLimit(limit: number): void
  /**
   * Sends GOAWAY after what was answered so far; streams above `lastStreamId` are never looked at. On HTTP/1.1, which
   * has no such frame, closes after the answers in progress.
   */
  goAway(notice: GoAwayNotice): void
  /** The highest stream whose push was processed; 0 on HTTP/1.1. */
  readonly lastProcessedStream: number
  /** From now on nothing is read and nothing is written, but TCP stays up. */
  blackHole(): void
  /** FIN, whatever is open. */
  finish(): void
  /** TCP RST. */
  reset(): void
  /** Calls back when everything answered so far was handed to the kernel. */
  afterFlush(callback: () => void): void
}

export interface GoAwayNotice {
  readonly code: number
  readonly lastStreamId: number
  readonly opaqueData: string
}

export interface ProviderExchange {
  readonly request: ProviderRequest
  readonly connection: ProviderConnection
  /** 0 on HTTP/1.1. */
  readonly streamId: number
  /** False once the client or a fault has ended it. */
  isOpen(): boolean
  answer(answer: ProviderAnswer): void
  /** Sends the head at once; the body follows through the stream. */
  begin(head: Pick<ProviderAnswer, "status" | "statusText" | "headers">): Writable
  /** RST_STREAM with an error code; on HTTP/1.1 closes the connection. */
  resetStream(code: number): void
  /** The push was processed: GOAWAY may no longer disown it. */
  markProcessed(): void
}

/** What a simulated provider is to the transport below it. */
export interface ProviderService {
  /** Which faults apply. Token endpoints exist for FCM and WNS only. */
  endpointOf(request: ProviderRequest): "send" | "token"
  /** The device that the request is for, if it can be told. */
  tokenOf(request: ProviderRequest): string | undefined
  /**
   * Checks the request as the provider would, journals it and answers. With `expiredAccessToken` a token endpoint hands
   * out a token that is refused from the start.
   */
  handle(
    request: ProviderRequest,
    connection: ProviderConnection,
    conduct?: { readonly expiredAccessToken?: boolean },
  ): ProviderAnswer
  /** The provider's answer for one of its reason words; used by faults. */
  answerFor(reason: string, request: ProviderRequest): ProviderAnswer
  /** Notes that a fault refused the push instead. */
  noteRefusal(request: ProviderRequest, reason: string): void
}
