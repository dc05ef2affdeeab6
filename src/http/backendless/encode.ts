import type { RegisteredDevice, Registration } from "../../domain/device.ts"

/** Domain values → exactly the shapes, units and letter case that the SDKs parse (contract 1.3, 2, 8). */

/** `<id>::<channel>` for each channel that the request named, joined with commas (contract 2.1). */
export function encodeRegistrationResult(device: RegisteredDevice): { readonly registrationId: string } {
  const [only] = device.channels
  if (device.channels.length === 1 && only !== undefined)
    return { registrationId: `${only.id}::${only.name}` }
  return { registrationId: device.channels.map(({ id, name }) => `${id}::${name}`).join(",") }
}

/**
 * An array with one object, all channels merged (contract 2.3). Without `isOpen` the token, by which the owner is known, is
 * left empty: SDKs expect a text (docs/adr/0013).
 */
export function encodeRegistration(registration: Registration, isOpen = true): readonly object[] {
  return [
    {
      id: registration.id,
      deviceToken: isOpen ? registration.deviceToken : "",
      deviceId: registration.deviceId,
      os: registration.os,
      osVersion: registration.osVersion,
      expiration: registration.expiresAt ?? null,
      channels: registration.channels.map(({ name }) => name),
    },
  ]
}

/** The rows of the Backendless table: one for each channel of the device (contract 8). */
export function encodeRegistrationRows(
  registration: Registration,
  isOpen = true,
): readonly RegistrationRow[] {
  return registration.channels.map((channel) => ({
    ___class: "DeviceRegistration",
    objectId: channel.id,
    channelName: channel.name,
    deviceToken: isOpen ? registration.deviceToken : "",
    deviceId: registration.deviceId,
    operatingSystemName: registration.os,
    operatingSystemVersion: registration.osVersion,
    expiration: registration.expiresAt ?? null,
    created: registration.createdAt,
    updated: registration.registeredAt,
    ownerId: (isOpen ? registration.userId : undefined) ?? null,
  }))
}

export interface RegistrationRow {
  readonly ___class: string
  readonly objectId: string
  readonly channelName: string
  readonly deviceToken: string
  readonly deviceId: string
  readonly operatingSystemName: string
  readonly operatingSystemVersion: string
  readonly expiration: number | null
  readonly created: number
  readonly updated: number
  readonly ownerId: string | null
}

/** The answer of publish, status and cancel; each caller passes the letter case that its SDKs compare (contract 3.4). */
export function encodeMessageStatus(
  messageId: string,
  status: "scheduled" | "published" | "cancelled" | "CANCELLED" | "failed" | "unknown",
): object {
  return { messageId, status, errorMessage: null }
}
