import { createHash } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Authentication } from "../../src/policy/authenticate.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import type { RevealedApiKey } from "../../src/service/keys.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { type Administration, openAdministration } from "../administrators/administration.ts"
import { newKey } from "../contract/access-world.ts"
import { IN_FORCE_MS, newDevice } from "./access-server.ts"

/** API keys that are accepted from certain addresses only. */

const OFFICE = ["203.0.113.0/24", "2001:db8::/32"]
const INSIDE = "203.0.113.200"
const OUTSIDE = "198.51.100.1"

let server: Administration
let id: string
let authorization: { readonly authorization: string }

beforeAll(async () => {
  server = await openAdministration()
  id = (await server.services.applications.create("Shop")).id
  authorization = await server.bearer("administer")
})

afterAll(() => server[Symbol.asyncDispose]())

const manage = (method: string, path: string, body?: unknown) =>
  server.ask(method, `/admin/v1/applications/${id}${path}`, {
    headers: authorization,
    ...(body !== undefined && { body }),
  })

async function addKey(addresses?: readonly string[], kind = "REST"): Promise<RevealedApiKey> {
  const { status, body } = await manage("POST", "/keys", { kind, ...(addresses && { addresses }) })
  expect(status).toBe(200)
  return body as unknown as RevealedApiKey
}

const registerAt = (path: string, from: string, headers = {}) =>
  server.ask("POST", `${path}/messaging/registrations`, { from, headers, body: newDevice() })
const register = (key: string, from: string) => registerAt(`/${id}/${key}`, from)
const inform = (key: string, from: string) => server.ask("GET", `/${id}/${key}/info`, { from })

describe("a key with addresses", () => {
  it("is accepted from them and from nowhere else, on the lane of registrations and on other routes", async () => {
    const { key } = await addKey(OFFICE)
    for (const ask of [register, inform]) {
      for (let round = 0; round < 3; round++) {
        for (const from of [INSIDE, "2001:db8:1::1", "::ffff:203.0.113.7"]) {
          expect(await ask(key, from)).toMatchObject({ status: 200 })
        }
        for (const from of [OUTSIDE, "203.0.112.255", "2001:db9::1", `${INSIDE}, ${OUTSIDE}`]) {
          expect(await ask(key, from)).toMatchObject({ status: 400, body: { code: 2002 } })
        }
      }
    }
  })

  it("tells a whole IPv6 address from its neighbours, which limits count as one", async () => {
    const { key } = await addKey(["2001:db8::7"])
    for (let round = 0; round < 2; round++) {
      expect(await register(key, "2001:DB8:0::7")).toMatchObject({ status: 200 })
      expect(await register(key, "2001:db8::8")).toMatchObject({ status: 400 })
    }
  })

  it("is answered elsewhere, byte for byte, as one that does not exist", async () => {
    const { key, number } = await addKey(OFFICE)
    await manage("PUT", "/hosts/office.example", { key: number })
    const ways: readonly ((one: string, host: string) => Promise<unknown>)[] = [
      (one) => register(one, OUTSIDE),
      (one) => inform(one, OUTSIDE),
      (one) => server.ask("POST", `/${id}/${one}/users/login`, { from: OUTSIDE, body: {} }),
      (_, host) => registerAt("/api", OUTSIDE, { host }),
    ]
    for (const remembered of [false, true]) {
      if (remembered) {
        expect(await register(key, INSIDE)).toMatchObject({ status: 200 })
        expect(await registerAt("/api", INSIDE, { host: "office.example" })).toMatchObject({ status: 200 })
      }
      for (const ask of ways) {
        const refused = await ask(key, "office.example")
        expect(refused).toMatchObject({ status: 400, body: { code: 2002 } })
        expect(refused).toEqual(await ask("00000000-0000-4000-8000-000000000000", "nobody.example"))
      }
    }
  })

  it("is refused the same to whoever has a good user token as well", async () => {
    const { key } = await addKey(OFFICE)
    const guest = await server.ask("POST", `/${id}/${key}/users/register/guest`, { from: INSIDE })
    const headers = { "user-token": String(guest.body["user-token"]) }
    for (let round = 0; round < 2; round++) {
      expect(await registerAt(`/${id}/${key}`, INSIDE, headers)).toMatchObject({ status: 200 })
      expect(await registerAt(`/${id}/${key}`, OUTSIDE, headers)).toMatchObject({ body: { code: 2002 } })
    }
  })

  it("is not used by a call that was refused", async () => {
    const { key, number } = await addKey(OFFICE)
    const lastUsedAt = async () =>
      (await server.services.keys.list(id)).find((one) => one.number === number)?.lastUsedAt
    await register(key, OUTSIDE)
    expect(await lastUsedAt()).toBeUndefined()
    await register(key, INSIDE)
    expect(await lastUsedAt()).toBe(server.clock.now())
  })

  it("keeps them when it is regenerated, for both keys", async () => {
    const { key, number } = await addKey(OFFICE)
    const fresh = (await manage("POST", `/keys/${number}/regenerate`, {})).body as unknown as RevealedApiKey
    expect(fresh.addresses).toEqual(OFFICE)
    for (const one of [key, fresh.key]) {
      expect(await register(one, INSIDE)).toMatchObject({ status: 200 })
      expect(await register(one, OUTSIDE)).toMatchObject({ status: 400 })
    }
  })
})

describe("the addresses of a key", () => {
  it("are none unless they are given, are spelt in the usual way, and each is kept once", async () => {
    expect((await addKey()).addresses).toEqual([])
    const { addresses, number } = await addKey(["203.0.113.7/32", "2001:DB8:0::/48", "203.0.113.7"])
    expect(addresses).toEqual(["203.0.113.7", "2001:db8::/48"])
    const listed = (await manage("GET", "/keys")).body["keys"] as readonly RevealedApiKey[]
    expect(listed.find((one) => one.number === number)).toMatchObject({ addresses })
  })

  it("can be changed, in force within five seconds, and leave everything else of the key", async () => {
    const { key, ...created } = await addKey()
    const change = async (addresses: readonly string[]) =>
      (await manage("PUT", `/keys/${created.number}`, { addresses })).body
    const expectFrom = async (inside: number, outside: number) => {
      expect([(await register(key, INSIDE)).status, (await register(key, OUTSIDE)).status]).toEqual([
        inside,
        outside,
      ])
    }
    await expectFrom(200, 200)
    expect(await change(OFFICE)).toEqual({ ...created, addresses: OFFICE, lastUsedAt: expect.any(Number) })
    await server.clock.advance(IN_FORCE_MS)
    await expectFrom(200, 400)
    await change([OUTSIDE])
    await server.clock.advance(IN_FORCE_MS)
    await expectFrom(400, 200)
    expect((await manage("PUT", `/keys/${created.number}`, { label: "L" })).body).toMatchObject({
      label: "L",
      addresses: [OUTSIDE],
    })
    await change([])
    await server.clock.advance(IN_FORCE_MS)
    await expectFrom(200, 200)
  })

  it("that are changed leave their trace", async () => {
    const { number } = await addKey()
    await manage("PUT", `/keys/${number}`, { addresses: OFFICE })
    const page = await server.ask("GET", "/admin/v1/audit?limit=1", { headers: authorization })
    expect((page.body["entries"] as readonly object[])[0]).toMatchObject({
      action: "key.change",
      application: id,
      target: `REST ${number} addresses`,
    })
  })

  it.each([
    [null, "addresses", /^addresses is null; it must be a list of addresses and CIDR ranges\.$/],
    ["203.0.113.7", "addresses", /^addresses is a string; it must be a list/],
    [["203.0.113.7", 7], "addresses[1]", /^addresses\[1\] is a number; it must be a string\.$/],
    [["secret.example"], "addresses[0]", /^addresses\[0\] is no IP address or CIDR range, such as /],
    [
      ["10.0.0.0/33"],
      "addresses[0]",
      /^addresses\[0\] needs a number of bits from 0 to 32 behind its slash\.$/,
    ],
    [
      ["10.1.2.3/8"],
      "addresses[0]",
      /^addresses\[0\] has more than its first 8 bits set: the range is 10\.0\.0\.0\/8/,
    ],
    [
      Array.from({ length: 101 }, (_, index) => `10.0.0.${index}`),
      "addresses",
      /has 101 entries; the limit is 100\./,
    ],
  ])("are not %j", async (addresses, property, message) => {
    const { number } = await addKey(OFFICE)
    for (const [method, path, more] of [
      ["POST", "/keys", { kind: "REST" }],
      ["PUT", `/keys/${number}`, {}],
    ] as const) {
      const { status, body } = await manage(method, path, { ...more, addresses })
      expect({ status, ...body }).toMatchObject({ status: 400, code: 90_005, errorData: { property } })
      expect(body["message"]).toMatch(message)
      expect(body["message"]).not.toContain("secret.example")
    }
    expect((await server.services.keys.list(id)).find((one) => one.number === number)).toMatchObject({
      addresses: OFFICE,
    })
  })
})

it("a refusal is told in the log, once a minute for each key", async () => {
  const clock = new FakeClock()
  const store = openSqliteStore({ file: ":memory:", random: systemRandom, now: clock.now() })
  const key = newKey(createHash("sha256").update("key").digest("hex"), { addresses: OFFICE })
  await store.applications.create({ id: "SHOP", name: "Shop", preset: "locked", keys: [key] }, clock.now())
  const told: object[] = []
  const log = { ...silentLog, warn: (fields: object) => told.push(fields) }
  const authentication = new Authentication(store, clock, undefined, log)
  const callFrom = (address: string) =>
    authentication.key("SHOP", "key", () => address).catch(() => undefined)
  await callFrom(INSIDE)
  expect(told).toEqual([])
  await callFrom(OUTSIDE)
  await callFrom("198.51.100.2")
  expect(told).toEqual([{ applicationId: "SHOP", key: "REST 1", address: OUTSIDE }])
  await clock.advance(60_000)
  await callFrom("198.51.100.2")
  expect(told).toHaveLength(2)
  await store.close()
})

it("a refused key is answered after the same time, whatever is wrong with it, and a good one at once", async () => {
  const clock = new FakeClock()
  const store = openSqliteStore({ file: ":memory:", random: systemRandom, now: clock.now() })
  const key = newKey(createHash("sha256").update("key").digest("hex"), { addresses: OFFICE })
  await store.applications.create({ id: "SHOP", name: "Shop", preset: "locked", keys: [key] }, clock.now())
  const authentication = new Authentication(store, clock, undefined, silentLog, () => clock.sleep(10))
  const refused: string[] = []
  const refusal = (name: string, asked: Promise<unknown>) => asked.catch(() => refused.push(name))
  const outside = () => OUTSIDE
  const all = Promise.all([
    refusal("elsewhere", authentication.key("SHOP", "key", outside)),
    refusal("wrong key", authentication.key("SHOP", "another", outside)),
    refusal("wrong application", authentication.key("BANK", "key", outside)),
    refusal("wrong host", authentication.host("push.example", outside)),
  ])
  await clock.advance(9)
  expect(refused).toEqual([])
  expect((await authentication.key("SHOP", "key", () => INSIDE)).keyKind).toBe("REST")
  await clock.advance(1)
  await all
  expect(refused.toSorted()).toEqual(["elsewhere", "wrong application", "wrong host", "wrong key"])
  await store.close()
})
