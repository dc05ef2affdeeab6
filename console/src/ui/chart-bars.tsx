import { scaleBand, scaleLinear } from "d3-scale"
import type { ReactNode } from "react"
import { formatCount } from "./format.ts"

export interface Series {
  readonly name: string
  /** A CSS colour, from tokens.css. */
  readonly color: string
  /** Drawn below the line: what was lost. */
  readonly isBelow?: boolean
}

export interface ChartPoint {
  /** Milliseconds since 1970, where the hour or day begins. */
  readonly at: number
  /** In the order of the series. */
  readonly counts: readonly number[]
}

interface ChartBarsProps {
  readonly series: readonly Series[]
  readonly points: readonly ChartPoint[]
  readonly width: number
  readonly formatAt: (at: number) => string
  readonly onHover: (point: ChartPoint | undefined) => void
}

const HEIGHT = 170
const AXIS_HEIGHT = 22
const AXIS_WIDTH = 46
const TICKS = 4
/** Room for a label of the time axis. */
const LABEL_WIDTH = 90

export function ChartBars({ series, points, width, formatAt, onHover }: ChartBarsProps): ReactNode {
  const x = scaleBand(
    points.map(({ at }) => at),
    [AXIS_WIDTH, width],
  ).paddingInner(0.2)
  const y = scaleLinear(extentOf(series, points), [HEIGHT - AXIS_HEIGHT, 6]).nice(TICKS)
  const labelEvery = Math.max(1, Math.ceil((points.length * LABEL_WIDTH) / Math.max(1, width - AXIS_WIDTH)))
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: hidden from assistive technology, which gets the table.
    <svg height={HEIGHT} onPointerLeave={() => onHover(undefined)}>
      <g className="chart-grid">
        {wholeTicks(y.ticks(TICKS)).map((tick) => (
          <g key={tick}>
            <line x1={AXIS_WIDTH} x2={width} y1={y(tick)} y2={y(tick)} />
            <text className="chart-axis" x={AXIS_WIDTH - 8} y={y(tick)} dy="0.32em" textAnchor="end">
              {formatCount(Math.abs(tick))}
            </text>
          </g>
        ))}
      </g>
      {points.map((point, index) => {
        const left = x(point.at) ?? 0
        return (
          <g key={point.at}>
            <rect
              className="chart-slot"
              x={left}
              y={0}
              width={x.step()}
              height={HEIGHT - AXIS_HEIGHT}
              onPointerEnter={() => onHover(point)}
            />
            <Stack series={series} counts={point.counts} left={left} width={x.bandwidth()} y={y} />
            {index % labelEvery === 0 && (
              <text className="chart-axis" x={left} y={HEIGHT - 6}>
                {formatAt(point.at)}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}

interface StackProps {
  readonly series: readonly Series[]
  readonly counts: readonly number[]
  readonly left: number
  readonly width: number
  readonly y: (count: number) => number
}

function Stack({ series, counts, left, width, y }: StackProps): ReactNode {
  let above = 0
  let below = 0
  return series.map(({ name, color, isBelow }, index) => {
    const count = counts[index] ?? 0
    if (count === 0) return null
    const from = isBelow === true ? below : above
    const to = isBelow === true ? from - count : from + count
    if (isBelow === true) below = to
    else above = to
    const top = Math.min(y(from), y(to))
    return (
      <rect
        key={name}
        x={left}
        y={top}
        width={width}
        height={Math.max(1, Math.abs(y(to) - y(from)))}
        style={{ fill: color }}
        pointerEvents="none"
      />
    )
  })
}

/** From the deepest to the highest stack, never empty. */
function extentOf(series: readonly Series[], points: readonly ChartPoint[]): [number, number] {
  const heights = (below: boolean) =>
    points.map(({ counts }) =>
      series.reduce(
        (sum, { isBelow = false }, index) => sum + (isBelow === below ? (counts[index] ?? 0) : 0),
        0,
      ),
    )
  return [-Math.max(0, ...heights(true)), Math.max(1, ...heights(false))]
}

/** Nothing is counted in halves. */
function wholeTicks(ticks: readonly number[]): readonly number[] {
  return ticks.filter((tick) => Number.isInteger(tick))
}
