import { generateKeyPairSync } from "node:crypto"
import { describe, expect, test, vi } from "vitest"
import { FakeClock } from "../../src/runtime/clock.ts"
import { KeySets } from "../../src/service/key-sets.ts"
import { openWith } from "./issuer-server.ts"
import { ISSUER, KEY_SET, publicJwk } from "./token-maker.ts"

/** The keys of a customer's identity provider, read from where it keeps them (docs/adr/0014). */

const URL_OF_KEYS = "https://id.example.com/keys"
const MINUTE_S = 60

describe("a key set at a URL", () => {
  const AT_URL = { issuer: ISSUER, algorithms: ["ES256"], jwksUrl: URL_OF_KEYS }

  test("is read when the issuer is set, and says what is wrong with it", async () => {
    await using server = await openWith(AT_URL)
    expect(server.set.body).toMatchObject({ keyIds: ["eddsa", "es256", "rs256"], problem: null })
    await using broken = await openWith(AT_URL, () => {
      throw new Error("the server answered 500, not 200")
    })
    expect(broken.set.body).toMatchObject({ keyIds: null, problem: "the server answered 500, not 200" })
    await using empty = await openWith(AT_URL, () => ({ keys: [{ kid: "a", kty: "oct", k: "c2VjcmV0" }] }))
    expect(empty.set.body["problem"]).toMatch(/no public key/)
  })

  test("is read once for all who wait, and not for every token that names an unknown key", async () => {
    await using server = await openWith(AT_URL)
    expect(server.fetched).toEqual([URL_OF_KEYS])
    const forge = () => server.use(server.token({ header: { kid: String(Math.random()) } }))
    for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 10 }, forge))
    expect(server.fetched).toHaveLength(1)
    await server.clock.advance(30_001)
    await Promise.all(Array.from({ length: 50 }, forge))
    expect(server.fetched).toHaveLength(2)
  })

  test("is read again for a new key, and after ten minutes forgets a withdrawn one", async () => {
    const next = generateKeyPairSync("ec", { namedCurve: "P-256" })
    let keys: readonly object[] = KEY_SET.keys
    await using server = await openWith(AT_URL, () => ({ keys }))
    const old = () => server.use(server.token())
    const fresh = () => server.use(server.token({ key: next.privateKey, header: { kid: "next" } }))
    expect([(await old()).status, (await fresh()).status]).toEqual([200, 400])
    keys = [publicJwk(next.publicKey, "next")]
    await server.clock.advance(30_001)
    expect((await fresh()).status).toBe(200)
    expect((await old()).body["code"]).toBe(3064)
    expect(server.fetched.length).toBeLessThanOrEqual(3)
  })

  test("holds up nobody whose key is known while a server that hangs is asked for another one", async () => {
    const never = new Promise<never>(() => {})
    let hangs = false
    await using server = await openWith(AT_URL, () => (hangs ? never : KEY_SET))
    hangs = true
    await server.clock.advance(30_001)
    void server.use(server.token({ header: { kid: "made-up" } }))
    await vi.waitFor(() => expect(server.fetched).toHaveLength(2))
    expect((await server.use(server.token())).status).toBe(200)
  })

  test("is asked for in the background once its server is down", async () => {
    let answer: () => unknown = () => KEY_SET
    await using server = await openWith(AT_URL, () => answer())
    answer = () => {
      throw new Error("down")
    }
    await server.clock.advance(11 * MINUTE_S * 1000)
    expect((await server.use(server.token())).status).toBe(200)
    answer = () => new Promise<never>(() => {})
    await server.clock.advance(30_001)
    expect((await server.use(server.token())).status).toBe(200)
    expect(server.fetched).toHaveLength(3)
  })

  test("is asked for before it is too old, so that nobody waits for a server that has begun to hang", async () => {
    const hanging: ((error: Error) => void)[] = []
    let hangs = false
    const hang = () => new Promise<never>((_, reject) => hanging.push(reject))
    await using server = await openWith(AT_URL, () => (hangs ? hang() : KEY_SET))
    hangs = true
    await server.clock.advance(4 * MINUTE_S * 1000)
    expect((await server.use(server.token())).status).toBe(200)
    expect(server.fetched).toHaveLength(1)
    await server.clock.advance(2 * MINUTE_S * 1000)
    expect((await server.use(server.token())).status).toBe(200)
    expect(server.fetched).toHaveLength(2)
    for (const give of hanging.splice(0)) give(new Error("no complete answer within ten seconds"))
    await server.clock.advance(5 * MINUTE_S * 1000)
    expect((await server.use(server.token())).status).toBe(200)
    expect(server.fetched).toHaveLength(3)
  })

  test("is not forgotten while it is used, however many others somebody sets one after the other", async () => {
    let isDown = false
    const keySets = new KeySets(async (url) => {
      if (isDown && url === URL_OF_KEYS) throw new Error("down")
      return KEY_SET
    }, new FakeClock())
    await keySets.readNow(URL_OF_KEYS)
    isDown = true
    for (let other = 0; other < 2_000; other++) {
      await keySets.readNow(`https://id.example.com/${other}`)
      if (other % 500 === 0) await keySets.at(URL_OF_KEYS)
    }
    expect(await keySets.at(URL_OF_KEYS)).toEqual(KEY_SET)
    expect(keySets.stateOf("https://id.example.com/0")).toBeUndefined()
  })

  test("serves on for an hour when its server is down, and not longer", async () => {
    let isDown = false
    await using server = await openWith(AT_URL, () => {
      if (isDown) throw new Error("down")
      return KEY_SET
    })
    isDown = true
    await server.clock.advance(59 * MINUTE_S * 1000)
    expect((await server.use(server.token())).status).toBe(200)
    await server.clock.advance(2 * MINUTE_S * 1000)
    expect((await server.use(server.token())).body["code"]).toBe(3064)
  })
})
