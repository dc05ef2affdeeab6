import { readFileSync } from "node:fs"
import { beforeAll, describe, expect, test } from "vitest"
import type { MessagingOperation } from "../../src/domain/permission.ts"
import type { PermissionRule } from "../../src/domain/permission-rules.ts"
import { API_KEY_KINDS, type ApiKeyKind } from "../../src/domain/roles.ts"
import { type Administration, openAdministration, type Reply } from "../administrators/administration.ts"
import { mayDo } from "../policy/permission-reference.ts"
import { type DialectPlace, dialectPlaces, NEWS } from "./dialect-places.ts"
import { CUSTOM_ROLE, openTenant, type Tenant, type TenantUser } from "./tenant.ts"

/**
 * The authorisation matrix of the Backendless dialect (reliability.md T-15): every operation of its OpenAPI document, in
 * both URL forms, for every principal. What is expected comes from the table of places, the documented roles and a second
 * resolver of rules, never from the routes.
 */

type Form = "key" | "host"
const FORMS: readonly Form[] = ["key", "host"]
const DOCUMENT = JSON.parse(readFileSync("openapi/backendless.json", "utf8")) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly "x-permission": string }>>>>
}
const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { "x-permission": permission }]) => ({
    name: `${method.toUpperCase()} ${path}`,
    permission,
  })),
)

/** The roles of a request, from the documentation: of the type of its key, and of the kind of its user. */
const ROLE_OF_KEY: Readonly<Record<ApiKeyKind, readonly string[]>> = {
  REST: ["RestUser"],
  JS: ["JSUser"],
  ANDROID: ["AndroidUser"],
  IOS: ["IOSUser"],
  WP: ["DotNetUser"],
  BL: ["ServerCodeUser"],
  AS: ["ASUser"],
  CUSTOM: [CUSTOM_ROLE],
}
const ROLES_OF_USER: Readonly<Record<TenantUser["kind"], readonly string[]>> = {
  registered: ["AuthenticatedUser"],
  guest: ["AuthenticatedUser", "GuestUser"],
  social: ["AuthenticatedUser", "SocialUser"],
}

/** Each system role and the custom one is granted a third of the operations and denied a third, here and on the channel. */
const RULES: readonly PermissionRule[] = [
  ...Object.values(ROLE_OF_KEY).flat(),
  "NotAuthenticatedUser",
  "AuthenticatedUser",
  "GuestUser",
  "SocialUser",
].flatMap((role, row) =>
  [...new Set(OPERATIONS.map(({ permission }) => permission as MessagingOperation))].flatMap(
    (operation, column): PermissionRule[] => {
      const access = ([undefined, "grant", "deny"] as const)[(row * 7 + column * 4 + row * column) % 3]
      const onChannel = ([undefined, undefined, "deny", "grant"] as const)[(row * 3 + column * 11) % 4]
      const isOfChannels = /^message:|^device:(register|cancel)$/.test(operation)
      return [
        ...(access === undefined ? [] : [{ level: "application" as const, role, operation, access }]),
        ...(onChannel === undefined || !isOfChannels
          ? []
          : [{ level: "channel" as const, channel: NEWS, role, operation, access: onChannel }]),
      ]
    },
  ),
)

let server: Administration
let locked: Tenant
let compatible: Tenant
let ruled: Tenant
let foreign: Tenant
let badKeys: Readonly<Record<string, string>>

beforeAll(async () => {
  server = await openAdministration({ flags: { "rate-per-key": "0", "rate-per-address": "0" } })
  locked = await openTenant(server, { mark: "LOCKED", preset: "locked" })
  compatible = await openTenant(server, { mark: "COMPATIBLE", preset: "compatible" })
  ruled = await openTenant(server, { mark: "RULED", preset: "locked", rules: RULES })
  foreign = await openTenant(server, { mark: "FOREIGN", preset: "locked" })
  badKeys = await keysThatDoNotWork()
  return async () => {
    expect(server.incidents).toEqual([])
    await server[Symbol.asyncDispose]()
  }
})

/** All but where the calls of this file come from. */
const ELSEWHERE = ["192.0.2.0/32", "192.0.2.2/31", "192.0.3.0/24", "2001:db8::/32", "127.0.0.1"]

/** Every one was a good REST key of the application once, is one elsewhere, or is one of something else. */
async function keysThatDoNotWork(): Promise<Readonly<Record<string, string>>> {
  const { keys } = server.services
  const soon = server.clock.now() + 60_000
  const expired = await keys.create(locked.id, { kind: "REST", expiresAt: soon })
  const revoked = await keys.create(locked.id, { kind: "REST" })
  await keys.revoke(locked.id, revoked.number)
  const replaced = await keys.create(locked.id, { kind: "REST" })
  await keys.regenerate(locked.id, replaced.number, 0)
  const elsewhere = await keys.create(locked.id, { kind: "REST", addresses: ELSEWHERE })
  await server.clock.advance(60_000)
  const [token = ""] = (await server.bearer("administer")).authorization.split(" ").slice(1)
  return {
    none: "-",
    malformed: "not%20a%20key",
    unknown: "00000000-0000-4000-8000-000000000000",
    revoked: revoked.key,
    expired: expired.key,
    replaced: replaced.key,
    "not accepted from here": elsewhere.key,
    "of another application": foreign.keys.REST,
    "the application's id": locked.id,
    "an administrator's token": token,
    "in lower case": locked.keys.REST.toLowerCase(),
    "with a space behind it": `${locked.keys.REST}%20`,
  }
}

interface Caller {
  readonly form: Form
  readonly kind: ApiKeyKind
  readonly userToken?: string
}

function call(tenant: Tenant, { form, kind, userToken }: Caller, method: string, place: DialectPlace) {
  const prefix = form === "key" ? `/${tenant.id}/${tenant.keys[kind]}` : "/api"
  const headers: Record<string, string> = { host: form === "key" ? "localhost" : tenant.hostOf(kind) }
  if (userToken !== undefined) headers["user-token"] = userToken
  return send(method, `${prefix}/${place.path}`, headers, place.body)
}

function send(method: string, url: string, headers: Record<string, string>, body: unknown): Promise<Reply> {
  return server.ask(method, url, { headers, ...(body !== undefined && { body }) })
}

/** `allowed`, the code of the refusal, or what else came. */
function verdict(reply: Reply, place: DialectPlace): string {
  const { status, code } = place.allowed ?? { status: 200, code: undefined }
  const answered = reply.body["code"]
  if (reply.status === status && answered === code) return "allowed"
  return reply.status === 403 && answered === 1011 ? "refused" : `${reply.status} ${String(answered)}`
}

const placesOf = (tenant: Tenant) => Object.entries(dialectPlaces(tenant))
const methodOf = (name: string) => name.split(" ", 1)[0] ?? ""

test("every operation of the OpenAPI document has its place, demands what its place says, and no place is left over", () => {
  const places = dialectPlaces(locked)
  expect(OPERATIONS.map(({ name }) => name).sort()).toEqual(Object.keys(places).sort())
  const demanded = OPERATIONS.map(({ name, permission }) => [name, permission])
  expect(Object.fromEntries(demanded)).toEqual(
    Object.fromEntries(Object.entries(places).map(([name, { needs }]) => [name, needs])),
  )
})

test("who has no key that works learns the same, whatever is wrong with it", async () => {
  for (const [name, place] of placesOf(locked)) {
    const replies = await Promise.all(
      Object.values(badKeys).map((key) =>
        send(methodOf(name), `/${locked.id}/${key}/${place.path}`, {}, place.body),
      ),
    )
    for (const [index, { status, text }] of replies.entries()) {
      const seen = { name, key: Object.keys(badKeys)[index], status, text }
      expect(seen).toEqual({ ...seen, status: 400, text: expect.stringContaining('"code":2002') })
    }
    const unknownApplication = await send(
      methodOf(name),
      `/00000000-0000-4000-8000-000000000000/${locked.keys.REST}/${place.path}`,
      {},
      place.body,
    )
    expect(new Set([...replies, unknownApplication].map(({ text }) => text)).size).toBe(1)
  }
})

test("a host name that stands for nothing, or no longer, is refused", async () => {
  const { services, clock } = server
  const key = await services.keys.create(locked.id, { kind: "REST" })
  await services.hosts.bind(locked.id, "gone.example", { key: key.number })
  await services.keys.revoke(locked.id, key.number)
  const elsewhere = await services.keys.create(locked.id, { kind: "REST", addresses: ELSEWHERE })
  await services.hosts.bind(locked.id, "elsewhere.example", { key: elsewhere.number })
  await clock.advance(5_000)
  for (const [name, place] of placesOf(locked)) {
    const texts = new Set<string>()
    const similar = ["rest.locked.example.evil", "xrest.locked.example"]
    for (const prefix of /^(?:messaging|users)\//.test(place.path) ? ["/api", ""] : ["/api"]) {
      for (const host of ["localhost", "gone.example", "elsewhere.example", ...similar]) {
        const { status, text } = await send(methodOf(name), `${prefix}/${place.path}`, { host }, place.body)
        expect({ name, prefix, host, status }).toEqual({ name, prefix, host, status: 400 })
        texts.add(text)
      }
    }
    expect([...texts]).toEqual([expect.stringContaining('"code":2002')])
  }
})

test.each(FORMS)("a user token that is none is refused with 3064, or means nothing (%s)", async (form) => {
  const own = locked.users[0] as TenantUser
  const ended = await own.logIn()
  await server.services.userSessions.logout(await server.services.applications.get(locked.id), ended)
  const tokens = {
    malformed: "}{",
    unknown: "A".repeat(43),
    ended,
    "of another application": await (foreign.users[0] as TenantUser).logIn(),
    "a user's id": own.id,
    "an unsigned JWT": `${base64({ alg: "none" })}.${base64({ sub: own.id, aud: locked.id })}.`,
    "an administrator's token": (await server.bearer("administer")).authorization.slice(7),
  }
  for (const [name, place] of placesOf(locked)) {
    for (const kind of API_KEY_KINDS) {
      if (kind === "CUSTOM") continue
      const texts = new Set<string>()
      for (const [which, userToken] of Object.entries(tokens)) {
        const reply = await call(locked, { form, kind, userToken }, methodOf(name), place)
        const isRight = place.ignoresUserToken
          ? verdict(reply, place) === "allowed"
          : reply.status === 400 && reply.body["code"] === 3064
        expect({ name, kind, which, text: reply.text, isRight }).toMatchObject({ isRight: true })
        if (!place.ignoresUserToken) texts.add(reply.text)
      }
      expect(texts.size).toBeLessThanOrEqual(1)
    }
  }
})

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

describe.each(["locked", "compatible", "ruled"] as const)("in an application that is %s", (which) => {
  const tenantOf = () => ({ locked, compatible, ruled })[which]
  const rules = which === "ruled" ? RULES : []

  test.each(API_KEY_KINDS)("the %s key may do what its roles are granted, and nothing else", async (kind) => {
    const tenant = tenantOf()
    const tally = { allowed: 0, refused: 0 }
    for (const form of FORMS) {
      for (const user of [undefined, ...tenant.users]) {
        const userRoles =
          user === undefined ? ["NotAuthenticatedUser"] : [...ROLES_OF_USER[user.kind], ...user.roles]
        const roles = [...ROLE_OF_KEY[kind], ...userRoles]
        let userToken = await user?.logIn()
        for (const [name, place] of placesOf(tenant)) {
          const isAllowed = mayDo(
            rules,
            { preset: tenant.preset, roles, user: user?.id },
            place.needs,
            place.channel,
          )
          const reply = await call(
            tenant,
            { form, kind, ...(userToken !== undefined && { userToken }) },
            methodOf(name),
            place,
          )
          const expected = expectedVerdict(isAllowed, place, { rules, roles, tenant })
          const seen = { name, form, roles, verdict: verdict(reply, place) }
          expect(seen, reply.text).toEqual({ ...seen, verdict: expected })
          tally[expected]++
          if (place.endsLogin) userToken = await user?.logIn()
        }
      }
    }
    if (which === "ruled") expect(Math.min(tally.allowed, tally.refused)).toBeGreaterThan(10)
  })
})

/** A user token that means nothing gives no role either. */
function expectedVerdict(
  isAllowed: boolean,
  { ignoresUserToken, needs, channel }: DialectPlace,
  {
    rules,
    roles,
    tenant,
  }: {
    readonly rules: readonly PermissionRule[]
    readonly roles: readonly string[]
    readonly tenant: Tenant
  },
): "allowed" | "refused" {
  if (!ignoresUserToken) return isAllowed ? "allowed" : "refused"
  const nobody = [...roles.slice(0, 1), "NotAuthenticatedUser"]
  return mayDo(rules, { preset: tenant.preset, roles: nobody, user: undefined }, needs, channel)
    ? "allowed"
    : "refused"
}

test("what belongs to another application is, byte for byte, as what does not exist", async () => {
  const unknown = { deviceId: "device-UNKNOWN", messageId: "message:FFFFFFFF-0000-4000-8000-000000000000" }
  const row = await server.ask("POST", `/${foreign.id}/${foreign.keys.REST}/data/DeviceRegistration/find`, {
    body: { where: `deviceId='${foreign.deviceId}'` },
  })
  const objectId = (JSON.parse(row.text) as { readonly objectId: string }[])[0]?.objectId ?? ""
  const pairs: readonly [
    method: string,
    foreignPath: string,
    unknownPath: string,
    body?: [unknown, unknown],
  ][] = [
    ...(["GET", "DELETE"] as const).map((method): [string, string, string] => [
      method,
      `messaging/registrations/${foreign.deviceId}`,
      `messaging/registrations/${unknown.deviceId}`,
    ]),
    ...(["GET", "DELETE"] as const).map((method): [string, string, string] => [
      method,
      `messaging/${foreign.messageId}`,
      `messaging/${unknown.messageId}`,
    ]),
    [
      "DELETE",
      `data/DeviceRegistration/${objectId}`,
      "data/DeviceRegistration/FFFFFFFF-0000-4000-8000-000000000000",
    ],
    [
      "POST",
      "data/DeviceRegistration/find",
      "data/DeviceRegistration/find",
      [{ where: `deviceId='${foreign.deviceId}'` }, { where: `deviceId='${unknown.deviceId}'` }],
    ],
  ]
  expect(objectId).not.toBe("")
  for (const kind of API_KEY_KINDS) {
    for (const tenant of [locked, compatible]) {
      for (const [method, theirs, nobodys, bodies] of pairs) {
        const prefix = `/${tenant.id}/${tenant.keys[kind]}`
        const seen = await send(method, `${prefix}/${theirs}`, {}, bodies?.[0])
        const absent = await send(method, `${prefix}/${nobodys}`, {}, bodies?.[1])
        const asIfAbsent = absent.text
          .replaceAll(unknown.messageId, foreign.messageId)
          .replaceAll(unknown.deviceId, foreign.deviceId)
        expect({ method, theirs, kind, status: seen.status, text: seen.text }).toEqual({
          method,
          theirs,
          kind,
          status: absent.status,
          text: asIfAbsent,
        })
      }
    }
  }
  const own = await server.ask("GET", `/${foreign.id}/${foreign.keys.REST}/messaging/${foreign.messageId}`)
  expect(own.body["status"]).toBe("scheduled")
  const device = await server.services.devices.find(foreign.number, foreign.deviceId)
  expect(device?.channels.map(({ name }) => name)).toEqual([NEWS])
})
