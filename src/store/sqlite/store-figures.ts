import type { StoreFigures } from "../store.ts"
import type { SqliteContext } from "./context.ts"
import { byPlatform } from "./device-counters.ts"

const openSegments = (isReady: 0 | 1) => `select count(*) as count, min(accepted_at) as oldest
  from segments join messages on messages.number = segments.message
  where is_done = 0 and is_ready = ${isReady} and state = 'running'`

const STORE_FIGURE_STATEMENTS = {
  registrations: `select platform, count from device_counts
    union all
    select platform, 1 from registrations
    where number > (select number from marks where name = 'members_folded')`,
  // Apart, so that each finds a partial index that holds only what is to be read.
  readySegments: openSegments(1),
  waitingSegments: openSegments(0),
} as const

interface OpenSegments {
  readonly count: number
  readonly oldest: number | null
}

export function openStoreFigures({ connection, commits }: SqliteContext): () => Promise<StoreFigures> {
  const sql = STORE_FIGURE_STATEMENTS
  const registrations = connection.prepare<[], [number, number]>(sql.registrations).raw()
  const segments = [sql.readySegments, sql.waitingSegments].map((text) =>
    connection.prepare<[], OpenSegments>(text),
  )
  return async () => {
    const open = segments.map((statement) => statement.get() as OpenSegments)
    const oldest = open.flatMap((one) => (one.oldest === null ? [] : [one.oldest]))
    return {
      registrations: byPlatform(registrations.all()),
      openSegments: open.reduce((sum, { count }) => sum + count, 0),
      oldestAcceptedAt: oldest.length === 0 ? undefined : Math.min(...oldest),
      commits: commits.figures(),
    }
  }
}
