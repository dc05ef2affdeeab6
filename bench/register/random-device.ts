import { randomBytes } from "node:crypto"

/** Channels besides `big`, which every device is in. */
export const CHANNELS = 1000

export interface RandomDevice {
  readonly deviceToken: string
  readonly deviceId: string
  readonly os: string
  readonly osVersion: string
  readonly channels: readonly [string, string]
}

/** A device that never was: a token of 64 hexadecimal digits, a UUID, two channels. */
export function randomDevice(): RandomDevice {
  const digits = randomBytes(48).toString("hex")
  const id = digits.slice(64)
  return {
    deviceToken: digits.slice(0, 64),
    deviceId: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
    os: "ANDROID",
    osVersion: "14",
    channels: ["big", `c${(Number.parseInt(id.slice(0, 6), 16) % CHANNELS) + 1}`],
  }
}
