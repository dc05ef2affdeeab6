import type { ClientHarness } from "./client-harness.ts"
import type { ArrivedRequest, ScriptedHttp2Server } from "./scripted-http2-server.ts"

/** Submits requests, lets the test deal with them when all have arrived, and waits for what became of them. */
export async function outcomesOf(
  harness: ClientHarness,
  server: ScriptedHttp2Server,
  count: number,
  deal: (requests: ArrivedRequest[], session: ArrivedRequest["session"]) => void,
) {
  await harness.ready(count)
  const tickets = harness.submit(count)
  const requests = await server.requests.take(count)
  deal(requests, requests[0]?.session as ArrivedRequest["session"])
  return harness.results(tickets)
}
