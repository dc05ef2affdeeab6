import type { PublishRequest } from "../../src/domain/publish.ts"
import type { PhoneRegistration } from "../../src/service/phones.ts"
import { FIRST_PASS } from "../../src/store/message-store.ts"
import { WNS_INPUT } from "../provider/test-credentials.ts"
import { KEY_SET } from "../users/token-maker.ts"
import { type Administration, type Browser, PASSWORD } from "./administration.ts"

/** A call for each route of the management API that changes something. */

export const NEW_PASSWORD = "another long password"
const ISSUER_INPUT = { issuer: "https://id.example.com", algorithms: ["EdDSA"], jwks: KEY_SET }

export interface Example {
  /** The parameters of the path, in their order. */
  readonly path: readonly (string | number)[]
  readonly body?: unknown
  /** What the entry says it was done to. */
  readonly target: string
  /** The same where the call was cut short; what is in the path, unless it is given. */
  readonly expected?: string
  /** Who did it, unless it is Anna. */
  readonly actor?: string
}

/** What the examples are about. */
export interface Stage {
  readonly server: Administration
  readonly anna: Browser & { readonly number: number }
  readonly id: string
  readonly number: number
}

type MakeExample = (stage: Stage) => Example | Promise<Example>

/** One call that works for each route. Those that need something first make it behind the back of the log. */
export const EXAMPLES: Readonly<Record<string, MakeExample>> = {
  "POST /admin/v1/setup": async ({ server }) => {
    const { token } = await server.services.administrators.createSetupLink({ replacesOthers: true })
    const body = { token, name: "Zoe", password: PASSWORD }
    return { path: [], body, target: "Zoe", expected: "Zoe", actor: "administrator Zoe" }
  },
  "POST /admin/v1/session": () => ({
    path: [],
    body: { name: "Anna", password: PASSWORD },
    target: "Anna",
    expected: "Anna",
  }),
  "DELETE /admin/v1/session": () => ({ path: [], target: "" }),
  "DELETE /admin/v1/sessions/:session": async ({ server, anna }) => {
    const number = await anotherSession(server, anna.number)
    return { path: [number], target: String(number) }
  },
  "DELETE /admin/v1/sessions": () => ({ path: [], target: "" }),
  "PUT /admin/v1/session/password": () => ({
    path: [],
    body: { currentPassword: PASSWORD, password: NEW_PASSWORD },
    target: "Anna",
  }),
  "POST /admin/v1/administrators": () => ({
    path: [],
    body: { name: "Bob", password: PASSWORD, scope: "read" },
    target: "Bob read",
    expected: "Bob",
  }),
  "PUT /admin/v1/administrators/:administrator": async ({ server }) => ({
    path: [await anotherPerson(server, "Carol")],
    body: { scope: "operate", password: NEW_PASSWORD },
    target: "Carol operate password",
  }),
  "DELETE /admin/v1/administrators/:administrator": async ({ server }) => {
    const number = await anotherPerson(server, "Dave")
    return { path: [number], target: String(number) }
  },
  "DELETE /admin/v1/administrators/:administrator/sessions": async ({ server }) => {
    const number = await anotherPerson(server, "Erin")
    return { path: [number], target: String(number) }
  },
  "DELETE /admin/v1/administrators/:administrator/sessions/:session": async ({ server }) => {
    const person = await anotherPerson(server, "Faye")
    const session = await anotherSession(server, person)
    return { path: [person, session], target: `${person} ${session}` }
  },
  "POST /admin/v1/tokens": ({ id }) => ({
    path: [],
    body: { label: "CI", scope: "read", applications: [id] },
    target: `1 read in ${id} CI`,
  }),
  "DELETE /admin/v1/tokens/:token": async ({ server }) => {
    const { number } = await server.services.administratorTokens.create({ scope: "read" })
    return { path: [number], target: String(number) }
  },
  "POST /admin/v1/applications": () => ({
    path: [],
    body: { name: "New" },
    target: answered("applicationId"),
  }),
  "PUT /admin/v1/applications/:applicationId": ({ id }) => ({
    path: [id],
    body: { preset: "compatible" },
    target: "preset compatible",
  }),
  "DELETE /admin/v1/applications/:applicationId": ({ id }) => ({ path: [id], target: "" }),
  "DELETE /admin/v1/applications/:applicationId/devices/*": async (stage) => {
    await register(stage, "phone/1")
    return { path: [stage.id, "phone%2F1"], target: "phone/1" }
  },
  "POST /admin/v1/applications/:applicationId/channels": ({ id }) => ({
    path: [id],
    body: { name: "news ♪" },
    target: "news ♪",
  }),
  "DELETE /admin/v1/applications/:applicationId/channels/:channel": async ({ server, id, number }) => {
    await server.services.channels.create(number, "old")
    return { path: [id, "old"], target: "old" }
  },
  "POST /admin/v1/applications/:applicationId/keys": ({ id }) => ({
    path: [id],
    body: { kind: "REST", label: "CI" },
    target: "REST 7",
  }),
  "POST /admin/v1/applications/:applicationId/keys/:keyNumber/regenerate": ({ id }) => ({
    path: [id, 2],
    body: {},
    target: "JS 2",
  }),
  "PUT /admin/v1/applications/:applicationId/keys/:keyNumber": ({ id }) => ({
    path: [id, 2],
    body: { label: "Web", expiresAt: null, addresses: ["192.0.2.0/24"] },
    target: "JS 2 label expiresAt addresses",
  }),
  "DELETE /admin/v1/applications/:applicationId/keys/:keyNumber": ({ id }) => ({
    path: [id, 3],
    target: "3",
  }),
  "PUT /admin/v1/applications/:applicationId/hosts/:host": ({ id }) => ({
    path: [id, "push.example.com"],
    body: { key: "JS" },
    target: "push.example.com",
  }),
  "DELETE /admin/v1/applications/:applicationId/hosts/:host": async ({ server, id }) => {
    await server.services.hosts.bind(id, "old.example.com")
    return { path: [id, "old.example.com"], target: "old.example.com" }
  },
  "POST /admin/v1/applications/:applicationId/roles": ({ id }) => ({
    path: [id],
    body: { name: "Editors" },
    target: "Editors",
  }),
  "DELETE /admin/v1/applications/:applicationId/roles/:role": async ({ server, id }) => {
    await server.services.permissions.createRole(id, "Former", undefined)
    return { path: [id, "Former"], target: "Former" }
  },
  "PUT /admin/v1/applications/:applicationId/permissions": ({ id }) => ({
    path: [id],
    body: { level: "application", role: "JSUser", operation: "message:publish", access: "grant" },
    target: "grant message:publish, role JSUser",
  }),
  "PUT /admin/v1/applications/:applicationId/credentials/:provider": ({ id }) => ({
    path: [id, "wns"],
    body: { fields: WNS_INPUT },
    target: "wns",
  }),
  "DELETE /admin/v1/applications/:applicationId/credentials/:provider": async ({ server, id }) => {
    await server.services.credentials.set(id, "wns", { fields: WNS_INPUT })
    return { path: [id, "wns"], target: "wns" }
  },
  "POST /admin/v1/applications/:applicationId/credentials/:provider/resume": async ({ server, id }) => {
    await server.services.credentials.set(id, "wns", { fields: WNS_INPUT })
    return { path: [id, "wns"], target: "wns" }
  },
  "POST /admin/v1/applications/:applicationId/credentials/:provider/check": async ({ server, id }) => {
    // Nobody listens there, and it is this machine: no request of a test leaves it.
    const input = { fields: WNS_INPUT, origin: "https://127.0.0.1:1" }
    await server.services.credentials.set(id, "wns", input)
    return { path: [id, "wns"], target: "wns" }
  },
  "POST /admin/v1/applications/:applicationId/device-imports": ({ id }) => ({
    path: [id],
    body: { devices: [{ deviceId: "a", deviceToken: "a", os: "IOS", osVersion: "1" }, {}] },
    target: "1 created, 0 renewed, 1 refused",
  }),
  "POST /admin/v1/applications/:applicationId/phones": ({ id }) => ({
    path: [id],
    body: { os: "IOS" },
    target: answered("deviceId"),
  }),
  "DELETE /admin/v1/applications/:applicationId/phones/:deviceId": async ({ server, id }) => {
    const application = await server.services.applications.get(id)
    const decode = (wish: PhoneRegistration) => ({ ...wish, channels: ["default"], expiresAt: undefined })
    const wish = { os: "IOS", name: undefined, channels: undefined }
    const { deviceId } = await server.services.phones.create(application, wish, decode)
    return { path: [id, deviceId], target: deviceId }
  },
  "POST /admin/v1/applications/:applicationId/users": ({ id }) => ({
    path: [id],
    body: { identity: "ann@example.com", password: PASSWORD },
    target: answered("userId"),
  }),
  "PUT /admin/v1/applications/:applicationId/users/:userId": async (stage) => ({
    ...(await ofUser(stage, " password")),
    body: { password: NEW_PASSWORD },
  }),
  "DELETE /admin/v1/applications/:applicationId/users/:userId": (stage) => ofUser(stage),
  "PUT /admin/v1/applications/:applicationId/users/:userId/roles": async (stage) => ({
    ...(await ofUser(stage, " none")),
    body: { roles: [] },
  }),
  "DELETE /admin/v1/applications/:applicationId/users/:userId/sessions": (stage) => ofUser(stage),
  "PUT /admin/v1/applications/:applicationId/user-settings": ({ id }) => ({
    path: [id],
    body: { registration: false },
    target: "registration",
  }),
  "PUT /admin/v1/applications/:applicationId/issuers/:name": ({ id }) => ({
    path: [id, "corporate"],
    body: ISSUER_INPUT,
    target: "corporate",
  }),
  "DELETE /admin/v1/applications/:applicationId/issuers/:name": async ({ server, id }) => {
    await server.services.issuers.set(id, "former", ISSUER_INPUT)
    return { path: [id, "former"], target: "former" }
  },
  "POST /admin/v1/applications/:applicationId/messages": ({ id }) => ({
    path: [id],
    body: { channel: "default", message: "Hello" },
    target: answered("messageId"),
  }),
  "POST /admin/v1/applications/:applicationId/messages/:messageId/resend": async (stage) => {
    const example = await ofMessage(stage)
    await failEverywhere(stage.server)
    return { ...example, body: {}, target: `${example.target} as ${answered("messageId")}` }
  },
  "POST /admin/v1/applications/:applicationId/messages/:messageId/pause": (stage) => ofMessage(stage),
  "POST /admin/v1/applications/:applicationId/messages/:messageId/resume": (stage) => ofMessage(stage),
  "POST /admin/v1/applications/:applicationId/messages/:messageId/cancel": (stage) => ofMessage(stage),
}

/** A user whom nobody has logged in as. */
async function newUser({ server, id }: Stage): Promise<string> {
  const user = await server.services.users.create(id, { identity: "ann@example.com", password: PASSWORD })
  return user.id
}

/** `done` is what the entry says besides of what was done to the user. */
async function ofUser(stage: Stage, done = ""): Promise<Example> {
  const user = await newUser(stage)
  return { path: [stage.id, user], target: user + done }
}

/** Stands in an expectation for a property of the answer. */
function answered(property: string): string {
  return `<${property}>`
}

async function anotherPerson(server: Administration, name: string): Promise<number> {
  return (await server.services.administrators.create({ name, password: PASSWORD, scope: "administer" }))
    .number
}

async function anotherSession({ services }: Administration, person: number): Promise<number> {
  const { principal } = await services.administratorSessions.begin(await services.administrators.get(person))
  return principal.via?.kind === "session" ? principal.via.session : 0
}

async function register({ server, number }: Stage, deviceId: string): Promise<void> {
  const device = {
    deviceId,
    deviceToken: deviceId,
    os: "IOS",
    osVersion: "1",
    channels: ["default"],
    expiresAt: undefined,
  }
  await server.services.devices.register(number, device)
}

/** As the engine does it: nobody gets the message that was published last. */
async function failEverywhere({ store, clock }: Administration): Promise<void> {
  const now = clock.now()
  const claimed = await store.segments.claim("any", "test", now, now + 10_000)
  if (claimed === undefined) throw new Error("nothing to claim")
  const [device] = await store.segments.audiencePage(claimed.claim, 0, 1)
  const { registration } = device ?? { registration: 0 }
  const settled = [{ registration, outcome: { kind: "retries_exhausted", reason: "test" } as const }]
  const position = {
    cursor: registration,
    reserved: registration,
    doneAbove: [],
    pass: FIRST_PASS,
    obstacle: "",
  }
  const progress = { ...position, settled, retries: [], leaseUntil: now + 10_000, now }
  await store.segments.finish(claimed.claim, progress, { kind: "suppressed", reason: "left_audience" })
}

async function ofMessage(stage: Stage): Promise<Example> {
  await register(stage, "phone")
  const request: PublishRequest = {
    channel: "default",
    messageJson: '"Hello"',
    headers: new Map(),
    policy: "PUSH",
    platforms: undefined,
    deviceIds: undefined,
    delivery: "at-least-once",
    ttlSeconds: undefined,
    publisherId: undefined,
    subtopic: undefined,
  }
  const application = await stage.server.services.applications.get(stage.id)
  const { id } = await stage.server.services.messages.publish(application, request, "test", undefined)
  return { path: [stage.id, id], target: id }
}
