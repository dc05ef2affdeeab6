import type { Connection } from "./connection.ts"
import type { DeviceCounters } from "./device-counters.ts"
import type { Marks } from "./marks.ts"
import type { PublishOrder } from "./publish-order.ts"
import type { RegistrationNumbers } from "./registration-numbers.ts"

/** Registrations that may wait to be folded: their members are then some 15 ms of work. */
export const WAITING_MEMBERS_MAX = 4096
/**
 * For each new registration of a transaction so many may wait. When few come together, little is folded at a time, so that
 * none of them waits for long; when many do, the pages that a fold writes take many members each.
 */
const WAITING_PER_NEW_REGISTRATION = 256
/** How much of the largest group counts in the next transaction: a small one among large ones changes little. */
const GROUP_REMEMBERED = 0.98

/** The members that the late registrations r stand for, one row each. Sorted by the statement that uses it. */
const WAITING = "registrations r cross join json_each('[' || r.channels || ']') c where r.number > ?"

/** Those that fold sort at most the registrations that wait. */
export const MEMBERSHIP_STATEMENTS = {
  join: "insert into members (channel, registration, platform, joined_at_message) values (?, ?, ?, ?)",
  changePlatform:
    "update members set platform = ?, joined_at_message = ? where channel = ? and registration = ?",
  leave: "delete from members where channel = ? and registration = ?",
  waits: `select 1 from registrations
    where number = ? and number > (select number from marks where name = 'members_folded')
      and instr(',' || channels || ',', ?) > 0`,
  leaveApplication: "delete from application_devices where application = ? and registration = ?",
} as const

export const MEMBERSHIP_FOLDING_STATEMENTS = {
  members: `insert into members (channel, registration, platform, joined_at_message)
    select c.value, r.number, r.platform, ? from ${WAITING} order by c.value, r.number`,
  memberCounts: `insert into member_counts (channel, platform, count)
    select c.value, r.platform, count(*) from ${WAITING} group by c.value, r.platform
    on conflict do update set count = count + excluded.count`,
  applicationDevices: `insert into application_devices (application, registration)
    select application, number from registrations where number > ? order by application, number`,
  deviceCounts: `insert into device_counts (application, platform, count)
    select application, platform, count(*) from registrations where number > ? group by application, platform
    on conflict do update set count = count + excluded.count`,
} as const

export interface MembershipsOptions {
  readonly connection: Connection
  readonly marks: Marks
  readonly numbers: RegistrationNumbers
  readonly publishOrder: PublishOrder
  readonly counters: DeviceCounters
  /** Defaults to WAITING_MEMBERS_MAX. */
  readonly waitingMax?: number
}

/** What a member is known by outside of the row of its registration. */
interface Member {
  readonly number: number
  readonly application: number
  readonly platform: number
}

/**
 * Who is in which channel. The channels of a new registration are written in its row alone; `fold` carries those of the
 * late registrations into the table of members, in its order and all in one go, when hundreds or thousands wait and before
 * every publish. So a member that waits has joined after every message that was published, and who reads the audience
 * of a message misses none.
 */
export class Memberships {
  readonly #options: MembershipsOptions
  readonly #waitingMax: number
  readonly #statements: ReturnType<typeof prepareStatements>
  /** New registrations of a transaction, the largest lately. */
  #group = 1

  constructor(options: MembershipsOptions) {
    this.#options = options
    this.#waitingMax = options.waitingMax ?? WAITING_MEMBERS_MAX
    this.#statements = prepareStatements(options.connection)
  }

  /** Whether the registration is in no table of members yet: in the audience of no message so far. */
  isWaiting(registration: number): boolean {
    return registration > this.#options.marks.get("members_folded")
  }

  /** Whether the registration is in the channel, which it joined after every message that was published. */
  waits(channel: number, registration: number): boolean {
    return this.#statements.waits.get(registration, `,${channel},`) !== undefined
  }

  /** Inside a transaction: from here on, until the next registration, the tables of members and sizes are complete. */
  fold(): void {
    const { marks, numbers, publishOrder } = this.#options
    const folded = marks.get("members_folded")
    if (folded === numbers.latest) return
    this.#statements.members.run(publishOrder.latest, folded)
    this.#statements.memberCounts.run(folded)
    this.#statements.applicationDevices.run(folded)
    this.#statements.deviceCounts.run(folded)
    marks.set("members_folded", numbers.latest)
  }

  /** At the end of each transaction. */
  foldIfDue(): void {
    const { marks, numbers } = this.#options
    this.#group = Math.max(1, numbers.created, this.#group * GROUP_REMEMBERED)
    const bearable = this.#group * WAITING_PER_NEW_REGISTRATION
    if (numbers.latest - marks.get("members_folded") >= Math.min(this.#waitingMax, bearable)) this.fold()
  }

  /** Channels that the row of a registration has besides those it had. */
  join(member: Member, channels: readonly number[]): void {
    if (this.isWaiting(member.number)) return
    const { publishOrder, counters } = this.#options
    for (const channel of channels) {
      this.#statements.join.run(channel, member.number, member.platform, publishOrder.latest)
      counters.channel(channel, member.platform, 1)
    }
  }

  leave(member: Member, channels: readonly number[]): void {
    if (this.isWaiting(member.number)) return
    for (const channel of channels) {
      this.#statements.leave.run(channel, member.number)
      this.#options.counters.channel(channel, member.platform, -1)
    }
  }

  /** The registration goes, with all its channels. */
  leaveAll(member: Member, channels: readonly number[]): void {
    if (this.isWaiting(member.number)) return
    this.leave(member, channels)
    this.#statements.leaveApplication.run(member.application, member.number)
    this.#options.counters.application(member.application, member.platform, -1)
  }

  /** A device of another platform joins its channels anew: it is in no audience that was fixed before. */
  changePlatform(member: Member, channels: readonly number[], platform: number): void {
    if (this.isWaiting(member.number)) return
    const { publishOrder, counters } = this.#options
    for (const channel of channels) {
      this.#statements.changePlatform.run(platform, publishOrder.latest, channel, member.number)
      counters.channel(channel, member.platform, -1)
      counters.channel(channel, platform, 1)
    }
    counters.application(member.application, member.platform, -1)
    counters.application(member.application, platform, 1)
  }
}

function prepareStatements(connection: Connection) {
  const sql = { ...MEMBERSHIP_STATEMENTS, ...MEMBERSHIP_FOLDING_STATEMENTS }
  return {
    join: connection.prepare<[number, number, number, number]>(sql.join),
    changePlatform: connection.prepare<[number, number, number, number]>(sql.changePlatform),
    leave: connection.prepare<[number, number]>(sql.leave),
    waits: connection.prepare<[number, string], unknown>(sql.waits),
    leaveApplication: connection.prepare<[number, number]>(sql.leaveApplication),
    members: connection.prepare<[number, number]>(sql.members),
    memberCounts: connection.prepare<[number]>(sql.memberCounts),
    applicationDevices: connection.prepare<[number]>(sql.applicationDevices),
    deviceCounts: connection.prepare<[number]>(sql.deviceCounts),
  }
}
