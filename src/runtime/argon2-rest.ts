/** The part of the machine that passwords may take for longer than one hash. */
const SHARE = 1 / 4

/**
 * How many milliseconds to rest after a hash that took `busyMs` before the next one that waits. The lowest priority is not
 * enough: whoever wakes up beside a hash is given its processor milliseconds later, and a machine whose processors all work is
 * slower for everybody. Four processors and more have the quarter to spare, so that nobody waits there.
 */
export function restAfterHash(busyMs: number, processors: number): number {
  return busyMs * Math.max(0, 1 / (SHARE * processors) - 1)
}
