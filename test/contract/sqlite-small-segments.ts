import { type Connection, openConnection } from "../../src/store/sqlite/connection.ts"
import { ChannelNumbers, PublishOrder, type SqliteContext } from "../../src/store/sqlite/context.ts"
import { DeviceCounters } from "../../src/store/sqlite/device-counters.ts"
import { GroupCommit } from "../../src/store/sqlite/group-commit.ts"
import { KeyedHash } from "../../src/store/sqlite/keyed-hash.ts"
import { migrate } from "../../src/store/sqlite/migrate.ts"
import { SqliteApplications } from "../../src/store/sqlite/sqlite-applications.ts"
import { SqliteChannels } from "../../src/store/sqlite/sqlite-channels.ts"
import { SqliteDevices } from "../../src/store/sqlite/sqlite-devices.ts"
import { SqliteMessages } from "../../src/store/sqlite/sqlite-messages.ts"
import { SqliteSegments } from "../../src/store/sqlite/sqlite-segments.ts"
import type { MessageContractStore } from "./message-world.ts"

/** The embedded store with segments of a size that a test can fill, and its connection to look behind it. */
export function openSmallSegments(
  file: string,
  segmentDevices: number,
): MessageContractStore & { readonly connection: Connection } {
  const connection = openConnection({ file, synchronous: "FULL" })
  migrate(connection, 0)
  const context = openContext(connection)
  return {
    connection,
    applications: new SqliteApplications(context),
    devices: new SqliteDevices(context),
    channels: new SqliteChannels(context),
    messages: new SqliteMessages(context),
    segments: new SqliteSegments(context, { segmentDevices }),
    async close() {
      context.writer.close()
      connection.close()
    },
  }
}

function openContext(connection: Connection): SqliteContext {
  const channelNumbers = new ChannelNumbers(connection)
  const publishOrder = new PublishOrder(connection)
  const counters = new DeviceCounters(connection)
  const writer = new GroupCommit(connection, {
    began: () => publishOrder.refresh(),
    committing: () => counters.write(),
    rolledBack() {
      counters.forget()
      channelNumbers.forget()
    },
    ended: () => {},
  })
  return { connection, writer, keys: new KeyedHash("salt"), channelNumbers, publishOrder, counters }
}
