import { PLATFORM_CODES, PLATFORMS, platformFromCode } from "../../domain/platform.ts"
import type { AudienceDevice, DeviceOutcome, NamedAudience } from "../message-store.ts"
import type { SqliteContext } from "./context.ts"
import { byPlatform } from "./device-counters.ts"
import { isPresent } from "./removed-members.ts"
import type { MessageBoundary } from "./sqlite-message-rows.ts"

/** Larger than every registration number: the end of a segment that has no other. */
export const NO_END = Number.MAX_SAFE_INTEGER

/** Device ids that one lookup resolves. */
const LOOKUP_CHUNK = 500
/** Members that one step of a page may look at: about a millisecond, then others have their turn. */
const SLICE_MAX = 20_000
/** A cut looks at this many times the members that a segment shall have, at most. */
const CUT_REACH = 2

/** The predicate "in the audience of the message" over a row of members: number, mask, mask. */
const IN_AUDIENCE = "joined_at_message < ? and (? is null or platform & ?)"
const MEMBER_IN_AUDIENCE = "m.joined_at_message < ? and (? is null or m.platform & ?)"
const DEVICE = "m.registration, r.token, m.platform, r.expires_at, r.registered_at, r.receives"

export const AUDIENCE_STATEMENTS = {
  named: `select r.number, r.device_id, m.platform
    from json_each(?) j cross join registrations r on r.number = j.value
      cross join members m on m.channel = ? and m.registration = r.number
    where r.application = ? and (r.expires_at is null or r.expires_at > ?)`,
  namedNow: `select r.device_id, r.platform
    from json_each(?) j cross join registrations r on r.number = j.value
    where r.application = ? and (r.expires_at is null or r.expires_at > ?)
      and instr(',' || r.channels || ',', ?) > 0`,
  member: `select platform, joined_at_message from members
    where channel = ? and registration = ? and ${isPresent("registration")}`,
  page: `select ${DEVICE} from members m cross join registrations r on r.number = m.registration
    where m.channel = ? and m.registration > ? and m.registration <= ? and ${MEMBER_IN_AUDIENCE}
    order by m.registration limit ?`,
  listedPage: `select ${DEVICE} from json_each(?) j
      cross join members m on m.channel = ? and m.registration = j.value
      cross join registrations r on r.number = m.registration
    where ${MEMBER_IN_AUDIENCE}`,
  nthMember: `select registration from members where channel = ? and registration > ?
    order by registration limit 1 offset ?`,
  cut: `select registration from (
      select registration, platform, joined_at_message from members
      where channel = ? and registration > ? order by registration limit ?) as within_reach
    where ${IN_AUDIENCE} and ${isPresent("registration")} limit 1 offset ?`,
  countTo: `select count(*) from members
    where channel = ? and registration > ? and registration <= ? and ${IN_AUDIENCE}
      and ${isPresent("registration")}`,
} as const

type DeviceColumns = [
  registration: number,
  token: string,
  platform: number,
  expiresAt: number | null,
  registeredAt: number,
  receives: number,
]

/** Who a publish named, when it named devices. */
export interface NamedDevices {
  /** Registration numbers, ascending. */
  readonly registrations: readonly number[]
  /** Of them, how many no provider serves. */
  readonly unsupported: number
  readonly unknownDeviceIds: readonly string[]
}

/** Where an audience is cut: the last registration number of the first part, and how many of the audience are in it. */
export interface AudienceCut {
  readonly last: number
  readonly planned: number
}

/** The members of channels as the audiences of messages. An audience only ever shrinks: who leaves is out of it. */
export class AudienceReader {
  readonly #context: SqliteContext
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareStatements(context)
  }

  /** How many members a message published now would be for. Inside the publishing transaction; independent of the size. */
  size(channel: number, platforms: number | null): { readonly size: number; readonly unsupported: number } {
    const { counters, memberships } = this.#context
    counters.write()
    const counts = counters.ofChannel(channel, memberships.waiting())
    const named = PLATFORMS.filter((platform) => platforms === null || platforms & PLATFORM_CODES[platform])
    const sum = named.reduce((total, platform) => total + counts[platform], 0)
    return platforms === null
      ? { size: sum + counts.other, unsupported: counts.other }
      : { size: sum, unsupported: 0 }
  }

  /** As `named`, in words of the port and outside of a transaction: others have their turn between the chunks. */
  async namedNow(
    audience: { readonly application: number; readonly channel: number; readonly platforms: number | null },
    deviceIds: readonly string[],
    now: number,
  ): Promise<NamedAudience> {
    const { application, channel, platforms } = audience
    const missing = new Set(deviceIds)
    const counts = new Map<number, number>()
    for (let from = 0; from < deviceIds.length; from += LOOKUP_CHUNK) {
      this.#context.refresh()
      const chunk = deviceIds.slice(from, from + LOOKUP_CHUNK)
      const numbers = chunk.flatMap((id) => this.#numbersOf(application, id))
      for (const row of this.#statements.namedNow.all(
        JSON.stringify(numbers),
        application,
        now,
        `,${channel},`,
      )) {
        // The key is a hash: another device may share it.
        if (!missing.delete(row.device_id) || (platforms !== null && !(platforms & row.platform))) continue
        counts.set(row.platform, (counts.get(row.platform) ?? 0) + 1)
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { devices: byPlatform([...counts]), unknownDeviceIds: [...missing] }
  }

  #numbersOf(application: number, deviceId: string): readonly number[] {
    return this.#context.index.devices.numbers(this.#context.keys.device(application, deviceId))
  }

  /** The index keys of device ids, to be computed before a transaction begins. */
  keysOf(application: number, deviceIds: readonly string[]): number[] {
    return deviceIds.map((deviceId) => this.#context.keys.device(application, deviceId))
  }

  /** The members that the publish named. Expired ones count as not registered. Inside the publishing transaction. */
  named(
    audience: { readonly application: number; readonly channel: number; readonly platforms: number | null },
    deviceIds: readonly string[],
    keys: readonly number[],
    now: number,
  ): NamedDevices {
    const missing = new Set(deviceIds)
    const wanted = new Set(deviceIds)
    const registrations = new Set<number>()
    let unsupported = 0
    for (let from = 0; from < keys.length; from += LOOKUP_CHUNK) {
      const { devices } = this.#context.index
      const chunk = JSON.stringify(
        keys.slice(from, from + LOOKUP_CHUNK).flatMap((key) => devices.numbers(key)),
      )
      for (const row of this.#statements.named.all(chunk, audience.channel, audience.application, now)) {
        // The key is a hash: another device may share it.
        if (!wanted.has(row.device_id)) continue
        missing.delete(row.device_id)
        if (audience.platforms !== null && !(audience.platforms & row.platform)) continue
        if (row.platform === 0 && !registrations.has(row.number)) unsupported++
        registrations.add(row.number)
      }
    }
    const ascending = [...registrations].sort((a, b) => a - b)
    return { registrations: ascending, unsupported, unknownDeviceIds: [...missing] }
  }

  /** Undefined when the device is a member that the message is for; names in a list are not looked at. */
  whyNotMember(boundary: MessageBoundary, registration: number): NotInAudience["because"] | undefined {
    const member = this.#statements.member.get(boundary.channel, registration)
    if (member === undefined) {
      const isLate = this.#context.memberships.waits(boundary.channel, registration)
      return isLate ? "registered_later" : "not_in_channel"
    }
    if (member.joined_at_message >= boundary.number) return "registered_later"
    const isAsked = boundary.platforms === null || (boundary.platforms & member.platform) !== 0
    return isAsked ? undefined : "other_platform"
  }

  /**
   * Members after `after` up to `high`, fewer than `limit` only at the end. Where few members are of the audience it
   * looks at slices of the channel and lets others have their turn between them.
   */
  async page(
    boundary: MessageBoundary,
    after: number,
    high: number,
    limit: number,
  ): Promise<AudienceDevice[]> {
    const { channel, number, platforms } = boundary
    const found: AudienceDevice[] = []
    let slice = limit
    for (let from = after; ; ) {
      const end = Math.min(this.#statements.nthMember.get(channel, from, slice - 1) ?? high, high)
      const left = limit - found.length
      const rows = this.#statements.page.all(channel, from, end, number, platforms, platforms, left)
      for (const row of rows) found.push(toDevice(row))
      if (found.length >= limit || end >= high) return found
      from = end
      slice = Math.min(slice * 4, SLICE_MAX)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Those of the named devices that are still members, in the order of the numbers. */
  listedPage(boundary: MessageBoundary, registrations: readonly number[]): AudienceDevice[] {
    const { channel, number, platforms } = boundary
    const list = JSON.stringify(registrations)
    return this.#statements.listedPage.all(list, channel, number, platforms, platforms).map(toDevice)
  }

  /**
   * Where to cut so that the first part, after `low`, has `size` devices of the audience, or as many as are found among
   * twice as many members of the channel: the work is bounded however few of a channel a message is for. Undefined when
   * the rest is no larger than a part.
   */
  cut(boundary: MessageBoundary, low: number, size: number): AudienceCut | undefined {
    const { channel, number, platforms } = boundary
    const reach = size * CUT_REACH
    const last = this.#statements.cut.get(channel, low, reach, number, platforms, platforms, size - 1)
    if (last !== undefined) return { last, planned: size }
    const end = this.#statements.nthMember.get(channel, low, reach - 1)
    if (end === undefined) return undefined
    const planned = this.#statements.countTo.get(channel, low, end, number, platforms, platforms) as number
    return { last: end, planned }
  }
}

type NotInAudience = Extract<DeviceOutcome, { readonly state: "not_in_audience" }>

function toDevice([
  registration,
  token,
  platform,
  expiresAt,
  registeredAt,
  receives,
]: DeviceColumns): AudienceDevice {
  return {
    registration,
    token,
    platform: platformFromCode(platform),
    expiresAt: expiresAt ?? undefined,
    registeredAt,
    receives: receives === 1,
  }
}

type Limit = number
type Mask = number | null

function prepareStatements({ connection }: SqliteContext) {
  const sql = AUDIENCE_STATEMENTS
  return {
    named: connection.prepare<
      [string, number, number, number],
      { readonly number: number; readonly device_id: string; readonly platform: number }
    >(sql.named),
    namedNow: connection.prepare<
      [string, number, number, string],
      { readonly device_id: string; readonly platform: number }
    >(sql.namedNow),
    member: connection.prepare<
      [number, number],
      { readonly platform: number; readonly joined_at_message: number }
    >(sql.member),
    page: connection
      .prepare<[number, number, number, number, Mask, Mask, Limit], DeviceColumns>(sql.page)
      .raw(),
    listedPage: connection.prepare<[string, number, number, Mask, Mask], DeviceColumns>(sql.listedPage).raw(),
    nthMember: connection.prepare<[number, number, number], number>(sql.nthMember).pluck(),
    cut: connection.prepare<[number, number, Limit, number, Mask, Mask, number], number>(sql.cut).pluck(),
    countTo: connection.prepare<[number, number, number, number, Mask, Mask], number>(sql.countTo).pluck(),
  }
}
