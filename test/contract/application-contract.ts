import { describe, expect, it } from "vitest"
import type { Application, KeyKind } from "../../src/domain/application.ts"
import type { NewApiKey } from "../../src/store/store.ts"
import { NOBODY, type OpenStore, StoreWorld } from "./store-world.ts"

/** The law of ApplicationStore: applications, their keys, their host names, and what is left of a deleted one. */
export function applicationContract(name: string, open: OpenStore): void {
  describe(`${name}: applications`, () => {
    creating(open)
    hostNames(open)
    deleting(open)
    orphans(open)
  })
}

const key = (kind: KeyKind, hash: string): NewApiKey => ({ kind, hash, sealed: `sealed ${hash}` })

function createShop(world: StoreWorld, id = "SHOP"): Promise<Application> {
  const keys = [key("REST", `${id}-rest`), key("JS", `${id}-js`)]
  return world.store.applications.create({ id, name: "Shop ♪", preset: "compatible", keys }, world.now)
}

function creating(open: OpenStore): void {
  it("an application is read back as it was created, also after a restart", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const shop = await createShop(world)
    expect(shop).toEqual({
      number: expect.any(Number),
      id: "SHOP",
      name: "Shop ♪",
      preset: "compatible",
      createdAt: world.now,
    })
    for (const restart of [false, true]) {
      if (restart) await world.reopen()
      expect(await world.store.applications.byId("SHOP")).toEqual(shop)
      expect(await world.store.applications.keys(shop.number)).toEqual([
        { number: expect.any(Number), ...key("REST", "SHOP-rest") },
        { number: expect.any(Number), ...key("JS", "SHOP-js") },
      ])
    }
  })

  it("applications are listed in the order of their creation", async () => {
    await using world = await StoreWorld.open(open)
    for (const id of ["C", "A", "B"]) await world.addApplication(id)
    expect((await world.store.applications.list()).map(({ id }) => id)).toEqual(["APP-1", "C", "A", "B"])
  })

  it("what does not exist is undefined or empty", async () => {
    await using world = await StoreWorld.open(open)
    const { applications } = world.store
    expect(await applications.byId("NONE")).toBeUndefined()
    expect(await applications.byId("app-1")).toBeUndefined()
    expect(await applications.keys(4711)).toEqual([])
    expect(await applications.hosts(4711)).toEqual([])
    expect(await applications.delete(4711, world.now)).toBe(false)
  })

  it("an id that is taken is refused, and nothing of the second one is kept", async () => {
    await using world = await StoreWorld.open(open)
    await createShop(world)
    const again = world.store.applications.create(
      { id: "SHOP", name: "Thief", preset: "locked", keys: [key("REST", "stolen")] },
      world.now,
    )
    await expect(again).rejects.toThrow()
    expect(await world.store.applications.keyOwner("SHOP", "stolen")).toBeUndefined()
    expect(await world.store.applications.list()).toHaveLength(2)
  })

  it("a key opens its own application and no other", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    await createShop(world, "BANK")
    const { applications } = world.store
    const keys = await applications.keys(shop.number)
    expect(await applications.keyOwner("SHOP", "SHOP-js")).toEqual({
      application: shop,
      keyNumber: keys[1]?.number,
      keyKind: "JS",
    })
    for (const [id, hash] of [
      ["BANK", "SHOP-js"],
      ["SHOP", "BANK-js"],
      ["NONE", "SHOP-js"],
      ["SHOP", "none"],
      ["SHOP", ""],
      ["", "SHOP-js"],
    ] as const)
      expect(await applications.keyOwner(id, hash)).toBeUndefined()
  })
}

function hostNames(open: OpenStore): void {
  it("a host name stands for an application and one of its keys", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const { applications } = world.store
    await applications.bindHost({ host: "push.example", application: shop.number, keyKind: "JS" }, world.now)
    expect(await applications.hostOwner("push.example")).toEqual(
      await applications.keyOwner("SHOP", "SHOP-js"),
    )
    for (const host of ["example", "PUSH.EXAMPLE", "push.example:9000", ""])
      expect(await applications.hostOwner(host)).toBeUndefined()
  })

  it("a host name bound again stands for the later application", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const bank = await createShop(world, "BANK")
    const { applications } = world.store
    const host = "push.example"
    await applications.bindHost({ host, application: shop.number, keyKind: "JS" }, world.now)
    await applications.bindHost({ host, application: bank.number, keyKind: "REST" }, world.now)
    expect(await applications.hostOwner(host)).toMatchObject({ application: bank, keyKind: "REST" })
    expect(await applications.hosts(shop.number)).toEqual([])
    expect(await applications.hosts(bank.number)).toEqual([
      { host, application: bank.number, keyKind: "REST" },
    ])
  })

  it("a host name that was unbound stands for nothing", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const { applications } = world.store
    for (const host of ["b.example", "a.example"])
      await applications.bindHost({ host, application: shop.number, keyKind: "JS" }, world.now)
    expect((await applications.hosts(shop.number)).map(({ host }) => host).toSorted()).toEqual([
      "a.example",
      "b.example",
    ])
    expect(await applications.unbindHost("a.example")).toBe(true)
    expect(await applications.unbindHost("a.example")).toBe(false)
    expect(await applications.hostOwner("a.example")).toBeUndefined()
    expect(await applications.hosts(shop.number)).toHaveLength(1)
  })

  it("a host name bound to a kind of key that the application lacks stands for nothing", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    await world.store.applications.bindHost(
      { host: "push.example", application: shop.number, keyKind: "IOS" },
      world.now,
    )
    expect(await world.store.applications.hostOwner("push.example")).toBeUndefined()
  })
}

function deleting(open: OpenStore): void {
  it("a deleted application is gone with its keys, host names and credentials, once", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const bank = await createShop(world, "BANK")
    const { applications, credentials } = world.store
    for (const { id, number } of [shop, bank]) {
      await applications.bindHost({ host: id.toLowerCase(), application: number, keyKind: "JS" }, world.now)
      await credentials.set({ application: number, provider: "fcm", sealed: "s", summary: {} }, world.now)
    }
    expect(await applications.delete(shop.number, world.now)).toBe(true)
    expect(await applications.delete(shop.number, world.now)).toBe(false)
    expect((await applications.list()).map(({ id }) => id)).toEqual(["APP-1", "BANK"])
    expect(await applications.byId("SHOP")).toBeUndefined()
    expect(await applications.keyOwner("SHOP", "SHOP-js")).toBeUndefined()
    expect(await applications.hostOwner("shop")).toBeUndefined()
    expect(await applications.keys(shop.number)).toEqual([])
    expect(await credentials.list(shop.number)).toEqual([])
    expect(await applications.keyOwner("BANK", "BANK-js")).toBeDefined()
    expect(await applications.hostOwner("bank")).toBeDefined()
    expect(await credentials.list(bank.number)).toHaveLength(1)
  })
}

function orphans(open: OpenStore): void {
  async function register(world: StoreWorld, application: number, count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, index) => `phone-${index}`)
    await Promise.all(names.map((deviceId) => world.register(deviceId, { application, channels: ["news"] })))
  }

  /** Asks for slices until there is nothing left, and says how large they were. */
  async function sweep(world: StoreWorld, limit: number): Promise<readonly number[]> {
    const slices: number[] = []
    for (let removed = 1; removed > 0; ) {
      removed = await world.devices.removeOrphaned(limit)
      slices.push(removed)
    }
    return slices
  }

  it("the devices of a deleted application are removed in slices, those of others never", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    await register(world, shop.number, 10)
    await register(world, world.application, 3)
    expect(await world.devices.removeOrphaned(4)).toBe(0)
    await world.store.applications.delete(shop.number, world.now)
    const slices = await sweep(world, 4)
    expect(slices.every((removed) => removed <= 4)).toBe(true)
    expect(slices.reduce((sum, removed) => sum + removed)).toBe(10)
    expect(await world.all(shop.number)).toEqual([])
    expect(await world.devices.count(shop.number)).toEqual(NOBODY)
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 3 })
    expect(await world.channelCount("news")).toEqual({ ...NOBODY, android: 3 })
  })

  it("nothing is left over when several applications are deleted, empty ones among them", async () => {
    await using world = await StoreWorld.open(open)
    const ids = ["EMPTIED", "FULL", "NEVER-USED", "ALSO-FULL"]
    const applications = await Promise.all(ids.map((id) => world.addApplication(id)))
    for (const [index, { number }] of applications.entries()) {
      if (ids[index] !== "NEVER-USED") await register(world, number, 2)
      if (ids[index] === "EMPTIED")
        for (const deviceId of ["phone-0", "phone-1"])
          await world.devices.unregister(number, deviceId, world.now)
      await world.store.applications.delete(number, world.now)
    }
    const slices = await sweep(world, 100)
    expect(slices.reduce((sum, removed) => sum + removed)).toBe(4)
  })
}
