import { type ReactNode, useId } from "react"
import "./card.css"

interface CardProps {
  readonly title?: string
  readonly actions?: ReactNode
  /** Without padding, for a table. */
  readonly isFlush?: boolean
  readonly children: ReactNode
}

/** A part of a screen; with a title it is a region that screen readers list. */
export function Card({ title, actions, isFlush = false, children }: CardProps): ReactNode {
  const id = useId()
  return (
    <section className="card" aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <div className="card-head">
          <h2 id={id}>{title}</h2>
          {actions !== undefined && <div className="row">{actions}</div>}
        </div>
      )}
      <div className="card-body" data-flush={isFlush ? "" : undefined}>
        {children}
      </div>
    </section>
  )
}
