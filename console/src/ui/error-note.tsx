import type { ReactNode } from "react"
import { Button } from "./button.tsx"
import { Note } from "./note.tsx"

interface ErrorNoteProps {
  readonly error: Error
  /** What could not be done: "The devices could not be read". */
  readonly title?: string
  readonly onRetry?: () => void
}

/** An error in the words of the server, which say what to do. */
export function ErrorNote({ error, title, onRetry }: ErrorNoteProps): ReactNode {
  return (
    <Note
      tone="bad"
      role="alert"
      {...(title !== undefined && { title })}
      actions={onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    >
      {error.message}
    </Note>
  )
}
