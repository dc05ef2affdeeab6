import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  CHANNEL_OPERATIONS,
  MESSAGING_OPERATIONS,
  type MessagingOperation,
} from "../../src/domain/permission.ts"
import type { PermissionRule } from "../../src/domain/permission-rules.ts"
import { backendlessRoutes } from "../../src/http/backendless/routes.ts"
import { type AccessServer, newDevice, openAccessServer, type TestApplication } from "./access-server.ts"

/** `explain` says what a request really gets: for any rules, any key and user, and every operation of the dialect. */

let server: AccessServer

beforeAll(async () => {
  server = await openAccessServer()
})

afterAll(() => server[Symbol.asyncDispose]())

const CHANNELS = ["news", "sport"]
const ROLES = [
  "JSUser",
  "RestUser",
  "NotAuthenticatedUser",
  "AuthenticatedUser",
  "GuestUser",
  "editor",
  "author",
]

const anyChannel = fc.constantFrom(...CHANNELS)
const anyRole = fc.constantFrom(...ROLES)
const anyAccess = fc.constantFrom("grant" as const, "deny" as const)
const onChannel = [...CHANNEL_OPERATIONS]
const everyOperation = Object.keys(MESSAGING_OPERATIONS) as MessagingOperation[]

/** Users have fewer operations to choose from, so that rules about them meet requests. */
const anyRule: fc.Arbitrary<PermissionRule> = fc.oneof(
  fc.record({
    level: fc.constant("application" as const),
    role: anyRole,
    operation: fc.constantFrom(...everyOperation),
    access: anyAccess,
  }),
  fc.record({
    level: fc.constant("channel" as const),
    channel: anyChannel,
    role: anyRole,
    operation: fc.constantFrom(...onChannel),
    access: anyAccess,
  }),
  fc.record({
    level: fc.constant("channel" as const),
    channel: anyChannel,
    user: fc.constantFrom("ann", "guest"),
    operation: fc.constantFrom(...onChannel),
    access: anyAccess,
  }),
)

/** An application in which all that a request could be about is there. */
interface Stage {
  readonly application: TestApplication
  /** The custom key, which has the role `editor`. */
  readonly bot: { readonly number: number; readonly path: string }
  readonly messages: Readonly<Record<string, string>>
  readonly users: Readonly<Record<string, Readonly<Record<string, string>>>>
}

async function openStage(preset: "locked" | "compatible", rules: readonly PermissionRule[]): Promise<Stage> {
  const { services } = server
  const application = await server.addApplication(preset)
  const { id, number } = application
  for (const name of ["editor", "author"]) await services.permissions.createRole(id, name)
  const bot = await services.keys.create(id, { kind: "CUSTOM", role: "editor" })
  await services.hosts.bind(id, `${id.toLowerCase()}.example`, { key: "JS", role: "author" })
  const users = {
    ann: application.logIn({ id: "ann", kind: "registered", roles: ["author"] }),
    guest: application.logIn({ id: "guest", kind: "guest", roles: [] }),
  }
  for (const rule of rules) await services.permissions.setRule(id, rule)
  await register(number, ["news"])
  const messages: Record<string, string> = {}
  for (const channel of ["news"]) messages[channel] = await publishedOn(application, channel)
  return { application, bot: { number: bot.number, path: `/${id}/${bot.key}` }, messages, users }
}

/** Behind the permissions. */
function register(application: number, channels: readonly string[]) {
  const device = newDevice(channels) as ReturnType<typeof newDevice> & { deviceToken: string }
  return server.services.devices.register(application, {
    deviceId: device.deviceId,
    deviceToken: device.deviceToken,
    os: "ANDROID",
    osVersion: "16",
    channels,
    expiresAt: undefined,
  })
}

async function publishedOn(application: TestApplication, channel: string): Promise<string> {
  const message = await server.services.messages.publish(
    application,
    {
      channel,
      platforms: undefined,
      deviceIds: undefined,
      ttlSeconds: undefined,
      publisherId: undefined,
      subtopic: undefined,
      messageJson: '"Hello"',
      headers: new Map(),
      policy: "PUSH",
      delivery: "at-least-once",
    },
    "test",
    undefined,
  )
  return message.id
}

interface Action {
  /** The route it is a call of, so that no route is forgotten. */
  readonly route: string
  /** What it needs: operation and channel. */
  readonly needs: readonly (readonly [MessagingOperation, string?])[]
  readonly call: (stage: Stage) => Promise<Call> | Call
}

interface Call {
  readonly method: string
  /** After the application and the key. */
  readonly path: string
  readonly body?: unknown
}

const on = (operation: MessagingOperation, channels: readonly string[]) =>
  channels.map((channel) => [operation, channel] as const)

function registering(channels: readonly string[]): Action {
  const call = () => ({ method: "POST", path: "messaging/registrations", body: newDevice(channels) })
  return { route: "POST messaging/registrations", needs: on("device:register", channels), call }
}

function leaving(channel: string): Action {
  return {
    route: "DELETE data/DeviceRegistration/:objectId",
    needs: [["device:cancel", channel]],
    async call({ application }) {
      const { channels } = await register(application.number, [channel])
      return { method: "DELETE", path: `data/DeviceRegistration/${channels[0]?.id}` }
    },
  }
}

const ACTIONS: readonly Action[] = [
  registering(["news"]),
  registering(["sport"]),
  registering(["news", "sport", "third"]),
  {
    route: "GET messaging/registrations/*",
    needs: [["device:retrieve"]],
    call: () => ({ method: "GET", path: "messaging/registrations/nobody" }),
  },
  {
    route: "DELETE messaging/registrations/*",
    needs: [["device:cancel"]],
    call: () => ({ method: "DELETE", path: "messaging/registrations/nobody" }),
  },
  {
    route: "POST data/DeviceRegistration/find",
    needs: [["device:retrieve"]],
    call: () => ({
      method: "POST",
      path: "data/DeviceRegistration/find",
      body: { where: "deviceId='nobody'" },
    }),
  },
  leaving("news"),
  leaving("sport"),
  {
    route: "DELETE data/DeviceRegistration/:objectId",
    needs: [["device:cancel"]],
    call: () => ({ method: "DELETE", path: "data/DeviceRegistration/none" }),
  },
  ...CHANNELS.map(
    (channel): Action => ({
      route: "POST messaging/:channel",
      needs: [["message:publish", channel]],
      call: () => ({ method: "POST", path: `messaging/${channel}`, body: { message: "Hello" } }),
    }),
  ),
  ...(["GET", "DELETE"] as const).flatMap((method): Action[] => {
    const route = `${method} messaging/:messageId`
    const operation = method === "GET" ? "message:read" : "message:cancel"
    return [
      {
        route,
        needs: [[operation, "news"]],
        call: ({ messages }) => ({ method, path: `messaging/${messages["news"]}` }),
      },
      { route, needs: [[operation]], call: () => ({ method, path: "messaging/message:none" }) },
    ]
  }),
  {
    route: "GET messaging/pushtemplates",
    needs: [["template:list"]],
    call: () => ({ method: "GET", path: "messaging/pushtemplates" }),
  },
  {
    route: "GET messaging/pushtemplates/:deviceType",
    needs: [["template:list"]],
    call: () => ({ method: "GET", path: "messaging/pushtemplates/ios" }),
  },
  {
    route: "POST messaging/push/:template",
    needs: [["message:publish-template"]],
    call: () => ({ method: "POST", path: "messaging/push/none", body: {} }),
  },
  {
    route: "DELETE messaging/channels/:channel",
    needs: [["channel:delete", "third"]],
    call: () => ({ method: "DELETE", path: "messaging/channels/third" }),
  },
  { route: "GET info", needs: [["application:info"]], call: () => ({ method: "GET", path: "info" }) },
]

const anyRequest = fc.record({
  action: fc.constantFrom(...ACTIONS),
  holder: fc.constantFrom("JS", "REST", "bot", "host" as const),
  user: fc.option(fc.constantFrom("ann", "guest"), { nil: undefined }),
})

type AnyRequest = typeof anyRequest extends fc.Arbitrary<infer T> ? T : never

async function isAllowedByExplain(stage: Stage, { action, holder, user }: AnyRequest): Promise<boolean> {
  const { id } = stage.application
  const answers = action.needs.map(async ([operation, channel]) => {
    const query = new URLSearchParams({
      operation,
      ...(channel !== undefined && { channel }),
      ...(user !== undefined && { user }),
      ...(holder === "host" && { host: `${id.toLowerCase()}.example` }),
      ...(holder !== "host" && { key: holder === "bot" ? String(stage.bot.number) : holder }),
    })
    const reply = await server.admin("GET", `/${id}/explain?${query}`, undefined, "read")
    expect(reply.status).toBe(200)
    return reply.body?.["allowed"] as boolean
  })
  return (await Promise.all(answers)).every((allowed) => allowed)
}

async function isAllowedIndeed(stage: Stage, { action, holder, user }: AnyRequest): Promise<boolean> {
  const { application, bot, users } = stage
  const { method, path, body } = await action.call(stage)
  const prefix = {
    bot: bot.path,
    host: "/api",
    JS: application.pathOf("JS"),
    REST: application.pathOf("REST"),
  }[holder]
  const reply = await server.ask({
    method,
    url: `${prefix}/${path}`,
    headers: {
      ...(holder === "host" && { host: `${application.id.toLowerCase()}.example` }),
      ...(user !== undefined && users[user]),
    },
    ...(body !== undefined && { body }),
  })
  expect([200, 400, 403, 404]).toContain(reply.status)
  if (reply.status !== 403) return true
  expect(reply.body?.code).toBe(1011)
  return false
}

describe("explain", () => {
  it("agrees with what the request gets, for any rules", async () => {
    const seen = { allowed: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("locked" as const, "compatible" as const),
        fc.array(anyRule, { minLength: 4, maxLength: 30 }),
        fc.array(anyRequest, { minLength: 10, maxLength: 20 }),
        async (preset, rules, requests) => {
          const stage = await openStage(preset, rules)
          for (const request of requests) {
            const expected = await isAllowedByExplain(stage, request)
            seen[expected ? "allowed" : "refused"]++
            expect({ ...request, allowed: await isAllowedIndeed(stage, request) }).toEqual({
              ...request,
              allowed: expected,
            })
          }
        },
      ),
      { numRuns: 120 },
    )
    // A generator that only ever makes one kind of answer would prove nothing.
    expect(Math.min(seen.allowed, seen.refused)).toBeGreaterThan(200)
  })

  it("is asked about every route whose permission is decided on a channel", () => {
    const routes = backendlessRoutes.filter(
      ({ permission }) => permission !== "open" && CHANNEL_OPERATIONS.has(permission as MessagingOperation),
    )
    const tested = new Set(ACTIONS.map(({ route }) => route))
    expect(
      routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !tested.has(route)),
    ).toEqual([])
  })

  it("says in words and in full which rule decides", async () => {
    const { application } = await openStage("locked", [
      { level: "application", role: "JSUser", operation: "message:publish", access: "grant" },
      { level: "channel", channel: "sport", role: "editor", operation: "message:publish", access: "grant" },
      { level: "channel", channel: "sport", role: "author", operation: "message:publish", access: "deny" },
      { level: "channel", channel: "sport", user: "ann", operation: "message:publish", access: "grant" },
    ])
    const ask = async (query: string) =>
      (await server.admin("GET", `/${application.id}/explain?${query}`)).body
    expect(await ask("operation=message:publish&channel=sport&key=JS&user=ann")).toEqual({
      allowed: true,
      summary: 'Allowed: message:publish is granted to the user ann on the channel "sport".',
      channel: "sport",
      roles: ["JSUser", "AuthenticatedUser", "author"],
      decidedBy: { level: "channel_user", subject: "ann", access: "grant" },
      steps: [
        {
          operation: "message:publish",
          allowed: true,
          decidedBy: { level: "channel_user", subject: "ann", access: "grant" },
          levels: [
            { level: "channel_user", rules: [{ subject: "ann", access: "grant" }] },
            { level: "channel_custom_roles", rules: [{ subject: "author", access: "deny" }] },
            { level: "channel_system_roles", rules: [] },
            { level: "application_custom_roles", rules: [] },
            { level: "application_system_roles", rules: [{ subject: "JSUser", access: "grant" }] },
          ],
          presetGrantsTo: [],
        },
        expect.objectContaining({
          operation: "channel:create",
          allowed: true,
          decidedBy: { level: "preset", subject: "locked", access: "grant" },
          presetGrantsTo: ["JSUser"],
        }),
      ],
    })
    expect((await ask("operation=message:read&channel=news&key=JS"))?.["summary"]).toBe(
      'Refused: message:read is denied by the preset "locked", since no rule speaks of it.',
    )
    const host = `${application.id.toLowerCase()}.example`
    expect((await ask(`operation=message:publish&channel=sport&host=${host}`))?.["summary"]).toBe(
      'Refused: message:publish is denied to the role author on the channel "sport".',
    )
    expect((await ask("operation=message:publish&key=JS"))?.["summary"]).toBe(
      "Allowed: message:publish is granted to the role JSUser in the application.",
    )
  })

  it.each([
    ["an unknown operation", "operation=dance&key=JS", 400],
    ["no operation", "key=JS", 400],
    ["neither key nor host", "operation=message:publish", 400],
    ["both key and host", "operation=message:publish&key=JS&host=a", 400],
    ["an unknown type of key", "operation=message:publish&key=COBOL", 400],
    ["an unknown number", "operation=message:publish&key=4711", 404],
    ["an unknown host", "operation=message:publish&host=a", 404],
    ["an unknown user", "operation=message:publish&key=JS&user=zoe", 404],
    ["a channel for an operation that has none", "operation=device:retrieve&key=JS&channel=news", 400],
  ])("refuses %s", async (_what, query, status) => {
    const { id } = await server.addApplication()
    expect((await server.admin("GET", `/${id}/explain?${query}`)).status).toBe(status)
  })
})

it("no request led to an internal error", () => {
  expect(server.incidents).toEqual([])
})
