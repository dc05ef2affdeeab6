import { performance } from "node:perf_hooks"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import type { Clock } from "./clock.ts"

const LOOK_MS = 3000
/** Shares of the time between two looks in which the thread had something to do. */
const BUSY = 0.1
const QUIET = 0.01
/** Half a minute: what was busy a moment ago is often busy again, and would begin with code that has to be compiled anew. */
const QUIET_LOOKS = 10

export interface SpareMemoryOptions {
  readonly clock: Clock
  /** The share of the time since its last call in which this thread had something to do. Defaults to the truth. */
  readonly utilization?: () => number
  /** Defaults to having V8 do it. */
  readonly giveBack?: () => void
}

/**
 * Has V8 give back what this thread can do without, at once after the start and later when it was busy and is quiet again:
 * code that ran once, and what waited for a collection that nothing brings about any more. 6 MB of a server that has started,
 * 13 where it compiled its modules itself, 10 after a load. It takes 20 to 60 ms, in which the thread does nothing else, so
 * it is done only once for each busy time.
 */
export function spareMemoryWhenQuiet(options: SpareMemoryOptions): void {
  const { clock, utilization = utilizationOfThread(), giveBack = giveMemoryBack } = options
  let wasBusy = true
  let quietLooks = QUIET_LOOKS - 1
  const look = () => {
    const share = utilization()
    if (share > BUSY) wasBusy = true
    quietLooks = share < QUIET ? quietLooks + 1 : 0
    if (wasBusy && quietLooks >= QUIET_LOOKS) {
      wasBusy = false
      giveBack()
    }
    clock.after(LOOK_MS, look)
  }
  clock.after(LOOK_MS, look)
}

function utilizationOfThread(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}

type Collect = (options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void

/**
 * What V8 does by itself before it runs out of memory: any other collection keeps the code of everything that ran lately. It
 * can be asked for by programs only through a function that has to be switched on, and is not switched off again: a flag holds
 * for all threads, and another one may be about to take the function.
 */
export function giveMemoryBack(): void {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as Collect
  collect({ type: "major", execution: "sync", flavor: "last-resort" })
}
