import type { Writable } from "node:stream"
import type { Clock } from "../runtime/clock.ts"

/** A process that has nothing left to do and does not end has leaked something: it is not waited for any longer. */
const LEAK_MS = 1_000

/**
 * Calls `leaked` in a process that is still there a second after all was done. What it printed is waited for as long as it
 * takes: in a pipe to a pager there is room for 64 KB.
 */
export function watchForLeaks(output: Writable, clock: Clock, leaked: () => void): void {
  output.write("", () => clock.after(LEAK_MS, leaked))
}
