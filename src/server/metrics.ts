import type { PushFigures } from "../delivery/push-counts.ts"
import { type Metric, metricsText, type Sample } from "../domain/metric.ts"
import type { RequestCounts } from "../http/request-counts.ts"
import type { Clock } from "../runtime/clock.ts"
import { type ProcessFigures, processFigures } from "../runtime/process-figures.ts"
import type { Store, StoreFigures } from "../store/store.ts"

export interface MetricsSources {
  readonly store: Pick<Store, "figures">
  readonly requests: RequestCounts
  readonly pushes: () => readonly PushFigures[]
  readonly clock: Clock
  /** Milliseconds since 1970. */
  readonly startedAt: number
}

/**
 * The metrics of the server as a whole. No label names an application, a device, a channel or a message: whoever watches
 * the server learns nothing of those who use it.
 */
export function serverMetrics(sources: MetricsSources): () => Promise<string> {
  const { store, requests, pushes, clock, startedAt } = sources
  return async () =>
    metricsText([
      {
        name: "belfry_http_requests_total",
        help: "Answers by surface and status; the surface none answers bytes that were no request.",
        type: "counter",
        samples: requests.samples(),
      },
      ...pushMetrics(pushes()),
      ...storeMetrics(await store.figures(), clock.now()),
      ...processMetrics(processFigures(), startedAt),
    ])
}

function pushMetrics(figures: readonly PushFigures[]): Metric[] {
  return [
    {
      name: "belfry_push_attempts_total",
      help: "Attempts to push by provider and what came of them, as docs/outcomes.md lists it.",
      type: "counter",
      samples: figures.flatMap(({ answers }) =>
        answers.map(({ provider, kind, count }) => ({ labels: { provider, outcome: kind }, value: count })),
      ),
    },
    gauge("belfry_pushes_in_flight", "Pushes that a provider has and has not answered.", {
      value: figures.reduce((sum, { inFlight }) => sum + inFlight, 0),
    }),
  ]
}

function storeMetrics(figures: StoreFigures, now: number): Metric[] {
  const { registrations, openSegments, oldestAcceptedAt, commits } = figures
  const ageSeconds = oldestAcceptedAt === undefined ? 0 : Math.max(0, now - oldestAcceptedAt) / 1000
  return [
    gauge(
      "belfry_registrations",
      "Registered devices by operating system.",
      ...Object.entries(registrations).map(([platform, value]) => ({ labels: { platform }, value })),
    ),
    gauge("belfry_segments_open", "Slices of audiences of running messages that are not finished.", {
      value: openSegments,
    }),
    gauge(
      "belfry_segment_oldest_age_seconds",
      "Since the oldest message with an open segment was accepted.",
      {
        value: ageSeconds,
      },
    ),
    {
      name: "belfry_store_commit_seconds",
      help: "How long groups of writes took until they were on stable storage.",
      type: "histogram",
      figures: commits,
    },
  ]
}

function processMetrics(
  { residentBytes, heapBytes, cpuSeconds }: ProcessFigures,
  startedAt: number,
): Metric[] {
  return [
    gauge("process_resident_memory_bytes", "Memory that the process has.", { value: residentBytes }),
    gauge("belfry_heap_used_bytes", "Memory that JavaScript objects of the main thread use.", {
      value: heapBytes,
    }),
    {
      name: "process_cpu_seconds_total",
      help: "Processor time of all threads.",
      type: "counter",
      samples: [{ value: cpuSeconds }],
    },
    gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", {
      value: startedAt / 1000,
    }),
  ]
}

function gauge(name: string, help: string, ...samples: readonly Sample[]): Metric {
  return { name, help, type: "gauge", samples }
}
