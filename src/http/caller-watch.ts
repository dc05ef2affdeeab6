import type { Clock } from "../runtime/clock.ts"

/** With it, a revocation ends an answer that is under way within five seconds. */
const LOOK_EVERY_MS = 2000

/**
 * Looks again and again whether the caller of an open-ended answer is still known; calls `revoked` once when not. Returns a
 * function that stops looking.
 */
export function watchCaller(
  clock: Clock,
  recognise: () => Promise<unknown>,
  revoked: () => void,
): () => void {
  let cancel = () => {}
  let isOver = false
  const lookLater = () => {
    cancel = clock.after(LOOK_EVERY_MS, look)
  }
  const look = () => {
    recognise().then(
      () => {
        if (!isOver) lookLater()
      },
      () => {
        if (!isOver) revoked()
      },
    )
  }
  lookLater()
  return () => {
    isOver = true
    cancel()
  }
}
