import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import { type ControlServer, openControlServer } from "../simulator/control-server.ts"
import { openSimulators, type Simulators } from "../simulator/simulator.ts"
import { errorCode, StartError } from "./start-error.ts"

/** The simulators of the providers on their own, steered over HTTP: `belfry simulate`. */
export interface Simulation
  extends AsyncDisposable,
    Pick<Simulators, "origins" | "caCertificatePem" | "credentials"> {
  readonly controlOrigin: string
}

/** `port` for the control server and the four after it for the providers; undefined takes free ones. */
export async function openSimulation(
  port: number | undefined,
  surroundings: { readonly clock: Clock; readonly random: Random },
): Promise<Simulation> {
  const ports =
    port === undefined ? {} : { apns: port + 1, apnsSandbox: port + 2, fcm: port + 3, wns: port + 4 }
  await using opened = new AsyncDisposableStack()
  try {
    const simulators = opened.use(await openSimulators({ ...surroundings, ports }))
    const control = opened.use(await openControlServer(simulators, surroundings.clock, port ?? 0))
    return described(simulators, control, opened.move())
  } catch (error) {
    throw portsFault(error, port ?? 0)
  }
}

const PORT_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use",
  EACCES: "needs more rights than this user has",
}

function portsFault(error: unknown, port: number): unknown {
  const fault = PORT_FAULTS[errorCode(error)]
  if (fault === undefined) return error
  return new StartError(
    `One of the ports ${port} to ${port + 4} ${fault}. Choose others with --port, or leave it out.`,
    { cause: error },
  )
}

function described(
  { origins, caCertificatePem, credentials }: Simulators,
  control: ControlServer,
  owned: AsyncDisposableStack,
): Simulation {
  return {
    controlOrigin: control.origin,
    origins,
    caCertificatePem,
    credentials,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
