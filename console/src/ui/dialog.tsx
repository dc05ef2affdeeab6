import { Dialog as BaseDialog } from "@base-ui/react/dialog"
import type { ReactNode } from "react"
import "./dialog.css"

interface DialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: string
  readonly size?: "normal" | "wide"
  /** Something is under way whose outcome is shown here and nowhere else: it stays open. */
  readonly isBusy?: boolean
  readonly children: ReactNode
}

/** A task of its own in front of the screen. Escape and a click beside it close it; focus returns to where it was. */
export function Dialog({
  isOpen,
  onClose,
  title,
  size = "normal",
  isBusy = false,
  children,
}: DialogProps): ReactNode {
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(opens) => !opens && !isBusy && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="dialog-backdrop" />
        <BaseDialog.Popup className="dialog" data-size={size}>
          <BaseDialog.Title>{title}</BaseDialog.Title>
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

export function DialogActions({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className="dialog-actions">{children}</div>
}
