import { describe, expect, test } from "vitest"
import { PushCounts } from "../../src/delivery/push-counts.ts"
import { Histogram, metricsText } from "../../src/domain/metric.ts"
import { RequestCounts } from "../../src/http/request-counts.ts"

describe("the text of metrics", () => {
  test("is what Prometheus reads, whatever labels hold", () => {
    const text = metricsText([
      {
        name: "a_total",
        help: 'with \\ and\nlines, and "quotes"',
        type: "counter",
        samples: [{ labels: { x: 'q"u\\o\nte', y: "é" }, value: 1.5 }, { value: 2 ** 53 }],
      },
      { name: "empty", help: "Nothing.", type: "gauge", samples: [] },
    ])
    expect(text).toBe(
      [
        '# HELP a_total with \\\\ and\\nlines, and "quotes"',
        "# TYPE a_total counter",
        'a_total{x="q\\"u\\\\o\\nte",y="é"} 1.5',
        "a_total 9007199254740992",
        "# HELP empty Nothing.",
        "# TYPE empty gauge",
        "",
      ].join("\n"),
    )
  })

  test("adds the buckets of a histogram up", () => {
    const histogram = new Histogram([0.1, 1])
    for (const value of [0.1, 0.05, 0.5, 7]) histogram.observe(value)
    const text = metricsText([{ name: "h", help: "H.", type: "histogram", figures: histogram.figures() }])
    expect(text.split("\n").slice(2, -1)).toEqual([
      'h_bucket{le="0.1"} 2',
      'h_bucket{le="1"} 3',
      'h_bucket{le="+Inf"} 4',
      "h_sum 7.65",
      "h_count 4",
    ])
  })
})

test("requests are counted by surface and status, never by what their path names", () => {
  const counts = new RequestCounts()
  const targets: readonly [method: string, url: string, status: number][] = [
    ["POST", "/SECRET-APP/SECRET-KEY/messaging/registrations", 200],
    ["POST", "/SECRET-APP/SECRET-KEY/messaging/registrations", 200],
    ["POST", "/api/messaging/registration", 400],
    ["GET", "/SECRET-APP/SECRET-KEY/messaging/registrations/SECRET-DEVICE", 200],
    ["GET", "/admin/v1/applications/SECRET-APP", 404],
    ["GET", "/console/", 200],
    ["GET", "/healthz", 200],
    ["GET", "/metrics?a=1", 401],
    ["GET", "/healthz-SECRET/x/y", 404],
  ]
  for (const [method, url, status] of targets) counts.count({ method, url }, status)
  counts.count(undefined, 400)
  const samples = counts.samples()
  expect(JSON.stringify(samples)).not.toContain("SECRET")
  expect(samples.map(({ labels, value }) => [labels?.["surface"], labels?.["status"], value])).toEqual([
    ["registration", "200", 2],
    ["registration", "400", 1],
    ["backendless", "200", 1],
    ["backendless", "404", 1],
    ["admin", "404", 1],
    ["console", "200", 1],
    ["system", "200", 1],
    ["system", "401", 1],
    ["none", "400", 1],
  ])
})

test("attempts are counted by provider and kind", () => {
  const counts = new PushCounts()
  const apns = counts.of("apns")
  apns.accepted = 2
  counts.of("fcm").token_gone = 1
  expect(counts.of("apns")).toBe(apns)
  expect(counts.answers()).toEqual([
    { provider: "apns", kind: "accepted", count: 2 },
    { provider: "fcm", kind: "token_gone", count: 1 },
  ])
})
