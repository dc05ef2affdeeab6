import type { Registration } from "../domain/device.ts"
import { DomainError } from "../domain/errors.ts"
import type { Clock } from "../runtime/clock.ts"
import type { DeviceCounts, DevicePage, Store } from "../store/store.ts"

export interface DeviceSearchOptions {
  readonly store: Pick<Store, "devices" | "channels">
  readonly clock: Clock
}

/** Which devices are looked for; undefined: all. */
export interface DeviceFilter {
  readonly channel: string | undefined
  /** In any case. */
  readonly os: string | undefined
}

/** Registrations that one call reads at most: some ten milliseconds of the store. */
const READ_MAX = 5_000
const PAGE_MAX = 1_000

/** Lists of devices for people: in pages, and never more work than an index bounds. */
export class DeviceSearch {
  readonly #options: DeviceSearchOptions

  constructor(options: DeviceSearchOptions) {
    this.#options = options
  }

  /**
   * Ordered by registration, `after` exclusive. With an operating system, which no index leads to, a page may hold fewer
   * devices than asked for, even none, and still have a next one. Throws `not_found` for an unknown channel.
   */
  async page(application: number, filter: DeviceFilter, after: number, limit: number): Promise<DevicePage> {
    const read = await this.#reader(application, filter.channel)
    if (filter.os === undefined) return read(after, limit)
    const wanted = filter.os.trim().toLowerCase()
    const devices: Registration[] = []
    let next: number | undefined = after
    for (let count = 0; next !== undefined && count < READ_MAX; count += PAGE_MAX) {
      const page: DevicePage = await read(next, PAGE_MAX)
      for (const device of page.devices) {
        if (device.os.trim().toLowerCase() !== wanted) continue
        if (devices.length === limit) return { devices, next: devices.at(-1)?.number }
        devices.push(device)
      }
      next = page.next
    }
    return { devices, next }
  }

  count(application: number): Promise<DeviceCounts> {
    return this.#options.store.devices.count(application)
  }

  async #reader(
    application: number,
    channel: string | undefined,
  ): Promise<(after: number, limit: number) => Promise<DevicePage>> {
    const { store, clock } = this.#options
    const now = clock.now()
    if (channel === undefined) return (after, limit) => store.devices.page(application, after, limit, now)
    const found = await store.channels.byName(application, channel)
    if (found === undefined) {
      throw new DomainError("not_found", `The application has no channel "${channel}".`)
    }
    return (after, limit) => store.channels.members(found.number, after, limit, now)
  }
}
