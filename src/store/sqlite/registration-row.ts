import type { RegisteredDevice, Registration } from "../../domain/device.ts"
import type { ChannelNumbers } from "./channel-numbers.ts"
import type { DeviceRow } from "./device-statements.ts"
import { membershipIds, publicId } from "./public-id.ts"
import { channelNumbers, type WrittenRegistration } from "./registrar.ts"

/** A row as the port hands it out. Channels that were deleted are left out, whether or not the row has left them already. */
export function toRegistration(row: DeviceRow, names: ChannelNumbers): Registration {
  const numbers = channelNumbers(row)
  const ids = membershipIds(row.number, row.device_key, numbers)
  const channels = numbers.flatMap((number, index) => {
    const name = names.name(number)
    return name === undefined ? [] : [{ name, id: ids[index] as string }]
  })
  return {
    number: row.number,
    id: publicId({ registration: row.number, channel: 0, deviceKey: row.device_key }),
    deviceToken: row.token,
    deviceId: row.device_id,
    os: row.os,
    osVersion: row.os_version,
    expiresAt: row.expires_at ?? undefined,
    createdAt: row.created_at,
    registeredAt: row.registered_at,
    receives: row.receives === 1,
    userId: row.user_id ?? undefined,
    channels,
  }
}

/** `names`: of the channels that the request named, in its order. */
export function registeredDevice(
  { number, created, deviceKey, channels }: WrittenRegistration,
  names: readonly string[],
): RegisteredDevice {
  const ids = membershipIds(number, deviceKey, channels)
  return { number, created, channels: names.map((name, index) => ({ name, id: ids[index] as string })) }
}
