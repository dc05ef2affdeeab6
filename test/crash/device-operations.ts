import type { Random } from "../../src/runtime/random.ts"
import type { Operation, RegistrationBody } from "./device-history.ts"
import { between, oneOf } from "./settings.ts"

/** Clients that work at the same time, each on devices of its own, one operation after the other. */
export const LANES: readonly number[] = Array.from({ length: 16 }, (_, lane) => lane)

const CHANNELS = ["default", "news", "sport", "weather", "Ärzte & Co"]
const SYSTEMS = ["IOS", "ANDROID", "WP", "OSX", "TIZEN"]
/** In the year 2096: nothing expires while a test runs. */
const EXPIRATION_MIN = 4_000_000_000_000

/** Random registrations, renewals and cancellations. */
export class DeviceOperations {
  readonly #random: Random
  readonly #devicesPerLane: number

  constructor(random: Random, devicesPerLane: number) {
    this.#random = random
    this.#devicesPerLane = devicesPerLane
  }

  choose(lane: number): Operation {
    const deviceId = `phone-${lane}-${between(this.#random, 1, this.#devicesPerLane)}`
    return this.#random.fraction() < 0.2
      ? { op: "cancel", deviceId }
      : { op: "register", body: this.#body(deviceId) }
  }

  #body(deviceId: string): RegistrationBody {
    const random = this.#random
    // Some tokens are shared, as after a reinstallation: such registrations hang together in the store.
    const isShared = random.fraction() < 0.1
    return {
      deviceId,
      deviceToken: isShared ? `shared-${between(random, 1, 20)}` : random.bytes(32).toString("hex"),
      os: oneOf(random, SYSTEMS),
      osVersion: String(between(random, 1, 99)),
      channels: [...new Set([oneOf(random, CHANNELS), oneOf(random, CHANNELS)])],
      expiration: random.fraction() < 0.3 ? EXPIRATION_MIN + between(random, 0, 1_000_000) : null,
    }
  }
}
