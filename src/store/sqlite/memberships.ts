import type { Connection } from "./connection.ts"
import type { DeviceCounters } from "./device-counters.ts"
import type { Marks } from "./marks.ts"
import type { PublishOrder } from "./publish-order.ts"
import type { RegistrationNumbers } from "./registration-numbers.ts"
import { MemberGroups, PLATFORM_RANGE, WaitingMembers } from "./waiting-members.ts"

/** Registrations that may wait to be folded: their members are then some 25 ms of work. */
export const WAITING_MEMBERS_MAX = 16_384
/**
 * For each new registration of a transaction so many may wait. When few come together, little is folded at a time, so that
 * none of them waits for long; when many do, the pages that a fold writes take many members each.
 */
const WAITING_PER_NEW_REGISTRATION = 256
/** Members of one channel that are written one by one: to begin with a list costs as much as two rows. */
const FEW = 2
/** How much of the largest group counts in the next transaction: a small one among large ones changes little. */
const GROUP_REMEMBERED = 0.98

export const MEMBERSHIP_STATEMENTS = {
  join: "insert into members (channel, registration, platform, joined_at_message) values (?, ?, ?, ?)",
  joinAll: `insert into members (channel, registration, platform, joined_at_message)
    select ?, j.value, ?, ? from json_each(?) j`,
  joinApplication: `insert into application_devices (application, registration)
    select ?, j.value from json_each(?) j`,
  changePlatform:
    "update members set platform = ?, joined_at_message = ? where channel = ? and registration = ?",
  leave: "delete from members where channel = ? and registration = ?",
  waits: `select 1 from registrations
    where number = ? and number > (select number from marks where name = 'members_folded')
      and instr(',' || channels || ',', ?) > 0`,
  leaveApplication: "delete from application_devices where application = ? and registration = ?",
} as const

export const MEMBERSHIP_FOLDING_STATEMENTS = {
  waiting:
    "select number, application, platform, channels from registrations where number > ? order by number",
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
  readonly #waiting = new WaitingMembers()
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

  /** A registration was made: its members wait. */
  add(member: Member, channels: readonly number[]): void {
    this.#waiting.add(member.number, member.application, member.platform, channels)
  }

  /** Another process has written. */
  forget(): void {
    this.#waiting.forget()
  }

  committed(): void {}

  rolledBack(): void {
    this.#waiting.forget()
  }

  /** Inside a transaction: from here on, until the next registration, the tables of members and sizes are complete. */
  fold(): void {
    const { marks, numbers } = this.#options
    if (marks.get("members_folded") === numbers.latest) return
    this.#write(this.waiting())
    marks.set("members_folded", numbers.latest)
    this.#waiting.begin()
  }

  /** What is in no table of members and sizes yet. Inside a transaction, or a `snapshot` of the context. */
  waiting(): MemberGroups {
    return this.#waiting.groups(() => this.#read())
  }

  #read(): MemberGroups {
    const folded = this.#options.marks.get("members_folded")
    const groups = new MemberGroups()
    for (const [number, application, platform, channels] of this.#statements.waiting.all(folded)) {
      groups.add(number, application, platform, channels.split(",").map(Number))
    }
    return groups
  }

  #write({ channels, applications, counts }: MemberGroups): void {
    const { publishOrder, counters } = this.#options
    const { join, joinAll, joinApplication } = this.#statements
    for (const key of ascending(channels)) {
      const numbers = channels.get(key) as number[]
      const channel = Math.floor(key / PLATFORM_RANGE)
      const platform = key % PLATFORM_RANGE
      if (numbers.length > FEW) joinAll.run(channel, platform, publishOrder.latest, JSON.stringify(numbers))
      else for (const number of numbers) join.run(channel, number, platform, publishOrder.latest)
      counters.channel(channel, platform, numbers.length)
    }
    for (const application of ascending(applications)) {
      joinApplication.run(application, JSON.stringify(applications.get(application)))
    }
    for (const [key, count] of counts) {
      counters.application(Math.floor(key / PLATFORM_RANGE), key % PLATFORM_RANGE, count)
    }
    counters.write()
  }

  /** At the end of each transaction. */
  foldIfDue(): void {
    const { marks, numbers } = this.#options
    this.#group = Math.max(1, numbers.created, this.#group * GROUP_REMEMBERED)
    const bearable = this.#group * WAITING_PER_NEW_REGISTRATION
    if (numbers.latest - marks.get("members_folded") >= Math.min(this.#waitingMax, bearable)) this.fold()
  }

  /** What happens to a registration that waits is in its row alone. */
  #isLeftToRow({ number }: Member): boolean {
    if (!this.isWaiting(number)) return false
    this.#waiting.forget()
    return true
  }

  /** Channels that the row of a registration has besides those it had. */
  join(member: Member, channels: readonly number[]): void {
    if (channels.length === 0) return
    if (this.#isLeftToRow(member)) return
    const { publishOrder, counters } = this.#options
    for (const channel of channels) {
      this.#statements.join.run(channel, member.number, member.platform, publishOrder.latest)
      counters.channel(channel, member.platform, 1)
    }
  }

  leave(member: Member, channels: readonly number[]): void {
    if (this.#isLeftToRow(member)) return
    for (const channel of channels) {
      this.#statements.leave.run(channel, member.number)
      this.#options.counters.channel(channel, member.platform, -1)
    }
  }

  /** The registration goes, with all its channels. */
  leaveAll(member: Member, channels: readonly number[]): void {
    if (this.#isLeftToRow(member)) return
    this.leave(member, channels)
    this.#statements.leaveApplication.run(member.application, member.number)
    this.#options.counters.application(member.application, member.platform, -1)
  }

  /** A device of another platform joins its channels anew: it is in no audience that was fixed before. */
  changePlatform(member: Member, channels: readonly number[], platform: number): void {
    if (this.#isLeftToRow(member)) return
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
    joinAll: connection.prepare<[number, number, number, string]>(sql.joinAll),
    joinApplication: connection.prepare<[number, string]>(sql.joinApplication),
    waiting: connection.prepare<[number], [number, number, number, string]>(sql.waiting).raw(),
  }
}

function ascending(groups: ReadonlyMap<number, unknown>): number[] {
  return [...groups.keys()].sort((a, b) => a - b)
}
