import { isIP } from "node:net"
import type { Duplex } from "node:stream"
import type { RequestHead } from "./plain-request.ts"

/** What there is to know of a connection, which stays the same for all of its requests. */
interface Peer {
  readonly address: string
  /** What limits count it as. */
  readonly subject: string
  readonly isProxy: boolean
}

/** Where a request comes from: what an attacker cannot change at will. */
export class ClientAddresses {
  readonly #proxies: Pick<ReadonlySet<string>, "has">
  readonly #peers = new WeakMap<Duplex, Peer>()

  /** The addresses of proxies whose X-Forwarded-For is believed; from anybody else it is only a claim. */
  constructor(trustedProxies: Pick<ReadonlySet<string>, "has">) {
    this.#proxies = trustedProxies
  }

  /** As limits count it: an IPv4 address, or the first 64 bits of an IPv6 address, of which a customer gets all others; "" for a connection in memory. */
  of({ socket, headers }: Pick<RequestHead, "socket" | "headers">): string {
    const peer = this.#peerOf(socket)
    return peer.isProxy ? limitedAddress(this.#beyondProxies(peer, headers)) : peer.subject
  }

  /** The whole address, however many a customer has: what lists of addresses speak of. */
  exactly({ socket, headers }: Pick<RequestHead, "socket" | "headers">): string {
    const peer = this.#peerOf(socket)
    return peer.isProxy ? this.#beyondProxies(peer, headers) : peer.address
  }

  #peerOf(socket: RequestHead["socket"]): Peer {
    const known = this.#peers.get(socket)
    if (known !== undefined) return known
    const address = plainAddress(socket.remoteAddress ?? "")
    const peer = { address, subject: limitedAddress(address), isProxy: this.#proxies.has(address) }
    this.#peers.set(socket, peer)
    return peer
  }

  /** From right to left, as long as it was a trusted proxy that wrote it. */
  #beyondProxies(peer: Peer, headers: RequestHead["headers"]): string {
    const forwarded = headers["x-forwarded-for"]
    const claims = typeof forwarded === "string" ? forwarded.split(",") : []
    let { address } = peer
    for (let at = claims.length - 1; at >= 0; at--) {
      const claim = plainAddress(withoutPort((claims[at] as string).trim()))
      if (isIP(claim) === 0) break
      address = claim
      // Nobody stands left of the first, so nobody need know whether that is a proxy.
      if (at > 0 && !this.#proxies.has(claim)) break
    }
    return address
  }
}

/** A host name or address, without a port, that means the machine itself to browsers. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|.+[.]localhost|127(?:[.][0-9]{1,3}){3}|\[::1\])$/.test(host)
}

const WITH_PORT = /^(?:(?<v4>[0-9.]+):[0-9]{1,5}|\[(?<v6>[0-9a-f:.]+)\](?::[0-9]{1,5})?)$/i

/** Some proxies write the port of the connection beside its address, which then is in brackets if it is IPv6. */
function withoutPort(claim: string): string {
  const { v4, v6 } = WITH_PORT.exec(claim)?.groups ?? {}
  return v4 ?? v6 ?? claim
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
