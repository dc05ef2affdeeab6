import type { ClientOptions } from "./client.ts"

/** `draining` takes no more requests, and ends with the last answer. */
type Stage = "connecting" | "ready" | "draining" | "closed"

/** What a connection is to its pool from beginning to end, whichever way it speaks HTTP/2. */
export class ConnectionLife {
  /** By the monotonic clock. */
  readonly openedAt: number
  readonly #options: ClientOptions
  readonly #onLost: (reason: string) => void
  #stage: Stage = "connecting"
  #lostReason = "connection closed"
  #hasAnswered = false
  #hasServed = false

  /** `onLost` is told at most once that no more requests are taken, for a reason that is not ours. */
  constructor(options: ClientOptions, onLost: (reason: string) => void) {
    this.#options = options
    this.#onLost = onLost
    this.openedAt = options.clock.monotonic()
  }

  get isConnecting(): boolean {
    return this.#stage === "connecting"
  }

  get isReady(): boolean {
    return this.#stage === "ready"
  }

  get isDraining(): boolean {
    return this.#stage === "draining"
  }

  get isClosed(): boolean {
    return this.#stage === "closed"
  }

  get isUsable(): boolean {
    return this.#stage === "connecting" || this.#stage === "ready"
  }

  /** Still connecting, or not yet allowed more than its probe: opening another one would not help. */
  get isUnproven(): boolean {
    return this.#stage === "connecting" || this.#isProbing
  }

  /** It answered at least one request, in whatever way: the peer is there and speaks our protocol. */
  get hasAnswered(): boolean {
    return this.#hasAnswered
  }

  /** How many requests may be in flight, as far as we are concerned. */
  get streamsMax(): number {
    return this.#isProbing ? 1 : this.#options.streamsMax
  }

  /** The last word on why it ended. */
  get lostReason(): string {
    return this.#lostReason
  }

  /** The peer's settings are in. */
  begin(): void {
    if (this.#stage === "connecting") this.#stage = "ready"
  }

  answered(status: number): void {
    this.#hasAnswered = true
    if (status === 200) this.#hasServed = true
  }

  /** Keeps a reason for an end that may follow. */
  suspect(error: NodeJS.ErrnoException): void {
    this.#lostReason = error.code ?? error.name
  }

  /** Whether it was usable until now. */
  retire(): boolean {
    const wasUsable = this.isUsable
    if (wasUsable) this.#stage = "draining"
    return wasUsable
  }

  lose(reason: string): void {
    this.#lostReason = reason
    if (this.retire()) this.#onLost(reason)
  }

  close(): void {
    this.#stage = "closed"
  }

  get #isProbing(): boolean {
    return this.#options.probesFirst && !this.#hasServed
  }
}
