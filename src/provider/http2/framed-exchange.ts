import type { Answer } from "./client.ts"

/** The connection of an exchange: what its answer needs to know of it. */
export interface ExchangeHome {
  readonly id: number
  readonly answerHeaders: readonly string[]
  readonly bodyBytesMax: number
}

/** A body, or the rest of one, that waits for the peer's windows to open. */
export interface WaitingBody {
  readonly bytes: Buffer
  sent: number
  /** May be negative (RFC 9113, 6.9.2). */
  window: number
}

/** One request and its answer: the only object per push. */
export class FramedExchange implements Answer {
  readonly ticket: number
  readonly stream: number
  readonly home: ExchangeHome
  readonly startedAt: number
  readonly reasonPhrase = ""
  status = 0
  elapsedMs = 0
  /** The peer has ended the answer as it should. */
  isComplete = false
  isSettled = false
  waitingBody: WaitingBody | undefined
  values: readonly (string | undefined)[] | undefined
  contentLength: number | undefined
  #chunks: Buffer[] | undefined
  #bodyBytes = 0

  constructor(ticket: number, stream: number, home: ExchangeHome, startedAt: number) {
    this.ticket = ticket
    this.stream = stream
    this.home = home
    this.startedAt = startedAt
  }

  get connection(): number {
    return this.home.id
  }

  get body(): string {
    return this.#chunks === undefined ? "" : Buffer.concat(this.#chunks).toString("utf8")
  }

  /** Of what was taken. */
  get bodyBytes(): number {
    return this.#bodyBytes
  }

  header(name: string): string | undefined {
    return this.values?.[this.home.answerHeaders.indexOf(name)]
  }

  /** Takes a part of the body, up to its limit. False: there was more than that. */
  take(bytes: Buffer, start: number, end: number): boolean {
    const taken = Math.min(end - start, this.home.bodyBytesMax - this.#bodyBytes)
    if (taken > 0) {
      this.#chunks ??= []
      // A copy: the bytes are the socket's.
      this.#chunks.push(Buffer.from(bytes.subarray(start, start + taken)))
      this.#bodyBytes += taken
    }
    return taken === end - start
  }
}
