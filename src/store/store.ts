import type { Application } from "../domain/application.ts"
import type { RegisteredDevice, Registration, RegistrationRequest } from "../domain/device.ts"
import type { HistogramFigures } from "../domain/metric.ts"
import type { Preset } from "../domain/permission.ts"
import type { DeviceCounts, ProviderName } from "../domain/platform.ts"
import type { ApiKeyKind } from "../domain/roles.ts"
import type { AdministratorStore } from "./administrator-store.ts"
import type { AuditStore } from "./audit-store.ts"
import type { IssuerStore } from "./issuer-store.ts"
import type { MessageStore, SegmentStore } from "./message-store.ts"
import type { PermissionStore } from "./permission-store.ts"
import type { PhoneStore } from "./phone-store.ts"
import type { StatisticsStore } from "./statistics-store.ts"
import type { UserStore } from "./user-store.ts"

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
  readonly permissions: PermissionStore
  readonly users: UserStore
  readonly issuers: IssuerStore
  readonly audit: AuditStore
  readonly messages: MessageStore
  readonly segments: SegmentStore
  readonly statistics: StatisticsStore
  readonly phones: PhoneStore
  /** The version of the engine and whatever an operator should know of it, for `doctor`. */
  describe(): Promise<Readonly<Record<string, string>>>
  figures(): Promise<StoreFigures>
  /** Proves that the store can be written at this moment; throws DomainError `unavailable` when it cannot. */
  probe(): Promise<void>
  close(): Promise<void>
}

/** Figures of the store as a whole, for monitoring. */
export interface StoreFigures {
  /** Of all applications; expired registrations count until they are removed. */
  readonly registrations: DeviceCounts
  /** Segments of running messages with devices that are still to be sent to. */
  readonly openSegments: number
  /** When the oldest message with such a segment was accepted, in milliseconds since 1970. */
  readonly oldestAcceptedAt: number | undefined
  /** How long this process waited for stable storage, in seconds for each group of writes. */
  readonly commits: HistogramFigures
}

export interface NewApplication {
  readonly id: string
  readonly name: string
  readonly preset: Preset
  readonly keys: readonly NewApiKey[]
}

/** A key under which it is looked up, and in the form in which an administrator can see it again. */
export interface KeySecret {
  /** SHA-256 of the key, hex. */
  readonly hash: string
  /** The key sealed under the master key. */
  readonly sealed: string
}

export interface NewApiKey extends KeySecret {
  readonly kind: ApiKeyKind
  /** What it is for; may be empty. */
  readonly label: string
  /** A custom role that requests with the key run with. */
  readonly role: string | undefined
  /** Milliseconds since 1970; undefined: never. */
  readonly expiresAt: number | undefined
  /** The addresses and CIDR ranges that it is accepted from, as `readAddressRange` spells them; empty: everywhere. */
  readonly addresses: readonly string[]
  /** How many requests a second are answered, instead of as many as the settings say; undefined: those. */
  readonly requestsPerSecond: number | undefined
}

/** What of a key can be changed. */
export type KeyChanges = Partial<
  Pick<NewApiKey, "label" | "role" | "expiresAt" | "addresses" | "requestsPerSecond">
>

export interface ApiKey extends NewApiKey {
  /** Stays the same when the key is regenerated. */
  readonly number: number
  readonly createdAt: number
  readonly regeneratedAt: number | undefined
  /** Until then the key that was replaced last works beside the present one. */
  readonly previousUntil: number | undefined
  /** A request came with the key, or with a host name that is bound to it; up to a minute more than that ago. */
  readonly lastUsedAt: number | undefined
}

/** Who a key or a host name stands for. */
export interface KeyOwner {
  readonly application: Application
  readonly keyNumber: number
  readonly keyKind: ApiKeyKind
  /** The custom roles that the key and the host name are bound to. */
  readonly boundRoles: readonly string[]
  /** When the key ends that was asked with; undefined: never. */
  readonly validUntil: number | undefined
  /** The addresses and CIDR ranges that the key is accepted from; empty: everywhere. */
  readonly addresses: readonly string[]
  /** The limit of the key itself; undefined: that of the settings. */
  readonly requestsPerSecond: number | undefined
  /** As noted last. */
  readonly keyUsedAt: number | undefined
  /** See PermissionStore.rules. */
  readonly rulesVersion: number
}

export interface NewHostName {
  /** Lower case, without a port: `push.example.com`, `127.0.0.1`. */
  readonly host: string
  readonly application: number
  /** Requests have the rights of this key of the application. */
  readonly keyNumber: number
  /** A custom role that requests run with besides. */
  readonly role: string | undefined
}

export interface HostName extends NewHostName {
  readonly keyKind: ApiKeyKind
  readonly createdAt: number
}

export interface ApplicationStore {
  create(application: NewApplication, now: number): Promise<Application>
  /** Ordered by creation. */
  list(): Promise<readonly Application[]>
  byId(id: string): Promise<Application | undefined>
  /** Changes what is given; undefined when there is no such application. */
  update(
    number: number,
    changes: { readonly name?: string; readonly preset?: Preset },
  ): Promise<Application | undefined>
  /** Marks the application deleted: every key, host name, role and rule of it is gone, its data is removed in slices. */
  delete(number: number, now: number): Promise<boolean>
  /** Ordered by creation, expired ones included. */
  keys(number: number): Promise<readonly ApiKey[]>
  /**
   * Adds a key; undefined when there is no such application or no such role. Throws DomainError `conflict` when there
   * would be more than `keysMax`.
   */
  addKey(
    number: number,
    key: NewApiKey,
    options: { readonly now: number; readonly keysMax: number },
  ): Promise<ApiKey | undefined>
  /**
   * Changes what is given, also to undefined. The secret before the present one, if it still works, ends with the key at the
   * latest. Undefined when the application has no such key; "unknown_role": it has no such role, and nothing was changed.
   */
  changeKey(
    number: number,
    keyNumber: number,
    changes: KeyChanges,
  ): Promise<ApiKey | "unknown_role" | undefined>
  /**
   * Gives a key another secret. The present one goes on working until `previousUntil`; the one before it, if it still
   * does, ends at once. Undefined when the application has no such key.
   */
  regenerateKey(
    number: number,
    keyNumber: number,
    secret: KeySecret,
    options: { readonly now: number; readonly previousUntil: number; readonly expiresAt: number | undefined },
  ): Promise<ApiKey | undefined>
  /** Removes a key with the host names that are bound to it; false when the application has no such key. */
  removeKey(number: number, keyNumber: number): Promise<boolean>
  /** Does nothing for a key that is gone. */
  noteKeyUse(keyNumber: number, now: number): Promise<void>
  /** The owner of a key that has not ended; undefined when the application and the key do not belong together. */
  keyOwner(applicationId: string, keyHash: string, now: number): Promise<KeyOwner | undefined>
  /**
   * Binds a host name for the `/api/…` form; replaces an earlier binding to the same application. `taken`: another
   * application has it. `unknown`: the application has no such key or no such role. Throws DomainError `conflict` when it
   * would have more than `hostsMax`.
   */
  bindHost(
    binding: NewHostName,
    options: { readonly now: number; readonly hostsMax: number },
  ): Promise<"bound" | "taken" | "unknown">
  /** With `application`, only one that is bound to it. */
  unbindHost(host: string, application?: number): Promise<boolean>
  /** Ordered by name. */
  hosts(number: number): Promise<readonly HostName[]>
  /** Undefined as well when the key of the host name has ended. */
  hostOwner(host: string, now: number): Promise<KeyOwner | undefined>
}

/** A registration as lists and the by-channel view show it; see DeviceStore.page. */
export interface DevicePage {
  readonly devices: readonly Registration[]
  /** Hand it in again for the next page; undefined: this was the last. */
  readonly next: number | undefined
}

/** Which devices are looked for; what is undefined does not matter. */
export interface DeviceCriteria {
  /** The number of a channel. */
  readonly channel?: number | undefined
  /** In any case. */
  readonly os?: string | undefined
  /** In normal form C. */
  readonly deviceIdPrefix?: string | undefined
  readonly userId?: string | undefined
  /** See shortHash. */
  readonly tokenHash?: string | undefined
}

export interface DeviceStore {
  /**
   * Creates or renews the registration of a device. Renewing replaces token, os, version, expiration and user, adds the
   * named channels and leaves the others; with `guardsOwners` (see RegistrationClaim) a registration of another user whose
   * token differs is replaced instead. Unknown channels are created. The registration becomes the one that receives
   * for its token (design D9). Throws DomainError `invalid_property` when the device would be in more than
   * `channelsPerDeviceMax` channels.
   */
  register(
    application: number,
    request: RegistrationRequest,
    options: {
      readonly now: number
      readonly channelsPerDeviceMax: number
      readonly userId?: string | undefined
      readonly guardsOwners?: boolean | undefined
    },
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
   * Removes a registration that a provider called gone, unless it was renewed later than `knownSince` (or its token is
   * another one by now). Returns whether it was removed.
   */
  removeGone(gone: GoneToken, now: number): Promise<boolean>
  /** Removes up to `limit` expired registrations, the earliest first; returns how many. */
  removeExpired(now: number, limit: number): Promise<number>
  /** Does a moment of the work that removals leave for when there is time; returns whether there is more. */
  tidy(): Promise<boolean>
  /** The earliest expiration in the store, whether past or future. */
  nextExpiration(): Promise<number | undefined>
  /** Ordered by number, `after` exclusive. At most 1 000. */
  page(application: number, after: number, limit: number, now: number): Promise<DevicePage>
  /**
   * Those that meet the criteria, ordered by number, `after` exclusive; what no index leads to is looked for in a bounded
   * slice, so a page may hold fewer than `limit`, even none, and still have a next one. At most 1 000.
   */
  search(
    application: number,
    criteria: DeviceCriteria,
    after: number,
    limit: number,
    now: number,
  ): Promise<DevicePage>
  /**
   * The registrations of a token, the one that receives first; `after`: the number of the last one of the page before,
   * 0 for the first page. Costs the page, whatever the number of devices. At most 1 000.
   */
  byToken(application: number, token: string, after: number, limit: number, now: number): Promise<DevicePage>
  /** The device that receives for the token of this device (design D9); undefined when the device is not registered. */
  receiverOf(application: number, deviceId: string): Promise<string | undefined>
  /** Removes up to `limit` registrations of deleted applications; returns how many. */
  removeOrphaned(limit: number): Promise<number>
  /** How many registrations the application has, by platform; "other" for systems without a provider. */
  count(application: number): Promise<DeviceCounts>
  /** What is known of past registrations of a device id, the latest first, at most 20: for "why did it not arrive". */
  departures(application: number, deviceId: string): Promise<readonly Departure[]>
}

export interface GoneToken {
  readonly registration: number
  readonly token: string
  /** The registration is kept when it was renewed later than this (ms since 1970). */
  readonly knownSince: number
  readonly reason: string
}

/** What a departure says of a registration whose only channel was deleted. */
export const CHANNEL_DELETED = "channel deleted"

/** The trace that a removed registration leaves for 30 days. */
export interface Departure {
  readonly registration: number
  readonly leftAt: number
  readonly reason: "unregistered" | "expired" | "token_gone"
  /** The provider's word for `token_gone`, `CHANNEL_DELETED`, else empty. */
  readonly detail: string
}

export interface Channel {
  readonly number: number
  readonly name: string
  readonly createdAt: number
}

export interface ChannelStore {
  /** Creates the channel, or finds the one that has the name. */
  create(
    application: number,
    name: string,
    now: number,
  ): Promise<{ readonly channel: Channel; readonly created: boolean }>
  byName(application: number, name: string): Promise<Channel | undefined>
  /**
   * Ordered by name, after the channel with the number `after` (0: from the first); only those whose name begins with
   * `namePrefix` (in normal form C), letter by letter. At most 1 000.
   */
  page(
    application: number,
    after: number,
    limit: number,
    namePrefix?: string,
  ): Promise<{ readonly channels: readonly Channel[]; readonly next: number | undefined }>
  /** Members by platform; "other" for systems without a provider. */
  count(channel: number): Promise<DeviceCounts>
  /** The members of a channel, by registration number, `after` exclusive. At most 1 000; expired ones are left out. */
  members(channel: number, after: number, limit: number, now: number): Promise<DevicePage>
  /**
   * Deletes a channel: from now on its name is free and leads nowhere; messages that went there keep it. Its members leave it
   * with `removeMembersOfDeleted`. False: the application has no such channel.
   */
  delete(application: number, name: string): Promise<boolean>
  /**
   * Takes up to `limit` members out of deleted channels; returns how many. As with `leaveChannel`, the last channel of a
   * registration removes it.
   */
  removeMembersOfDeleted(limit: number, now: number): Promise<number>
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
