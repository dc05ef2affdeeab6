/**
 * The public id of a registration, and of its membership in a channel: the look of a Backendless object id (contract 7),
 * made of the registration's number, the channel's number (0 for the registration itself) and the registration's device
 * key. It needs no column of its own, and nobody can guess it who does not know the store's salt.
 */
export interface PublicIdParts {
  readonly registration: number
  readonly channel: number
  readonly deviceKey: number
}

const SHAPE = /^([0-9A-F]{8})-([0-9A-F]{4})-([0-9A-F]{4})-([0-9A-F]{4})-([0-9A-F]{12})$/i

export function publicId(parts: PublicIdParts): string {
  return publicIdOf(hex(parts.registration, 12), parts.channel, hex(parts.deviceKey, 12))
}

/** For many channels of one registration: the parts that do not change are written once. */
export function membershipIds(
  registration: number,
  deviceKey: number,
  channels: readonly number[],
): string[] {
  const registrationHex = hex(registration, 12)
  const deviceHex = hex(deviceKey, 12)
  return channels.map((channel) => publicIdOf(registrationHex, channel, deviceHex))
}

export function parsePublicId(id: string): PublicIdParts | undefined {
  const groups = SHAPE.exec(id)
  if (groups === null) return undefined
  return {
    registration: Number.parseInt(`${groups[1]}${groups[2]}`, 16),
    channel: Number.parseInt(`${groups[3]}${groups[4]}`, 16),
    deviceKey: Number.parseInt(groups[5] as string, 16),
  }
}

function publicIdOf(registrationHex: string, channel: number, deviceHex: string): string {
  const channelHex = hex(channel, 8)
  return `${registrationHex.slice(0, 8)}-${registrationHex.slice(8)}-${channelHex.slice(0, 4)}-${channelHex.slice(4)}-${deviceHex}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0")
}
