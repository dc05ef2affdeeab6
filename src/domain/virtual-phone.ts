import { platformOf } from "./platform.ts"

/**
 * Terms: a *virtual phone* is a device of the sandbox that people look at. Its device id says what it is, and its token is
 * made of its device id, so that whoever simulates its provider can tell it from all other devices without asking.
 */

const PREFIX = "virtual-phone-"
const RANDOM_BYTES = 9
/** 32 characters: as hexadecimal digits they are as long as an APNs token. */
const DEVICE_ID = /virtual-phone-[0-9a-f]{18}/

export const VIRTUAL_PHONE_RANDOM_BYTES = RANDOM_BYTES

/** `random`: VIRTUAL_PHONE_RANDOM_BYTES bytes. */
export function virtualPhoneId(random: Buffer): string {
  return PREFIX + random.toString("hex")
}

/** A token of the form that the provider of the operating system has. */
export function virtualPhoneToken(os: string, deviceId: string): string {
  switch (platformOf(os)) {
    case "ios":
    case "osx":
      return Buffer.from(deviceId).toString("hex")
    case "wp":
      return `https://sandbox.notify.windows.com/?token=${deviceId}`
    default:
      return deviceId
  }
}

/** The virtual phone that a token, in whatever form a provider has it, belongs to; undefined: it is of no virtual phone. */
export function virtualPhoneOf(token: string): string | undefined {
  const text = /^[0-9a-fA-F]{64}$/.test(token) ? Buffer.from(token, "hex").toString("latin1") : token
  return DEVICE_ID.exec(text)?.[0]
}
