import type { DeviceCounts } from "../../domain/platform.ts"
import type { Channel, ChannelStore, DevicePage } from "../store.ts"
import type { SqliteContext } from "./context.ts"
import { DEVICE_COLUMNS, type DeviceRow } from "./device-statements.ts"
import { toRegistration } from "./registration-row.ts"
import { ChannelRemoval } from "./sqlite-channel-removal.ts"

const COLUMNS = "number, name, created_at as createdAt"
const PAGE_MAX = 1000

const CHANNEL_STATEMENTS = {
  byName: `select ${COLUMNS} from channels where application = ? and name = ?`,
  // Ordered by name, the index's own order; the page goes on after the name of the channel `after`.
  page: `select ${COLUMNS} from channels
    where application = ? and name > coalesce((select name from channels where number = ?), '')
    order by name limit ?`,
  // One bound at each end: the index is entered at one alone. No text holds the byte FF, so that what ends with it comes after
  // all that begins so.
  pageWith: `select ${COLUMNS} from channels
    where application = ? and name >= max(?, coalesce((select name from channels where number = ?), ''))
      and name < ? || cast(x'ff' as text) and number <> ?
    order by name limit ?`,
  members: `select ${DEVICE_COLUMNS} from members m cross join registrations r on r.number = m.registration
    where m.channel = ? and m.registration > ? and (r.expires_at is null or r.expires_at > ?)
    order by m.registration limit ?`,
  /** The registrations that wait to be folded into the table of members, all of them later (memberships.ts). */
  lateMembers: `select ${DEVICE_COLUMNS} from registrations r
    where r.number > max(?, (select number from marks where name = 'members_folded'))
      and instr(',' || r.channels || ',', ?) > 0 and (r.expires_at is null or r.expires_at > ?)
    order by r.number limit ?`,
} as const

export class SqliteChannels implements ChannelStore {
  readonly #context: SqliteContext
  readonly #removal: ChannelRemoval
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#removal = new ChannelRemoval(context)
    this.#statements = prepareStatements(context)
  }

  create(
    application: number,
    name: string,
    now: number,
  ): Promise<{ readonly channel: Channel; readonly created: boolean }> {
    return this.#context.writer.write(() => {
      const known = this.#statements.byName.get(application, name)
      if (known !== undefined) return { channel: known, created: false }
      const number = this.#context.channelNumbers.findOrCreate(application, name, now)
      return { channel: { number, name, createdAt: now }, created: true }
    })
  }

  async byName(application: number, name: string): Promise<Channel | undefined> {
    return this.#statements.byName.get(application, name)
  }

  async page(
    application: number,
    after: number,
    limit: number,
    namePrefix = "",
  ): Promise<{ readonly channels: readonly Channel[]; readonly next: number | undefined }> {
    const size = Math.min(limit, PAGE_MAX)
    const { page, pageWith } = this.#statements
    const channels =
      namePrefix === ""
        ? page.all(application, after, size)
        : pageWith.all(application, namePrefix, after, namePrefix, after, size)
    return { channels, next: channels.length < size ? undefined : channels.at(-1)?.number }
  }

  async count(channel: number): Promise<DeviceCounts> {
    const { counters, memberships } = this.#context
    return this.#context.snapshot(() => counters.ofChannel(channel, memberships.waiting()))
  }

  async members(channel: number, after: number, limit: number, now: number): Promise<DevicePage> {
    const size = Math.min(limit, PAGE_MAX)
    const rows = this.#context.connection.transaction(() => this.#members(channel, after, size, now))()
    const next = rows.length < size ? undefined : rows.at(-1)?.number
    return { devices: rows.map((row) => toRegistration(row, this.#context.channelNumbers)), next }
  }

  delete(application: number, name: string): Promise<boolean> {
    return this.#removal.delete(application, name)
  }

  removeMembersOfDeleted(limit: number, now: number): Promise<number> {
    return this.#removal.removeMembers(limit, now)
  }

  #members(channel: number, after: number, size: number, now: number): DeviceRow[] {
    const rows = this.#statements.members.all(channel, after, now, size)
    if (rows.length === size) return rows
    const late = this.#statements.lateMembers.all(after, `,${channel},`, now, size - rows.length)
    return rows.concat(late)
  }
}

function prepareStatements({ connection }: SqliteContext) {
  const sql = CHANNEL_STATEMENTS
  return {
    byName: connection.prepare<[number, string], Channel>(sql.byName),
    page: connection.prepare<[number, number, number], Channel>(sql.page),
    pageWith: connection.prepare<[number, string, number, string, number, number], Channel>(sql.pageWith),
    members: connection.prepare<[number, number, number, number], DeviceRow>(sql.members),
    lateMembers: connection.prepare<[number, string, number, number], DeviceRow>(sql.lateMembers),
  }
}
