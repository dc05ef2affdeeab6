import type { Application, KeyKind } from "../domain/application.ts"
import type { RegisteredDevice, Registration, RegistrationRequest } from "../domain/device.ts"
import type { ManagementScope, Preset } from "../domain/permission.ts"
import type { Platform, ProviderName } from "../domain/platform.ts"
import type { AuditStore } from "./audit-store.ts"
import type { MessageStore, SegmentStore } from "./message-store.ts"

/**
 * The store port. Four laws for every method:
 * - "not found" is undefined, never an error;
 * - a method is one transaction: it happens whole or not at all, and when it resolves its effect is on stable storage;
 * - time comes in as a parameter (`now`, ms since 1970), a store reads no clock;
 * - strings arrive validated and in normal form C (domain/text.ts).
 */
export interface Store {
  readonly applications: ApplicationStore
  readonly devices: DeviceStore
  readonly channels: ChannelStore
  readonly credentials: CredentialStore
  readonly administrators: AdministratorStore
  readonly audit: AuditStore
  readonly messages: MessageStore
  readonly segments: SegmentStore
  /** The version of the engine and whatever an operator should know of it, for `doctor`. */
  describe(): Promise<Readonly<Record<string, string>>>
  /** Proves that the store can be written at this moment; throws DomainError `unavailable` when it cannot. */
  probe(): Promise<void>
  close(): Promise<void>
}

export interface NewApplication {
  readonly id: string
  readonly name: string
  readonly preset: Preset
  readonly keys: readonly NewApiKey[]
}

export interface NewApiKey {
  readonly kind: KeyKind
  /** SHA-256 of the key, hex. */
  readonly hash: string
  /** The key sealed under the master key, to be shown to an administrator again. */
  readonly sealed: string
}

export interface ApiKey extends NewApiKey {
  readonly number: number
}

export interface KeyOwner {
  readonly application: Application
  readonly keyNumber: number
  readonly keyKind: KeyKind
}

export interface HostName {
  /** Lower case, without a port: `push.example.com`, `127.0.0.1`. */
  readonly host: string
  readonly application: number
  readonly keyKind: KeyKind
}

export interface ApplicationStore {
  create(application: NewApplication, now: number): Promise<Application>
  /** Ordered by creation. */
  list(): Promise<readonly Application[]>
  byId(id: string): Promise<Application | undefined>
  /** Marks the application deleted: every key and host name of it stops working and its data is removed in slices. */
  delete(number: number, now: number): Promise<boolean>
  keys(number: number): Promise<readonly ApiKey[]>
  /** The application and key behind an id and the hash of a key; undefined when they do not belong together. */
  keyOwner(applicationId: string, keyHash: string): Promise<KeyOwner | undefined>
  /** Binds a host name for the `/api/…` form; replaces an earlier binding of the same host. */
  bindHost(binding: HostName, now: number): Promise<void>
  unbindHost(host: string): Promise<boolean>
  hosts(number: number): Promise<readonly HostName[]>
  hostOwner(host: string): Promise<KeyOwner | undefined>
}

/** A registration as lists and the by-channel view show it; see DeviceStore.page. */
export interface DevicePage {
  readonly devices: readonly Registration[]
  /** Hand it in again for the next page; undefined: this was the last. */
  readonly next: number | undefined
}

export interface DeviceStore {
  /**
   * Creates or renews the registration of a device. Renewing replaces token, os, version, expiration and user, adds the
   * named channels and leaves the others. Unknown channels are created. The registration becomes the one that receives
   * for its token (design D9). Throws DomainError `invalid_property` when the device would be in more than
   * `channelsPerDeviceMax` channels.
   */
  register(
    application: number,
    request: RegistrationRequest,
    options: { readonly now: number; readonly channelsPerDeviceMax: number; readonly userId?: string },
  ): Promise<RegisteredDevice>
  /** Undefined as well from the instant at which the registration expires. Channels in the order of joining. */
  byDeviceId(application: number, deviceId: string, now: number): Promise<Registration | undefined>
  /** By the public id of a registration or of one of its channel memberships. */
  byPublicId(application: number, publicId: string, now: number): Promise<Registration | undefined>
  /** Removes the device from all channels; the next latest registration of its token receives again. False: not found. */
  unregister(application: number, deviceId: string, now: number): Promise<boolean>
  /** Takes the device out of one channel by the public id of the membership. The last one removes the registration. */
  leaveChannel(application: number, membershipId: string, now: number): Promise<boolean>
  /**
   * Removes a registration that a provider called gone, unless it was renewed at or after `knownSince` (or its token is
   * another one by now). Returns whether it was removed.
   */
  removeGone(gone: GoneToken, now: number): Promise<boolean>
  /** Removes up to `limit` expired registrations, the earliest first; returns how many. */
  removeExpired(now: number, limit: number): Promise<number>
  /** The earliest expiration in the store, whether past or future. */
  nextExpiration(): Promise<number | undefined>
  /** Ordered by number, `after` exclusive. At most 1 000. */
  page(application: number, after: number, limit: number, now: number): Promise<DevicePage>
  /** Removes up to `limit` registrations of deleted applications; returns how many. */
  removeOrphaned(limit: number): Promise<number>
  /** How many registrations the application has, by platform; "other" for systems without a provider. */
  count(application: number): Promise<DeviceCounts>
  /** What is known of past registrations of a device id, the latest first, at most 20: for "why did it not arrive". */
  departures(application: number, deviceId: string): Promise<readonly Departure[]>
}

export type DeviceCounts = { readonly [P in Platform | "other"]: number }

export interface GoneToken {
  readonly registration: number
  readonly token: string
  /** The registration is kept when it was renewed later than this (ms since 1970). */
  readonly knownSince: number
  readonly reason: string
}

/** The trace that a removed registration leaves for 30 days. */
export interface Departure {
  readonly registration: number
  readonly leftAt: number
  readonly reason: "unregistered" | "expired" | "token_gone"
  /** The provider's word for `token_gone`, else empty. */
  readonly detail: string
}

export interface Channel {
  readonly number: number
  readonly name: string
  readonly createdAt: number
}

export interface ChannelStore {
  byName(application: number, name: string): Promise<Channel | undefined>
  /** Ordered by name, after the channel with the number `after` (0: from the first). At most 1 000. */
  page(
    application: number,
    after: number,
    limit: number,
  ): Promise<{ readonly channels: readonly Channel[]; readonly next: number | undefined }>
  /** Members by platform; "other" for systems without a provider. */
  count(channel: number): Promise<DeviceCounts>
}

export interface StoredCredential {
  readonly number: number
  readonly application: number
  readonly provider: ProviderName
  /** Sealed JSON; only the service that owns the master key can open it. */
  readonly sealed: string
  /** What may be shown: key id, project, topic, origin. Never a secret. */
  readonly summary: Readonly<Record<string, string>>
  readonly updatedAt: number
  readonly pausedAt: number | undefined
  readonly pausedReason: string | undefined
}

export interface CredentialStore {
  /** One per application and provider: replaces an earlier one, and clears its pause. Returns its new number. */
  set(
    credential: Pick<StoredCredential, "application" | "provider" | "sealed" | "summary">,
    now: number,
  ): Promise<number>
  list(application: number): Promise<readonly StoredCredential[]>
  find(application: number, provider: ProviderName): Promise<StoredCredential | undefined>
  remove(application: number, provider: ProviderName): Promise<boolean>
  /** Pauses the credential with this number; false when it was replaced or removed meanwhile. */
  pause(number: number, reason: string, now: number): Promise<boolean>
  resume(number: number): Promise<boolean>
}

export interface AdministratorToken {
  readonly number: number
  readonly label: string
  readonly scope: ManagementScope
  readonly createdAt: number
}

export interface AdministratorStore {
  createToken(
    token: { readonly hash: string; readonly label: string; readonly scope: ManagementScope },
    now: number,
  ): Promise<number>
  tokenByHash(hash: string): Promise<AdministratorToken | undefined>
  listTokens(): Promise<readonly AdministratorToken[]>
  removeToken(number: number): Promise<boolean>
}
