import { useEffect, useEffectEvent, useState } from "react"

/**
 * For secrets: does it when they go from the screen, also when the screen only waits, hidden, because the session ended. They
 * would stand in the page otherwise, for whoever comes by.
 */
export function useOnGone(forget: () => void): void {
  const forgetNow = useEffectEvent(forget)
  useEffect(() => () => forgetNow(), [])
}

/**
 * What an attempt ended with, until its screen goes: who comes back, and signed in again for it, finds what was typed and not
 * that one must sign in. The second part says that it is over for another reason.
 */
export function useUntilGone(error: Error | null): readonly [Error | null, () => void] {
  const [over, setOver] = useState<Error | null>(null)
  const pass = () => setOver(error)
  useOnGone(pass)
  return [error === over ? null : error, pass]
}
