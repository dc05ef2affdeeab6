import type { Registration } from "../domain/device.ts"
import { DomainError } from "../domain/errors.ts"
import type { DeviceCounts } from "../domain/platform.ts"
import { storableText } from "../domain/text.ts"
import type { Clock } from "../runtime/clock.ts"
import { shortHash } from "../runtime/short-hash.ts"
import type { DeviceCriteria, DevicePage, Store } from "../store/store.ts"

export interface DeviceSearchOptions {
  readonly store: Pick<Store, "devices" | "channels">
  readonly clock: Clock
}

/** Which devices are looked for; undefined: all. */
export interface DeviceFilter {
  readonly channel?: string | undefined
  /** In any case. */
  readonly os?: string | undefined
  readonly deviceIdPrefix?: string | undefined
  readonly userId?: string | undefined
  /** See shortHash. */
  readonly tokenHash?: string | undefined
}

const TOKEN_HASH = /^[0-9a-f]{8}$/

/** Lists of devices for people: in pages, and never more work than an index or a slice bounds. */
export class DeviceSearch {
  readonly #options: DeviceSearchOptions

  constructor(options: DeviceSearchOptions) {
    this.#options = options
  }

  /**
   * Ordered by registration, `after` exclusive; the device whose id is exactly the prefix comes before all others. With a
   * filter that no index leads to, a page may hold fewer devices than asked for, even none, and still have a next one.
   * Throws `not_found` for an unknown channel.
   */
  async page(application: number, filter: DeviceFilter, after: number, limit: number): Promise<DevicePage> {
    const { store, clock } = this.#options
    const now = clock.now()
    const channel = await this.#channel(application, filter.channel)
    const { os, deviceIdPrefix, userId, tokenHash } = checked(filter)
    if ([os, deviceIdPrefix, userId, tokenHash].every((criterion) => criterion === undefined)) {
      return channel === undefined
        ? store.devices.page(application, after, limit, now)
        : store.channels.members(channel, after, limit, now)
    }
    const criteria = { channel, os, deviceIdPrefix, userId, tokenHash }
    if (deviceIdPrefix === undefined) return store.devices.search(application, criteria, after, limit, now)
    const named = after > 0 ? undefined : await store.devices.byDeviceId(application, deviceIdPrefix, now)
    const exact = named !== undefined && meets(named, filter) ? [named] : []
    const room = Math.max(1, limit - exact.length)
    const page = await store.devices.search(application, criteria, after, room, now)
    const others = page.devices.filter(({ deviceId }) => deviceId !== deviceIdPrefix)
    return { devices: [...exact, ...others], next: page.next }
  }

  /** The devices that registered this token, the one that receives first. */
  byToken(application: number, token: string, after: number, limit: number): Promise<DevicePage> {
    const { store, clock } = this.#options
    return store.devices.byToken(application, token.normalize("NFC"), after, limit, clock.now())
  }

  count(application: number): Promise<DeviceCounts> {
    return this.#options.store.devices.count(application)
  }

  async #channel(application: number, name: string | undefined): Promise<number | undefined> {
    if (name === undefined) return undefined
    const found = await this.#options.store.channels.byName(application, name)
    if (found !== undefined) return found.number
    throw new DomainError("not_found", `The application has no channel "${name}".`)
  }
}

function checked(filter: DeviceFilter): Omit<DeviceCriteria, "channel"> {
  const { os, deviceIdPrefix, userId, tokenHash } = filter
  if (tokenHash !== undefined && !TOKEN_HASH.test(tokenHash)) {
    throw new DomainError(
      "invalid_property",
      "tokenHash must be the 8 lower-case hexadecimal digits that logs and devices show; with the token itself, ask device-searches.",
      { property: "tokenHash" },
    )
  }
  return {
    os,
    deviceIdPrefix:
      deviceIdPrefix === "" ? undefined : deviceIdPrefix && storableText(deviceIdPrefix, "deviceIdPrefix"),
    userId,
    tokenHash,
  }
}

/** What the store has not looked at, since the device was found by its id. */
function meets(device: Registration, { channel, os, userId, tokenHash }: DeviceFilter): boolean {
  return (
    (channel === undefined || device.channels.some(({ name }) => name === channel)) &&
    (os === undefined || device.os.trim().toLowerCase() === os.trim().toLowerCase()) &&
    (userId === undefined || device.userId === userId) &&
    (tokenHash === undefined || shortHash(device.deviceToken) === tokenHash)
  )
}
