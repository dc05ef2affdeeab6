import { AddressRanges } from "../runtime/address-ranges.ts"
import { addressSubject } from "./client-address.ts"

/** How much of an IPv6 address limits look at. */
const NETWORK_BITS = 64

/** Addresses that may stand for everybody, as those of proxies do: what limits one address does not limit them. */
export class UncappedAddresses {
  readonly #subjects: ReadonlySet<string>
  /** Undefined without any: it costs more than the rest. */
  readonly #ranges: AddressRanges | undefined

  /** As `readAddressRange` spells them. Of an IPv6 network that limits count as one, each address stands for all. */
  constructor(addresses: readonly string[]) {
    const ranges = addresses.filter(isOfSeveral)
    this.#subjects = new Set(addresses.filter((one) => !isOfSeveral(one)).map(subjectOf))
    this.#ranges = ranges.length === 0 ? undefined : new AddressRanges(ranges)
  }

  /** Asked of an address as limits count it (`addressSubject`). */
  has(subject: string): boolean {
    return this.#subjects.has(subject) || this.#ranges?.has(addressOf(subject)) === true
  }
}

/** Whether a range holds more than one of what limits count. */
function isOfSeveral(range: string): boolean {
  const [address = "", bits] = range.split("/")
  return bits !== undefined && !(address.includes(":") && Number(bits) >= NETWORK_BITS)
}

const subjectOf = (range: string) => addressSubject(addressOf(range))

function addressOf(text: string): string {
  const [address = ""] = text.split("/", 1)
  return address
}
