import type { ReactNode } from "react"
import { Home } from "../home.tsx"

/** The guided path of whichever application is at hand: where the setup link leads. */
export function StartOfAny(): ReactNode {
  return <Home screen="/start" />
}
