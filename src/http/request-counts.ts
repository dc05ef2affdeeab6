import type { IncomingMessage } from "node:http"
import type { Sample } from "../domain/metric.ts"

/** What requests are counted by besides their status. `none`: bytes that never became a request. */
const SURFACES = ["registration", "backendless", "admin", "console", "system", "none"] as const

type RequestSurface = (typeof SURFACES)[number]

const STATUS_MAX = 599

/** Counts answers by surface and status: never by path, which has keys and names in it. */
export class RequestCounts {
  readonly #counts: Readonly<Record<RequestSurface, Float64Array>>

  constructor() {
    const zeros = () => new Float64Array(STATUS_MAX + 1)
    this.#counts = Object.fromEntries(SURFACES.map((surface) => [surface, zeros()])) as never
  }

  count(request: Pick<IncomingMessage, "method" | "url"> | undefined, status: number): void {
    const counts = this.#counts[request === undefined ? "none" : surfaceOf(request)]
    counts[status] = (counts[status] ?? 0) + 1
  }

  samples(): readonly Sample[] {
    return SURFACES.flatMap((surface) =>
      [...this.#counts[surface].entries()].flatMap(([status, value]) =>
        value === 0 ? [] : [{ labels: { surface, status: String(status) }, value }],
      ),
    )
  }
}

const REGISTRATION = /\/messaging\/registrations?$/

function surfaceOf({ method, url = "" }: Pick<IncomingMessage, "method" | "url">): RequestSurface {
  if (method === "POST" && REGISTRATION.test(url)) return "registration"
  if (url.startsWith("/admin/")) return "admin"
  if (url.startsWith("/console/") || url === "/console") return "console"
  return /^\/(?:healthz|readyz|metrics)(?:\?|$)/.test(url) ? "system" : "backendless"
}
