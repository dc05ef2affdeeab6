import { systemClock } from "../../runtime/clock.ts"
import type { Random } from "../../runtime/random.ts"
import type { Store } from "../store.ts"
import { Checkpointer } from "./checkpointer.ts"
import { type Connection, openConnection } from "./connection.ts"
import { type Folding, openContext } from "./context.ts"
import { KeyedHash } from "./keyed-hash.ts"
import { migrate } from "./migrate.ts"
import { SqliteAdministrators } from "./sqlite-administrators.ts"
import { SqliteApplications } from "./sqlite-applications.ts"
import { SqliteAudit } from "./sqlite-audit.ts"
import { SqliteChannels } from "./sqlite-channels.ts"
import { SqliteCredentials } from "./sqlite-credentials.ts"
import { SqliteDevices } from "./sqlite-devices.ts"
import { SqliteIssuers } from "./sqlite-issuers.ts"
import { SqliteMessages } from "./sqlite-messages.ts"
import { SqlitePermissions } from "./sqlite-permissions.ts"
import { SqlitePhones } from "./sqlite-phones.ts"
import { SqliteSegments } from "./sqlite-segments.ts"
import { SqliteStatistics } from "./sqlite-statistics.ts"
import { SqliteUsers } from "./sqlite-users.ts"
import { openStoreFigures } from "./store-figures.ts"

export interface SqliteStoreOptions {
  /** A file, or ":memory:". */
  readonly file: string
  readonly random: Random
  /** Milliseconds since 1970, for the rows that migrations write. */
  readonly now: number
  /** Only the control run of the power-cut test says NORMAL. Defaults to FULL. */
  readonly synchronous?: "FULL" | "NORMAL"
  readonly folding?: Folding
  /**
   * Whether to read at once what registrations are found by, up to a third of a second at five million devices, rather
   * than at the first of them: for a server, which should not say that it is ready before. Defaults to false.
   */
  readonly isPrepared?: boolean
}

export interface SqliteStore extends Store {
  readonly devices: SqliteDevices
}

/** Opens the embedded store, creating the file and bringing its schema up to date. */
export function openSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const connection = openConnection({ file: options.file, synchronous: options.synchronous ?? "FULL" })
  try {
    migrate(connection, options.now)
    return assemble(connection, options)
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Whoever wants to write looks again later (group-commit.ts): what this thread reads for others must not wait with it. */
const LOCK_WAIT_MS = 10

function assemble(connection: Connection, options: SqliteStoreOptions): SqliteStore {
  const checkpointer =
    options.file === ":memory:" ? undefined : new Checkpointer(connection, options.file, systemClock)
  const context = openContext({
    connection,
    keys: new KeyedHash(readSalt(connection, options.random)),
    folding: options.folding,
    afterGroup: () => checkpointer?.afterCommit(),
  })
  if (options.isPrepared) context.prepare()
  connection.pragma(`busy_timeout = ${LOCK_WAIT_MS}`)
  return {
    applications: new SqliteApplications(context),
    devices: new SqliteDevices(context),
    channels: new SqliteChannels(context),
    credentials: new SqliteCredentials(context),
    administrators: new SqliteAdministrators(context),
    permissions: new SqlitePermissions(context),
    users: new SqliteUsers(context),
    issuers: new SqliteIssuers(context),
    audit: new SqliteAudit(context),
    messages: new SqliteMessages(context),
    segments: new SqliteSegments(context),
    statistics: new SqliteStatistics(context),
    phones: new SqlitePhones(context),
    describe: async () => describe(connection, options.file),
    figures: openStoreFigures(context),
    probe: () => context.writer.write(() => void connection.exec(PROBE)),
    async close() {
      context.writer.close()
      await checkpointer?.close()
      connection.close()
    },
  }
}

/** Changes something each time: SQLite writes nothing for a row that stays as it is, and would not notice a full disk. */
const PROBE =
  "insert into settings (name, value) values ('probe', '0') on conflict do update set value = 1 - value"

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
