import { openEngine } from "../delivery/engine.ts"
import { upperCaseUuid } from "../runtime/random.ts"
import { toPushContent } from "../service/messages.ts"
import type { Attach } from "./attachment.ts"
import { CarrierPool } from "./carriers.ts"
import { openProvider } from "./providers.ts"
import type { OpenSandbox } from "./sandbox.ts"

/** How much of the time to stop the engine may use for answers; the rest is for closing connections. */
const DRAIN_MS = 6_000

/** The delivery engine on this server's store, with the providers of its credentials and the sandbox. */
export function deliveryOn(sandbox: Pick<OpenSandbox, "credential"> | undefined): Attach {
  return async (parts) => {
    const { storage, services, messageChanges, clock, random, openLog, config } = parts
    const log = openLog("delivery")
    const { http2 } = config.providers
    const surroundings = { clock, random, log: openLog("provider"), http2 }
    const carriers = new CarrierPool({
      store: storage.store,
      credentials: services.credentials,
      open: (name, input) => openProvider(name, input, surroundings),
      sandbox: sandbox?.credential,
      clock,
      log,
    })
    const engine = openEngine({
      store: storage.store,
      carriers,
      toContent: toPushContent,
      owner: upperCaseUuid(random),
      clock,
      random,
      log,
      settings: config.delivery,
    })
    messageChanges.subscribe((message) => engine.messageChanged(message.number, message.state))
    engine.start()
    return {
      figures: () => engine.figures(),
      async close(signal) {
        await engine.drain(AbortSignal.any([signal, AbortSignal.timeout(DRAIN_MS)]))
        await carriers.close(signal)
      },
    }
  }
}
