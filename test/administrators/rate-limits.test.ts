import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { RateMeter } from "../../src/http/rate-meter.ts"
import { openAdministration } from "./administration.ts"

/** How many requests are answered. The limiter has no clock of ours: here its time is the test's. */

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 })
})

afterEach(() => vi.useRealTimers())

const later = (ms: number) => vi.setSystemTime(Date.now() + ms)
const OFF = {
  "rate-per-key": "0",
  "rate-per-application": "0",
  "rate-per-address": "0",
  "rate-per-administrator": "0",
}

/** A Backendless call by a key, from an address: by the registration lane or by a route of the framework. */
async function setup(flags: Record<string, string>) {
  const server = await openAdministration({ flags: { ...OFF, ...flags } })
  const { id, apiKeys } = await server.services.applications.create("App")
  const other = await server.services.applications.create("Other")
  const body = { deviceToken: "t", deviceId: "d", os: "ANDROID", osVersion: "16" }
  const register = (key: keyof typeof apiKeys = "ANDROID", from?: string, app = { id, apiKeys }) =>
    server.ask("POST", `/${app.id}/${app.apiKeys[key]}/messaging/registrations`, {
      body,
      ...(from && { from }),
    })
  const retrieve = (key: keyof typeof apiKeys = "ANDROID", from?: string) =>
    server.ask("GET", `/${id}/${apiKeys[key]}/messaging/registrations/d`, { ...(from && { from }) })
  return { server, other, register, retrieve, id, apiKeys }
}

async function statuses(
  count: number,
  call: () => Promise<{ readonly status: number }>,
): Promise<readonly number[]> {
  const seen: number[] = []
  for (let index = 0; index < count; index++) seen.push((await call()).status)
  return seen
}

const tally = (seen: readonly number[]) => ({
  answered: seen.filter((status) => status === 200).length,
  refused: seen.filter((status) => status === 429).length,
})

describe("the limit of a key", () => {
  test("is what it says, averaged over ten seconds, on every route and on the registration lane", async () => {
    const { server, register, retrieve } = await setup({ "rate-per-key": "2" })
    await using _ = server
    const seen = [...(await statuses(15, () => register())), ...(await statuses(15, () => retrieve()))]
    expect(tally(seen)).toEqual({ answered: 20, refused: 10 })
    expect(seen.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 200))
  })

  test("says when to come back, and then lets in again", async () => {
    const { server, retrieve, register } = await setup({ "rate-per-key": "1" })
    await using _ = server
    await register()
    await statuses(9, () => retrieve())
    const refused = await retrieve()
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ code: 90_014, errorData: { limit: 1 } })
    expect(refused.headers["access-control-allow-origin"]).toBe("*")
    const retryAfter = Number(refused.headers["retry-after"])
    expect(retryAfter).toBeGreaterThanOrEqual(1)
    expect(retryAfter).toBeLessThanOrEqual(10)
    later(retryAfter * 1000)
    expect((await retrieve()).status).toBe(200)
  })

  test("counts other keys of the same application by themselves, also when they ask all at once", async () => {
    const { server, register } = await setup({ "rate-per-key": "1" })
    await using _ = server
    const seen = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => ({
        key: index % 2 === 0 ? "IOS" : "ANDROID",
        status: (await register(index % 2 === 0 ? "IOS" : "ANDROID")).status,
      })),
    )
    for (const key of ["IOS", "ANDROID"]) {
      expect(tally(seen.filter((one) => one.key === key).map(({ status }) => status))).toEqual({
        answered: 10,
        refused: 20,
      })
    }
  })
})

describe("a limit of a key's own", () => {
  async function withKey(requestsPerSecond: number | null, flags: Record<string, string> = {}) {
    const { server, id, ...rest } = await setup(flags)
    const created = await server.services.keys.create(id, { kind: "REST", requestsPerSecond })
    const path = `/${id}/${created.key}/messaging/registrations`
    const body = { deviceToken: "t", deviceId: "d", os: "ANDROID", osVersion: "16" }
    const register = () => server.ask("POST", path, { body })
    const retrieve = () => server.ask("GET", `${path}/d`)
    const change = async (limit: number | null) => {
      await server.services.keys.change(id, created.number, { requestsPerSecond: limit })
      await server.clock.advance(5_000)
    }
    return { ...rest, server, id, register, retrieve, change, usual: rest.register }
  }

  test("stands in the place of the usual one, lower or higher, on every route and on the registration lane", async () => {
    for (const limit of [1, 3]) {
      const { server, register, retrieve, usual } = await withKey(limit, { "rate-per-key": "2" })
      await using _ = server
      const seen = [...(await statuses(7, register)), ...(await statuses(30, retrieve))]
      expect(tally(seen)).toEqual({ answered: 10 * limit, refused: 37 - 10 * limit })
      expect(tally(await statuses(25, () => usual()))).toEqual({ answered: 20, refused: 5 })
    }
  })

  test("holds where the settings know no limit, and is named in the refusal", async () => {
    const { server, retrieve } = await withKey(1)
    await using _ = server
    await statuses(10, retrieve)
    expect(await retrieve()).toMatchObject({
      status: 429,
      body: {
        code: 90_014,
        message: "The limit of 1 requests a second for this API key is reached.",
        errorData: { limit: 1 },
      },
    })
  })

  test("of two keys is each one's alone, also when it is the same", async () => {
    const { server, id, register } = await withKey(1)
    await using _ = server
    const other = await server.services.keys.create(id, { kind: "REST", requestsPerSecond: 1 })
    expect(tally(await statuses(12, register))).toEqual({ answered: 10, refused: 2 })
    const ask = () => server.ask("GET", `/${id}/${other.key}/info`)
    expect(tally(await statuses(12, ask))).toEqual({ answered: 10, refused: 2 })
  })

  test("does not lift that of the application", async () => {
    const { server, register } = await withKey(1000, { "rate-per-application": "1" })
    await using _ = server
    expect(tally(await statuses(12, register))).toEqual({ answered: 10, refused: 2 })
  })

  test("is changed within five seconds, also to the usual one", async () => {
    const { server, register, change } = await withKey(null, { "rate-per-key": "2" })
    await using _ = server
    expect(tally(await statuses(3, register))).toEqual({ answered: 3, refused: 0 })
    await change(1)
    expect(tally(await statuses(12, register))).toEqual({ answered: 10, refused: 2 })
    await change(4)
    expect(tally(await statuses(42, register))).toEqual({ answered: 40, refused: 2 })
    await change(null)
    later(10_000)
    // The lease on credit was for the first window only.
    expect(tally(await statuses(22, register))).toEqual({ answered: 19, refused: 3 })
  })

  test.each([0, -1, 1.5, 10_000_001, "5", true])("is not %j", async (requestsPerSecond) => {
    const { server, id } = await setup({})
    await using _ = server
    const headers = await server.bearer("administer")
    const keys = `/admin/v1/applications/${id}/keys`
    const calls = [
      server.ask("POST", keys, { headers, body: { kind: "REST", requestsPerSecond } }),
      server.ask("PUT", `${keys}/1`, { headers, body: { requestsPerSecond } }),
    ]
    for (const reply of await Promise.all(calls)) {
      expect(reply).toMatchObject({
        status: 400,
        body: { code: 90_005, errorData: { property: "requestsPerSecond" } },
      })
    }
  })
})

test("the limit of an application is for all its keys together, and no other application feels it", async () => {
  const { server, other, register } = await setup({ "rate-per-application": "1" })
  await using _ = server
  const keys = ["IOS", "ANDROID", "REST", "JS"] as const
  const seen: number[] = []
  for (let index = 0; index < 20; index++) seen.push((await register(keys[index % 4])).status)
  expect(tally(seen)).toEqual({ answered: 10, refused: 10 })
  expect((await register("IOS", undefined, other)).status).toBe(200)
})

describe("the limit of an address", () => {
  test("holds before anybody knows who calls, so that keys cannot be guessed fast", async () => {
    const { server, id } = await setup({ "rate-per-address": "1" })
    await using _ = server
    const guess = () => server.ask("GET", `/${id}/WRONG/messaging/registrations/d`)
    const seen = await statuses(15, guess)
    expect(seen).toEqual([...Array.from({ length: 10 }, () => 400), ...Array.from({ length: 5 }, () => 429)])
  })

  test("counts each address by itself, and IPv6 by its first 64 bits", async () => {
    const { server, register } = await setup({ "rate-per-address": "1" })
    await using _ = server
    expect(tally(await statuses(12, () => register("IOS", "198.51.100.1")))).toMatchObject({ refused: 2 })
    expect((await register("IOS", "198.51.100.2")).status).toBe(200)
    let host = 0
    const fromOneNetwork = () => register("IOS", `2001:db8::${(++host).toString(16)}`)
    expect(tally(await statuses(12, fromOneNetwork))).toMatchObject({ refused: 2 })
    expect((await register("IOS", "2001:db8:0:1::1")).status).toBe(200)
  })

  test("is not for the machine itself, nor for a proxy that the settings name", async () => {
    const flags = { "rate-per-address": "1", "http-uncapped-addresses": "127.0.0.1,::1,10.0.0.7" }
    const { server, register } = await setup(flags)
    await using _ = server
    for (const from of ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.7"]) {
      expect(tally(await statuses(30, () => register("IOS", from)))).toEqual({ answered: 30, refused: 0 })
    }
  })

  test("holds on the management surface too", async () => {
    const { server } = await setup({ "rate-per-address": "1" })
    await using _ = server
    const headers = await server.bearer("read")
    const seen = await statuses(15, () => server.ask("GET", "/admin/v1/session", { headers }))
    expect(tally(seen)).toEqual({ answered: 10, refused: 5 })
  })
})

describe("the limit of an administrator", () => {
  test("is for each token, and for each person in all their sessions", async () => {
    const { server } = await setup({ "rate-per-administrator": "1" })
    await using _ = server
    const [one, two] = [await server.bearer("read"), await server.bearer("read")]
    const ask = (headers: Record<string, string>) => () => server.ask("GET", "/admin/v1/session", { headers })
    expect(tally(await statuses(12, ask(one)))).toEqual({ answered: 10, refused: 2 })
    expect(tally(await statuses(1, ask(two)))).toEqual({ answered: 1, refused: 0 })
    const anna = await server.person("Anna")
    const elsewhere = server.browser()
    await elsewhere.logIn("Anna")
    const seen: number[] = []
    for (let index = 0; index < 12; index++) {
      seen.push((await (index % 2 === 0 ? anna : elsewhere).ask("GET", "/session")).status)
    }
    expect(tally(seen)).toEqual({ answered: 10, refused: 2 })
  })
})

test("without limits, nothing is counted", async () => {
  const { server, register } = await setup({})
  await using _ = server
  expect(tally(await statuses(200, () => register()))).toEqual({ answered: 200, refused: 0 })
})

describe("a meter", () => {
  const take = async (meter: RateMeter, subject: string) => (await meter.take(subject)) === undefined

  test.each([1, 2, 7, 100, 1000])(
    "of %i a second lets in nearly that, and never more, window after window",
    async (perSecond) => {
      const meter = new RateMeter(perSecond)
      const allowed = perSecond * 10
      const lease = Math.max(1, Math.floor(allowed / 16))
      for (let window = 0; window < 3; window++) {
        let taken = 0
        while (await take(meter, "key")) taken++
        expect(taken).toBeLessThanOrEqual(allowed)
        expect(taken).toBeGreaterThan(allowed - 2 * lease - 1)
        later(10_000)
      }
    },
  )

  test("asks once for many who come at the same time", async () => {
    const meter = new RateMeter(16)
    const taken = await Promise.all(Array.from({ length: 400 }, () => take(meter, "key")))
    expect(taken.filter(Boolean)).toHaveLength(160)
  })

  test("lets in, after a pause, no more than one lease beside the limit", async () => {
    const meter = new RateMeter(16)
    for (let index = 0; index < 5; index++) await take(meter, "key")
    later(60_000)
    let taken = 0
    while (await take(meter, "key")) taken++
    expect(taken).toBeLessThanOrEqual(160 + 10)
  })

  test("remembers a bounded number of addresses", () => {
    const meter = new RateMeter(1)
    expect(meter.pass("first")).toBe(true)
    expect(meter.pass("first")).toBe(false)
    for (let index = 0; index < 100_000; index++) meter.pass(`address ${index}`)
    expect(meter.pass("first")).toBe(true)
  })
})
