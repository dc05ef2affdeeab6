import { fileURLToPath } from "node:url"
import type { Config, Secrets } from "./config/config.ts"
import { readVersion } from "./config/env.ts"
import { type HttpServer, openHttpServer } from "./http/app.ts"
import { backendlessRoutes } from "./http/backendless/routes.ts"
import { ClientAddresses } from "./http/client-address.ts"
import { consoleLane } from "./http/console-files.ts"
import { managementRoutes } from "./http/documents.ts"
import { errorReply, incidentReporter } from "./http/errors.ts"
import { type LoginLaneOptions, loginLane } from "./http/login-lane.ts"
import { RateLimits } from "./http/rate-limits.ts"
import { RegistrationLane } from "./http/registration-lane.ts"
import { RequestCounts } from "./http/request-counts.ts"
import { systemRoutes } from "./http/system.ts"
import { Authentication } from "./policy/authenticate.ts"
import { authorizeRoute } from "./policy/authorize.ts"
import { AddressRanges } from "./runtime/address-ranges.ts"
import type { Clock } from "./runtime/clock.ts"
import type { Log } from "./runtime/log.ts"
import type { Random } from "./runtime/random.ts"
import { type Attach, type Attachment, closeInReverse, type ServerParts } from "./server/attachment.ts"
import { callersOf } from "./server/callers.ts"
import { composeServices } from "./server/compose-services.ts"
import { deliveryOn } from "./server/delivery.ts"
import { ExpiryLoop } from "./server/expiry-loop.ts"
import { createFirstApplication } from "./server/first-application.ts"
import { keepHouse } from "./server/housekeeping.ts"
import { type Introduction, introduce } from "./server/introduction.ts"
import { listenFault, reachableUrl } from "./server/listen-fault.ts"
import { describeMasterKeyFault } from "./server/master-key.ts"
import { MessageChanges } from "./server/message-changes.ts"
import { serverMetrics } from "./server/metrics.ts"
import { storeReadiness } from "./server/readiness.ts"
import { type OpenSandbox, openSandbox } from "./server/sandbox.ts"
import { type OpenStore, openStorage, type Storage } from "./server/storage.ts"
import type { Services } from "./service/services.ts"
import { openThreadedStore } from "./store/sqlite/threaded-store.ts"

/** The composition root: what the server is made of, in which order it starts and in which it stops. */

export interface ServerOptions {
  readonly config: Config
  readonly secrets: Secrets
  readonly clock: Clock
  readonly random: Random
  readonly openLog: (subsystem: string) => Log
  /** Defaults to the embedded store on a thread of its own. */
  readonly openStore?: OpenStore
  /** A wrong key is refused so long after it was asked, or up to twice. Defaults to 10; 0 with a clock that stands. */
  readonly refusedAfterMs?: number
  /** Where the built Console is. Defaults to the one that comes with the server. */
  readonly consoleFolder?: string
}

export interface BelfryServer extends AsyncDisposable {
  /** `http://127.0.0.1:9000`: where the machine itself reaches it. */
  readonly url: string
  readonly services: Services
  readonly introduction: Introduction
  /** Resolves when the server cannot go on and must be closed: its store is lost. */
  readonly lost: Promise<Error>
  /**
   * Stops: refuses new requests, lets what runs finish until the signal aborts, then closes everything. Disposing stops
   * without waiting.
   */
  close(signal: AbortSignal): Promise<void>
}

/** Longer than a key takes to be looked up unless the server is busy, and not long for anybody who waits. */
const REFUSED_AFTER_MS = 10

const CONSOLE_FOLDER = fileURLToPath(new URL("../console/dist", import.meta.url))

/** Throws StartError, in words for the operator, when it cannot start. */
export async function openServer(options: ServerOptions): Promise<BelfryServer> {
  const { config, secrets, clock, random, openLog } = options
  const { dataDir } = config
  const { masterKey } = secrets
  const openStore = options.openStore ?? openThreadedStore
  const stop = new AbortController()
  // Making the simulators' keys takes as long as opening a large store: both at once.
  const openingSandbox = config.sandbox ? openSandbox({ clock, random, log: openLog("sandbox") }) : undefined
  await using opened = new AsyncDisposableStack()
  // A failure of the sandbox is met where it is awaited, not as an unhandled rejection while the store still opens.
  openingSandbox?.catch(() => {})
  opened.defer(async () => (await openingSandbox?.catch(() => undefined))?.[Symbol.asyncDispose]())
  const { promise: lost, resolve: onStoreLost } = Promise.withResolvers<Error>()
  const storage = opened.use(
    await openStorage({ dataDir, masterKey, need: "create", clock, random, openStore, onStoreLost }),
  )
  opened.defer(() => stop.abort())
  const sandbox = await openingSandbox
  const log = openLog("server")
  warnOfMasterKey(storage, log)
  const loop = new ExpiryLoop({ store: storage.store, clock, log: openLog("expiry") })
  const messageChanges = new MessageChanges()
  const services = composeServices({
    config,
    storage,
    clock,
    random,
    log,
    sandbox: sandbox?.service,
    onExpiration: (expiresAt) => loop.announce(expiresAt),
    onMessageChange: (message) => messageChanges.announce(message),
  })
  const first = await createFirstApplication({ storage, clock, random, log })
  const parts: ServerParts = { config, storage, services, messageChanges, clock, random, openLog }
  const attached = await attachAll(attachments(parts, sandbox), parts, opened)
  const http = opened.use(await openHttp(parts, attached, options))
  const loops = [
    loop.run(stop.signal),
    keepHouse(
      {
        store: storage.store,
        database: storage.directory.database,
        statistics: services.statistics,
        audit: services.audit,
        clock,
        log: openLog("housekeeping"),
      },
      stop.signal,
    ),
  ]
  const url = reachableUrl(config.host, http.address?.port ?? config.port)
  services.server.url = url
  const introduction = await introduce(parts, { url, isFirstStart: first !== undefined })
  log.info({ url, dataDir, pid: process.pid }, "listening")
  opened.move()
  const owned = { stop, http, attached, loops, sandbox, storage }
  return new RunningServer({ url, lost, services, introduction, ...owned })
}

/** What runs beside HTTP, in the order of starting. Without the right master key, no credential can be opened. */
function attachments({ storage }: ServerParts, sandbox: OpenSandbox | undefined): readonly Attach[] {
  return storage.masterKey === "good" ? [deliveryOn(sandbox)] : []
}

async function attachAll(
  attachments: readonly Attach[],
  parts: ServerParts,
  opened: AsyncDisposableStack,
): Promise<readonly Attachment[]> {
  const attached: Attachment[] = []
  for (const attach of attachments) {
    attached.push(opened.adopt(await attach(parts), (one) => one.close(AbortSignal.abort())))
  }
  return attached
}

async function openHttp(
  parts: ServerParts,
  attached: readonly Attachment[],
  { consoleFolder = CONSOLE_FOLDER, refusedAfterMs = REFUSED_AFTER_MS }: ServerOptions,
): Promise<HttpServer> {
  const { config, services, clock, random, storage } = parts
  const { host, port, limits } = config
  const log = parts.openLog("http")
  const authentication = new Authentication(storage.store, clock, services.userSessions, log, () =>
    refusedAfterMs === 0 ? Promise.resolve() : clock.sleep(refusedAfterMs * (1 + random.fraction())),
  )
  const addresses = new ClientAddresses(new AddressRanges(config.proxies.trustedProxies))
  const rateLimits = new RateLimits(config.rates, config.connections.uncappedAddresses)
  const incident = incidentReporter(log, random)
  const consoleFiles = consoleLane(consoleFolder)
  const requestCounts = new RequestCounts()
  const metrics = serverMetrics({
    store: storage.store,
    requests: requestCounts,
    pushes: () => attached.flatMap((one) => one.figures?.() ?? []),
    clock,
    startedAt: services.server.startedAt,
  })
  const lane: Pick<LoginLaneOptions, "rememberedKey" | "authorize" | "mayPass" | "reply"> = {
    rememberedKey: (keyPath, request) =>
      authentication.rememberedKey(keyPath) ??
      authentication.rememberedKeyFrom(keyPath, () => addresses.exactly(request)),
    authorize: authorizeRoute,
    mayPass: (request, principal) => rateLimits.pass(addresses.of(request), principal),
    reply: (error) => errorReply(error, incident),
  }
  const registrations = new RegistrationLane({
    ...lane,
    services,
    limits,
    rememberedUser: (holder, token) => authentication.rememberedUser(holder, token),
  })
  const logins = loginLane({ ...lane, refusal: () => services.userSessions.loginRefusal() })
  try {
    return await openHttpServer({
      services,
      limits,
      clock,
      random,
      log,
      authenticate: callersOf(authentication, services),
      authorize: authorizeRoute,
      backendless: backendlessRoutes,
      admin: managementRoutes(readVersion()),
      system: systemRoutes(storeReadiness(storage.store, clock), {
        text: metrics,
        permission: config.metricsAccess === "anyone" ? "open" : "admin:read",
      }),
      fastLane: (request, response) =>
        registrations.take(request, response) || consoleFiles(request, response),
      plainLane: (request) => registrations.takePlain(request) ?? logins(request),
      rateLimits,
      requestCounts,
      addresses,
      listen: { host, port },
      connections: config.connections,
    })
  } catch (error) {
    throw listenFault(error, host, port)
  }
}

function warnOfMasterKey({ masterKeyFault, directory }: Storage, log: Log): void {
  if (masterKeyFault === undefined) return
  const { found, advice } = describeMasterKeyFault(masterKeyFault)
  log.error(
    { masterKey: masterKeyFault.state, file: directory.masterKey },
    `${found}: devices can register, but stored secrets cannot be opened and nothing is delivered. ${advice}`,
  )
}

interface RunningParts extends Pick<BelfryServer, "url" | "services" | "introduction" | "lost"> {
  readonly stop: AbortController
  readonly http: HttpServer
  readonly attached: readonly Attachment[]
  readonly loops: readonly Promise<void>[]
  readonly sandbox: OpenSandbox | undefined
  readonly storage: Storage
}

class RunningServer implements BelfryServer {
  readonly url: string
  readonly services: Services
  readonly introduction: Introduction
  readonly lost: Promise<Error>
  readonly #parts: RunningParts
  #closed: Promise<void> | undefined

  constructor(parts: RunningParts) {
    this.url = parts.url
    this.services = parts.services
    this.introduction = parts.introduction
    this.lost = parts.lost
    this.#parts = parts
  }

  close(signal: AbortSignal): Promise<void> {
    this.#closed ??= this.#close(signal)
    return this.#closed
  }

  async #close(signal: AbortSignal): Promise<void> {
    const { stop, http, attached, loops, sandbox, storage } = this.#parts
    stop.abort()
    // Together: a client that hangs must not use up the time in which the engine settles what is in flight.
    const ended = await Promise.allSettled([http.close(signal), closeInReverse(attached, signal), ...loops])
    await sandbox?.[Symbol.asyncDispose]()
    await storage[Symbol.asyncDispose]()
    const failed = ended.find((result) => result.status === "rejected")
    if (failed !== undefined) throw failed.reason
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close(AbortSignal.abort())
  }
}
