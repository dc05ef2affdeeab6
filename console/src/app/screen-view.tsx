import { type ReactNode, useEffect, useState } from "react"
import { Loading } from "../ui/loaded.tsx"
import type { ScreenCode } from "./screen.ts"

/**
 * Shows a screen as soon as its code is there. Not with React's `lazy`: once its fallback was shown, React holds the content
 * back for 300 ms, which is longer than everything else takes together.
 */
export function ScreenView({ code }: { readonly code: ScreenCode }): ReactNode {
  const [failure, setFailure] = useState<{ readonly error: unknown }>()
  const [, setLoaded] = useState(false)
  const { component: Component } = code
  useEffect(() => {
    code.load().then(
      () => setLoaded(true),
      (error: unknown) => setFailure({ error }),
    )
  }, [code])
  if (failure !== undefined) throw failure.error
  return Component === undefined ? <Loading /> : <Component />
}
