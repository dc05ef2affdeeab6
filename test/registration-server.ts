import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Flags, readConfig } from "../src/config/config.ts"
import type { KeyKind } from "../src/domain/application.ts"
import { FakeClock } from "../src/runtime/clock.ts"
import { silentLog } from "../src/runtime/log.ts"
import { systemRandom } from "../src/runtime/random.ts"
import { openServer } from "../src/server.ts"
import type { ApiKeys } from "../src/service/applications.ts"
import { openSqliteStore } from "../src/store/sqlite/sqlite-store.ts"
import { openThreadedStore } from "../src/store/sqlite/threaded-store.ts"
import type { Store } from "../src/store/store.ts"

export interface RegistrationServerOptions {
  /** Settings by their names, as on the command line. */
  readonly flags?: Flags
  /** Whether the store runs on a thread of its own, as it does in the product. Defaults to false, which starts faster. */
  readonly threaded?: boolean
  /** Where the built Console is; defaults to the one that is shipped. */
  readonly consoleFolder?: string
}

/**
 * The whole server on a free loopback port, with a first application, a new data directory and a clock that stands
 * still, and a door to look behind it.
 */
export async function openRegistrationServer({
  flags = {},
  threaded = false,
  consoleFolder,
}: RegistrationServerOptions = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "belfry-server-"))
  const read = readConfig({ "data-dir": dataDir, port: "0", sandbox: false, ...flags }, new Map())
  if (!read.ok) throw new Error(read.faults.join("\n"))
  const { config, secrets } = read
  const clock = new FakeClock()
  const incidents: object[] = []
  let opened: Store | undefined
  const server = await openServer({
    config,
    secrets,
    clock,
    refusedAfterMs: 0,
    random: systemRandom,
    openLog: () => ({ ...silentLog, error: (fields: object) => incidents.push(fields) }),
    openStore: async (options) =>
      (opened = threaded ? await openThreadedStore(options) : openSqliteStore(options)),
    ...(consoleFolder !== undefined && { consoleFolder }),
  })
  const application = server.introduction.application
  if (opened === undefined || application?.apiKeys === undefined)
    throw new Error("the server is not complete")
  const store: Store = opened
  const { id } = application
  // A new application has a key of every type.
  const apiKeys = application.apiKeys as ApiKeys
  const [known] = await store.applications.list()
  const number = known?.number ?? 0
  return {
    url: server.url,
    port: Number(new URL(server.url).port),
    services: server.services,
    store,
    clock,
    limits: config.limits,
    applicationId: id,
    applicationNumber: number,
    apiKeys,
    /** What the server logged as an error: nothing, whatever it is sent. */
    incidents,
    /** The beginning of the paths that carry the ids. */
    keyPath: (kind: KeyKind = "ANDROID") => `/${id}/${apiKeys[kind]}`,
    /** How many devices and channels the application has: what a refused request must not change. */
    async stored(): Promise<{ readonly devices: number; readonly channels: number }> {
      const counts = await store.devices.count(number)
      const { channels } = await store.channels.page(number, 0, 1000)
      return {
        devices: Object.values(counts).reduce((sum, count) => sum + count),
        channels: channels.length,
      }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true })
    },
  }
}

export type RegistrationServer = Awaited<ReturnType<typeof openRegistrationServer>>
