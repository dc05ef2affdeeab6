import { request } from "node:https"
import { isIP, type LookupFunction } from "node:net"
import { guardedLookup, isGlobalUnicast } from "../provider/endpoint-guard.ts"
import type { Clock } from "../runtime/clock.ts"

export interface FetchJsonOptions {
  readonly clock: Clock
  /** Only tests have others: their server is on loopback. */
  readonly lookup?: LookupFunction
  readonly isAllowed?: (address: string) => boolean
  readonly ca?: string
}

const BYTES_MAX = 65_536
const TOTAL_MS_MAX = 10_000

/**
 * Gets the JSON at an https URL that somebody else chose (reliability 2.7): from public addresses only, looked at again
 * when connected, without redirects, proxies or cookies, at most 64 KiB in at most ten seconds. Rejects with an error whose
 * message can be shown.
 */
export function fetchJson(url: string, options: FetchJsonOptions): Promise<unknown> {
  const { clock, lookup = guardedLookup(), isAllowed = isGlobalUnicast, ca } = options
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "")
  if (isIP(host) !== 0 && !isAllowed(host)) return Promise.reject(new Error("the address is not public"))
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: "GET",
        agent: false,
        lookup,
        headers: { accept: "application/json" },
        ...(ca !== undefined && { ca }),
      },
      (response) => {
        const chunks: Buffer[] = []
        let bytes = 0
        if (response.statusCode !== 200)
          return fail(new Error(`the server answered ${response.statusCode}, not 200`))
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > BYTES_MAX) fail(new Error(`the answer is larger than ${BYTES_MAX} bytes`))
          else chunks.push(chunk)
        })
        response.on("error", fail)
        response.on("end", () => {
          stopClock()
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")))
          } catch {
            reject(new Error("the answer is no JSON"))
          }
        })
      },
    )
    const fail = (error: Error) => {
      stopClock()
      sent.destroy()
      reject(error)
    }
    const stopClock = clock.after(TOTAL_MS_MAX, () =>
      fail(new Error("no complete answer within ten seconds")),
    )
    sent.on("socket", (socket) => {
      socket.on("connect", () => {
        if (!isAllowed(socket.remoteAddress ?? "")) fail(new Error("the address is not public"))
      })
    })
    sent.on("error", fail)
    sent.end()
  })
}
