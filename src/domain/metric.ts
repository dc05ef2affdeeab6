/** Terms: a *metric* is a figure about the whole server for monitoring; it never names anything of an application. */

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

interface About {
  /** As Prometheus wants names: `belfry_`, the noun, the unit; counters end with `_total`. */
  readonly name: string
  /** One sentence. */
  readonly help: string
}

export type Metric = About &
  (
    | { readonly type: "counter" | "gauge"; readonly samples: readonly Sample[] }
    | { readonly type: "histogram"; readonly figures: HistogramFigures }
  )

export interface HistogramFigures {
  /** Upper bounds, inclusive and ascending. */
  readonly bounds: readonly number[]
  /** How many values each bound is the first for; the last one counts what is above all. */
  readonly counts: readonly number[]
  readonly sum: number
}

/** Counts values by size: an observation costs a short search and two additions. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    let index = 0
    while (index < this.#bounds.length && value > (this.#bounds[index] as number)) index++
    this.#counts[index] = (this.#counts[index] as number) + 1
    this.#sum += value
  }

  figures(): HistogramFigures {
    return { bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum }
  }
}

export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

/** Prometheus' text format, version 0.0.4. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics.map(metricText).join("")
}

function metricText(metric: Metric): string {
  const { name, help, type } = metric
  const lines =
    metric.type === "histogram" ? histogramLines(name, metric.figures) : sampleLines(name, metric.samples)
  return [
    `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
    `# TYPE ${name} ${type}`,
    ...lines,
    "",
  ].join("\n")
}

function sampleLines(name: string, samples: readonly Sample[]): string[] {
  return samples.map(({ labels = {}, value }) => line(name, labels, value))
}

function histogramLines(name: string, { bounds, counts, sum }: HistogramFigures): string[] {
  let total = 0
  const buckets = counts.map((count, index) => {
    total += count
    return line(`${name}_bucket`, { le: numberText(bounds[index] ?? Number.POSITIVE_INFINITY) }, total)
  })
  return [...buckets, line(`${name}_sum`, {}, sum), line(`${name}_count`, {}, total)]
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${labelText(text)}"`)
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${numberText(value)}`
}

function labelText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf"
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value)
}
