import type { OpenClient } from "./client.ts"
import { ClientPool } from "./client-pool.ts"
import { ReferenceConnection } from "./reference-connection.ts"

/** The reference implementation of the request port: node:http2. */
export const openReferenceClient: OpenClient = (options, sink) =>
  new ClientPool((parts) => new ReferenceConnection(parts), options, sink)
