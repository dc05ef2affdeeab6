import { addressSubject } from "./client-address.ts"
import { UncappedAddresses } from "./uncapped-addresses.ts"

/**
 * How many connections each address has open, as limits know addresses: IPv6 counts by its first 64 bits, since nobody is to
 * have another cap for each of the addresses of a network.
 */
export class ConnectionsPerAddress {
  readonly #max: number
  readonly #uncapped: UncappedAddresses
  readonly #open = new Map<string, number>()

  constructor(max: number, uncapped: readonly string[]) {
    this.#max = max
    this.#uncapped = new UncappedAddresses(uncapped)
  }

  /** Counts one more; false when it is too many. A connection in memory has no address. */
  enter(address: string | undefined): boolean {
    if (address === undefined) return true
    const subject = addressSubject(address)
    const count = (this.#open.get(subject) ?? 0) + 1
    this.#open.set(subject, count)
    return count <= this.#max || this.#uncapped.has(subject)
  }

  /** One that was counted is closed. */
  leave(address: string | undefined): void {
    if (address === undefined) return
    const subject = addressSubject(address)
    const count = (this.#open.get(subject) ?? 0) - 1
    if (count > 0) this.#open.set(subject, count)
    else this.#open.delete(subject)
  }
}
