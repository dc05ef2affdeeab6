import type { Message, NewMessage } from "../../src/domain/message.ts"
import { type ProviderName, platformOf, providerOf } from "../../src/domain/platform.ts"
import type { AudienceDevice } from "../../src/store/message-store.ts"
import type { DeviceStore, GoneToken } from "../../src/store/store.ts"

interface Device {
  readonly number: number
  readonly application: number
  readonly deviceId: string
  token: string
  os: string
  expiresAt: number | undefined
  registeredAt: number
  /** Order of registering, to tell the latest registration of a token. */
  order: number
  /** Channel name → number of the last message when it joined. */
  readonly channels: Map<string, number>
}

/** The registrations of the store in memory. */
export class MemoryDevices {
  readonly #devices = new Map<number, Device>()
  readonly #byDeviceId = new Map<string, Device>()
  readonly #byToken = new Map<string, Set<Device>>()
  readonly #lastMessage: () => number
  #registrations = 0
  #registerings = 0

  /** `lastMessage`: the number of the message that was published last, 0 before the first. */
  constructor(lastMessage: () => number) {
    this.#lastMessage = lastMessage
  }

  readonly port: Pick<DeviceStore, "register" | "unregister" | "removeGone"> = {
    register: async (application, request, { now }) => {
      let device = this.#device(application, request.deviceId)
      const created = device === undefined
      if (device === undefined) {
        this.#registrations += 1
        device = {
          number: this.#registrations,
          application,
          deviceId: request.deviceId,
          token: "",
          os: "",
          expiresAt: undefined,
          registeredAt: 0,
          order: 0,
          channels: new Map(),
        }
        this.#devices.set(device.number, device)
        this.#byDeviceId.set(`${application}/${device.deviceId}`, device)
      } else {
        this.#byToken.get(device.token)?.delete(device)
        // Another platform counts as leaving and joining again.
        if (platformOf(device.os) !== platformOf(request.os)) {
          for (const name of device.channels.keys()) device.channels.set(name, this.#lastMessage())
        }
      }
      this.#registerings += 1
      device.token = request.deviceToken
      device.os = request.os
      device.expiresAt = request.expiresAt
      device.registeredAt = now
      device.order = this.#registerings
      const sameToken = this.#byToken.get(device.token) ?? new Set()
      this.#byToken.set(device.token, sameToken.add(device))
      for (const name of request.channels) {
        if (!device.channels.has(name)) device.channels.set(name, this.#lastMessage())
      }
      const channels = request.channels.map((name) => ({ name, id: `${device.number}/${name}` }))
      return { number: device.number, created, channels }
    },
    unregister: async (application, deviceId) => {
      const device = this.#device(application, deviceId)
      if (device !== undefined) this.#remove(device)
      return device !== undefined
    },
    removeGone: async (gone: GoneToken) => {
      const device = this.#devices.get(gone.registration)
      if (device === undefined || device.token !== gone.token || device.registeredAt > gone.knownSince)
        return false
      this.#remove(device)
      return true
    },
  }

  get(registration: number): Device | undefined {
    return this.#devices.get(registration)
  }

  provider(registration: number): ProviderName | undefined {
    return providerOf(platformOf(this.#devices.get(registration)?.os ?? ""))
  }

  /** The registrations that a message goes to, in order. */
  audience({ application, audience, policy }: NewMessage): number[] {
    if (policy === "PUBSUB") return []
    const devices = [...this.#devices.values()].filter((device) => {
      const platform = platformOf(device.os)
      return (
        device.application === application &&
        device.channels.has(audience.channel) &&
        (audience.platforms === undefined ||
          (platform !== undefined && audience.platforms.includes(platform))) &&
        (audience.deviceIds === undefined || audience.deviceIds.includes(device.deviceId))
      )
    })
    return devices.map(({ number }) => number).sort((a, b) => a - b)
  }

  /** The device if it is in the audience to this day. */
  member(message: Message, registration: number): Device | undefined {
    const device = this.#devices.get(registration)
    const joined = device?.channels.get(message.audience.channel)
    return joined !== undefined && joined < message.number ? device : undefined
  }

  /** The registrations that a provider cannot tell apart. */
  holders({ application, token, os }: Device): Device[] {
    return [...(this.#byToken.get(token) ?? [])].filter((other) => {
      return other.application === application && platformOf(other.os) === platformOf(os)
    })
  }

  row(device: Device): AudienceDevice {
    const { number, token, os, expiresAt, registeredAt, order } = device
    const receives = !this.holders(device).some((other) => other.order > order)
    return { registration: number, token, platform: platformOf(os), expiresAt, registeredAt, receives }
  }

  #device(application: number, deviceId: string): Device | undefined {
    return this.#byDeviceId.get(`${application}/${deviceId}`)
  }

  #remove(device: Device): void {
    this.#devices.delete(device.number)
    this.#byDeviceId.delete(`${device.application}/${device.deviceId}`)
    this.#byToken.get(device.token)?.delete(device)
  }
}

/** The row of a device that left since. */
export function leftRow(registration: number): AudienceDevice {
  return {
    registration,
    token: "",
    platform: undefined,
    expiresAt: undefined,
    registeredAt: 0,
    receives: true,
  }
}
