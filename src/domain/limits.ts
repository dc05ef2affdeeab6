/**
 * The limits of what an app may register and publish; each is a setting (docs/config.md) and defaults to the lengths of
 * the contract (section 2.1), in characters where nothing else is said.
 */
export interface Limits {
  readonly deviceToken: number
  /** A WNS channel is a URL and longer than other tokens. */
  readonly wpDeviceToken: number
  readonly deviceId: number
  readonly os: number
  readonly osVersion: number
  readonly channelName: number
  /** Channels of one device, and of one registration request. */
  readonly channelsPerDevice: number
  /** Device ids that one publish may name. */
  readonly deviceIdsPerPublish: number
  /** Bytes of the body of a registration and of every other small request. */
  readonly bodyBytes: number
  /** Bytes of the body of a publish. */
  readonly publishBodyBytes: number
  /** Nesting of arrays and objects in a body. */
  readonly jsonDepth: number
}

export const DEFAULT_LIMITS: Limits = {
  deviceToken: 256,
  wpDeviceToken: 1024,
  deviceId: 45,
  os: 15,
  osVersion: 45,
  channelName: 45,
  channelsPerDevice: 1000,
  deviceIdsPerPublish: 10_000,
  bodyBytes: 65_536,
  publishBodyBytes: 1_048_576,
  jsonDepth: 32,
}
