import { isIP } from "node:net"
import type { Duplex } from "node:stream"
import type { RequestHead } from "./plain-request.ts"

/** Who a request comes from, as far as limits care: what an attacker cannot change at will. */
export class ClientAddresses {
  readonly #proxies: ReadonlySet<string>
  readonly #known = new WeakMap<Duplex, string>()

  /** The addresses of proxies whose X-Forwarded-For is believed; from anybody else it is only a claim. */
  constructor(trustedProxies: readonly string[]) {
    this.#proxies = new Set(trustedProxies.map(plainAddress))
  }

  /** An IPv4 address, or the first 64 bits of an IPv6 address, of which a customer gets all others; "" for a connection in memory. */
  of({ socket, headers }: Pick<RequestHead, "socket" | "headers">): string {
    let peer = this.#known.get(socket)
    if (peer === undefined) {
      peer = addressSubject(socket.remoteAddress ?? "")
      this.#known.set(socket, peer)
    }
    if (this.#proxies.size === 0) return peer
    const forwarded = headers["x-forwarded-for"]
    const claims = typeof forwarded === "string" ? forwarded : ""
    return limitedAddress(this.#beyondProxies(plainAddress(socket.remoteAddress ?? ""), claims))
  }

  /** From right to left, as long as it was a trusted proxy that wrote it. */
  #beyondProxies(peer: string, claims: string): string {
    let address = peer
    for (const claim of claims.split(",").reverse()) {
      if (!this.#proxies.has(address)) break
      const next = plainAddress(claim.trim())
      if (isIP(next) === 0) break
      address = next
    }
    return address
  }
}

/** A host name or address, without a port, that means the machine itself to browsers. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|.+[.]localhost|127(?:[.][0-9]{1,3}){3}|\[::1\])$/.test(host)
}

const MAPPED = /^::ffff:(?=[0-9.]+$)/i

/** IPv4 as such, also where the socket speaks IPv6. */
function plainAddress(address: string): string {
  return address.replace(MAPPED, "").toLowerCase()
}

/** As `ClientAddresses` names the peer with this address. */
export function addressSubject(address: string): string {
  return limitedAddress(plainAddress(address))
}

function limitedAddress(address: string): string {
  if (!address.includes(":") || address === "::1") return address
  const [head = "", tail] = address.split("%", 1).join().split("::") as [string?, string?]
  const left = head === "" ? [] : head.split(":")
  const right = tail === undefined || tail === "" ? [] : tail.split(":")
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0")
  const groups = tail === undefined ? left : [...left, ...zeros, ...right]
  return `${groups.slice(0, 4).join(":")}::/64`
}
