import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react"
import type { ReactNode } from "react"
import "./note.css"

export type Tone = "info" | "good" | "warn" | "bad"

const ICONS = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert }

interface NoteProps {
  readonly tone?: Tone
  readonly title?: string
  readonly children?: ReactNode
  /** What one can do about it: buttons or links. */
  readonly actions?: ReactNode
  /** "alert" is read aloud at once. */
  readonly role?: "alert" | "status"
}

/** Something to know on this screen: a banner, a warning, an error. */
export function Note({ tone = "info", title, children, actions, role }: NoteProps): ReactNode {
  const Icon = ICONS[tone]
  return (
    <div className="note" data-tone={tone} role={role}>
      <Icon size={18} aria-hidden />
      <div className="note-body">
        {title !== undefined && <p className="note-title">{title}</p>}
        {children !== undefined && <div>{children}</div>}
        {actions !== undefined && <div className="row">{actions}</div>}
      </div>
    </div>
  )
}
