import { type LookupAddress, lookup } from "node:dns"
import { BlockList, isIP, type LookupFunction } from "node:net"

/**
 * Protects the network that Belfry runs in from addresses that devices hand in (reliability.md 2.7): the name is
 * checked when a push is taken, the resolved address at every connect, because a name may resolve anew.
 */

const ENDPOINT_LENGTH_MAX = 2048
/** No spaces, no control characters (URL parsers drop some of them), no backslash (some read it as a slash). */
const PLAIN_TEXT = /^[\x21-\x5b\x5d-\x7e]+$/

/** The URL if it leads to a host below `domain` (without leading dot) by https on port 443, else undefined. */
export function publicEndpoint(text: string, domain: string): URL | undefined {
  if (text.length > ENDPOINT_LENGTH_MAX || !PLAIN_TEXT.test(text)) return undefined
  const url = URL.parse(text)
  if (url === null || url.protocol !== "https:" || url.port !== "") return undefined
  // The parser forgets an empty user name; an authority with an "@" is never one of ours.
  const authority = /^https:\/\/([^/?#]*)/i.exec(text)?.[1]
  if (authority === undefined || authority.includes("@")) return undefined
  return url.hostname.endsWith(`.${domain}`) ? url : undefined
}

const NOT_GLOBAL_V4 = blockList("ipv4", [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
])

const GLOBAL_V6 = blockList("ipv6", [["2000::", 3]])

/** Within 2000::/3, but special, reserved for documents, or with an IPv4 address inside (Teredo, 6to4). */
const NOT_GLOBAL_V6 = blockList("ipv6", [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
])

/** False for anything but an address of one host that is reachable from everywhere (IANA special-purpose registries). */
export function isGlobalUnicast(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !NOT_GLOBAL_V4.check(address, "ipv4")
    case 6:
      // A zone names an interface of this machine.
      return (
        !address.includes("%") && GLOBAL_V6.check(address, "ipv6") && !NOT_GLOBAL_V6.check(address, "ipv6")
      )
    default:
      return false
  }
}

class ForbiddenAddressError extends Error {
  readonly code = "FORBIDDEN_ADDRESS"

  constructor(hostname: string) {
    super(`${hostname} has an address that is not public`)
  }
}

export type ResolveAll = (
  hostname: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void

const resolveWithSystem: ResolveAll = (hostname, done) => lookup(hostname, { all: true }, done)

/** A `lookup` for sockets that fails when any of the addresses is not public, and resolves anew at every connect. */
export function guardedLookup(resolveAll: ResolveAll = resolveWithSystem): LookupFunction {
  return (hostname, options, callback) => {
    resolveAll(hostname, (error, addresses) => {
      const isSafe = addresses?.length > 0 && addresses.every(({ address }) => isGlobalUnicast(address))
      if (error !== null) callback(error, [])
      else if (!isSafe) callback(new ForbiddenAddressError(hostname), [])
      else if (options.all === true) callback(null, [...addresses])
      else callback(null, addresses[0]?.address ?? "", addresses[0]?.family ?? 4)
    })
  }
}

function blockList(family: "ipv4" | "ipv6", subnets: readonly [string, number][]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family)
  return list
}
