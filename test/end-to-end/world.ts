import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Flags, readConfig } from "../../src/config/config.ts"
import type { DeliverySettings } from "../../src/delivery/settings.ts"
import type { ProviderName } from "../../src/domain/platform.ts"
import { type Clock, systemClock } from "../../src/runtime/clock.ts"
import type { Log } from "../../src/runtime/log.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { seededRandom, systemRandom } from "../../src/runtime/random.ts"
import { sandboxCredentials } from "../../src/server/providers.ts"
import { openServer } from "../../src/server.ts"
import type { CredentialInput } from "../../src/service/credentials.ts"
import { openSimulators, type SimulatorOptions, type Simulators } from "../../src/simulator/simulator.ts"
import { openThreadedStore } from "../../src/store/sqlite/threaded-store.ts"
import type { Store } from "../../src/store/store.ts"
import { type AppHandle, openApp } from "./app-handle.ts"
import { call, expected, type Reply } from "./calls.ts"
import { type LedgerLine, readLedger } from "./ledger.ts"

export interface WorldOptions {
  readonly clock?: Clock
  /** For the simulators; printed, so that a failure can be repeated. */
  readonly seed?: number
  /** Settings by their names, as on the command line. */
  readonly flags?: Flags
  readonly simulators?: Partial<SimulatorOptions>
}

/**
 * Longer than a loaded machine stands still, and than time is put forward: a server that lost a lease may send again, and
 * these tests count the pushes of one that did not.
 */
const LEASE: Partial<DeliverySettings> = { leaseMs: 8 * 3_600_000 }

/** A logged problem: an error of the server, or a promise or exception that nobody caught. */
interface Incident {
  readonly text: string
  readonly fields: unknown
}

/**
 * The whole product in this process: server, store on its thread and engine on a new data directory, and outside of it
 * the simulators with a ledger, reached over TLS like Apple, Google and Microsoft.
 */
export async function openWorld(options: WorldOptions = {}) {
  await using opened = new AsyncDisposableStack()
  const clock = options.clock ?? systemClock
  const seed = options.seed ?? seedFromEnvironment()
  console.log(`seed ${seed} (BELFRY_TEST_SEED repeats it)`)
  const directory = mkdtempSync(join(tmpdir(), "belfry-end-to-end-"))
  opened.defer(() => rmSync(directory, { recursive: true, force: true }))
  const ledgerFile = join(directory, "ledger")
  const simulators = opened.use(
    await openSimulators({ clock, random: seededRandom(seed), ledgerFile, ...options.simulators }),
  )
  const incidents = opened.use(watchIncidents())
  let store: Store | undefined
  const { config, secrets } = configOf(directory, options)
  const server = opened.use(
    await openServer({
      config,
      secrets,
      clock,
      random: systemRandom,
      openLog: incidents.openLog,
      openStore: async (parts) => {
        store = await openThreadedStore(parts)
        return store
      },
    }),
  )
  if (store === undefined) throw new Error("the server opened no store")
  const { token } = await server.services.administratorTokens.create({ label: "tests", scope: "administer" })
  const authorization = { authorization: `Bearer ${token}` }
  const admin = (method: string, path: string, body?: unknown): Promise<Reply> =>
    call(method, `${server.url}/admin/v1${path}`, body, authorization)
  const { services } = server
  const parts = { url: server.url, services, admin }
  const kept = opened.move()
  return {
    seed,
    clock,
    simulators,
    store,
    services,
    url: server.url,
    admin,
    authorization,
    /** What must never happen, whatever providers and publishers do. */
    bugs: () => incidents.seen.filter(({ text }) => text !== PAUSED),
    /** A new application whose three credentials lead to the simulators, or without any. */
    async app(credentials: "simulators" | "none" = "simulators"): Promise<AppHandle> {
      const created = await expected<Parameters<typeof openApp>[1]>(
        admin("POST", "/applications", { name: "App" }),
      )
      const app = openApp(parts, created)
      if (credentials === "none") return app
      for (const provider of ["apns", "fcm", "wns"] as const) {
        await app.setCredential(provider, simulatorCredential(simulators, provider))
      }
      return app
    },
    /** What the simulators processed so far, of all messages or of one. */
    ledger(messageId?: string): readonly LedgerLine[] {
      simulators.journal.flush()
      return readLedger(ledgerFile, messageId)
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

/** The credential with which the simulators are reached, in the form in which an administrator sets it. */
export function simulatorCredential(simulators: Simulators, provider: ProviderName): CredentialInput {
  return sandboxCredentials(simulators)(provider)
}

/** Devices of the large tests; the environment scales them. */
export function scaled(size: number): number {
  return Math.max(200, Math.round(size * Number(process.env["BELFRY_TEST_SCALE"] ?? "1")))
}

function seedFromEnvironment(): number {
  const given = process.env["BELFRY_TEST_SEED"]
  return given === undefined ? systemRandom.bytes(4).readUInt32BE() : Number(given)
}

function configOf(directory: string, { flags }: WorldOptions) {
  const read = readConfig(
    { "data-dir": join(directory, "data"), port: "0", sandbox: false, ...flags },
    new Map(),
  )
  if (!read.ok) throw new Error(read.faults.join("\n"))
  const { config, secrets } = read
  return { config: { ...config, delivery: { ...config.delivery, ...LEASE } }, secrets }
}

/** The one error that an operator must hear of without anything being wrong with the server. */
const PAUSED = "credential paused: the provider refuses it"

/** Whatever the server logs as an error, and whatever the process would die of. */
function watchIncidents() {
  const seen: Incident[] = []
  const onException = (error: unknown) => seen.push({ text: "uncaught", fields: error })
  process.on("unhandledRejection", onException)
  process.on("uncaughtExceptionMonitor", onException)
  const openLog = (): Log => ({
    ...silentLog,
    error: (fields, text) => seen.push({ text, fields }),
  })
  return {
    seen: seen as readonly Incident[],
    openLog,
    [Symbol.asyncDispose]: async () => {
      process.off("unhandledRejection", onException)
      process.off("uncaughtExceptionMonitor", onException)
    },
  }
}
