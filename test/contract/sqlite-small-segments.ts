import { type Connection, openConnection } from "../../src/store/sqlite/connection.ts"
import { openContext } from "../../src/store/sqlite/context.ts"
import { KeyedHash } from "../../src/store/sqlite/keyed-hash.ts"
import { migrate } from "../../src/store/sqlite/migrate.ts"
import { SqliteApplications } from "../../src/store/sqlite/sqlite-applications.ts"
import { SqliteChannels } from "../../src/store/sqlite/sqlite-channels.ts"
import { SqliteDevices } from "../../src/store/sqlite/sqlite-devices.ts"
import { SqliteMessages } from "../../src/store/sqlite/sqlite-messages.ts"
import { SqliteSegments } from "../../src/store/sqlite/sqlite-segments.ts"
import type { MessageContractStore } from "./message-world.ts"

/** So small that registrations are in the tables, in memory and on the way between them all the time. */
const FOLDING = { keys: { least: 3, most: 9, share: 2, slice: 2 }, waitingMembersMax: 4 }

/** The embedded store with segments of a size that a test can fill, and its connection to look behind it. */
export function openSmallSegments(
  file: string,
  segmentDevices: number,
): MessageContractStore & { readonly connection: Connection } {
  const connection = openConnection({ file, synchronous: "FULL" })
  migrate(connection, 0)
  const context = openContext({ connection, keys: new KeyedHash("salt"), folding: FOLDING })
  return {
    connection,
    applications: new SqliteApplications(context),
    devices: new SqliteDevices(context),
    channels: new SqliteChannels(context),
    messages: new SqliteMessages(context, { segmentDevices }),
    segments: new SqliteSegments(context, { segmentDevices }),
    async close() {
      context.writer.close()
      connection.close()
    },
  }
}
