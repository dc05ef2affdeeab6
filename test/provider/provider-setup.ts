import type { ProviderSetup } from "../../src/provider/push-protocol.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { LOOPBACK_TLS } from "./loopback-tls.ts"

/** Time moves faster than a peer can answer a ping: the tests of the clients have pings of their own. */
const NO_PINGS = { silentPingMs: 1e9, idlePingMs: 1e9, pingAnswerMs: 1e9 }

export function providerSetup(
  origin: string,
  inFlightMax?: number,
): ProviderSetup & { readonly clock: FakeClock } {
  return {
    origin,
    ca: LOOPBACK_TLS.cert,
    clock: new FakeClock(),
    random: seededRandom(7),
    log: silentLog,
    timings: NO_PINGS,
    ...(inFlightMax === undefined ? {} : { inFlightMax }),
  }
}
