import { AlertDialog } from "@base-ui/react/alert-dialog"
import { type ReactNode, useId, useState } from "react"
import { Button } from "./button.tsx"
import { ErrorNote } from "./error-note.tsx"
import { useUntilGone } from "./on-gone.ts"
import "./dialog.css"
import "./field.css"

interface ConfirmProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  /** A question: "Delete the channel news?" */
  readonly title: string
  /** What will happen, with its numbers, and whether it can be undone. */
  readonly children: ReactNode
  /** The verb: "Delete the channel". */
  readonly action: string
  readonly look?: "danger" | "primary"
  /** What must be typed first; for what cannot be undone and concerns many. */
  readonly typed?: string
  /** There is nothing to confirm yet. */
  readonly isDisabled?: boolean
  readonly isBusy?: boolean
  readonly error?: Error | null
  readonly onConfirm: () => void
}

/** Asks before something happens that is hard to undo. Stays open until it is done, and shows why it was not. */
export function Confirm(props: ConfirmProps): ReactNode {
  const { isOpen, onClose, title, children, isBusy = false, error = null } = props
  const [shown] = useUntilGone(error)
  return (
    // Who closed it while it is under way would not learn that it failed.
    <AlertDialog.Root open={isOpen} onOpenChange={(opens) => !opens && !isBusy && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="breakable">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="stack-tight">
            {children}
          </AlertDialog.Description>
          {shown !== null && <ErrorNote error={shown} />}
          <ConfirmActions {...props} />
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

function ConfirmActions({
  typed,
  action,
  look = "danger",
  isDisabled = false,
  isBusy = false,
  onClose,
  onConfirm,
}: ConfirmProps): ReactNode {
  const [text, setText] = useState("")
  const id = useId()
  return (
    <>
      {typed !== undefined && (
        <div className="field">
          <label htmlFor={id}>
            Type <strong className="breakable">{typed}</strong> to go on
          </label>
          <input
            id={id}
            className="input"
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      )}
      <div className="dialog-actions">
        <Button onClick={onClose} disabled={isBusy}>
          Cancel
        </Button>
        <Button
          look={look}
          isBusy={isBusy}
          disabled={isDisabled || (typed !== undefined && text !== typed)}
          onClick={onConfirm}
        >
          {action}
        </Button>
      </div>
    </>
  )
}
