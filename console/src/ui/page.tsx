import { type ReactNode, useEffect, useRef } from "react"
import "./page.css"

interface PageProps {
  readonly title: string
  /** One sentence that says what the screen is for. */
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** Which screen was shown last; undefined until the first one is. */
let shown: string | undefined

/**
 * A screen. Names the browser's tab, and after going from one screen to another puts the focus on the heading, so that
 * keyboard and screen reader go on from there.
 */
export function Page({ title, lead, actions, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Belfry`
  }, [title])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a title that changes while its screen is open moves nothing.
  useEffect(() => {
    const screen = `${location.pathname}${location.search} ${title}`
    if (shown !== undefined && shown !== screen) {
      heading.current?.focus({ preventScroll: true })
      scrollTo(0, 0)
    }
    shown = screen
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
