import type { LucideIcon } from "lucide-react"
import type { ReactNode } from "react"
import "./empty.css"

interface EmptyProps {
  readonly icon: LucideIcon
  readonly title: string
  /** How the screen gets filled. */
  readonly children: ReactNode
  readonly actions?: ReactNode
}

export function Empty({ icon: Icon, title, children, actions }: EmptyProps): ReactNode {
  return (
    <div className="empty">
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <h2>{title}</h2>
      <p>{children}</p>
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  )
}
