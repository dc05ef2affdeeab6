import { readConfig } from "../../src/config/config.ts"
import type { Application } from "../../src/domain/application.ts"
import { MANAGEMENT_SCOPES, type ManagementScope } from "../../src/domain/permission.ts"
import type { ApiKeyKind, UserIdentity } from "../../src/domain/roles.ts"
import { type Authenticate, openHttpServer } from "../../src/http/app.ts"
import { backendlessRoutes } from "../../src/http/backendless/routes.ts"
import { managementRoutes } from "../../src/http/documents.ts"
import { errorReply } from "../../src/http/errors.ts"
import type { InjectedRequest } from "../../src/http/inject.ts"
import { RegistrationLane } from "../../src/http/registration-lane.ts"
import { Authentication } from "../../src/policy/authenticate.ts"
import { authorizeRoute } from "../../src/policy/authorize.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSealer } from "../../src/runtime/sealer.ts"
import { callersOf } from "../../src/server/callers.ts"
import { composeServices } from "../../src/server/compose-services.ts"
import { Permissions } from "../../src/service/permissions.ts"
import { UserEndings } from "../../src/service/user-endings.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import type { Store } from "../../src/store/store.ts"

/** The longest time after which a change of keys or rules must be in force. */
export const IN_FORCE_MS = 5_000

/**
 * Both surfaces on a store in memory and a clock that stands still. Users are whoever a test says they are: the token of
 * a user is the word "token" and the id.
 */
export async function openAccessServer() {
  const clock = new FakeClock()
  const read = readConfig({ "data-dir": "unused", sandbox: false }, new Map())
  if (!read.ok) throw new Error(read.faults.join("\n"))
  const { config } = read
  const store: Store = openSqliteStore({ file: ":memory:", random: systemRandom, now: clock.now() })
  const users = new Map<string, UserIdentity>()
  const findUser = async ({ id }: Application, user: string) => users.get(`${id} ${user}`)
  const sealer = openSealer(systemRandom.bytes(32), systemRandom)
  const services = {
    ...composeServices({
      config,
      storage: { store, sealer, masterKey: "good" } as Parameters<typeof composeServices>[0]["storage"],
      clock,
      random: systemRandom,
      sandbox: undefined,
      onExpiration: () => {},
      onMessageChange: () => {},
    }),
    permissions: new Permissions({ store, clock, limits: config.limits, findUser }),
  }
  const authentication = new Authentication(store, clock, {
    userOf: (application, token) => findUser(application, token.replace("token ", "")),
    endings: new UserEndings(),
  })
  const scopes: Readonly<Record<string, ManagementScope>> = Object.fromEntries(
    MANAGEMENT_SCOPES.map((scope) => [`${scope}-token`, scope]),
  )
  const callers = callersOf(authentication, services)
  const authenticate: Authenticate = {
    ...callers,
    administrator: async (bearer) => {
      const scope = scopes[bearer ?? ""]
      if (scope === undefined) return callers.administrator(bearer)
      return { kind: "administrator", label: "test", scope }
    },
  }
  const incidents: unknown[] = []
  const report = (error: unknown) => {
    incidents.push(error)
    return "incident"
  }
  const http = await openHttpServer({
    services,
    limits: config.limits,
    clock,
    random: systemRandom,
    log: { ...silentLog, error: (fields: object) => incidents.push(fields) },
    authenticate,
    authorize: authorizeRoute,
    backendless: backendlessRoutes,
    admin: managementRoutes("0.0.0"),
    system: [],
    fastLane: new RegistrationLane({
      services,
      limits: config.limits,
      rememberedKey: (keyPath) => authentication.rememberedKey(keyPath),
      rememberedUser: (holder, token) => authentication.rememberedUser(holder, token),
      authorize: authorizeRoute,
      reply: (error) => errorReply(error, report),
    }).take,
  })
  const ask = async (request: InjectedRequest) => {
    const reply = await http.inject(request)
    return { status: reply.status, body: reply.text === "" ? undefined : (reply.json() as Answer) }
  }
  return {
    clock,
    store,
    services,
    incidents,
    ask,
    /** A call of the management API; the path is what follows `/admin/v1/applications`. */
    admin: (method: string, path: string, body?: unknown, scope: ManagementScope = "administer") =>
      ask({
        method,
        url: `/admin/v1/applications${path}`,
        headers: { authorization: `Bearer ${scope}-token` },
        ...(body !== undefined && { body }),
      }),
    async addApplication(preset: "locked" | "compatible" = "locked"): Promise<TestApplication> {
      const { apiKeys, ...application } = await services.applications.create("Shop", preset)
      return {
        ...application,
        pathOf: (kind) => `/${application.id}/${(apiKeys as Readonly<Record<string, string>>)[kind]}`,
        logIn: (user) => {
          users.set(`${application.id} ${user.id}`, user)
          return { "user-token": `token ${user.id}` }
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]()
      await store.close()
    },
  }
}

export type AccessServer = Awaited<ReturnType<typeof openAccessServer>>

export interface TestApplication extends Application {
  /** The beginning of the paths with the key that the application was born with. */
  pathOf(kind: ApiKeyKind): string
  /** Makes the user known; returns the headers of a request of theirs. */
  logIn(user: UserIdentity): Readonly<Record<string, string>>
}

/** Whatever a body may hold; what is not there is undefined. */
export interface Answer {
  readonly [name: string]: unknown
  readonly code?: number
  readonly message?: string
  readonly errorData?: Readonly<Record<string, unknown>>
}

let devices = 0

/** A registration body of a device that is not registered yet. */
export function newDevice(channels?: readonly string[]): {
  readonly deviceId: string
  readonly [name: string]: unknown
} {
  const deviceId = `device-${++devices}`
  return {
    deviceId,
    deviceToken: `token of ${deviceId}`,
    os: "ANDROID",
    osVersion: "16",
    ...(channels && { channels }),
  }
}
