import { once } from "node:events"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"

/**
 * A process that opens the store of a file as soon as it is told to, registers one device of an application of its own,
 * and ends: argument 1 is the file, argument 2 the name of both.
 */
const [file, name] = process.argv.slice(2) as [string, string]
process.stdout.write("ready\n")
await once(process.stdin, "data")
const store = openSqliteStore({ file, now: 0, random: systemRandom })
const { number } = await store.applications.create({ id: name, name, preset: "locked", keys: [] }, 0)
await store.devices.register(
  number,
  { deviceId: name, deviceToken: name, os: "IOS", osVersion: "1", channels: [name], expiresAt: undefined },
  { now: 0, channelsPerDeviceMax: 1 },
)
await store.close()
process.stdin.destroy()
