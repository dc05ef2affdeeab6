import type { Clock } from "../runtime/clock.ts"

type StopSignal = "SIGTERM" | "SIGINT"

const SIGNALS: readonly StopSignal[] = ["SIGTERM", "SIGINT"]
/** npm passes on the Ctrl-C that the terminal has already given to the whole group: that is one request, not two. */
const SAME_REQUEST_MS = 500

/** What a process is asked by its signals. Disposing gives the signals their usual meaning again. */
export interface StopRequest extends Disposable {
  /** Resolves with the first signal. A second one, later than half a second, ends the process at once. */
  readonly asked: Promise<StopSignal>
}

export function listenForStop(process: NodeJS.Process, clock: Clock): StopRequest {
  const { promise: asked, resolve } = Promise.withResolvers<StopSignal>()
  let firstAt: number | undefined
  const dispose = () => {
    for (const signal of SIGNALS) process.off(signal, receive)
  }
  const receive = (signal: StopSignal) => {
    firstAt ??= clock.monotonic()
    resolve(signal)
    if (clock.monotonic() - firstAt < SAME_REQUEST_MS) return
    dispose()
    // Dies of the signal itself, so that whoever waits for the process sees that it was cut short.
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.on(signal, receive)
  return { asked, [Symbol.dispose]: dispose }
}
