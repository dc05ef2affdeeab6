import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, beforeAll, expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { openSimulators } from "../../src/simulator/simulator.ts"
import {
  createApnsCredential,
  createFcmCredential,
  createWnsCredential,
} from "../../src/simulator/test-credentials.ts"
import { type Introduced, Workspace } from "../cli/belfry-process.ts"
import { type Canary, findCanaries, formsOf } from "./canary.ts"
import { eventually } from "./eventually.ts"
import { simulatorCredential } from "./world.ts"

/**
 * A real server at the log level debug, with a secret in every field that takes one: registering, publishing, providers that
 * fail, mistakes, audit, doctor, commands. Afterwards none of the secrets may be found in the logs, the database with its WAL,
 * a backup, the metrics, nor in any answer to somebody who is not entitled to it (reliability.md T-19).
 */

const canaries: Canary[] = []
const keep = (name: string, secret: string): string => {
  if (secret.length < 8) throw new Error(`${name} is too short to be told from chance`)
  canaries.push({ name, secret })
  return secret
}

/** Every answer, by what was asked; with those that may show secrets apart. */
const answers: Record<string, string> = {}
const entitled: Record<string, string> = {}

let workspace: Workspace
let server: Introduced & {
  readonly setupUrl?: string
  readonly process: Awaited<ReturnType<Workspace["serve"]>>["process"]
}
let authorization: Record<string, string> = {}

interface Asking {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Whoever asks is meant to be shown a secret. */
  readonly isEntitled?: true
}

let asked = 0

async function ask(method: string, path: string, { body, headers = {}, isEntitled }: Asking = {}) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const heads = [...response.headers].filter(([name]) => name !== "set-cookie").join("\n")
  const name = `${++asked} ${method} ${path.replace(/^\/[0-9A-F-]{36}\/[^/]+/, "")} → ${response.status}`
  ;(isEntitled ? entitled : answers)[name] = `${heads}\n${text}`
  let json: Record<string, unknown> = {}
  try {
    json = JSON.parse(text)
  } catch {
    // Text that is no JSON is scanned all the same.
  }
  return { status: response.status, json, cookie: response.headers.get("set-cookie") ?? "" }
}

const administer = (method: string, path: string, body?: unknown, more: Partial<Asking> = {}) =>
  ask(method, `/admin/v1${path}`, { ...(body !== undefined && { body }), headers: authorization, ...more })

beforeAll(async () => {
  workspace = await Workspace.open()
  server = (await workspace.serve(["--log-level", "debug", "--no-sandbox"])) as typeof server
})

afterAll(() => workspace[Symbol.asyncDispose]())

/** The first administrator, sessions, tokens, and everything that can go wrong with them. */
async function manageAdministrators() {
  const setup = keep("setup link", new URL(String(server.setupUrl)).hash.split("=")[1] ?? "")
  const password = keep("administrator's password", "canary-correct-horse-battery")
  await ask("POST", "/admin/v1/setup", { body: { token: setup, name: "Anna", password: "short" } })
  const made = await ask("POST", "/admin/v1/setup", { body: { token: setup, name: "Anna", password } })
  expect(made.status).toBe(200)
  await ask("POST", "/admin/v1/setup", { body: { token: setup, name: "Eve", password } })
  keep("session", /__Host-belfry=([^;]+)/.exec(made.cookie)?.[1] ?? "")
  const wrong = keep("administrator's wrong password", "canary-wrong-horse-battery")
  await ask("POST", "/admin/v1/session", { body: { name: "Anna", password: wrong } })
  await ask("POST", "/admin/v1/session", { body: { name: { password: wrong }, password: [wrong] } })
  await ask("POST", "/admin/v1/session", { body: `{"name":"Anna","password":"${wrong}",}` })
  await ask("POST", "/admin/v1/session", { body: { name: "Anna", password: `${wrong}${"x".repeat(300)}` } })
  const session = await ask("POST", "/admin/v1/session", { body: { name: "Anna", password } })
  const cookie = `__Host-belfry=${keep("second session", /__Host-belfry=([^;]+)/.exec(session.cookie)?.[1] ?? "")}`
  const fromPage = { cookie, "sec-fetch-site": "same-origin", "content-type": "application/json" }
  const next = keep("administrator's next password", "canary-another-long-password")
  const changed = await ask("PUT", "/admin/v1/session/password", {
    body: { currentPassword: password, password: next },
    headers: fromPage,
  })
  keep("third session", /__Host-belfry=([^;]+)/.exec(changed.cookie)?.[1] ?? "")
  const { token } = await workspace.json<{ readonly token: string }>("token", "create", "--label", "canary")
  authorization = { authorization: `Bearer ${keep("administrator's token", token)}` }
  const second = await administer("POST", "/tokens", { scope: "read", label: "second" }, { isEntitled: true })
  keep("second administrator's token", String(second.json["token"]))
  const person = { name: "Bob", scope: "read", password: keep("Bob's password", "canary-bobs-long-password") }
  await administer("POST", "/administrators", person)
  await ask("GET", "/admin/v1/tokens", {
    headers: { authorization: `Bearer ${keep("unknown token", "bat_canary-unknown-token")}` },
  })
}

/** Provider credentials: good ones, broken ones, and ones whose provider refuses or does not answer. */
async function setCredentials(simulators: Awaited<ReturnType<typeof openSimulators>>) {
  const random = seededRandom(7)
  const path = `/applications/${server.applicationId}/credentials`
  const apns = createApnsCredential(random)
  const fcm = await createFcmCredential(random, `${simulators.origins.fcm}/token`)
  const wns = createWnsCredential(random)
  for (const [name, pem] of [
    ["APNs key", apns.privateKey],
    ["FCM key", fcm.private_key],
  ] as const) {
    const lines = pem.split("\n").filter((line) => !line.includes("-----") && line.length > 20)
    for (const [index, line] of lines.entries()) if (index % 5 === 0) keep(`${name}, line ${index}`, line)
  }
  keep("WNS secret", wns.clientSecret)
  const { privateKey: key, ...rest } = apns
  const good: Record<string, object> = { apns: { ...rest, key }, fcm, wns }
  const broken = keep("broken credential", "canary-broken-credential")
  const mistakes: readonly [string, unknown][] = [
    ["apns", { ...rest, key: broken }],
    ["apns", { ...rest, key: key.slice(0, 80) }],
    ["apns", { ...rest, key: fcm.private_key }],
    ["fcm", { ...fcm, private_key: broken }],
    ["fcm", { ...fcm, private_key: { broken } }],
    ["fcm", JSON.stringify(fcm).slice(0, -1)],
    ["wns", { ...wns, clientSecret: [wns.clientSecret] }],
    ["wns", { clientSecret: wns.clientSecret }],
    [broken, good["wns"]],
  ]
  for (const [provider, fields] of mistakes) {
    const reply = await administer("PUT", `${path}/${provider === broken ? "xns" : provider}`, { fields })
    expect(reply.status).toBeGreaterThanOrEqual(400)
  }
  for (const provider of ["apns", "fcm", "wns"] as const) {
    const { origin, ca } = simulatorCredential(simulators, provider)
    const set = await administer("PUT", `${path}/${provider}`, { fields: good[provider], origin, ca })
    expect(set.status).toBe(200)
    await administer("POST", `${path}/${provider}/check`, {})
  }
  await administer("GET", path)
}

/** Apps with every type of key, users, devices whose tokens are secrets, and requests with mistakes that hold secrets. */
async function useTheDialect() {
  const app = `/applications/${server.applicationId}`
  for (const [kind, key] of Object.entries(server.apiKeys)) keep(`${kind} key`, key)
  const added = await administer("POST", `${app}/keys`, { kind: "ANDROID" }, { isEntitled: true })
  const key = keep("added key", String(added.json["key"]))
  const again = await administer(
    "POST",
    `${app}/keys/${added.json["number"]}/regenerate`,
    {},
    { isEntitled: true },
  )
  keep("regenerated key", String(again.json["key"]))
  await administer("GET", `${app}/keys`)
  const base = `/${server.applicationId}/${server.apiKeys["ANDROID"]}`
  const password = keep("user's password", "canary-user-password")
  const user = { email: "canary-user@example.com", password }
  await ask("POST", `${base}/users/register`, { body: user })
  await ask("POST", `${base}/users/register`, { body: user })
  await ask("POST", `${base}/users/register`, { body: { password, id: 1 } })
  await ask("POST", `${base}/users/login`, { body: { login: user.email, password: `${password}-wrong` } })
  await ask("POST", `${base}/users/login`, { body: { login: { password }, password } })
  const login = await ask("POST", `${base}/users/login`, {
    body: { login: user.email, password },
    isEntitled: true,
  })
  const token = keep("user token", String(login.json["user-token"]))
  const guest = await ask("POST", `${base}/users/register/guest`, { isEntitled: true })
  keep("guest's token", String(guest.json["user-token"]))
  await ask("GET", `${base}/users/isvalidusertoken/${token}`)
  await ask("GET", `${base}/users/userroles`, {
    headers: { "user-token": keep("unknown user token", "canary-unknown-user-token") },
  })
  const phones = [
    ["IOS", Buffer.from(keep("APNs token", "canary-apns-token-0123456789abcd")).toString("hex")],
    ["ANDROID", keep("FCM token", "canary-fcm-token:APA91b")],
    ["WP", `https://db5.notify.windows.com/?token=${keep("WNS token", "canary-wns-token-0123456789")}`],
  ] as const
  for (const [os, deviceToken] of phones) {
    const body = { deviceToken, deviceId: `phone-${os}`, os, osVersion: "1" }
    expect(
      (await ask("POST", `${base}/messaging/registrations`, { body, headers: { "user-token": token } }))
        .status,
    ).toBe(200)
    for (const mistake of [
      { ...body, os: 7 },
      { ...body, deviceToken: deviceToken.padEnd(5000, "x") },
      { ...body, deviceToken: { deviceToken } },
      { ...body, deviceToken: `${deviceToken}\u0000` },
      { ...body, expiration: 1 },
      `{"deviceToken":"${deviceToken}" "deviceId":1}`,
    ]) {
      expect((await ask("POST", `${base}/messaging/registrations`, { body: mistake })).status).toBe(400)
    }
    // Not the owner's: the token is not shown.
    await ask("GET", `${base}/messaging/registrations/phone-${os}`)
    await ask("GET", `${base}/messaging/registrations/phone-${os}`, {
      headers: { "user-token": token },
      isEntitled: true,
    })
    await administer("GET", `${app}/devices/phone-${os}`)
  }
  await ask("GET", `/${server.applicationId}/${keep("unknown key", "CANARY-UNKNOWN-API-KEY")}/info`)
  await ask("GET", `/${server.applicationId}/${key.toLowerCase()}/messaging/registrations/x`)
  await ask("GET", `${base}/nowhere/at/all`)
  await ask("PUT", `${base}/messaging/registrations`, { body: {} })
  return { base, token }
}

async function publish(simulators: Awaited<ReturnType<typeof openSimulators>>) {
  const app = `/applications/${server.applicationId}`
  const base = `/${server.applicationId}/${server.apiKeys["REST"]}`
  const send = async () => {
    const { json } = await ask("POST", `${base}/messaging/default`, { body: { message: "hello" } })
    const message = `${app}/messages/${String(json["messageId"])}`
    await eventually("the message is settled", async () => {
      const { json } = await administer("GET", message)
      return json["state"] !== "running"
    })
    for (const os of ["IOS", "ANDROID", "WP"]) await administer("GET", `${message}/devices/phone-${os}`)
  }
  await send()
  simulators.faults.add({ provider: "apns", action: { do: "answer", reason: "BadDeviceToken" } })
  simulators.faults.add({ provider: "fcm", action: { do: "answer", status: 400, body: "canary" } })
  simulators.faults.add({ provider: "wns", action: { do: "answer", status: 403 } })
  await send()
  simulators.faults.clear()
  await simulators[Symbol.asyncDispose]()
  await ask("POST", `${base}/messaging/default`, { body: { message: "to nobody", headers: { a: 1 } } })
  await ask("POST", `${base}/messaging/default`, { body: '{"message":' })
  for (const path of [
    "statistics",
    "overview",
    "messages",
    "channels",
    "users",
    "roles",
    "permissions",
    "hosts",
    "user-settings",
  ]) {
    await administer("GET", `${app}/${path}`)
  }
  for (const path of [
    "/audit?limit=1000",
    "/administrators",
    "/tokens",
    "/applications",
    "/server",
    "/openapi.json",
  ]) {
    await administer("GET", path)
  }
}

test("no secret is found anywhere but with who is entitled to it", { timeout: 180_000 }, async () => {
  const masterKey = readFileSync(join(workspace.dataDir, "master.key"), "utf8").trim()
  keep("master key", masterKey)
  keep("master key in base64", Buffer.from(masterKey, "hex").toString("base64"))
  const simulators = await openSimulators({ clock: systemClock, random: seededRandom(5) })
  await manageAdministrators()
  await setCredentials(simulators)
  await useTheDialect()
  await publish(simulators)
  for (const words of [
    ["doctor"],
    ["audit", "verify"],
    ["app", "list"],
    ["token", "list"],
    ["credentials", "list", "--app", server.applicationId],
    ["token", "revoke", "12345"],
    ["app", "show", "CANARY-NOBODY"],
  ]) {
    const { stdout, stderr } = await workspace.run(words, { BELFRY_LOG_LEVEL: "debug" })
    answers[`belfry ${words.join(" ")}`] = stdout + stderr
  }
  expect((await ask("GET", "/metrics", { headers: authorization })).status).toBe(200)

  const backup = join(workspace.path, "backup.db")
  const database = new Database(join(workspace.dataDir, "belfry.db"), { readonly: true })
  await database.backup(backup)
  database.close()
  const files = filesOf(workspace.dataDir, /^belfry\.db/)
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining([expect.stringMatching(/belfry\.db$/), expect.stringMatching(/-wal$/)]),
  )
  const { stderr } = await server.process.stop()
  expect(stderr.length).toBeGreaterThan(500)

  const isToken = ({ name }: Canary) => /^(APNs|FCM|WNS) token$/.test(name)
  const secrets = canaries.filter((canary) => !isToken(canary))
  expect(canaries.length).toBeGreaterThan(35)
  expect(Object.keys(answers).length).toBeGreaterThan(100)
  const stored = {
    ...files,
    backup: readFileSync(backup),
    ...filesOf(workspace.dataDir, /^belfry\.db/, "after the end: "),
  }
  expect(findCanaries(secrets, stored)).toEqual([])
  expect(findCanaries(canaries, { log: stderr })).toEqual([])
  // Whoever may administer sees the tokens of devices masked, and nobody sees them in an error.
  expect(findCanaries(canaries, answers)).toEqual([])
  // The scan finds what is there: what was shown to who is entitled, and the tokens, which cannot be sent to when hashed.
  expect(new Set(findCanaries(canaries, entitled).map(({ canary }) => canary))).toEqual(
    new Set([
      "second administrator's token",
      "added key",
      "regenerated key",
      "user token",
      "guest's token",
      "APNs token",
      "FCM token",
      "WNS token",
    ]),
  )
  expect(findCanaries(canaries.filter(isToken), stored)).not.toEqual([])
})

test("the scan finds a secret in every form, wherever it stands", () => {
  const secret = "canary/of+some?length!"
  for (const around of ["", "a", "ab", "abc"]) {
    const text = `${around}${secret}${around}`
    for (const written of [
      text,
      encodeURIComponent(text),
      JSON.stringify({ text }),
      Buffer.from(text).toString("hex"),
      Buffer.from(text).toString("hex").toUpperCase(),
      Buffer.from(text).toString("base64"),
      Buffer.from(text).toString("base64url"),
    ]) {
      expect(findCanaries([{ name: "c", secret }], { place: `x${written}x` }), written).not.toEqual([])
    }
  }
  expect(Object.values(formsOf(secret)).every((form) => form.length > 12)).toBe(true)
  expect(findCanaries([{ name: "c", secret }], { place: "nothing of it" })).toEqual([])
})

function filesOf(folder: string, pattern: RegExp, prefix = ""): Record<string, Buffer> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => pattern.test(name))
      .map((name) => [prefix + name, readFileSync(join(folder, name))]),
  )
}
