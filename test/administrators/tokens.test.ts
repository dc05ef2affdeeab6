import { describe, expect, test } from "vitest"
import type { PublishRequest } from "../../src/domain/publish.ts"
import { type Administration, openAdministration } from "./administration.ts"

/** API tokens, for programs. */

const MINUTE_MS = 60_000

const whoAmI = (server: Administration, headers: Record<string, string>) =>
  server.ask("GET", "/admin/v1/session", { headers })

const create = async (server: Administration, body: unknown) => {
  const headers = await server.bearer("administer")
  return server.ask("POST", "/admin/v1/tokens", { headers, body })
}

describe("a token", () => {
  test("is shown once; what is kept of it opens nothing", async () => {
    await using server = await openAdministration()
    const { body } = await create(server, { label: "CI ♪", scope: "operate" })
    const token = String(body["token"])
    expect(token).toMatch(/^bat_[\w-]{43}$/)
    const headers = { authorization: `Bearer ${token}` }
    expect((await whoAmI(server, headers)).body).toMatchObject({
      kind: "token",
      number: body["number"],
      name: `token ${body["number"]} (CI ♪)`,
      scope: "operate",
      applications: null,
      endsAt: null,
      idleMs: null,
    })
    const administer = await server.bearer("administer")
    const list = await server.ask("GET", "/admin/v1/tokens", { headers: administer })
    expect(list.text).toContain("CI ♪")
    expect(list.text).not.toContain(token)
    expect(await server.store.administrators.tokenByHash(token, server.clock.now())).toBeUndefined()
  })

  test("ends when it says, to the millisecond", async () => {
    await using server = await openAdministration()
    const expiresAt = server.clock.now() + MINUTE_MS
    const { body } = await create(server, { scope: "read", expiresAt })
    const headers = { authorization: `Bearer ${body["token"]}` }
    await server.clock.advance(MINUTE_MS - 1)
    expect((await whoAmI(server, headers)).body).toMatchObject({ endsAt: expiresAt })
    await server.clock.advance(1)
    expect((await whoAmI(server, headers)).status).toBe(401)
  })

  test("is refused from the moment in which it is revoked", async () => {
    await using server = await openAdministration()
    const { body } = await create(server, { scope: "read" })
    const headers = { authorization: `Bearer ${body["token"]}` }
    expect((await whoAmI(server, headers)).status).toBe(200)
    const administer = await server.bearer("administer")
    const path = `/admin/v1/tokens/${body["number"]}`
    expect((await server.ask("DELETE", path, { headers: administer })).body).toEqual({ done: true })
    expect((await whoAmI(server, headers)).status).toBe(401)
    expect((await server.ask("DELETE", path, { headers: administer })).status).toBe(404)
    expect((await server.ask("DELETE", "/admin/v1/tokens/all", { headers: administer })).status).toBe(404)
  })

  test("knows when it was used last, to the minute", async () => {
    await using server = await openAdministration()
    const { body } = await create(server, { label: "CI", scope: "read" })
    const headers = { authorization: `Bearer ${body["token"]}` }
    const lastUsedAt = async () =>
      (await server.services.administratorTokens.list()).find(({ label }) => label === "CI")?.lastUsedAt
    expect(await lastUsedAt()).toBeUndefined()
    const first = server.clock.now()
    await Promise.all(Array.from({ length: 10 }, () => whoAmI(server, headers)))
    expect(await lastUsedAt()).toBe(first)
    await server.clock.advance(MINUTE_MS - 1)
    await whoAmI(server, headers)
    expect(await lastUsedAt()).toBe(first)
    await server.clock.advance(1)
    await whoAmI(server, headers)
    expect(await lastUsedAt()).toBe(first + MINUTE_MS)
  })

  test("works also while the store cannot be written", async () => {
    await using server = await openAdministration()
    const headers = await server.bearer("read")
    const full = () => Promise.reject(new Error("the disk is full"))
    Object.assign(server.store.administrators, { noteTokenUse: full })
    expect((await whoAmI(server, headers)).status).toBe(200)
  })

  test.each([
    [{}, "scope"],
    [{ scope: "everything" }, "scope"],
    [{ scope: "read", applications: [] }, "applications"],
    [{ scope: "read", applications: "A" }, "applications"],
    [{ scope: "read", applications: ["A"] }, "applications[0]"],
    [{ scope: "read", applications: [7] }, "applications[0]"],
    [{ scope: "read", expiresAt: "tomorrow" }, "expiresAt"],
    [{ scope: "read", expiresAt: 1 }, "expiresAt"],
    [{ scope: "read", expireAt: 1 }, "expireAt"],
    [{ scope: "read", label: "x".repeat(101) }, "label"],
    [{ scope: "read", label: "a\nb" }, "label"],
  ])("of %j is refused, naming %s", async (body, property) => {
    await using server = await openAdministration()
    const reply = await create(server, body)
    expect(reply.status).toBe(400)
    expect(reply.body["errorData"]).toMatchObject({ property })
  })

  test("leaves its number and label in the audit log", async () => {
    await using server = await openAdministration()
    const { body } = await create(server, { label: "CI", scope: "administer" })
    const headers = { authorization: `Bearer ${body["token"]}` }
    await server.ask("POST", "/admin/v1/applications", { headers, body: { name: "App" } })
    const [entry] = (await server.services.audit.page({}, undefined, 1)).entries
    expect(entry).toMatchObject({
      actor: `administrator token ${body["number"]} (CI)`,
      action: "application.create",
    })
  })
})

describe("a token that is restricted to an application", () => {
  async function setup() {
    const server = await openAdministration()
    const [own, foreign] = await Promise.all(
      ["Own", "Foreign"].map((name) => server.services.applications.create(name)),
    )
    const ids = { own: own?.id ?? "", foreign: foreign?.id ?? "" }
    return { server, ...ids, headers: await server.bearer("administer", [ids.own]) }
  }

  test("lists that one alone", async () => {
    const { server, own, headers } = await setup()
    await using _ = server
    const { body } = await server.ask("GET", "/admin/v1/applications", { headers })
    expect(body["applications"]).toMatchObject([{ applicationId: own, name: "Own" }])
  })

  test("sees of the audit log what concerns that one", async () => {
    const { server, own, foreign, headers } = await setup()
    await using _ = server
    const everything = await server.bearer("administer")
    for (const id of [own, foreign]) {
      const path = `/admin/v1/applications/${id}/channels`
      expect((await server.ask("POST", path, { headers: everything, body: { name: "news" } })).status).toBe(
        200,
      )
    }
    const seen = await server.ask("GET", "/admin/v1/audit", { headers })
    expect(seen.body["entries"]).toMatchObject([{ application: own, action: "channel.create" }])
    const asked = await server.ask("GET", `/admin/v1/audit?application=${foreign}`, { headers })
    expect(asked.status).toBe(404)
    const two = await server.bearer("administer", [own, foreign])
    expect((await server.ask("GET", "/admin/v1/audit", { headers: two })).status).toBe(400)
    const one = await server.ask("GET", `/admin/v1/audit?application=${foreign}`, { headers: two })
    expect(one.body["entries"]).toMatchObject([{ application: foreign }])
  })

  test("is restricted to nothing, not to everything, when that one is deleted", async () => {
    const { server, own, foreign, headers } = await setup()
    await using _ = server
    await server.services.applications.delete(own)
    expect((await server.ask("GET", "/admin/v1/applications", { headers })).body).toEqual({
      applications: [],
    })
    expect((await server.ask("GET", `/admin/v1/applications/${foreign}`, { headers })).status).toBe(404)
    expect((await server.ask("GET", `/admin/v1/applications/${own}`, { headers })).status).toBe(404)
  })
})

describe("an open event stream", () => {
  async function watched(server: Administration, headers: Record<string, string>) {
    const { id, number } = await server.services.applications.create("App")
    const device = {
      deviceId: "a",
      deviceToken: "a",
      os: "IOS",
      osVersion: "1",
      channels: ["default"],
      expiresAt: undefined,
    }
    await server.services.devices.register(number, device)
    const application = await server.services.applications.get(id)
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
    const message = await server.services.messages.publish(application, request, "test", undefined)
    const seen = { ended: false, events: 0 }
    const path = `/admin/v1/applications/${id}/messages/${message.id}/events`
    const reply = server.ask("GET", path, { headers }).then((answer) => {
      seen.ended = true
      seen.events = answer.text.split("data: ").length - 1
      return answer
    })
    return { seen, reply }
  }

  test.each(["a token that is revoked", "a session that is ended"])(
    "of %s ends within five seconds",
    async (whose) => {
      await using server = await openAdministration()
      const anna = await server.person("Anna")
      const isToken = whose.startsWith("a token")
      const headers = isToken ? await server.bearer("read") : { cookie: anna.cookie ?? "" }
      const { seen, reply } = await watched(server, headers)
      for (let second = 0; second < 20; second++) await server.clock.advance(1000)
      expect(seen.ended).toBe(false)
      if (isToken) await server.services.administratorTokens.revoke(1)
      else await server.services.administratorSessions.endAll(anna.number)
      for (let step = 0; step < 50 && !seen.ended; step++) await server.clock.advance(100)
      const answer = await reply
      expect(answer.status).toBe(200)
      expect(seen.events).toBeGreaterThan(0)
    },
  )

  test("does not keep the session alive that reads it", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const { seen, reply } = await watched(server, { cookie: anna.cookie ?? "" })
    for (let minute = 0; minute < 31; minute++) {
      for (let step = 0; step < 30; step++) await server.clock.advance(2000)
    }
    await reply
    expect(seen.ended).toBe(true)
    expect((await anna.ask("GET", "/session")).status).toBe(401)
  })
})
