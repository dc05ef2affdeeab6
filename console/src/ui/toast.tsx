import { Toast } from "@base-ui/react/toast"
import { X } from "lucide-react"
import type { ReactNode } from "react"
import "./toast.css"

const manager = Toast.createToastManager()

/** Says in passing that something was done; read aloud politely. */
export function say(title: string): void {
  manager.add({ title, type: "good" })
}

/** Says that something failed where no screen shows the error; stays until it is closed. */
export function complain(error: Error): void {
  manager.add({ title: error.message, type: "bad", priority: "high", timeout: 0 })
}

export function Toasts({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Toast.Provider toastManager={manager}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList(): ReactNode {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast">
      <Toast.Title className="toast-title" render={<p />} />
      <Toast.Close className="button" data-look="quiet" data-icon-only="" aria-label="Close the message">
        <X size={16} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ))
}
