import { afterAll, beforeAll, expect, test } from "vitest"
import { type Introduced, Workspace } from "../cli/belfry-process.ts"
import { call } from "./calls.ts"

/** Two servers on one store: what is revoked at one is refused by the other within five seconds (reliability.md T-16). */

const IN_FORCE_MS = 5_000
const LOOK_EVERY_MS = 50

let workspace: Workspace
let here: Introduced
let there: Introduced
let authorization: { readonly authorization: string }

beforeAll(async () => {
  workspace = await Workspace.open()
  here = await workspace.serve(["--no-sandbox"])
  there = await workspace.serve(["--no-sandbox"])
  const { token } = await workspace.json<{ readonly token: string }>("token", "create")
  authorization = { authorization: `Bearer ${token}` }
})

afterAll(() => workspace[Symbol.asyncDispose]())

const administer = (server: Introduced, method: string, path: string, body?: unknown) =>
  call(method, `${server.url}/admin/v1${path}`, body, authorization)

/** Looks until the answer is not 200 any more; returns after how many milliseconds, and what came then. */
async function untilRefused(ask: () => ReturnType<typeof call>) {
  const start = performance.now()
  for (;;) {
    const { status, body } = await ask()
    const afterMs = performance.now() - start
    if (status !== 200) return { afterMs, status, code: (body as { readonly code: number }).code }
    if (afterMs > 2 * IN_FORCE_MS) throw new Error(`still allowed after ${afterMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** Used all the time, so that it is remembered for as long as anything ever is. */
async function warm(ask: () => ReturnType<typeof call>) {
  for (let index = 0; index < 5; index++) expect((await ask()).status).toBe(200)
}

const application = () => `/applications/${here.applicationId}`

test("an API key", async () => {
  const { body } = await administer(here, "POST", `${application()}/keys`, { kind: "ANDROID" })
  const { key, number } = body as { readonly key: string; readonly number: number }
  const url = `${there.url}/${here.applicationId}/${key}/messaging/registrations`
  const registration = { deviceToken: "t", deviceId: "d", os: "ANDROID", osVersion: "1" }
  const ask = () => call("POST", url, registration)
  await warm(ask)
  await administer(here, "DELETE", `${application()}/keys/${number}`)
  const refused = await untilRefused(ask)
  expect(refused).toMatchObject({ status: 400, code: 2002 })
  expect(refused.afterMs).toBeLessThanOrEqual(IN_FORCE_MS)
})

test("an API key, where it is not accepted any more", async () => {
  const elsewhere = ["203.0.113.0/24", "2001:db8::/32"]
  const { body } = await administer(here, "POST", `${application()}/keys`, {
    kind: "REST",
    addresses: ["127.0.0.0/8", "::1"],
  })
  const { key, number } = body as { readonly key: string; readonly number: number }
  const ask = () => call("GET", `${there.url}/${here.applicationId}/${key}/info`)
  await warm(ask)
  await administer(here, "PUT", `${application()}/keys/${number}`, { addresses: elsewhere })
  const refused = await untilRefused(ask)
  expect(refused).toMatchObject({ status: 400, code: 2002 })
  expect(refused.afterMs).toBeLessThanOrEqual(IN_FORCE_MS)
})

test.each(["logout", "an administrator", "the removal of the user"])("a user token, by %s", async (how) => {
  const users = (server: Introduced) => `${server.url}/${here.applicationId}/${here.apiKeys["JS"]}/users`
  const guest = await call("POST", `${users(here)}/register/guest`)
  const { objectId, "user-token": token } = guest.body as Record<string, string>
  const url = `${there.url}/${here.applicationId}/${here.apiKeys["JS"]}/messaging/registrations`
  const registration = { deviceToken: "t", deviceId: "of a user", os: "ANDROID", osVersion: "1" }
  const asks = [
    () => call("GET", `${users(there)}/userroles`, undefined, { "user-token": token ?? "" }),
    () => call("POST", url, registration, { "user-token": token ?? "" }),
  ]
  for (const ask of asks) await warm(ask)
  const path = `${application()}/users/${objectId}`
  if (how === "logout") await call("GET", `${users(here)}/logout`, undefined, { "user-token": token ?? "" })
  else if (how === "an administrator") await administer(here, "DELETE", `${path}/sessions`)
  else await administer(here, "DELETE", path)
  for (const refused of await Promise.all(asks.map(untilRefused))) {
    expect(refused).toMatchObject({ status: 400, code: 3064 })
    expect(refused.afterMs).toBeLessThanOrEqual(IN_FORCE_MS)
  }
})

test("an administrator's token, at once", async () => {
  const { body } = await administer(here, "POST", "/tokens", { scope: "administer" })
  const { token, number } = body as { readonly token: string; readonly number: number }
  const ask = () =>
    call("GET", `${there.url}/admin/v1/server`, undefined, { authorization: `Bearer ${token}` })
  await warm(ask)
  await administer(here, "DELETE", `/tokens/${number}`)
  expect(await ask()).toMatchObject({ status: 401, body: { code: 90_010 } })
})

test("a permission", async () => {
  const url = `${there.url}/${here.applicationId}/${here.apiKeys["ANDROID"]}/info`
  const ask = () => call("GET", url)
  await warm(ask)
  const rule = { level: "application", role: "AndroidUser", operation: "application:info", access: "deny" }
  expect((await administer(here, "PUT", `${application()}/permissions`, rule)).status).toBe(200)
  const refused = await untilRefused(ask)
  expect(refused).toMatchObject({ status: 403, code: 1011 })
  expect(refused.afterMs).toBeLessThanOrEqual(IN_FORCE_MS)
})
