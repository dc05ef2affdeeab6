import { type ReactNode, useEffect, useRef, useState } from "react"
import { ChartBars, type ChartPoint, type Series } from "./chart-bars.tsx"
import { formatCount } from "./format.ts"
import { Table } from "./table.tsx"
import "./chart.css"
import "./progress.css"

interface ChartProps {
  /** What is counted: "Devices that came and went". */
  readonly label: string
  readonly series: readonly Series[]
  readonly points: readonly ChartPoint[]
  /** A point in time, on the axis and in the table. */
  readonly formatAt: (at: number) => string
}

/** Counts over time, stacked. The same numbers are in a table, for everybody whom a picture does not help. */
export function Chart({ label, series, points, formatAt }: ChartProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const [hovered, setHovered] = useState<ChartPoint>()
  return (
    <figure className="chart" aria-label={label}>
      <Legend series={series} points={points} />
      <div ref={frame} aria-hidden>
        {width > 0 && (
          <ChartBars series={series} points={points} width={width} formatAt={formatAt} onHover={setHovered} />
        )}
        <p className="chart-note number">{hovered !== undefined && noteOf(hovered, series, formatAt)}</p>
      </div>
      <details>
        <summary>The numbers</summary>
        <Table
          label={label}
          columns={[
            { head: "Time (begins)", cell: ({ at }) => formatAt(at) },
            ...series.map((one, index) => ({
              head: one.name,
              align: "end" as const,
              cell: ({ counts }: ChartPoint) => formatCount(counts[index] ?? 0),
            })),
          ]}
          rows={points}
          rowKey={({ at }) => at}
        />
      </details>
    </figure>
  )
}

function Legend({ series, points }: Pick<ChartProps, "series" | "points">): ReactNode {
  return (
    <ul className="legend">
      {series.map(({ name, color }, index) => (
        <li key={name} className="legend-item">
          <span className="swatch" style={{ background: color }} aria-hidden />
          <span>
            {name}{" "}
            <strong className="number">
              {formatCount(points.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0))}
            </strong>
          </span>
        </li>
      ))}
    </ul>
  )
}

function noteOf(
  { at, counts }: ChartPoint,
  series: readonly Series[],
  formatAt: (at: number) => string,
): string {
  const parts = series.map(({ name }, index) => `${name} ${formatCount(counts[index] ?? 0)}`)
  return `${formatAt(at)}: ${parts.join(", ")}`
}

/** In pixels; 0 until it is known. */
function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const { current } = frame
    if (current === null) return
    const observer = new ResizeObserver(() => setWidth(current.clientWidth))
    observer.observe(current)
    return () => observer.disconnect()
  }, [frame])
  return width
}
