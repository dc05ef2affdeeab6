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

/** The hexadecimal digits of two bytes: every registration writes its ids, and `toString(16)` is slow for large numbers. */
const PAIRS = Array.from({ length: 0x1_0000 }, (_, pair) => pair.toString(16).toUpperCase().padStart(4, "0"))

export function publicId(parts: PublicIdParts): string {
  return membershipId(registrationDigits(parts.registration), parts.channel, digits12(parts.deviceKey))
}

/** For many channels of one registration: the parts that do not change are written once. */
export function membershipIds(
  registration: number,
  deviceKey: number,
  channels: readonly number[],
): string[] {
  const start = registrationDigits(registration)
  const end = digits12(deviceKey)
  return channels.map((channel) => membershipId(start, channel, end))
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

function membershipId(start: string, channel: number, end: string): string {
  return `${start}-${pair(channel, 0x1_0000)}-${pair(channel, 1)}-${end}`
}

function registrationDigits(registration: number): string {
  return `${pair(registration, 0x1_0000_0000)}${pair(registration, 0x1_0000)}-${pair(registration, 1)}`
}

function digits12(value: number): string {
  return pair(value, 0x1_0000_0000) + pair(value, 0x1_0000) + pair(value, 1)
}

/** The two bytes of the value from `unit` on, which is a power of 2^16. */
function pair(value: number, unit: number): string {
  return PAIRS[Math.floor(value / unit) % 0x1_0000] as string
}
