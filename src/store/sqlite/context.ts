import { Histogram } from "../../domain/metric.ts"
import { systemClock } from "../../runtime/clock.ts"
import { AuditIntents } from "./audit-intents.ts"
import { Background } from "./background.ts"
import { ChannelNumbers } from "./channel-numbers.ts"
import { type Connection, scan } from "./connection.ts"
import { DeviceCounters } from "./device-counters.ts"
import { Figures } from "./figures.ts"
import { GroupCommit } from "./group-commit.ts"
import type { KeyedHash } from "./keyed-hash.ts"
import { Marks } from "./marks.ts"
import { Memberships } from "./memberships.ts"
import { PublishOrder } from "./publish-order.ts"
import { DEFAULT_KEY_FOLDING, type KeyFolding, RegistrationIndex } from "./registration-index.ts"
import { RegistrationNumbers } from "./registration-numbers.ts"
import type { RemovedEntries } from "./removed-entries.ts"
import { openRemovedKeys } from "./removed-keys.ts"
import { openRemovedMembers } from "./removed-members.ts"
import { TokenHolders } from "./token-holders.ts"

/** What the files of this store share. */
export interface SqliteContext {
  readonly connection: Connection
  readonly writer: GroupCommit
  readonly keys: KeyedHash
  readonly channelNumbers: ChannelNumbers
  readonly publishOrder: PublishOrder
  readonly counters: DeviceCounters
  readonly figures: Figures
  /** Seconds that each group of writes took until it was on stable storage. */
  readonly commits: Histogram
  readonly numbers: RegistrationNumbers
  readonly index: RegistrationIndex
  readonly removedKeys: RemovedEntries
  readonly removedMembers: RemovedEntries
  readonly memberships: Memberships
  readonly tokenHolders: TokenHolders
  /** To be called before a read outside of a transaction that relies on what is in memory: `index`, `numbers`. */
  refresh(): void
  /** Outside of a transaction: reads tables and what is in memory as of one instant, whatever other processes do. */
  snapshot<T>(read: () => T): T
  /** Reads now what `index` would read at its first use. */
  prepare(): void
}

/** When bulk work is done. Tests take tiny figures, so that it is done all the time. */
export interface Folding {
  readonly keys?: Partial<KeyFolding>
  /** Registrations that may wait for their members to be folded; see memberships.ts for the default. */
  readonly waitingMembersMax?: number
}

export interface ContextOptions {
  readonly connection: Connection
  readonly keys: KeyedHash
  readonly folding?: Folding | undefined
  /** Called after each group of writes, when its callers were answered. */
  readonly afterGroup?: () => void
}

/** A disk that takes longer than a quarter of a second is in trouble. */
const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

export function openContext(options: ContextOptions): SqliteContext {
  const { connection, keys, folding = {}, afterGroup = () => {} } = options
  const channelNumbers = new ChannelNumbers(connection)
  const publishOrder = new PublishOrder(connection)
  const counters = new DeviceCounters(connection)
  const figures = new Figures(connection)
  const marks = new Marks(connection)
  const numbers = new RegistrationNumbers(connection, marks)
  const index = new RegistrationIndex(connection, marks, numbers, { ...DEFAULT_KEY_FOLDING, ...folding.keys })
  const memberships = new Memberships({
    connection,
    marks,
    numbers,
    publishOrder,
    counters,
    ...(folding.waitingMembersMax !== undefined && { waitingMax: folding.waitingMembersMax }),
  })
  const refresh = onForeignWrite(connection, () => {
    channelNumbers.forget()
    marks.reload()
    numbers.reload()
    index.forgetIfChanged()
    memberships.forget()
  })
  const commits = new Histogram(COMMIT_SECONDS)
  let begunAt = 0
  const removedKeys = openRemovedKeys(connection)
  const removedMembers = openRemovedMembers(connection)
  const inMemory = [marks, numbers, index, memberships, removedKeys, removedMembers]
  const inBackground = new Background(() => connection.open && index.workInBackground())
  const intents = new AuditIntents(connection)
  const writer = new GroupCommit(connection, {
    accompany: (pending) => intents.accompany(pending),
    began() {
      begunAt = systemClock.monotonic()
      refresh()
      publishOrder.refresh()
    },
    committing() {
      memberships.foldIfDue()
      index.committing()
      counters.write()
      figures.write()
    },
    committed() {
      commits.observe((systemClock.monotonic() - begunAt) / 1000)
      for (const part of inMemory) part.committed()
    },
    rolledBack() {
      counters.forget()
      figures.forget()
      channelNumbers.forget()
      for (const part of inMemory) part.rolledBack()
    },
    ended() {
      inBackground.start()
      afterGroup()
    },
  })
  return {
    connection,
    writer,
    keys,
    channelNumbers,
    publishOrder,
    counters,
    figures,
    commits,
    numbers,
    index,
    removedKeys,
    removedMembers,
    memberships,
    tokenHolders: new TokenHolders(connection, index),
    refresh,
    snapshot: (read) => connection.transaction(() => readAfter(marks, refresh, read))(),
    prepare() {
      refresh()
      scan(connection, () => index.load())
    },
  }
}

/** The first look at the database decides as of which instant a transaction reads. */
function readAfter<T>(marks: Marks, refresh: () => void, read: () => T): T {
  marks.look()
  refresh()
  return read()
}

/** A function that calls `forget` when another connection has written since its last call, and at the first call. */
function onForeignWrite(connection: Connection, forget: () => void): () => void {
  const dataVersion = connection.prepare<[], number>("pragma data_version").pluck()
  let seen: number | undefined
  return () => {
    const version = dataVersion.get()
    if (version === seen) return
    // Remembered only when everything was forgotten: a failure is tried again.
    forget()
    seen = version
  }
}
