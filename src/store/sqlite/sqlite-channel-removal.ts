import { CHANNEL_DELETED } from "../store.ts"
import type { SqliteContext } from "./context.ts"
import { type DeviceStatements, prepareDeviceStatements } from "./device-statements.ts"
import { channelNumbers, Registrar } from "./registrar.ts"

const REMOVAL_STATEMENTS = {
  find: "select number from channels where application = ? and name = ?",
  detach: "delete from channels where number = ?",
  remember: "insert into removed_channels (channel, name, has_members) values (?, ?, 1)",
  next: "select channel from removed_channels where has_members = 1 and channel > 0 order by channel limit 1",
  members: "select registration from members where channel = ? order by registration limit ?",
  leave: "delete from members where channel = ? and registration = ?",
  forgetSizes: "delete from member_counts where channel = ?",
  done: "update removed_channels set has_members = 0 where channel = ?",
} as const

/** What the traces of registrations say that had no other channel. */
const DEPARTURE = { reason: "unregistered", detail: CHANNEL_DELETED } as const

/**
 * Deletes channels of any size: first the name, at once, so that nothing leads there any more; then the members, in slices
 * that keep the writer busy for some milliseconds each.
 */
export class ChannelRemoval {
  readonly #context: SqliteContext
  readonly #devices: DeviceStatements
  readonly #registrar: Registrar
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#devices = prepareDeviceStatements(context.connection)
    this.#registrar = new Registrar(context, this.#devices)
    this.#statements = prepareStatements(context)
  }

  delete(application: number, name: string): Promise<boolean> {
    return this.#context.writer.write(() => {
      const channel = this.#statements.find.get(application, name)
      if (channel === undefined) return false
      // Who waits to be folded is in no table yet; later registrations cannot name the channel any more.
      this.#context.memberships.fold()
      this.#statements.detach.run(channel)
      this.#statements.remember.run(channel, name)
      this.#context.channelNumbers.forget()
      return true
    })
  }

  removeMembers(limit: number, now: number): Promise<number> {
    return this.#context.writer.write(() => {
      for (;;) {
        const channel = this.#statements.next.get()
        if (channel === undefined) return 0
        const members = this.#statements.members.all(channel, limit)
        for (const registration of members) this.#remove(channel, registration, now)
        if (members.length > 0) return members.length
        // What the group has counted so far belongs to sizes that go now.
        this.#context.counters.write()
        this.#statements.forgetSizes.run(channel)
        this.#statements.done.run(channel)
      }
    })
  }

  #remove(channel: number, registration: number, now: number): void {
    const row = this.#devices.byNumber.get(registration)
    if (row === undefined) this.#statements.leave.run(channel, registration)
    else if (channelNumbers(row).length > 1) this.#registrar.leave(row, channel)
    else this.#registrar.remove(row, now, { leftAt: now, ...DEPARTURE })
  }
}

function prepareStatements({ connection }: SqliteContext) {
  const sql = REMOVAL_STATEMENTS
  return {
    find: connection.prepare<[number, string], number>(sql.find).pluck(),
    detach: connection.prepare<[number]>(sql.detach),
    remember: connection.prepare<[number, string]>(sql.remember),
    next: connection.prepare<[], number>(sql.next).pluck(),
    members: connection.prepare<[number, number], number>(sql.members).pluck(),
    leave: connection.prepare<[number, number]>(sql.leave),
    forgetSizes: connection.prepare<[number]>(sql.forgetSizes),
    done: connection.prepare<[number]>(sql.done),
  }
}
