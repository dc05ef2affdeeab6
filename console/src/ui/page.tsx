import { type ReactNode, useEffect, useRef } from "react"
import "./page.css"

interface PageProps {
  readonly title: string
  /** One sentence that says what the screen is for. */
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

let hasShownPage = false

/**
 * A screen. Names the browser's tab, and after going from one screen to another puts the focus on the heading, so that
 * keyboard and screen reader go on from there.
 */
export function Page({ title, lead, actions, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Belfry`
  }, [title])
  useEffect(() => {
    if (hasShownPage) heading.current?.focus({ preventScroll: true })
    hasShownPage = true
    scrollTo(0, 0)
  }, [])
  return (
    <div className="page">
      <header className="page-head">
        <div className="stack-tight">
          <h1 ref={heading} tabIndex={-1} className="breakable">
            {title}
          </h1>
          {lead !== undefined && <p className="soft">{lead}</p>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
