import type { ReactNode } from "react"
import { Button } from "./button.tsx"
import { Copyable } from "./copy.tsx"
import { Dialog, DialogActions } from "./dialog.tsx"
import { useOnGone } from "./on-gone.ts"

interface SecretDialogProps {
  /** Undefined: nothing to show, the dialog is closed. */
  readonly secret: string | undefined
  readonly title: string
  /** What it is: "the API key". */
  readonly what: string
  readonly children: ReactNode
  /** What stands below it: how it is used. */
  readonly usage?: ReactNode
  readonly onClose: () => void
}

/** Shows a new key or token, to be copied now. */
export function SecretDialog({
  secret,
  title,
  what,
  children,
  usage,
  onClose,
}: SecretDialogProps): ReactNode {
  useOnGone(() => {
    if (secret !== undefined) onClose()
  })
  return (
    <Dialog isOpen={secret !== undefined} onClose={onClose} title={title}>
      <div className="stack-tight">{children}</div>
      {secret !== undefined && <Copyable text={secret} what={what} />}
      {usage}
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  )
}
