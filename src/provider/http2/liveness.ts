import type { ClientTimings } from "./client.ts"
import { PING_BYTES } from "./frames.ts"

/** Whether the peer is still there: when it was heard, and what it owes us. Times are monotonic milliseconds. */
export class Liveness {
  readonly #timings: ClientTimings
  readonly #sendPing: (payload: Buffer) => void
  #heardAt: number
  #pingSentAt: number | undefined
  #pings = 0
  #isSuspect = false
  /** Streams given up that the peer may still count, and how many of them it will have heard of when it answers. */
  #cancelled = 0
  #knownCancelled = 0

  constructor(timings: ClientTimings, now: number, sendPing: (payload: Buffer) => void) {
    this.#timings = timings
    this.#heardAt = now
    this.#sendPing = sendPing
  }

  /** It has been silent for so long that nothing more should be given to it. */
  get isSuspect(): boolean {
    return this.#isSuspect
  }

  get cancelled(): number {
    return this.#cancelled
  }

  heard(now: number): void {
    this.#heardAt = now
  }

  /** The answer to a ping comes after the peer has read of the cancellation: only then is the place of the stream free. */
  cancel(now: number): void {
    this.#cancelled += 1
    this.#ping(now)
  }

  /** `owedSince`: when the oldest request in flight was sent. False: the peer is a black hole. */
  check(now: number, owedSince: number | undefined): boolean {
    if (this.#pingSentAt !== undefined) return now - this.#pingSentAt < this.#timings.pingAnswerMs
    const patience = owedSince === undefined ? this.#timings.idlePingMs : this.#timings.silentPingMs
    if (now - Math.max(this.#heardAt, owedSince ?? 0) < patience) return true
    this.#isSuspect = owedSince !== undefined
    this.#ping(now)
    return true
  }

  /** Takes the payload of a ping's answer. False: it is not the answer to our ping. */
  answered(payload: Buffer, now: number): boolean {
    if (this.#pingSentAt === undefined || payload.readDoubleBE() !== this.#pings) return false
    this.#pingSentAt = undefined
    this.#isSuspect = false
    this.#cancelled -= this.#knownCancelled
    if (this.#cancelled > 0) this.#ping(now)
    return true
  }

  #ping(now: number): void {
    if (this.#pingSentAt !== undefined) return
    this.#pingSentAt = now
    this.#pings += 1
    this.#knownCancelled = this.#cancelled
    const payload = Buffer.allocUnsafe(PING_BYTES)
    payload.writeDoubleBE(this.#pings)
    this.#sendPing(payload)
  }
}
