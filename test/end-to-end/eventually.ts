import { setTimeout as pause } from "node:timers/promises"

/** Far beyond what a loaded machine needs: it ends a test that waits for what never comes, and measures nothing. */
export const DEADLINE_MS = 240_000
const LOOK_MS = 5

/** Looks again and again until `look` returns something; throws at the deadline and says what was awaited. */
export async function eventually<T>(
  awaited: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${awaited}`)
    await pause(LOOK_MS)
  }
}
