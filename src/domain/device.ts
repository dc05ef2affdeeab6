/**
 * Terms: a *device* is one installation of an app, known by the device id that the app chose; its *registration* binds it
 * to the *token* by which the provider reaches it. A *member* is a registration in a channel.
 */

/** What a register call asks for, validated. */
export interface RegistrationRequest {
  readonly deviceToken: string
  readonly deviceId: string
  /** Free text: a system without a push provider is stored and never pushed to (contract 2.1). */
  readonly os: string
  readonly osVersion: string
  /** At least one, no duplicates. */
  readonly channels: readonly string[]
  /** Milliseconds since 1970; undefined: never expires. */
  readonly expiresAt: number | undefined
}

/** What whoever registers a device is to registrations of users (docs/adr/0013). */
export interface RegistrationClaim {
  /** Whom the registration then belongs to; undefined: whoever it belonged to. */
  readonly userId: string | undefined
  /**
   * Whether a registration of somebody else begins anew instead of being renewed, unless the device token is the same:
   * without its channels, and belonging to nobody or to the new user.
   */
  readonly guardsOwners: boolean
}

/** A stored registration. Expired ones are never handed out. */
export interface Registration {
  /** Grows with every new registration and is never reused: segments are cut along it. */
  readonly number: number
  /** The public id, see `objectId`. */
  readonly id: string
  readonly deviceToken: string
  readonly deviceId: string
  readonly os: string
  readonly osVersion: string
  readonly expiresAt: number | undefined
  readonly createdAt: number
  /** When the device last registered: a provider's older word about the token does not count against it. */
  readonly registeredAt: number
  /** False while a later registration has the same token and receives in its place (design D9). */
  readonly receives: boolean
  readonly userId: string | undefined
  readonly channels: readonly ChannelMembership[]
}

export interface ChannelMembership {
  readonly name: string
  /** The public id of this device in this channel, a row of its own in the Backendless table (contract 8). */
  readonly id: string
}

/** What a register call did. */
export interface RegisteredDevice {
  readonly number: number
  /** True when the device had no registration before. */
  readonly created: boolean
  /** The channels that the request named, in its order, with the public id of the device in each. */
  readonly channels: readonly { readonly name: string; readonly id: string }[]
}
