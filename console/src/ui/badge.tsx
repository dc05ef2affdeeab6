import type { ReactNode } from "react"
import type { Tone } from "./note.tsx"
import "./badge.css"

/** A word about the state of something. Its colour repeats what the word says, never more. */
export function Badge({ tone, children }: { readonly tone?: Tone; readonly children: ReactNode }): ReactNode {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  )
}
