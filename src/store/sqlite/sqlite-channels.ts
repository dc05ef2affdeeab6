import type { Channel, ChannelStore, DeviceCounts } from "../store.ts"
import type { SqliteContext } from "./context.ts"

const COLUMNS = "number, name, created_at as createdAt"
const PAGE_MAX = 1000

export class SqliteChannels implements ChannelStore {
  readonly #context: SqliteContext
  readonly #byName
  readonly #page

  constructor(context: SqliteContext) {
    this.#context = context
    this.#byName = context.connection.prepare<[number, string], Channel>(
      `select ${COLUMNS} from channels where application = ? and name = ?`,
    )
    // Ordered by name, the index's own order; the page goes on after the name of the channel `after`.
    this.#page = context.connection.prepare<[number, number, number], Channel>(
      `select ${COLUMNS} from channels
       where application = ? and name > coalesce((select name from channels where number = ?), '')
       order by name limit ?`,
    )
  }

  async byName(application: number, name: string): Promise<Channel | undefined> {
    return this.#byName.get(application, name)
  }

  async page(
    application: number,
    after: number,
    limit: number,
  ): Promise<{ readonly channels: readonly Channel[]; readonly next: number | undefined }> {
    const size = Math.min(limit, PAGE_MAX)
    const channels = this.#page.all(application, after, size)
    return { channels, next: channels.length < size ? undefined : channels.at(-1)?.number }
  }

  async count(channel: number): Promise<DeviceCounts> {
    return this.#context.counters.ofChannel(channel)
  }
}
