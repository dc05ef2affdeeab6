import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { randomDevice } from "./random-device.ts"
import { type BenchApplication, belfry } from "./subjects.ts"

const GROUP = 2000

export interface PreparedData {
  readonly dataDir: string
  readonly application: BenchApplication
}

/** A data directory with so many devices, made once and kept in `folder`; the benchmark works on a copy. */
export async function prepareData(folder: string, existing: number): Promise<PreparedData> {
  const kept = join(folder, `devices-${existing}`)
  if (!existsSync(join(kept, "application.json"))) await fill(kept, existing)
  const dataDir = join(folder, "working-copy")
  rmSync(dataDir, { recursive: true, force: true })
  cpSync(kept, dataDir, { recursive: true })
  return { dataDir, application: JSON.parse(readFileSync(join(dataDir, "application.json"), "utf8")) }
}

async function fill(dataDir: string, existing: number): Promise<void> {
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { recursive: true })
  const application = await belfry("app", "create", "benchmark", "--json", "--data-dir", dataDir)
  const { applicationId } = JSON.parse(application) as BenchApplication
  const store = openSqliteStore({ file: join(dataDir, "belfry.db"), random: systemRandom, now: 0 })
  const number = (await store.applications.byId(applicationId))?.number ?? 0
  for (let made = 0; made < existing; made += GROUP) {
    const options = { now: 1_800_000_000_000 + made, channelsPerDeviceMax: 1000 }
    const group = Array.from({ length: Math.min(GROUP, existing - made) }, () =>
      store.devices.register(number, { ...randomDevice(), expiresAt: undefined }, options),
    )
    await Promise.all(group)
    if (made % 500_000 === 0) process.stderr.write(`${made} of ${existing} devices\n`)
  }
  await store.close()
  writeFileSync(join(dataDir, "application.json"), application)
}

/** Devices in the store of a server that has stopped. */
export async function countDevices({ dataDir, application }: PreparedData): Promise<number> {
  const store = openSqliteStore({ file: join(dataDir, "belfry.db"), random: systemRandom, now: 0 })
  const { number } = (await store.applications.byId(application.applicationId)) ?? { number: 0 }
  const counts = await store.devices.count(number)
  await store.close()
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
