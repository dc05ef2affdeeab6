import { BlockList, isIP } from "node:net"

/** Sets of IP addresses as people write them: single addresses and CIDR ranges, of IPv4 and IPv6. */

export type AddressRangeReading =
  /** Spelt in one way only: without zeros that mean nothing, a single address without its number of bits. */
  | { readonly ok: true; readonly range: string }
  /** What is wrong, to stand behind the name of what was read; does not repeat it. */
  | { readonly ok: false; readonly fault: string }

const fault = (text: string): AddressRangeReading => ({ ok: false, fault: text })

/**
 * Reads one address or range. Bits behind those that a range has are refused instead of ignored: `10.1.2.3/8` is as likely
 * meant to be one machine as to be sixteen million. An IPv4 address that is written as IPv6 (`::ffff:10.0.0.0/104`) is
 * IPv4, since that is how connections are looked at.
 */
export function readAddressRange(text: string): AddressRangeReading {
  const [address = "", bitsText, ...rest] = text.split("/")
  const family = isIP(address)
  if (family === 0 || rest.length > 0) {
    return fault("is no IP address or CIDR range, such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32")
  }
  if (address.includes("%")) {
    return fault("names a network interface of one machine: leave out the % and what follows it")
  }
  const width = family === 4 ? 32 : 128
  const bits = bitsText === undefined ? width : numberOfBits(bitsText)
  if (bits === undefined || bits > width)
    return fault(`needs a number of bits from 0 to ${width} behind its slash`)
  const groups = family === 4 ? address.split(".").map(Number) : groupsOfIpv6(address)
  return family === 6 && bits >= 96 && isMapped(groups)
    ? rangeOf(bytesOf(groups.slice(6)), bits - 96)
    : rangeOf(groups, bits)
}

/** Whether an address is one of those that were named. */
export class AddressRanges {
  readonly #ipv4 = new BlockList()
  readonly #ipv6 = new BlockList()

  /** As `readAddressRange` spells them. */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [address = "", bits] = range.split("/")
      if (isIP(address) === 4) this.#ipv4.addSubnet(address, Number(bits ?? 32), "ipv4")
      else this.#ipv6.addSubnet(address, Number(bits ?? 128), "ipv6")
    }
  }

  /** False for what is no address. No range of IPv6 holds an IPv4 address, not even `::/0`. */
  has(address: string): boolean {
    switch (isIP(address)) {
      case 4:
        return this.#ipv4.check(address, "ipv4")
      case 6: {
        const [plain = ""] = address.split("%", 1)
        return (MAPPED.test(plain) ? this.#ipv4 : this.#ipv6).check(plain, "ipv6")
      }
      default:
        return false
    }
  }
}

/** IPv4 as a socket that listens to both families shows it; BlockList knows that it is. */
const MAPPED = /^::ffff:/i

function numberOfBits(text: string): number | undefined {
  return /^(?:0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : undefined
}

/** `groups`: numbers of 8 bits, four of them, or of 16 bits, eight of them. */
function rangeOf(groups: readonly number[], bits: number): AddressRangeReading {
  const groupBits = groups.length === 4 ? 8 : 16
  const masked = groups.map((group, index) => {
    const kept = Math.min(groupBits, Math.max(0, bits - index * groupBits))
    return group & ~(2 ** (groupBits - kept) - 1)
  })
  const isWhole = bits === groups.length * groupBits
  const range = isWhole ? textOf(masked) : `${textOf(masked)}/${bits}`
  return masked.every((group, index) => group === groups[index])
    ? { ok: true, range }
    : fault(
        `has more than its first ${bits} bits set: the range is ${range}, the address alone ${textOf(groups)}`,
      )
}

/** The parser of URLs knows how IPv6 addresses are written, shortest and in full. */
const shortestIpv6 = (text: string) => new URL(`http://[${text}]`).hostname.slice(1, -1)

function textOf(groups: readonly number[]): string {
  return groups.length === 4
    ? groups.join(".")
    : shortestIpv6(groups.map((group) => group.toString(16)).join(":"))
}

function groupsOfIpv6(address: string): number[] {
  const [head = "", tail] = shortestIpv6(address).split("::") as [string?, string?]
  const [left, right] = [head, tail ?? ""].map((part) => (part === "" ? [] : part.split(":"))) as [
    string[],
    string[],
  ]
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0")
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16))
}

function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
}

function bytesOf(groups: readonly number[]): number[] {
  return groups.flatMap((group) => [group >> 8, group & 0xff])
}
