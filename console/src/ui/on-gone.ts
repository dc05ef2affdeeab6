import { useEffect, useEffectEvent } from "react"

/**
 * For secrets: does it when they go from the screen, also when the screen only waits, hidden, because the session ended. They
 * would stand in the page otherwise, for whoever comes by.
 */
export function useOnGone(forget: () => void): void {
  const forgetNow = useEffectEvent(forget)
  useEffect(() => () => forgetNow(), [])
}
