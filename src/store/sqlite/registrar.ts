import type { RegistrationRequest } from "../../domain/device.ts"
import { DomainError } from "../../domain/errors.ts"
import type { Departure } from "../store.ts"
import type { SqliteContext } from "./context.ts"
import type { DeviceRow, DeviceStatements } from "./device-statements.ts"

export interface RegisterOptions {
  readonly now: number
  readonly channelsPerDeviceMax: number
  readonly userId?: string | undefined
  readonly guardsOwners?: boolean | undefined
}

/** What a registration came to; public-id.ts makes the ids of its channels from it. */
export interface WrittenRegistration {
  readonly number: number
  readonly created: boolean
  readonly deviceKey: number
  /** The numbers of the channels that the request named, in its order. */
  readonly channels: readonly number[]
}

/** A registration with what is computed from it before its transaction begins. */
export interface Keyed {
  readonly application: number
  readonly request: RegistrationRequest
  readonly options: RegisterOptions
  readonly deviceKey: number
  readonly tokenKey: number
  readonly platform: number
}

/** Writes registrations and what hangs on them. Everything here runs inside a transaction. */
export class Registrar {
  readonly #context: SqliteContext
  readonly #statements: DeviceStatements

  constructor(context: SqliteContext, statements: DeviceStatements) {
    this.#context = context
    this.#statements = statements
  }

  register(keyed: Keyed): WrittenRegistration {
    const { application, request, options } = keyed
    const existing = this.find(application, keyed.deviceKey, request.deviceId)
    if (existing !== undefined && isRenewable(existing, keyed)) return this.#renew(existing, keyed)
    checkChannelCount(request.channels.length, options.channelsPerDeviceMax)
    if (existing !== undefined) {
      const reason = isExpired(existing, options.now) ? "expired" : "unregistered"
      this.remove(existing, options.now, { leftAt: options.now, reason, detail: "" })
    }
    return this.#create(keyed)
  }

  /** Also one that has expired. */
  find(application: number, deviceKey: number, deviceId: string): DeviceRow | undefined {
    for (const number of this.#context.index.devices.numbers(deviceKey)) {
      const row = this.#statements.byNumber.get(number)
      // The key is a hash: another device may share it.
      if (row?.device_id === deviceId && row.application === application) return row
    }
    return undefined
  }

  /** The registration must be in the channel, and in others too. */
  leave(row: DeviceRow, channel: number): void {
    this.#context.memberships.leave(row, [channel])
    const channels = channelNumbers(row).filter((number) => number !== channel)
    this.#statements.setChannels.run(channels.join(","), row.number)
  }

  remove(row: DeviceRow, now: number, departure: Omit<Departure, "registration"> | undefined): void {
    const { index, memberships, numbers, tokenHolders } = this.#context
    memberships.leaveAll(row, channelNumbers(row))
    tokenHolders.release(row, now)
    index.devices.remove(row.device_key, row.number)
    numbers.removed(row.number)
    this.#statements.remove.run(row.number)
    if (departure === undefined) return
    this.#context.figures.count(row.application, now, "departed")
    const { leftAt, reason, detail } = departure
    this.#statements.depart.run(
      row.application,
      row.device_key,
      row.device_id,
      row.number,
      leftAt,
      reason,
      detail,
    )
  }

  #create(keyed: Keyed): WrittenRegistration {
    const { application, request, options, platform, deviceKey, tokenKey } = keyed
    const { index, memberships, numbers, tokenHolders } = this.#context
    const channels = this.#channelNumbers(application, request.channels, options.now)
    const number = numbers.next()
    const olderHolder = tokenHolders.take(heldToken(keyed), number)
    const { now, userId } = options
    const { expiresAt, deviceId, deviceToken, os, osVersion } = request
    const names = channels.join(",")
    const keys = [number, application, deviceKey, tokenKey, platform] as const
    const texts = [deviceId, deviceToken, os, osVersion, names] as const
    if (olderHolder === null && expiresAt === undefined && userId === undefined) {
      this.#statements.insertPlain.run(...keys, now, now, ...texts)
    } else {
      this.#statements.insert.run(...keys, olderHolder, now, now, expiresAt ?? null, ...texts, userId ?? null)
    }
    index.add(number, deviceKey, tokenKey)
    memberships.add({ number, application, platform }, channels)
    this.#context.figures.count(application, options.now, "registered")
    return { number, created: true, deviceKey, channels }
  }

  #renew(row: DeviceRow, keyed: Keyed): WrittenRegistration {
    const { application, request, options, platform, tokenKey } = keyed
    const { memberships } = this.#context
    const present = channelNumbers(row)
    const known = new Set(present)
    const isNew = (name: string) => !known.has(this.#context.channelNumbers.find(application, name) ?? 0)
    checkChannelCount(present.length + request.channels.filter(isNew).length, options.channelsPerDeviceMax)
    const named = this.#channelNumbers(application, request.channels, options.now)
    const joining = named.filter((channel) => !known.has(channel))
    this.#statements.renew.run(
      tokenKey,
      platform,
      this.#holdToken(row, keyed),
      options.now,
      request.expiresAt ?? null,
      request.deviceToken,
      request.os,
      request.osVersion,
      joining.length === 0 ? row.channels : [...present, ...joining].join(","),
      options.userId ?? row.user_id,
      row.number,
    )
    if (row.platform !== platform) memberships.changePlatform(row, present, platform)
    memberships.join({ number: row.number, application, platform }, joining)
    this.#context.figures.count(application, options.now, "renewed")
    return { number: row.number, created: false, deviceKey: keyed.deviceKey, channels: named }
  }

  /** Makes a registration receive for the token that it renews with; returns its older neighbour. */
  #holdToken(row: DeviceRow, keyed: Keyed): number | null {
    const { index, tokenHolders } = this.#context
    const keepsToken = row.token === keyed.request.deviceToken && row.platform === keyed.platform
    if (keepsToken && row.receives === 1) return row.older_holder
    tokenHolders.release(row, keyed.options.now)
    const olderHolder = tokenHolders.take(heldToken(keyed), row.number)
    index.tokens.add(keyed.tokenKey, row.number)
    return olderHolder
  }

  #channelNumbers(application: number, names: readonly string[], now: number): number[] {
    return names.map((name) => this.#context.channelNumbers.findOrCreate(application, name, now))
  }
}

export function channelNumbers(row: Pick<DeviceRow, "channels">): number[] {
  return row.channels.split(",").map(Number)
}

export function isExpired(row: DeviceRow, now: number): boolean {
  return row.expires_at !== null && row.expires_at <= now
}

/** Whoever has the device token is the device: only without it, a registration of another user begins anew. */
function isRenewable(row: DeviceRow, { request, options, platform }: Keyed): boolean {
  if (isExpired(row, options.now)) return false
  if (!options.guardsOwners || row.user_id === null || row.user_id === options.userId) return true
  return row.token === request.deviceToken && row.platform === platform
}

function heldToken({ tokenKey, application, platform, request }: Keyed) {
  return { key: tokenKey, application, platform, token: request.deviceToken }
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
