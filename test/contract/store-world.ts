import type { Application } from "../../src/domain/application.ts"
import type { RegisteredDevice, Registration } from "../../src/domain/device.ts"
import { type DeviceCounts, platformOf } from "../../src/domain/platform.ts"
import type { Store } from "../../src/store/store.ts"

/** A new and empty store. */
export interface OpenedStore {
  readonly store: Store
  /** Closes the store, if it is open, and opens its data again. Only for a store that was opened as durable. */
  reopen(): Promise<Store>
  /** Removes the data of the closed store. */
  dispose(): Promise<void>
}

export type OpenStore = (options: { readonly durable: boolean }) => Promise<OpenedStore>

export interface Phone {
  readonly token?: string
  readonly os?: string
  readonly osVersion?: string
  readonly channels?: readonly string[]
  readonly expiresAt?: number | undefined
  readonly userId?: string
  readonly guardsOwners?: boolean
  readonly channelsPerDeviceMax?: number
  readonly application?: number
}

export const NOBODY: DeviceCounts = { ios: 0, osx: 0, android: 0, wp: 0, other: 0 }

/** A store with one application, a time of its own, and short words for what apps do to it. */
export class StoreWorld {
  readonly #opened: OpenedStore
  store: Store
  application = 0
  now = 1_800_000_000_000

  private constructor(opened: OpenedStore) {
    this.#opened = opened
    this.store = opened.store
  }

  static async open(open: OpenStore, { durable = false } = {}): Promise<StoreWorld> {
    const world = new StoreWorld(await open({ durable }))
    world.application = (await world.addApplication("APP-1")).number
    return world
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close()
    await this.#opened.dispose()
  }

  get devices(): Store["devices"] {
    return this.store.devices
  }

  async reopen(): Promise<void> {
    this.store = await this.#opened.reopen()
  }

  addApplication(id: string): Promise<Application> {
    return this.store.applications.create({ id, name: `name of ${id}`, preset: "locked", keys: [] }, this.now)
  }

  register(deviceId: string, phone: Phone = {}): Promise<RegisteredDevice> {
    const request = {
      deviceId,
      deviceToken: phone.token ?? `token of ${deviceId}`,
      os: phone.os ?? "ANDROID",
      osVersion: phone.osVersion ?? "16",
      channels: phone.channels ?? ["default"],
      expiresAt: phone.expiresAt,
    }
    return this.devices.register(phone.application ?? this.application, request, {
      now: this.now,
      channelsPerDeviceMax: phone.channelsPerDeviceMax ?? 1000,
      ...(phone.userId !== undefined && { userId: phone.userId }),
      ...(phone.guardsOwners !== undefined && { guardsOwners: phone.guardsOwners }),
    })
  }

  find(deviceId: string, application = this.application): Promise<Registration | undefined> {
    return this.devices.byDeviceId(application, deviceId, this.now)
  }

  /** The registration, which must exist. */
  async get(deviceId: string, application = this.application): Promise<Registration> {
    const registration = await this.find(deviceId, application)
    if (registration === undefined) throw new Error(`${deviceId} is not registered`)
    return registration
  }

  async channelsOf(deviceId: string): Promise<readonly string[] | undefined> {
    return (await this.find(deviceId))?.channels.map(({ name }) => name)
  }

  /** Which of the devices receive for their token. */
  async receivers(...deviceIds: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(deviceIds.map((deviceId) => this.find(deviceId)))
    return found.flatMap((registration) => (registration?.receives ? [registration.deviceId] : []))
  }

  unregister(deviceId: string): Promise<boolean> {
    return this.devices.unregister(this.application, deviceId, this.now)
  }

  async leave(deviceId: string, channel: string): Promise<boolean> {
    const membership = (await this.get(deviceId)).channels.find(({ name }) => name === channel)
    if (membership === undefined) throw new Error(`${deviceId} is not in ${channel}`)
    return this.devices.leaveChannel(this.application, membership.id, this.now)
  }

  /** What a provider's word about a device's token does, when the token is known to be gone since then. */
  async gone(
    deviceId: string,
    { knownSince = this.now, token = `token of ${deviceId}` } = {},
  ): Promise<boolean> {
    const { number } = await this.get(deviceId)
    return this.devices.removeGone(
      { registration: number, token, knownSince, reason: "UNREGISTERED" },
      this.now,
    )
  }

  removeExpired(limit = 1000): Promise<number> {
    return this.devices.removeExpired(this.now, limit)
  }

  /** Every registration, read page by page. */
  async all(application = this.application, pageSize = 3): Promise<readonly Registration[]> {
    const registrations: Registration[] = []
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page = await this.devices.page(application, after, pageSize, this.now)
      if (page.devices.length > pageSize) throw new Error("the page is larger than it was asked to be")
      registrations.push(...page.devices)
      after = page.next
    }
    return registrations
  }

  /** The sizes that the store should know, counted one by one. */
  async counted(application = this.application): Promise<{
    readonly devices: DeviceCounts
    readonly channels: ReadonlyMap<string, DeviceCounts>
  }> {
    const registrations = await this.all(application, 1000)
    const channels = new Map<string, Registration[]>()
    for (const registration of registrations) {
      for (const { name } of registration.channels) {
        channels.set(name, [...(channels.get(name) ?? []), registration])
      }
    }
    return {
      devices: countsOf(registrations),
      channels: new Map([...channels].map(([name, members]) => [name, countsOf(members)])),
    }
  }

  async channelCount(name: string, application = this.application): Promise<DeviceCounts> {
    const channel = await this.store.channels.byName(application, name)
    if (channel === undefined) throw new Error(`there is no channel ${name}`)
    return this.store.channels.count(channel.number)
  }
}

function countsOf(registrations: readonly Registration[]): DeviceCounts {
  const counts: Record<keyof DeviceCounts, number> = { ...NOBODY }
  for (const { os } of registrations) counts[platformOf(os) ?? "other"]++
  return counts
}
