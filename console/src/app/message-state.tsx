import type { ReactNode } from "react"
import { Badge } from "../ui/badge.tsx"
import type { Tone } from "../ui/note.tsx"

const TONES: Readonly<Record<string, Tone>> = {
  running: "info",
  paused: "warn",
  finished: "good",
  failed: "bad",
}

export function MessageState({ state }: { readonly state: string }): ReactNode {
  const tone = TONES[state]
  return <Badge {...(tone !== undefined && { tone })}>{state}</Badge>
}
