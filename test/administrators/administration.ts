import { type Flags, readConfig } from "../../src/config/config.ts"
import type { ManagementScope } from "../../src/domain/permission.ts"
import { type HttpServerOptions, openHttpServer } from "../../src/http/app.ts"
import { backendlessRoutes } from "../../src/http/backendless/routes.ts"
import { ClientAddresses } from "../../src/http/client-address.ts"
import { managementRoutes } from "../../src/http/documents.ts"
import { errorReply } from "../../src/http/errors.ts"
import type { InjectedReply } from "../../src/http/inject.ts"
import { RateLimits } from "../../src/http/rate-limits.ts"
import { RegistrationLane } from "../../src/http/registration-lane.ts"
import { Authentication } from "../../src/policy/authenticate.ts"
import { authorizeRoute } from "../../src/policy/authorize.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSealer } from "../../src/runtime/sealer.ts"
import { callersOf } from "../../src/server/callers.ts"
import { composeServices, type ServiceParts } from "../../src/server/compose-services.ts"
import { PhoneRecorder } from "../../src/server/phone-recorder.ts"
import type { FetchKeySet } from "../../src/service/key-sets.ts"
import type { Services } from "../../src/service/services.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import type { Store } from "../../src/store/store.ts"
import { QuickHashes } from "./quick-hashes.ts"

export const PASSWORD = "correct horse battery"
/** Where a page of the server itself is, as a browser says it. */
const SAME_ORIGIN = { "sec-fetch-site": "same-origin", "content-type": "application/json" }

export interface Call {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** The address of the client. */
  readonly from?: string
}

export interface Reply {
  readonly status: number
  readonly headers: InjectedReply["headers"]
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

type Ask = (method: string, url: string, call?: Call) => Promise<Reply>

export interface AdministrationOptions {
  /** Settings by their names, as on the command line. */
  readonly flags?: Flags
  readonly admin?: HttpServerOptions["admin"]
  /** Stands for the network that key sets of issuers come from. */
  readonly fetchKeySet?: FetchKeySet
  /** Defaults to hashes that cost nothing. */
  readonly hashes?: ServiceParts["hashes"]
}

/** Both surfaces on a store in memory, with a clock that moves only when told to; clients say where they are. */
export async function openAdministration({
  flags = {},
  admin,
  fetchKeySet = () => Promise.reject(new Error("no network")),
  hashes,
}: AdministrationOptions = {}) {
  const clock = new FakeClock()
  const read = readConfig({ "data-dir": "unused", sandbox: false, ...flags }, new Map())
  if (!read.ok) throw new Error(read.faults.join("\n"))
  const { config } = read
  const store: Store = openSqliteStore({ file: ":memory:", random: systemRandom, now: clock.now() })
  const sealer = openSealer(systemRandom.bytes(32), systemRandom)
  const passwords = new QuickHashes()
  const phones = new PhoneRecorder("epoch", () => undefined)
  const userPasswords = new QuickHashes()
  const warnings: object[] = []
  const services: Services = composeServices({
    config,
    storage: { store, sealer, masterKey: "good" } as Parameters<typeof composeServices>[0]["storage"],
    clock,
    random: systemRandom,
    sandbox: { phones, journal: () => ({ entries: [], totals: {} }) },
    onExpiration: () => {},
    onMessageChange: () => {},
    log: { ...silentLog, warn: (fields, text) => warnings.push({ ...fields, text }) },
    hashes: hashes ?? ((atOnceMax) => (atOnceMax === 1 ? userPasswords : passwords)),
    fetchKeySet: (url) => fetchKeySet(url),
  })
  const incidents: unknown[] = []
  const authentication = new Authentication(store, clock, services.userSessions)
  // A connection in memory comes from no address: it stands for a proxy that says where its clients are.
  const addresses = new ClientAddresses(new Set([""]))
  const rateLimits = new RateLimits(config.rates, config.connections.uncappedAddresses)
  const http = await openHttpServer({
    services,
    limits: config.limits,
    clock,
    random: systemRandom,
    log: { ...silentLog, error: (fields: object) => incidents.push(fields) },
    authenticate: callersOf(authentication, services),
    authorize: authorizeRoute,
    backendless: backendlessRoutes,
    admin: admin ?? managementRoutes("0.0.0"),
    system: [],
    rateLimits,
    addresses,
    fastLane: new RegistrationLane({
      services,
      limits: config.limits,
      rememberedKey: (keyPath, request) =>
        authentication.rememberedKey(keyPath) ??
        authentication.rememberedKeyFrom(keyPath, () => addresses.exactly(request)),
      rememberedUser: (holder, token) => authentication.rememberedUser(holder, token),
      authorize: authorizeRoute,
      mayPass: (request, principal) => rateLimits.pass(addresses.of(request), principal),
      reply: (error) => errorReply(error, () => "incident"),
    }).take,
  })
  const ask: Ask = async (method, url, { headers, body, from = "192.0.2.1" } = {}) => {
    const reply = await http.inject({
      method,
      url,
      headers: { "x-forwarded-for": from, ...headers },
      ...(body !== undefined && { body }),
    })
    const isJson = reply.headers["content-type"]?.startsWith("application/json") === true
    return {
      status: reply.status,
      headers: reply.headers,
      text: reply.text,
      body: (isJson && reply.text !== "" ? reply.json() : {}) as Reply["body"],
    }
  }
  return {
    clock,
    store,
    services,
    passwords,
    userPasswords,
    incidents,
    warnings,
    ask,
    /** What a person's browser does on a page of the server. */
    browser: (from?: string) => new Browser(ask, from),
    /** An administrator with that right, and a browser that is logged in. */
    async person(name: string, scope: ManagementScope = "administer", applications?: readonly string[]) {
      const { number } = await services.administrators.create({
        name,
        password: PASSWORD,
        scope,
        applications,
      })
      const browser = new Browser(ask)
      const { status } = await browser.logIn(name)
      if (status !== 200) throw new Error(`${name} could not log in: ${status}`)
      return Object.assign(browser, { number })
    },
    /** The header of a new token with that right. */
    async bearer(scope: ManagementScope, applications?: readonly string[]) {
      const { token } = await services.administratorTokens.create({ scope, applications })
      return { authorization: `Bearer ${token}` }
    },
    [Symbol.asyncDispose]: async () => {
      await http[Symbol.asyncDispose]()
      await store.close()
    },
  }
}

export type Administration = Awaited<ReturnType<typeof openAdministration>>

const SET_COOKIE = /^__Host-belfry=([^;]*);(.*)$/

/** A browser on a page of the server: keeps the cookie and says where its requests come from. */
export class Browser {
  readonly #ask: Ask
  readonly #from: string | undefined
  cookie: string | undefined

  constructor(ask: Ask, from?: string) {
    this.#ask = ask
    this.#from = from
  }

  async ask(method: string, path: string, body?: unknown): Promise<Reply> {
    const reply = await this.#ask(method, `/admin/v1${path}`, {
      headers: { ...SAME_ORIGIN, ...(this.cookie !== undefined && { cookie: this.cookie }) },
      ...(body !== undefined && { body }),
      ...(this.#from !== undefined && { from: this.#from }),
    })
    const [, token, attributes = ""] = SET_COOKIE.exec(String(reply.headers["set-cookie"] ?? "")) ?? []
    if (token !== undefined) this.cookie = /Max-Age=0/.test(attributes) ? undefined : `__Host-belfry=${token}`
    return reply
  }

  logIn(name: string, password = PASSWORD): Promise<Reply> {
    return this.ask("POST", "/session", { name, password })
  }
}
