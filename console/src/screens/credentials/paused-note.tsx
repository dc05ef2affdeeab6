import type { ReactNode } from "react"
import { explanationOf } from "../../app/outcome.ts"
import { Button } from "../../ui/button.tsx"
import { Note } from "../../ui/note.tsx"
import { Time } from "../../ui/time.tsx"
import type { Credential } from "./provider.ts"

interface PausedNoteProps {
  readonly credential: Credential
  readonly isResuming: boolean
  readonly error: Error | null
  readonly onResume: (() => void) | undefined
}

/** Why nothing is sent with a credential, and the way on. */
export function PausedNote({ credential, isResuming, error, onResume }: PausedNoteProps): ReactNode {
  const { pausedAt, pausedReason } = credential
  return (
    <Note
      tone="bad"
      title="Paused: nothing is sent with it, messages wait"
      actions={
        onResume !== undefined && (
          <Button onClick={onResume} isBusy={isResuming}>
            Resume
          </Button>
        )
      }
    >
      <p className="breakable">
        {explanationOf("credential_refused", pausedReason ?? "").meaning}{" "}
        {pausedReason !== null && <code>{pausedReason}</code>}
        {pausedAt !== null && (
          <>
            {" "}
            (<Time at={pausedAt} />)
          </>
        )}
      </p>
      <p>
        Check it first: the check says what the provider has against it and what to do. When it is well again,
        or was replaced, resume; what waits is sent then, as far as it has not expired.
      </p>
      {error !== null && <p role="alert">{error.message}</p>}
    </Note>
  )
}
