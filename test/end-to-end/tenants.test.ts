import { request } from "node:http"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { openSimulators, type Simulators } from "../../src/simulator/simulator.ts"
import { createApnsCredential } from "../../src/simulator/test-credentials.ts"
import { type Introduced, Workspace } from "../cli/belfry-process.ts"
import { tokenFor } from "./app-handle.ts"
import { call, expected } from "./calls.ts"
import { eventually } from "./eventually.ts"
import { simulatorCredential } from "./world.ts"

/**
 * Two applications on one server with the same device ids, tokens, channels, users and roles: whatever is asked of one of
 * them, nothing of the other is in the answer, the push, the event stream, the export, the metrics or the log.
 */

interface Tenant {
  readonly mark: string
  readonly id: string
  readonly keys: Readonly<Record<string, string>>
  /** An administrator's token that is restricted to the application. */
  readonly administrator: { readonly authorization: string }
  readonly topic: string
  readonly messageId: string
  readonly userToken: string
  readonly events: string
}

const PHONES = ["IOS", "ANDROID", "WP"].flatMap((os) =>
  [1, 2, 3].map((index) => ({ os, deviceId: `${os}-${index}` })),
)
const EMAIL = "ann@example.com"

let workspace: Workspace
let server: Introduced & { readonly process: Awaited<ReturnType<Workspace["serve"]>>["process"] }
let simulators: Simulators
let everything: { readonly authorization: string }
let alpha: Tenant
let beta: Tenant

beforeAll(async () => {
  workspace = await Workspace.open()
  simulators = await openSimulators({ clock: systemClock, random: seededRandom(9) })
  server = await workspace.serve(["--no-sandbox", "--log-level", "debug"])
  everything = bearer((await workspace.json<{ readonly token: string }>("token", "create")).token)
  alpha = await openTenant("TENANTALPHA")
  beta = await openTenant("TENANTBETA")
})

afterAll(async () => {
  await simulators[Symbol.asyncDispose]()
  await workspace[Symbol.asyncDispose]()
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const admin = (method: string, path: string, body?: unknown, headers = everything) =>
  call(method, `${server.url}/admin/v1${path}`, body, headers)
const ask = (
  { id, keys }: Pick<Tenant, "id" | "keys">,
  method: string,
  path: string,
  body?: unknown,
  headers = {},
) => call(method, `${server.url}/${id}/${keys["REST"]}/${path}`, body, headers)

async function openTenant(mark: string): Promise<Tenant> {
  const created = await expected<{ applicationId: string; apiKeys: Record<string, string> }>(
    admin("POST", "/applications", { name: `App of ${mark}` }),
  )
  const tenant = { id: created.applicationId, keys: created.apiKeys }
  const path = `/applications/${tenant.id}`
  const topic = `com.example.${mark.toLowerCase()}`
  await setCredentials(path, topic)
  for (const phone of PHONES) {
    const body = {
      ...phone,
      deviceToken: tokenFor(phone.os, phone.deviceId),
      osVersion: mark,
      channels: ["news", mark],
    }
    await expected(ask(tenant, "POST", "messaging/registrations", body))
  }
  await expected(ask(tenant, "POST", "users/register", { email: EMAIL, password: mark, name: mark }))
  const login = await expected<Record<string, string>>(
    ask(tenant, "POST", "users/login", { login: EMAIL, password: mark }),
  )
  await expected(admin("POST", `${path}/roles`, { name: "editor", description: mark }))
  const publish = await expected<{ messageId: string }>(
    ask(tenant, "POST", "messaging/news", { message: mark, headers: { mark } }),
  )
  const messageId = publish.messageId
  const events = await eventsOf(`${path}/messages/${messageId}/events`)
  await eventually("the message is settled", async () => {
    const { body } = await admin("GET", `${path}/messages/${messageId}`)
    return (body as { readonly state: string }).state !== "running"
  })
  const token = await expected<{ token: string }>(
    admin("POST", "/tokens", { scope: "administer", label: mark, applications: [tenant.id] }),
  )
  return {
    ...tenant,
    mark,
    topic,
    messageId,
    userToken: login["user-token"] ?? "",
    administrator: bearer(token.token),
    events,
  }
}

async function setCredentials(path: string, topic: string): Promise<void> {
  const { privateKey: key, ...apns } = createApnsCredential(seededRandom(topic.length), topic)
  simulators.trustApnsKey({ ...apns, key, topics: [topic], environment: "production" })
  const shared = (name: "apns" | "fcm" | "wns") => simulatorCredential(simulators, name)
  const inputs = {
    apns: { ...shared("apns"), fields: { ...apns, key } },
    fcm: shared("fcm"),
    wns: shared("wns"),
  }
  for (const [provider, input] of Object.entries(inputs)) {
    await expected(admin("PUT", `${path}/credentials/${provider}`, input))
  }
}

/** All of the stream of a message's progress, which ends when the message has. */
function eventsOf(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${server.url}/admin/v1${path}`,
      { headers: everything, agent: false },
      (response) => {
        let text = ""
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk
        })
        response.on("end", () => resolve(text))
      },
    )
    asked.on("error", reject)
    asked.end()
  })
}

async function textOf(path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return (await fetch(`${server.url}${path}`, { headers })).text()
}

const pairs = () =>
  [
    [alpha, beta],
    [beta, alpha],
  ] as const

describe("nothing of the one is in", () => {
  test("any answer to the other's phones, servers and administrators", async () => {
    for (const [own, other] of pairs()) {
      const base = `/${own.id}/${own.keys["REST"]}`
      const path = `/admin/v1/applications/${own.id}`
      const answers = await Promise.all([
        ...PHONES.map(({ deviceId }) => textOf(`${base}/messaging/registrations/${deviceId}`, {})),
        textOf(`${base}/messaging/${own.messageId}`, {}),
        textOf(`${base}/users/userroles`, { "user-token": own.userToken }),
        textOf(`${base}/info`, {}),
        ...PHONES.map(({ deviceId }) =>
          textOf(`${path}/messages/${own.messageId}/devices/${deviceId}`, own.administrator),
        ),
        ...PHONES.map(({ deviceId }) => textOf(`${path}/device-messages/${deviceId}`, own.administrator)),
        ...[
          "",
          "/devices",
          "/channels",
          "/users",
          "/roles",
          "/permissions",
          "/keys",
          "/hosts",
          "/credentials",
          "/messages",
          `/messages/${own.messageId}`,
          "/overview",
          "/statistics",
          "/user-settings",
          "/audience?channel=news",
          "/device-export",
          "/device-export?tokens=true",
        ].map((rest) => textOf(path + rest, own.administrator)),
        ...["/applications", "/audit?limit=1000", "/server"].map((rest) =>
          textOf(`/admin/v1${rest}`, own.administrator),
        ),
      ])
      expect(answers.filter((text) => text.includes(own.mark)).length).toBeGreaterThan(25)
      for (const text of [...answers, own.events]) {
        expect(text).not.toContain(other.mark)
        expect(text).not.toContain(other.id)
      }
    }
  })

  test("any push: each phone gets each message once from its own application", () => {
    const seen = { [alpha.mark]: 0, [beta.mark]: 0 }
    for (const entry of simulators.journal.read({ limit: 1000 })) {
      const marks = [alpha, beta].filter(({ mark }) => entry.payload.includes(mark))
      expect(marks).toHaveLength(1)
      const [owner] = marks
      if (owner === undefined) continue
      seen[owner.mark] = (seen[owner.mark] ?? 0) + 1
      if (entry.provider === "apns") expect(entry.application).toBe(owner.topic)
    }
    expect(seen).toEqual({ [alpha.mark]: PHONES.length, [beta.mark]: PHONES.length })
  })

  test("the metrics", async () => {
    const text = await textOf("/metrics", everything)
    expect(text).toContain(`belfry_registrations{platform="ios"} 6`)
    for (const { mark, id } of [alpha, beta]) {
      expect(text).not.toContain(mark)
      expect(text).not.toContain(id)
    }
  })
})

describe("what happens in the one leaves the other as it was:", () => {
  const devicesOf = async ({ id }: Tenant) => {
    const { body } = await admin("GET", `/applications/${id}/devices?limit=100`)
    return (body as { readonly devices: readonly { readonly deviceId: string }[] }).devices.map(
      ({ deviceId }) => deviceId,
    )
  }

  test("a user, with the same e-mail address", async () => {
    const login = (tenant: Tenant, password: string) =>
      ask(tenant, "POST", "users/login", { login: EMAIL, password })
    expect((await login(beta, alpha.mark)).status).toBe(401)
    expect(
      (await ask(beta, "GET", "users/userroles", undefined, { "user-token": alpha.userToken })).body,
    ).toMatchObject({ code: 3064 })
    for (let guess = 0; guess < 6; guess++) await login(alpha, "wrong")
    expect((await login(alpha, alpha.mark)).status).toBe(429)
    expect(
      (
        await call(
          "GET",
          `${server.url}/${beta.id}/${beta.keys["REST"]}/users/isvalidusertoken/${beta.userToken}`,
        )
      ).body,
    ).toBe(true)
    expect((await login(beta, beta.mark)).status).toBe(200)
  })

  test("a device that is cancelled, and a channel that is deleted", async () => {
    const before = await devicesOf(beta)
    await expected(ask(alpha, "DELETE", "messaging/registrations/IOS-1"))
    await expected(admin("DELETE", `/applications/${alpha.id}/channels/news`))
    expect(await devicesOf(beta)).toEqual(before)
    expect((await ask(beta, "GET", "messaging/registrations/IOS-1")).body).toMatchObject([
      { channels: expect.arrayContaining(["news"]) },
    ])
  })

  test("a token that a provider calls dead for the one", async () => {
    const token = tokenFor("ANDROID", "ANDROID-2")
    simulators.faults.add({
      provider: "fcm",
      times: 1,
      when: { token },
      action: { do: "answer", reason: "UNREGISTERED" },
    })
    const body = { message: alpha.mark, pushSinglecast: ["ANDROID-2"] }
    await expected(ask(alpha, "POST", `messaging/${alpha.mark}`, body))
    await eventually("the one loses it", async () => !(await devicesOf(alpha)).includes("ANDROID-2"))
    simulators.faults.clear()
    expect(await devicesOf(beta)).toContain("ANDROID-2")
  })

  test("an application that is deleted", async () => {
    const before = await devicesOf(beta)
    await expected(admin("DELETE", `/applications/${alpha.id}`))
    await eventually("its key is refused", async () => (await ask(alpha, "GET", "info")).status === 400)
    expect(await devicesOf(beta)).toEqual(before)
    expect((await ask(beta, "POST", "messaging/news", { message: beta.mark })).status).toBe(200)
    expect((await admin("GET", `/applications/${alpha.id}`, undefined, alpha.administrator)).status).toBe(404)
    expect((await admin("GET", `/applications/${beta.id}`, undefined, alpha.administrator)).status).toBe(404)
  })
})

test("the log names nothing of either", async () => {
  const { stderr } = await server.process.stop()
  expect(stderr).toContain('"listening"')
  for (const { mark } of [alpha, beta]) expect(stderr).not.toContain(mark)
})
