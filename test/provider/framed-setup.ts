import type { ClientOptions, RequestTemplate } from "../../src/provider/http2/client.ts"
import { openFramedClient } from "../../src/provider/http2/framed-client.ts"
import { ClientHarness } from "./client-harness.ts"
import type { RawFrame, RawPeer } from "./raw-peer.ts"

/** Frame types of RFC 9113, 6. */
export const DATA = 0
export const HEADERS = 1
export const RST_STREAM = 3
export const SETTINGS = 4
export const PING = 6
export const GOAWAY = 7
export const WINDOW_UPDATE = 8
export const CONTINUATION = 9

/** Our own client against the peer. */
export function open(peer: RawPeer, options: Partial<ClientOptions> = {}): ClientHarness {
  return new ClientHarness(openFramedClient, peer.origin, options)
}

export const bodyTemplate = (bytes: number): RequestTemplate & { kind: "path" } => ({
  kind: "path",
  headers: [],
  pathPrefix: "/",
  body: Buffer.from(Array.from({ length: bytes }, (_, index) => index % 251)),
})

/** The parts of a body as they come, until its end. */
export async function bodyFrames(peer: RawPeer): Promise<RawFrame[]> {
  const parts: RawFrame[] = []
  do parts.push(await peer.next(DATA))
  while (((parts.at(-1) as RawFrame).flags & 1) === 0)
  return parts
}

export const joined = (parts: readonly RawFrame[]) => Buffer.concat(parts.map(({ payload }) => payload))
