import { writeSync } from "node:fs"
import { systemClock } from "../../../src/runtime/clock.ts"
import { seededRandom, systemRandom, upperCaseUuid } from "../../../src/runtime/random.ts"
import { openConnection } from "../../../src/store/sqlite/connection.ts"
import { openSqliteStore } from "../../../src/store/sqlite/sqlite-store.ts"
import type { Store } from "../../../src/store/store.ts"
import type { Ending, Operation } from "../device-history.ts"
import { DeviceOperations, LANES } from "../device-operations.ts"

/**
 * Writes to a store until it is killed, and prints each operation before it begins and after it was acknowledged:
 * `power-cut-writer.ts FILE FULL|NORMAL SEED`. Its own program, because the product has no way to open at NORMAL.
 */

const DEVICES_PER_LANE = 15
const PUBLISH_SHARE = 0.05
/** Long before the product would: its databases are not as small. */
const OPERATIONS_BETWEEN_CHECKPOINTS = 100

const [, , file = "", level, seed] = process.argv
const synchronous = level === "NORMAL" ? "NORMAL" : "FULL"
const random = seededRandom(Number(seed))
const store = openSqliteStore({ file, now: systemClock.now(), random: systemRandom, synchronous })
const checkpointer = openConnection({ file, synchronous })
const operations = new DeviceOperations(random, DEVICES_PER_LANE)
const application = await onlyApplication(store)
let count = 0

await Promise.all(LANES.map((lane) => work(lane)))

async function onlyApplication({ applications }: Store): Promise<number> {
  const [known] = await applications.list()
  const created = { id: "APP-1", name: "the only one", preset: "locked", keys: [] } as const
  return (known ?? (await applications.create(created, systemClock.now()))).number
}

async function work(lane: number): Promise<never> {
  for (;;) {
    if (random.fraction() < PUBLISH_SHARE) await publish()
    const operation = operations.choose(lane)
    print({ lane, operation })
    print({ lane, ending: await perform(operation) })
    if (++count % OPERATIONS_BETWEEN_CHECKPOINTS === 0) checkpointer.pragma("wal_checkpoint(PASSIVE)")
  }
}

async function perform(operation: Operation): Promise<Ending> {
  const now = systemClock.now()
  if (operation.op === "cancel")
    return { type: "ok", found: await store.devices.unregister(application, operation.deviceId, now) }
  const { expiration, ...body } = operation.body
  const { channels } = await store.devices.register(
    application,
    { ...body, expiresAt: expiration ?? undefined },
    { now, channelsPerDeviceMax: 100 },
  )
  return { type: "ok", ids: new Map(channels.map(({ name, id }) => [name, id])) }
}

async function publish(): Promise<void> {
  const now = systemClock.now()
  const { message } = await store.messages.publish({
    id: `message:${upperCaseUuid(random)}`,
    application,
    audience: { channel: "news", platforms: undefined, deviceIds: undefined },
    policy: "PUSH",
    delivery: "at-least-once",
    messageJson: '"hello"',
    headers: new Map(),
    publisherId: undefined,
    subtopic: undefined,
    acceptedAt: now,
    expiresAt: now + 3_600_000,
    idempotency: undefined,
    again: undefined,
  })
  print({ published: message.id })
}

function print(line: object): void {
  const replacer = (_key: string, value: unknown) => (value instanceof Map ? [...value] : value)
  writeSync(1, `${JSON.stringify(line, replacer)}\n`)
}
