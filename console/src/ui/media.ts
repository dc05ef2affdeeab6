import { useSyncExternalStore } from "react"

const NARROW = matchMedia("(max-width: 48rem)")

/** Whether there is no room for something wide, for what CSS alone cannot arrange. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      NARROW.addEventListener("change", listener)
      return () => NARROW.removeEventListener("change", listener)
    },
    () => NARROW.matches,
  )
}
