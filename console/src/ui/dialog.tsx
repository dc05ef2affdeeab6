import { Dialog as BaseDialog } from "@base-ui/react/dialog"
import { type ReactNode, useRef } from "react"
import "./dialog.css"

interface DialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: string
  readonly size?: "normal" | "wide"
  readonly children: ReactNode
}

/**
 * A task of its own in front of the screen, which begins at its first field. Escape and a click beside it close it; focus returns
 * to where it was, unless a field has `autoFocus`: then that is taken for where it was.
 */
export function Dialog({ isOpen, onClose, title, size = "normal", children }: DialogProps): ReactNode {
  const popup = useRef<HTMLDivElement>(null)
  // What becomes of a form that was sent is shown here and nowhere else: until then it stays open.
  const isSending = () => popup.current?.querySelector("[type=submit][aria-busy]") instanceof Element
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(opens) => !opens && !isSending() && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="dialog-backdrop" />
        <BaseDialog.Popup ref={popup} className="dialog" data-size={size}>
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
