import type {
  RegisteredDevice,
  Registration,
  RegistrationClaim,
  RegistrationRequest,
} from "../domain/device.ts"
import { DomainError } from "../domain/errors.ts"
import type { Limits } from "../domain/limits.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Departure, Store } from "../store/store.ts"

export interface DevicesOptions {
  readonly store: Store
  readonly clock: Clock
  readonly limits: Limits
  /** Called after a registration that expires: the expiry loop may have to wake earlier. */
  readonly onExpiration: (expiresAt: number) => void
}

export interface DeviceDetails {
  readonly registration: Registration
  /** The device that registered the same token later and receives in its place; undefined when this one receives. */
  readonly receivedBy: string | undefined
  /** Earlier registrations of the device id that are gone, the latest first. */
  readonly departures: readonly Departure[]
}

/** Registering, retrieving and cancelling devices. */
export class Devices {
  readonly #options: DevicesOptions

  constructor(options: DevicesOptions) {
    this.#options = options
  }

  /** Runs a decoder with the present time and the limits in force. */
  decoded<T>(decode: (now: number, limits: Limits) => T): T {
    return decode(this.#options.clock.now(), this.#options.limits)
  }

  /** Resolves when the registration is on stable storage. */
  register(
    application: number,
    request: RegistrationRequest,
    claim?: RegistrationClaim,
  ): Promise<RegisteredDevice> {
    const { store, clock, limits, onExpiration } = this.#options
    if (request.expiresAt !== undefined) onExpiration(request.expiresAt)
    return store.devices.register(application, request, {
      now: clock.now(),
      channelsPerDeviceMax: limits.channelsPerDevice,
      userId: claim?.userId,
      guardsOwners: claim?.guardsOwners,
    })
  }

  /** Throws `unknown_device` (5000) when there is none or it has expired. */
  async get(application: number, deviceId: string): Promise<Registration> {
    const registration = await this.find(application, deviceId)
    if (registration === undefined) {
      throw new DomainError("unknown_device", "No device is registered with this device id.")
    }
    return registration
  }

  find(application: number, deviceId: string): Promise<Registration | undefined> {
    return this.#options.store.devices.byDeviceId(application, deviceId, this.#options.clock.now())
  }

  /** What there is to know of a device; undefined when it is not registered. */
  async details(application: number, deviceId: string): Promise<DeviceDetails | undefined> {
    const { devices } = this.#options.store
    const registration = await this.find(application, deviceId)
    if (registration === undefined) return undefined
    const [receiver, departures] = await Promise.all([
      registration.receives ? undefined : devices.receiverOf(application, deviceId),
      devices.departures(application, deviceId),
    ])
    return { registration, receivedBy: receiver, departures }
  }

  /** Registrations of a device id that are gone, the latest first. */
  departures(application: number, deviceId: string): Promise<readonly Departure[]> {
    return this.#options.store.devices.departures(application, deviceId)
  }

  /** Removes the device from all channels; throws `unknown_device_to_cancel` (5001). */
  async cancel(application: number, deviceId: string): Promise<void> {
    const { store, clock } = this.#options
    if (!(await store.devices.unregister(application, deviceId, clock.now()))) {
      throw new DomainError("unknown_device_to_cancel", "No device is registered with this device id.")
    }
  }

  /** The channel that the object id of a row stands for; undefined when no row has it. */
  async channelOf(application: number, objectId: string): Promise<string | undefined> {
    const { store, clock } = this.#options
    const registration = await store.devices.byPublicId(application, objectId, clock.now())
    return registration?.channels.find(({ id }) => id === objectId)?.name
  }

  /** Takes a device out of one channel by the object id of that row; returns when it happened (ms since 1970). */
  async leaveChannel(application: number, objectId: string): Promise<number> {
    const { store, clock } = this.#options
    const now = clock.now()
    if (!(await store.devices.leaveChannel(application, objectId, now))) {
      throw new DomainError("unknown_device_to_cancel", "No device registration has this object id.")
    }
    return now
  }
}
