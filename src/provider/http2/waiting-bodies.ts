import type { FramedExchange } from "./framed-exchange.ts"
import { WINDOW_MAX } from "./frames.ts"
import { ERROR, ProtocolFault } from "./protocol-fault.ts"
import type { RequestWriter } from "./request-writer.ts"

/** The requests of a connection whose bodies the windows of the peer do not let out yet, the oldest first. */
export class WaitingBodies {
  readonly #writer: RequestWriter
  readonly #exchanges = new Set<FramedExchange>()

  constructor(writer: RequestWriter) {
    this.#writer = writer
  }

  add(exchange: FramedExchange): void {
    this.#exchanges.add(exchange)
  }

  remove(exchange: FramedExchange): void {
    this.#exchanges.delete(exchange)
  }

  /** Writes what the windows allow by now. */
  continue(): void {
    for (const exchange of this.#exchanges) {
      const body = exchange.waitingBody
      if (body === undefined || !this.#writer.continue(exchange.stream, body)) continue
      exchange.waitingBody = undefined
      this.#exchanges.delete(exchange)
    }
  }

  /** The peer's initial window has changed, and with it those of the streams that are open (RFC 9113, 6.9.2). */
  shift(bytes: number): void {
    for (const { waitingBody } of this.#exchanges) {
      if (waitingBody === undefined) continue
      waitingBody.window += bytes
      if (waitingBody.window > WINDOW_MAX)
        throw new ProtocolFault(ERROR.flowControl, "the window is too large")
    }
  }
}
