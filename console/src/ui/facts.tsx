import { Fragment, type ReactNode } from "react"
import "./facts.css"

/** Names and values of one thing. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  )
}

interface FigureProps {
  readonly label: string
  readonly value: ReactNode
  readonly note?: ReactNode
}

/** One number that matters. */
export function Figure({ label, value, note }: FigureProps): ReactNode {
  return (
    <div className="figure">
      <span className="soft">{label}</span>
      <span className="figure-value">{value}</span>
      {note !== undefined && <span className="soft small">{note}</span>}
    </div>
  )
}
