import type { IncomingMessage, ServerResponse } from "node:http"

export type BeginRequest = (request: IncomingMessage, response: ServerResponse) => void

/** The last words on a connection: written once no earlier request of it is waiting for an answer. */
export interface Farewell {
  readonly bytes: string
  /** The response that they replace, or undefined when they answer what could not become a request. */
  readonly instead: ServerResponse | undefined
}

interface WaitingRequest {
  readonly begin: () => void
  /** How many bytes the connection had brought when it came. */
  readonly cameAt: number
}

/** What is known of one connection, and whose turn it is there. */
export class Connection {
  readonly address: string | undefined
  /** Requests whose response has not closed. */
  running = 0
  /** The latest request and its response. */
  request: IncomingMessage | undefined
  response: ServerResponse | undefined
  farewell: Farewell | undefined
  /** Leaves all that comes to node:http. */
  withdrawPlainLane = (): void => {}
  readonly #waiting: WaitingRequest[] = []

  constructor(address: string | undefined) {
    this.address = address
  }

  /** How many requests wait, and about how many bytes they hold in memory: all that came since the first of them. */
  waiting(bytesRead: number): { readonly requests: number; readonly bytes: number } {
    const first = this.#waiting[0]
    return { requests: this.#waiting.length, bytes: first === undefined ? 0 : bytesRead - first.cameAt }
  }

  /** Begins the request that was received last, at once or when those before it were answered. */
  inTurn(begin: BeginRequest, request: IncomingMessage, response: ServerResponse): void {
    if (this.running <= 1) {
      begin(request, response)
      return
    }
    const beginLater = () => {
      // Its body broke while it waited: the last words are its answer.
      if (this.farewell?.instead !== response) begin(request, response)
    }
    this.#waiting.push({ begin: beginLater, cameAt: request.socket.bytesRead })
  }

  /** To be called when a request was answered. */
  beginNext(): void {
    this.#waiting.shift()?.begin()
  }
}
