import type { OpenClient } from "./client.ts"
import { ClientPool } from "./client-pool.ts"
import { FramedConnection, STREAM_ID_MAX } from "./framed-connection.ts"

/** The request port on HTTP/2 frames of our own (design D7, ADR 12). */
export const openFramedClient: OpenClient = framedClient(STREAM_ID_MAX)

/** The same with connections that end after the stream of that number. */
export function framedClient(streamIdMax: number): OpenClient {
  return (options, sink) => new ClientPool((parts) => new FramedConnection(parts, streamIdMax), options, sink)
}
