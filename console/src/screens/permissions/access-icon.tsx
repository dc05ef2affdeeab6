import { Check, Minus, X } from "lucide-react"
import type { ReactNode } from "react"
import type { Cell } from "./matrix.ts"

/** The state of a cell for the eye: filled where a rule of this place says it, thin where it is inherited. */
export function AccessIcon({ own, inherited }: Pick<Cell, "own" | "inherited">): ReactNode {
  const shown = own === "inherit" ? inherited : own
  const Icon = shown === "grant" ? Check : shown === "deny" ? X : Minus
  return (
    <span className="access" data-own={own !== "inherit"} data-access={shown} aria-hidden>
      <Icon size={16} strokeWidth={own === "inherit" ? 2 : 3} />
    </span>
  )
}
