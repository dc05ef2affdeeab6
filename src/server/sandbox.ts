import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { Sandbox } from "../service/services.ts"
import { openSimulators, type Simulators } from "../simulator/simulator.ts"

/** The bundled simulators in this process, and what the services may know of them. */
export interface OpenSandbox extends AsyncDisposable {
  readonly simulators: Simulators
  readonly service: Sandbox
}

export async function openSandbox(surroundings: {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}): Promise<OpenSandbox> {
  const simulators = await openSimulators(surroundings)
  return {
    simulators,
    service: {
      journal: ({ token, since, limit }) => ({
        entries: simulators.journal.read({
          limit,
          ...(token === undefined ? {} : { token }),
          ...(since === undefined ? {} : { since }),
        }),
        totals: simulators.counters(),
      }),
    },
    [Symbol.asyncDispose]: () => simulators.close(),
  }
}
