import { once } from "node:events"
import type { IncomingMessage, ServerResponse } from "node:http"
import { DomainError } from "../domain/errors.ts"
import type { Principal } from "../policy/principal.ts"
import type { Services } from "../service/services.ts"
import { ANSWER_HEADERS } from "./connections.ts"
import type { RawReply, RouteRequest } from "./route.ts"
import { sessionTokenOf } from "./session-cookie.ts"

/** What a handler is given, and how an answer that is not JSON is written. */

export interface RouteCallParts {
  readonly services: Services
  readonly principal: Principal | undefined
  readonly address: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly stopSignal: AbortSignal
  /** Aborts when the caller is not known any more; only where somebody looks. */
  readonly revoked?: AbortSignal | undefined
}

export class RouteCall implements RouteRequest {
  readonly services: Services
  readonly address: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly #parts: RouteCallParts
  #signal: AbortSignal | undefined

  constructor(parts: RouteCallParts) {
    this.services = parts.services
    this.address = parts.address
    this.params = parts.params
    this.query = parts.query
    this.body = parts.body
    this.#parts = parts
  }

  /** An open route has none: to hand out any principal would grant rights to whoever asks. */
  get principal(): Principal {
    const { principal } = this.#parts
    if (principal === undefined) throw new Error("an open route has no principal")
    return principal
  }

  get headers(): Readonly<Record<string, string | undefined>> {
    // Of all headers only set-cookie is a list, and a request has none; the guard refused repeated ones.
    return this.#parts.request.headers as Readonly<Record<string, string | undefined>>
  }

  get sessionToken(): string | undefined {
    return sessionTokenOf(this.#parts.request.headers.cookie)
  }

  /** Made on demand: most handlers never wait for anything that it could cut short. */
  get signal(): AbortSignal {
    const { response, stopSignal, revoked } = this.#parts
    this.#signal ??= AbortSignal.any([stopSignal, abortedOnClose(response), ...(revoked ? [revoked] : [])])
    return this.#signal
  }
}

/** A response that waits behind another would not learn of its connection's end, but its request is not begun by then. */
function abortedOnClose(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  if (response.closed) controller.abort()
  else response.once("close", () => controller.abort())
  return controller.signal
}

/**
 * The parameters of the query of a request target. A name that is given twice is refused, because readers disagree on
 * which one counts. `+` is a space, as in forms.
 */
export function parseQuery(target: string): Readonly<Record<string, string>> {
  const query: Record<string, string> = Object.create(null)
  const start = target.indexOf("?")
  if (start < 0) return query
  for (const pair of target.slice(start + 1).split("&")) {
    if (pair === "") continue
    const [name = "", ...rest] = pair.split("=")
    const key = decodeFormText(name)
    if (key in query) {
      throw new DomainError("malformed_request", "Malformed request: a query parameter is given twice.", {
        property: key,
      })
    }
    query[key] = decodeFormText(rest.join("="))
  }
  return query
}

function decodeFormText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "))
  } catch {
    throw new DomainError("malformed_request", "Malformed request: the query is not percent-encoded UTF-8.")
  }
}

/** Writes text, or an open-ended stream of it until it ends or the signal aborts. Rejects with what the stream throws. */
export async function writeRawReply(
  reply: RawReply,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const headers = { ...ANSWER_HEADERS, ...reply.headers, "content-type": reply.contentType }
  if (typeof reply.body === "string") {
    response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(reply.body) })
    response.end(reply.body)
    return
  }
  response.writeHead(200, headers)
  response.flushHeaders()
  // Ends the answer even while the source is waiting for something that will never come.
  const end = () => response.end()
  if (signal.aborted) end()
  else signal.addEventListener("abort", end, { once: true })
  try {
    for await (const text of reply.body) {
      if (signal.aborted) return
      if (!response.write(text)) await drained(response, signal)
    }
  } finally {
    signal.removeEventListener("abort", end)
  }
  response.end()
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, "drain", { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
