import { DomainError } from "../domain/errors.ts"
import { METRICS_CONTENT_TYPE } from "../domain/metric.ts"
import { RawReply, type Route } from "./route.ts"
import { Type } from "./schema.ts"

/** What an orchestrator asks: is the process alive, may it be sent traffic, and how is it doing? */

/** Why the server cannot do its work now, in a few words for people; undefined when it can. */
export type Readiness = () => Promise<string | undefined>

/** Metrics as Prometheus reads them, and who may: see the setting metrics-access. */
export interface MetricsOptions {
  readonly text: () => Promise<string>
  readonly permission: "admin:read" | "open"
}

/** How long an orchestrator should wait before it asks again. */
const RETRY_AFTER_MS = 1000

/** Without `metrics` there is no such route. */
export function systemRoutes(readiness: Readiness, metrics?: MetricsOptions): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/healthz",
      permission: "open",
      summary: "Answers as long as the process is alive; restart it when this fails.",
      reply: Type.Object({ status: Type.Literal("ok") }),
      errors: [],
      handle: () => ({ status: "ok" }),
    },
    {
      method: "GET",
      path: "/readyz",
      permission: "open",
      summary: "Answers 200 when the server can do its work; route traffic elsewhere when it does not.",
      reply: Type.Object({ status: Type.Literal("ready") }),
      errors: ["unavailable"],
      handle: async () => {
        const obstacle = await readiness()
        if (obstacle === undefined) return { status: "ready" }
        throw new DomainError("unavailable", `Not ready: ${obstacle}.`, { retryAfterMs: RETRY_AFTER_MS })
      },
    },
    ...(metrics === undefined ? [] : [metricsRoute(metrics)]),
  ]
}

function metricsRoute({ text, permission }: MetricsOptions): Route {
  return {
    method: "GET",
    path: "/metrics",
    permission,
    summary: "Returns figures about the server as a whole, in Prometheus' text format.",
    reply: Type.String(),
    errors: ["unavailable"],
    handle: async () => new RawReply(METRICS_CONTENT_TYPE, await text()),
  }
}
