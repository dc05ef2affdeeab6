import { Progress as BaseProgress } from "@base-ui/react/progress"
import type { ReactNode } from "react"
import { formatCount, formatShare } from "./format.ts"
import "./progress.css"

interface ProgressProps {
  readonly label: string
  readonly done: number
  readonly total: number
  /** What is counted, if the label does not say it: "bytes". */
  readonly unit?: string
  /** Beside the numbers: rate, time left. */
  readonly note?: ReactNode
}

export function Progress({ label, done, total, unit, note }: ProgressProps): ReactNode {
  return (
    <BaseProgress.Root value={done} max={Math.max(total, 1)} className="progress">
      <div className="row-apart">
        <BaseProgress.Label>{label}</BaseProgress.Label>
        <span className="soft number">
          {formatCount(done)} of {formatCount(total)} {unit} ({formatShare(done, total)}) {note}
        </span>
      </div>
      <BaseProgress.Track className="progress-track">
        <BaseProgress.Indicator className="progress-bar" />
      </BaseProgress.Track>
    </BaseProgress.Root>
  )
}

export interface Part {
  readonly name: string
  readonly count: number
  /** A CSS colour, from tokens.css. */
  readonly color: string
}

/** How a whole is made up of its parts: a bar for the eye, and the numbers for everybody. */
export function Parts({ parts }: { readonly parts: readonly Part[] }): ReactNode {
  const present = parts.filter(({ count }) => count > 0)
  const whole = present.reduce((sum, { count }) => sum + count, 0)
  return (
    <div className="stack-tight">
      <div className="bar" aria-hidden>
        {present.map(({ name, count, color }) => (
          <span key={name} className="bar-part" style={{ flexGrow: count, background: color }} />
        ))}
      </div>
      <ul className="legend">
        {parts.map(({ name, count, color }) => (
          <li key={name} className="legend-item">
            <span className="swatch" style={{ background: color }} aria-hidden />
            <span>
              {name} <strong className="number">{formatCount(count)}</strong>{" "}
              <span className="soft small number">{formatShare(count, whole)}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
