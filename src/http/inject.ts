import type { IncomingMessage, Server } from "node:http"
import { duplexPair } from "node:stream"
import { request as httpRequest } from "../runtime/node-http.ts"

/** A request in memory: it passes the server's real parser, limits and guard, but no network and no port. */

export interface InjectedRequest {
  readonly method: string
  /** The request target: path and query, percent-encoded. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is when it is text or bytes, otherwise as JSON; either way with the type application/json. */
  readonly body?: unknown
}

export interface InjectedReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  /** The body as JSON; throws when it is not. */
  json(): unknown
}

export function injectRequest(server: Server, injected: InjectedRequest): Promise<InjectedReply> {
  const [clientSide, serverSide] = duplexPair()
  server.emit("connection", serverSide)
  const body = bodyBytes(injected.body)
  const headers: Record<string, string | number> = { host: "localhost", ...injected.headers }
  if (body !== undefined) {
    headers["content-type"] ??= "application/json"
    headers["content-length"] ??= body.length
  }
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { method: injected.method, path: injected.url, headers, createConnection: () => clientSide },
      (incoming) => collect(incoming).then(resolve, reject),
    )
    outgoing.on("error", reject)
    outgoing.end(body)
  })
}

function bodyBytes(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body))
}

async function collect(incoming: IncomingMessage): Promise<InjectedReply> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString("utf8")
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers as Readonly<Record<string, string | undefined>>,
    text,
    json: () => JSON.parse(text),
  }
}
