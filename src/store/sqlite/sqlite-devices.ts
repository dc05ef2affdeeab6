import type { RegisteredDevice, Registration, RegistrationRequest } from "../../domain/device.ts"
import { DomainError } from "../../domain/errors.ts"
import { platformCode } from "../../domain/platform.ts"
import type { Departure, DeviceCounts, DevicePage, DeviceStore, GoneToken } from "../store.ts"
import type { SqliteContext } from "./context.ts"
import { type DeviceRow, type DeviceStatements, prepareDeviceStatements } from "./device-statements.ts"
import { membershipIds, parsePublicId, publicId } from "./public-id.ts"

const PAGE_MAX = 1000

interface RegisterOptions {
  readonly now: number
  readonly channelsPerDeviceMax: number
  readonly userId?: string
}

/** What is computed from a request before its transaction begins. */
interface Keyed {
  readonly application: number
  readonly request: RegistrationRequest
  readonly options: RegisterOptions
  readonly deviceKey: number
  readonly tokenKey: number
  readonly platform: number
}

export class SqliteDevices implements DeviceStore {
  readonly #context: SqliteContext
  readonly #statements: DeviceStatements

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareDeviceStatements(context.connection)
  }

  register(
    application: number,
    request: RegistrationRequest,
    options: RegisterOptions,
  ): Promise<RegisteredDevice> {
    const platform = platformCode(request.os)
    const keyed: Keyed = {
      application,
      request,
      options,
      platform,
      deviceKey: this.#context.keys.device(application, request.deviceId),
      tokenKey: this.#context.keys.token(application, platform, request.deviceToken),
    }
    return this.#context.writer.write(() => this.#register(keyed))
  }

  async byDeviceId(application: number, deviceId: string, now: number): Promise<Registration | undefined> {
    const row = this.#find(application, this.#context.keys.device(application, deviceId), deviceId)
    return row === undefined || isExpired(row, now) ? undefined : this.#toRegistration(row)
  }

  async byPublicId(application: number, id: string, now: number): Promise<Registration | undefined> {
    const row = this.#findByPublicId(application, id)
    return row === undefined || isExpired(row, now) ? undefined : this.#toRegistration(row)
  }

  unregister(application: number, deviceId: string, now: number): Promise<boolean> {
    const deviceKey = this.#context.keys.device(application, deviceId)
    return this.#context.writer.write(() => {
      const row = this.#find(application, deviceKey, deviceId)
      if (row === undefined) return false
      const wasThere = !isExpired(row, now)
      this.#remove(row, { leftAt: now, reason: wasThere ? "unregistered" : "expired", detail: "" })
      return wasThere
    })
  }

  leaveChannel(application: number, membershipId: string, now: number): Promise<boolean> {
    return this.#context.writer.write(() => {
      const channel = parsePublicId(membershipId)?.channel
      const row = this.#findByPublicId(application, membershipId)
      if (channel === undefined || row === undefined || isExpired(row, now)) return false
      const channels = channelNumbers(row)
      if (!channels.includes(channel)) return false
      if (channels.length === 1) this.#remove(row, { leftAt: now, reason: "unregistered", detail: "" })
      else this.#leave(row, channel, channels)
      return true
    })
  }

  removeGone(gone: GoneToken, now: number): Promise<boolean> {
    return this.#context.writer.write(() => {
      const row = this.#statements.byNumber.get(gone.registration)
      if (row === undefined || row.token !== gone.token || row.registered_at > gone.knownSince) return false
      this.#remove(row, { leftAt: now, reason: "token_gone", detail: gone.reason })
      return true
    })
  }

  removeExpired(now: number, limit: number): Promise<number> {
    return this.#context.writer.write(() => {
      const rows = this.#statements.expired.all(now, limit)
      for (const row of rows) this.#remove(row, { leftAt: now, reason: "expired", detail: "" })
      return rows.length
    })
  }

  async nextExpiration(): Promise<number | undefined> {
    return this.#statements.nextExpiration.get() ?? undefined
  }

  async page(application: number, after: number, limit: number, now: number): Promise<DevicePage> {
    const rows = this.#statements.page.all(application, after, now, Math.min(limit, PAGE_MAX))
    const next = rows.length < Math.min(limit, PAGE_MAX) ? undefined : rows.at(-1)?.number
    return { devices: rows.map((row) => this.#toRegistration(row)), next }
  }

  removeOrphaned(limit: number): Promise<number> {
    return this.#context.writer.write(() => {
      const application = this.#statements.orphanedApplication.get()
      if (application === undefined) return 0
      const rows = this.#statements.ofApplication.all(application, limit)
      for (const row of rows) this.#remove(row, undefined)
      if (rows.length === 0) this.#statements.forgetCounts.run(application)
      return rows.length
    })
  }

  async count(application: number): Promise<DeviceCounts> {
    return this.#context.counters.ofApplication(application)
  }

  async departures(application: number, deviceId: string): Promise<readonly Departure[]> {
    const deviceKey = this.#context.keys.device(application, deviceId)
    return this.#statements.departures.all(deviceKey, application, deviceId)
  }

  #register(keyed: Keyed): RegisteredDevice {
    const { application, request, options } = keyed
    const existing = this.#find(application, keyed.deviceKey, request.deviceId)
    if (existing === undefined) return this.#create(keyed)
    if (isExpired(existing, options.now)) {
      this.#remove(existing, { leftAt: options.now, reason: "expired", detail: "" })
      return this.#create(keyed)
    }
    return this.#renew(existing, keyed)
  }

  #create(keyed: Keyed): RegisteredDevice {
    const { application, request, options, platform, deviceKey, tokenKey } = keyed
    checkChannelCount(request.channels.length, options.channelsPerDeviceMax)
    const channels = this.#channelNumbers(application, request.channels, options.now)
    this.#takeToken(keyed, undefined)
    const number = Number(
      this.#statements.insert.run(
        application,
        deviceKey,
        tokenKey,
        platform,
        options.now,
        options.now,
        request.expiresAt ?? null,
        request.deviceId,
        request.deviceToken,
        request.os,
        request.osVersion,
        channels.join(","),
        options.userId ?? null,
      ).lastInsertRowid,
    )
    this.#context.counters.application(application, platform, 1)
    for (const channel of channels) this.#join(channel, number, platform)
    return this.#answer(number, keyed, channels, true)
  }

  #renew(row: DeviceRow, keyed: Keyed): RegisteredDevice {
    const { application, request, options, platform, tokenKey } = keyed
    const present = channelNumbers(row)
    const known = new Set(present)
    const isNew = (name: string) => !known.has(this.#context.channelNumbers.find(application, name) ?? 0)
    checkChannelCount(present.length + request.channels.filter(isNew).length, options.channelsPerDeviceMax)
    const named = this.#channelNumbers(application, request.channels, options.now)
    const joining = named.filter((channel) => !known.has(channel))
    const keepsToken = row.token === request.deviceToken && row.platform === platform
    if (!keepsToken || row.receives === 0) this.#takeToken(keyed, row.number)
    if (!keepsToken && row.receives === 1) this.#passTokenOn(row)
    this.#statements.renew.run(
      tokenKey,
      platform,
      options.now,
      request.expiresAt ?? null,
      request.deviceToken,
      request.os,
      request.osVersion,
      joining.length === 0 ? row.channels : [...present, ...joining].join(","),
      options.userId ?? row.user_id,
      row.number,
    )
    if (row.platform !== platform) this.#changePlatform(row, present, platform)
    for (const channel of joining) this.#join(channel, row.number, platform)
    return this.#answer(row.number, keyed, named, false)
  }

  #answer(number: number, keyed: Keyed, channels: readonly number[], created: boolean): RegisteredDevice {
    const ids = membershipIds(number, keyed.deviceKey, channels)
    return {
      number,
      created,
      channels: keyed.request.channels.map((name, index) => ({ name, id: ids[index] as string })),
    }
  }

  #channelNumbers(application: number, names: readonly string[], now: number): number[] {
    return names.map((name) => this.#context.channelNumbers.findOrCreate(application, name, now))
  }

  #join(channel: number, registration: number, platform: number): void {
    this.#statements.join.run(channel, registration, platform, this.#context.publishOrder.latest)
    this.#context.counters.channel(channel, platform, 1)
  }

  #leave(row: DeviceRow, channel: number, channels: readonly number[]): void {
    this.#statements.leave.run(channel, row.number)
    this.#context.counters.channel(channel, row.platform, -1)
    this.#statements.setChannels.run(channels.filter((number) => number !== channel).join(","), row.number)
  }

  /** A device of another platform joins its channels anew: it is in no audience that was fixed before. */
  #changePlatform(row: DeviceRow, channels: readonly number[], platform: number): void {
    for (const channel of channels) {
      this.#statements.changePlatform.run(platform, this.#context.publishOrder.latest, channel, row.number)
      this.#context.counters.channel(channel, row.platform, -1)
      this.#context.counters.channel(channel, platform, 1)
    }
    this.#context.counters.application(row.application, row.platform, -1)
    this.#context.counters.application(row.application, platform, 1)
  }

  /** The registration being written becomes the one that receives for its token (design D9). */
  #takeToken(keyed: Keyed, self: number | undefined): void {
    for (const other of this.#statements.sameToken.all(keyed.tokenKey)) {
      const isSame =
        other.token === keyed.request.deviceToken &&
        other.application === keyed.application &&
        other.platform === keyed.platform
      if (isSame && other.receives === 1 && other.number !== self)
        this.#statements.setReceives.run(0, other.number)
    }
  }

  /** The row gives its token up: the next latest registration of the token receives again (design D9). */
  #passTokenOn(row: DeviceRow): void {
    let heir: { readonly number: number; readonly registered_at: number } | undefined
    for (const other of this.#statements.sameToken.all(row.token_key)) {
      if (other.number === row.number || other.token !== row.token) continue
      if (other.application !== row.application || other.platform !== row.platform) continue
      const isLater =
        heir === undefined ||
        other.registered_at > heir.registered_at ||
        (other.registered_at === heir.registered_at && other.number > heir.number)
      if (isLater) heir = other
    }
    if (heir !== undefined) this.#statements.setReceives.run(1, heir.number)
  }

  #remove(row: DeviceRow, departure: Omit<Departure, "registration"> | undefined): void {
    for (const channel of channelNumbers(row)) {
      this.#statements.leave.run(channel, row.number)
      this.#context.counters.channel(channel, row.platform, -1)
    }
    this.#context.counters.application(row.application, row.platform, -1)
    if (row.receives === 1) this.#passTokenOn(row)
    this.#statements.remove.run(row.number)
    if (departure === undefined) return
    this.#statements.depart.run(
      row.application,
      row.device_key,
      row.device_id,
      row.number,
      departure.leftAt,
      departure.reason,
      departure.detail,
    )
  }

  #find(application: number, deviceKey: number, deviceId: string): DeviceRow | undefined {
    // More than one row only where two device ids share 47 bits of their hash.
    for (const row of this.#statements.byDeviceKey.all(deviceKey)) {
      if (row.device_id === deviceId && row.application === application) return row
    }
    return undefined
  }

  #findByPublicId(application: number, id: string): DeviceRow | undefined {
    const parts = parsePublicId(id)
    if (parts === undefined) return undefined
    const row = this.#statements.byNumber.get(parts.registration)
    return row?.application === application && row.device_key === parts.deviceKey ? row : undefined
  }

  #toRegistration(row: DeviceRow): Registration {
    const numbers = channelNumbers(row)
    const ids = membershipIds(row.number, row.device_key, numbers)
    const channels = numbers.flatMap((number, index) => {
      const name = this.#context.channelNumbers.name(number)
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
}

function channelNumbers(row: DeviceRow): number[] {
  return row.channels.split(",").map(Number)
}

function isExpired(row: DeviceRow, now: number): boolean {
  return row.expires_at !== null && row.expires_at <= now
}

function checkChannelCount(count: number, max: number): void {
  if (count <= max) return
  throw new DomainError(
    "invalid_property",
    `The device would be in ${count} channels; the limit is ${max}.`,
    {
      property: "channels",
      limit: max,
      length: count,
    },
  )
}
