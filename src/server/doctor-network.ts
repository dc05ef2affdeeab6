import { createServer } from "node:net"
import { type Finding, fail, ok, warn } from "./finding.ts"
import { listenFault, reachableUrl } from "./listen-fault.ts"
import { errorCode, StartError } from "./start-error.ts"

/** Checks of where Belfry listens, and whom it believes. */

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/
const ANSWER_MS = 2_000

export function checkAddress(host: string): Finding {
  if (LOOPBACK.test(host)) return ok("address", `${host}: this machine only`)
  return warn(
    "address",
    `${host} is reachable from other machines, over plain HTTP`,
    "Put a proxy that speaks TLS in front, and let a firewall admit nobody else.",
  )
}

/** The largest networks that can be one's own: 10.0.0.0/8 and fc00::/7. */
const OWN_NETWORK_BITS = { ipv4: 8, ipv6: 7 }

/** `trustedProxies`: as `readAddressRange` spells them. */
export function checkProxies(trustedProxies: readonly string[]): Finding {
  if (trustedProxies.length === 0) {
    return ok("proxies", "none is trusted: clients are told apart by the addresses of their connections")
  }
  const vast = trustedProxies.filter((range) => {
    const [address = "", bits] = range.split("/")
    const own = address.includes(":") ? OWN_NETWORK_BITS.ipv6 : OWN_NETWORK_BITS.ipv4
    return bits !== undefined && Number(bits) < own
  })
  if (vast.length === 0) return ok("proxies", `X-Forwarded-For is believed from ${trustedProxies.join(", ")}`)
  return warn(
    "proxies",
    `X-Forwarded-For is believed from ${vast.join(", ")}: more than any private network holds`,
    "Name the addresses of the proxies alone in --http-trusted-proxies: who is in a range can claim any address.",
  )
}

/** Free, or taken by a Belfry. */
export async function checkPort(host: string, port: number): Promise<Finding> {
  const error = await bindOnce(host, port)
  if (error === undefined && port === 0) return ok("port", "0: every start takes one that is free")
  if (error === undefined) return ok("port", `${port} is free: no server runs on it`)
  if (errorCode(error) === "EADDRINUSE") {
    const url = reachableUrl(host, port)
    return (await isBelfry(url))
      ? ok("port", `a Belfry answers at ${url}`)
      : fail("port", `another program has port ${port}`, "Stop it, or choose another port with --port.")
  }
  const explained = listenFault(error, host, port)
  const advice = explained instanceof StartError ? explained.message : "Choose another --host or --port."
  return fail("port", `cannot listen at ${host}:${port} (${errorCode(error)})`, advice)
}

/** Listens for a moment; the error when that fails. */
function bindOnce(host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once("error", resolve)
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })
}

async function isBelfry(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) })
    const body: unknown = await response.json()
    return response.status === 200 && JSON.stringify(body) === '{"status":"ok"}'
  } catch {
    return false
  }
}
