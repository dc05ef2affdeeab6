import type { Random } from "../../runtime/random.ts"
import type { Store } from "../store.ts"
import { Checkpointer } from "./checkpointer.ts"
import { type Connection, openConnection } from "./connection.ts"
import { ChannelNumbers, PublishOrder, type SqliteContext } from "./context.ts"
import { DeviceCounters } from "./device-counters.ts"
import { GroupCommit } from "./group-commit.ts"
import { KeyedHash } from "./keyed-hash.ts"
import { migrate } from "./migrate.ts"
import { SqliteAdministrators } from "./sqlite-administrators.ts"
import { SqliteApplications } from "./sqlite-applications.ts"
import { SqliteChannels } from "./sqlite-channels.ts"
import { SqliteCredentials } from "./sqlite-credentials.ts"
import { SqliteDevices } from "./sqlite-devices.ts"
import { SqliteMessages } from "./sqlite-messages.ts"
import { SqliteSegments } from "./sqlite-segments.ts"

export interface SqliteStoreOptions {
  /** A file, or ":memory:". */
  readonly file: string
  readonly random: Random
  /** Milliseconds since 1970, for the rows that migrations write. */
  readonly now: number
  /** Only the control run of the power-cut test says NORMAL. Defaults to FULL. */
  readonly synchronous?: "FULL" | "NORMAL"
}

/** Opens the embedded store, creating the file and bringing its schema up to date. */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const connection = openConnection({ file: options.file, synchronous: options.synchronous ?? "FULL" })
  try {
    migrate(connection, options.now)
    return assemble(connection, options)
  } catch (error) {
    connection.close()
    throw error
  }
}

function assemble(connection: Connection, options: SqliteStoreOptions): Store {
  const checkpointer = options.file === ":memory:" ? undefined : new Checkpointer(connection, options.file)
  const context = openContext(connection, new KeyedHash(readSalt(connection, options.random)), checkpointer)
  return {
    applications: new SqliteApplications(context),
    devices: new SqliteDevices(context),
    channels: new SqliteChannels(context),
    credentials: new SqliteCredentials(context),
    administrators: new SqliteAdministrators(context),
    messages: new SqliteMessages(context),
    segments: new SqliteSegments(context),
    describe: async () => describe(connection, options.file),
    probe: () =>
      context.writer.write(
        () => void connection.exec("update settings set value = value where name = 'salt'"),
      ),
    async close() {
      context.writer.close()
      await checkpointer?.close()
      connection.close()
    },
  }
}

function openContext(
  connection: Connection,
  keys: KeyedHash,
  checkpointer: Checkpointer | undefined,
): SqliteContext {
  const channelNumbers = new ChannelNumbers(connection)
  const publishOrder = new PublishOrder(connection)
  const counters = new DeviceCounters(connection)
  const dataVersion = connection.prepare<[], number>("pragma data_version").pluck()
  let seenVersion = dataVersion.get()
  const writer = new GroupCommit(connection, {
    began() {
      const version = dataVersion.get()
      if (version !== seenVersion) {
        seenVersion = version
        channelNumbers.forget()
      }
      publishOrder.refresh()
    },
    committing: () => counters.write(),
    rolledBack() {
      counters.forget()
      channelNumbers.forget()
    },
    ended: () => checkpointer?.afterCommit(),
  })
  return { connection, writer, keys, channelNumbers, publishOrder, counters }
}

/** The secret of the keyed hashes, made once for each store. */
function readSalt(connection: Connection, random: Random): string {
  connection
    .prepare("insert into settings (name, value) values ('salt', ?) on conflict do nothing")
    .run(random.bytes(32).toString("base64"))
  return connection
    .prepare<[], string>("select value from settings where name = 'salt'")
    .pluck()
    .get() as string
}

function describe(connection: Connection, file: string): Record<string, string> {
  return {
    engine: `SQLite ${String(connection.prepare("select sqlite_version()").pluck().get())}`,
    file,
    synchronous: connection.pragma("synchronous", { simple: true }) === 2 ? "FULL" : "NORMAL",
    schema: String(connection.prepare("select max(version) from schema_versions").pluck().get()),
  }
}
