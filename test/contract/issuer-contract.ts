import { describe, expect, it } from "vitest"
import type { Issuer } from "../../src/domain/issuer.ts"
import { type OpenStore, StoreWorld } from "./store-world.ts"

const issuer = (name: string, more: Partial<Issuer> = {}): Issuer => ({
  name,
  issuer: `https://${name}.example.com`,
  algorithms: ["ES256"],
  keys: { url: `https://${name}.example.com/keys` },
  rolesClaim: undefined,
  changedAt: 7,
  aheadMs: 0,
  ...more,
})

/** The law of IssuerStore. */
export function issuerContract(name: string, open: OpenStore): void {
  describe(`${name}: issuers`, () => {
    it("are listed by name as they were set, in their application alone, also after a restart", async () => {
      await using world = await StoreWorld.open(open, { durable: true })
      const other = (await world.addApplication("APP-2")).number
      const inline = issuer("b", { keys: { keys: [{ kid: "1", kty: "OKP", x: "…" }] }, rolesClaim: "roles" })
      for (const one of [inline, issuer("a")]) {
        expect(await world.store.issuers.set(world.application, one, { issuersMax: 9 })).toBe(true)
      }
      await world.reopen()
      expect(await world.store.issuers.list(world.application)).toEqual([issuer("a"), inline])
      expect(await world.store.issuers.list(other)).toEqual([])
    })

    it("have a name and an `iss` once in an application", async () => {
      await using world = await StoreWorld.open(open)
      const { issuers } = world.store
      const set = (one: Issuer) => issuers.set(world.application, one, { issuersMax: 2 })
      await set(issuer("a"))
      expect(await set(issuer("b", { issuer: issuer("a").issuer }))).toBe(false)
      expect(await set(issuer("a", { changedAt: 8, algorithms: ["EdDSA"] }))).toBe(true)
      expect(await issuers.list(world.application)).toEqual([
        issuer("a", { changedAt: 8, algorithms: ["EdDSA"] }),
      ])
      await set(issuer("b"))
      await expect(set(issuer("c"))).rejects.toMatchObject({ error: "conflict" })
      expect(await set(issuer("b", { changedAt: 9 }))).toBe(true)
      expect(await issuers.remove(world.application, "a")).toBe(true)
      expect(await issuers.remove(world.application, "a")).toBe(false)
    })

    it("keep how far ahead their clocks were seen at most, as long as their `iss` stays", async () => {
      await using world = await StoreWorld.open(open, { durable: true })
      const other = (await world.addApplication("APP-2")).number
      const set = (one: Issuer, to = world.application) => world.store.issuers.set(to, one, { issuersMax: 9 })
      for (const application of [world.application, other]) await set(issuer("a"), application)
      await set(issuer("b"))
      const aheadMs = async (application = world.application) =>
        (await world.store.issuers.list(application)).map((one) => one.aheadMs)
      for (const seen of [2_000, 5_000, 3_000])
        await world.store.issuers.noteAhead(world.application, "a", seen)
      await world.store.issuers.noteAhead(world.application, "none", 9_000)
      expect([await aheadMs(), await aheadMs(other)]).toEqual([[5_000, 0], [0]])
      await world.reopen()
      await set(issuer("a", { changedAt: 8, aheadMs: 1_000 }))
      expect(await aheadMs()).toEqual([5_000, 0])
      await set(issuer("a", { issuer: "https://moved.example.com" }))
      expect(await aheadMs()).toEqual([0, 0])
    })

    it("end tokens until these expire, each in its application", async () => {
      await using world = await StoreWorld.open(open)
      const other = (await world.addApplication("APP-2")).number
      const { issuers } = world.store
      await issuers.endToken(world.application, "h", { now: 10, expiresAt: 20 })
      await issuers.endToken(world.application, "h", { now: 11, expiresAt: 20 })
      expect(await issuers.hasEnded(world.application, "h")).toBe(true)
      expect(await issuers.hasEnded(other, "h")).toBe(false)
      expect(await issuers.hasEnded(world.application, "i")).toBe(false)
      await issuers.endToken(world.application, "i", { now: 20, expiresAt: 30 })
      expect(await issuers.hasEnded(world.application, "h")).toBe(false)
      expect(await issuers.hasEnded(world.application, "i")).toBe(true)
    })
  })
}
