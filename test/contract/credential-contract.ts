import { describe, expect, it } from "vitest"
import type { ProviderName } from "../../src/domain/platform.ts"
import { type OpenStore, StoreWorld } from "./store-world.ts"

/** The laws of CredentialStore and AdministratorStore. */
export function credentialContract(name: string, open: OpenStore): void {
  describe(`${name}: credentials and administrators`, () => {
    keeping(open)
    pausing(open)
    administrators(open)
  })
}

function set(world: StoreWorld, provider: ProviderName, sealed = "sealed", application = world.application) {
  const summary = { keyId: "K1", topic: "com.example ♪" }
  return world.store.credentials.set({ application, provider, sealed, summary }, world.now)
}

function keeping(open: OpenStore): void {
  it("a credential is read back as it was set, also after a restart", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const number = await set(world, "apns")
    await world.reopen()
    expect(await world.store.credentials.find(world.application, "apns")).toEqual({
      number,
      application: world.application,
      provider: "apns",
      sealed: "sealed",
      summary: { keyId: "K1", topic: "com.example ♪" },
      updatedAt: world.now,
      pausedAt: undefined,
      pausedReason: undefined,
    })
  })

  it("an application has one of each provider, and no other sees them", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    await set(world, "wns")
    await set(world, "apns")
    await set(world, "apns", "of the other", other)
    const { credentials } = world.store
    const names = async (application: number) =>
      (await credentials.list(application)).map(({ provider }) => provider).toSorted()
    expect(await names(world.application)).toEqual(["apns", "wns"])
    expect(await names(other)).toEqual(["apns"])
    expect(await credentials.find(other, "apns")).toMatchObject({ sealed: "of the other" })
    expect(await credentials.find(other, "wns")).toBeUndefined()
    expect(await credentials.find(world.application, "fcm")).toBeUndefined()
  })

  it("setting it again replaces it under a new number", async () => {
    await using world = await StoreWorld.open(open)
    const first = await set(world, "fcm", "old")
    world.now += 1000
    const second = await set(world, "fcm", "new")
    expect(second).not.toBe(first)
    expect(await world.store.credentials.list(world.application)).toMatchObject([
      { number: second, sealed: "new", updatedAt: world.now },
    ])
  })

  it("removing it happens once, and its number is not used again", async () => {
    await using world = await StoreWorld.open(open)
    const first = await set(world, "fcm")
    expect(await world.store.credentials.remove(world.application, "apns")).toBe(false)
    expect(await world.store.credentials.remove(world.application, "fcm")).toBe(true)
    expect(await world.store.credentials.remove(world.application, "fcm")).toBe(false)
    expect(await world.store.credentials.list(world.application)).toEqual([])
    expect(await set(world, "fcm")).not.toBe(first)
  })
}

function pausing(open: OpenStore): void {
  it("a paused credential says since when and why, until it is resumed", async () => {
    await using world = await StoreWorld.open(open)
    const number = await set(world, "fcm")
    const { credentials } = world.store
    expect(await credentials.pause(number, "key revoked", world.now + 5)).toBe(true)
    expect(await credentials.find(world.application, "fcm")).toMatchObject({
      pausedAt: world.now + 5,
      pausedReason: "key revoked",
    })
    expect(await credentials.resume(number)).toBe(true)
    expect(await credentials.find(world.application, "fcm")).toMatchObject({
      number,
      pausedAt: undefined,
      pausedReason: undefined,
    })
  })

  it("a new credential starts without the pause of the one it replaces", async () => {
    await using world = await StoreWorld.open(open)
    const number = await set(world, "fcm")
    await world.store.credentials.pause(number, "key revoked", world.now)
    await set(world, "fcm", "repaired")
    expect(await world.store.credentials.find(world.application, "fcm")).toMatchObject({
      sealed: "repaired",
      pausedAt: undefined,
    })
  })

  it("a late pause of a credential that was replaced or removed changes nothing", async () => {
    await using world = await StoreWorld.open(open)
    const { credentials } = world.store
    const replaced = await set(world, "fcm", "old")
    await set(world, "fcm", "new")
    expect(await credentials.pause(replaced, "late", world.now)).toBe(false)
    expect(await credentials.find(world.application, "fcm")).toMatchObject({ pausedAt: undefined })
    const removed = await set(world, "apns")
    await credentials.remove(world.application, "apns")
    expect(await credentials.pause(removed, "late", world.now)).toBe(false)
    expect(await credentials.resume(removed)).toBe(false)
  })
}

function administrators(open: OpenStore): void {
  const token = {
    label: "laptop ♪",
    scope: "operate",
    expiresAt: undefined,
    applications: undefined,
  } as const

  it("a token is found by its hash, as it was made, until it is removed", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const applications = ["APP-1", "APP-2"]
    const made = await world.store.administrators.createToken(
      { hash: "h1", ...token, applications },
      { now: world.now, tokensMax: 1 },
    )
    await world.reopen()
    const { administrators: tokens } = world.store
    expect(made).toMatchObject({ ...token, applications, createdAt: world.now, lastUsedAt: undefined })
    expect(await tokens.tokenByHash("h1", world.now)).toEqual(made)
    expect(await tokens.listTokens()).toEqual([made])
    expect(await tokens.tokenByHash("H1", world.now)).toBeUndefined()
    expect(await tokens.removeToken(made.number)).toBe(true)
    expect(await tokens.removeToken(made.number)).toBe(false)
    expect(await tokens.tokenByHash("h1", world.now)).toBeUndefined()
    expect(await tokens.listTokens()).toEqual([])
  })

  it("a token that has ended is found no more, and is still listed", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators: tokens } = world.store
    const options = { now: world.now, tokensMax: 10 }
    await tokens.createToken({ hash: "h1", ...token, expiresAt: world.now + 10 }, options)
    expect(await tokens.tokenByHash("h1", world.now + 9)).toBeDefined()
    expect(await tokens.tokenByHash("h1", world.now + 10)).toBeUndefined()
    expect(await tokens.listTokens()).toHaveLength(1)
  })

  it("two tokens may have one label, but never one hash, and not more than allowed", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators: tokens } = world.store
    const options = { now: world.now, tokensMax: 2 }
    await tokens.createToken({ hash: "h1", ...token, scope: "read" }, options)
    await expect(tokens.createToken({ hash: "h1", ...token }, options)).rejects.toThrow()
    await tokens.createToken({ hash: "h2", ...token, scope: "administer" }, options)
    await expect(tokens.createToken({ hash: "h3", ...token }, options)).rejects.toMatchObject({
      error: "conflict",
    })
    expect((await tokens.listTokens()).map(({ scope }) => scope)).toEqual(["read", "administer"])
  })
}
