import { describe, expect, it } from "vitest"
import type { Application } from "../../src/domain/application.ts"
import type { ApiKeyKind } from "../../src/domain/roles.ts"
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

const key = (kind: ApiKeyKind, hash: string): NewApiKey => ({
  kind,
  label: "",
  role: undefined,
  expiresAt: undefined,
  addresses: [],
  requestsPerSecond: undefined,
  hash,
  sealed: `sealed ${hash}`,
})

/** The number of the application's first key of that type. */
async function keyNumber(world: StoreWorld, { number }: Application, kind: ApiKeyKind): Promise<number> {
  return (await world.store.applications.keys(number)).find((one) => one.kind === kind)?.number ?? 0
}

async function bind(
  world: StoreWorld,
  host: string,
  application: Application,
  kind: ApiKeyKind = "JS",
): ReturnType<StoreWorld["store"]["applications"]["bindHost"]> {
  const bound = { application: application.number, keyNumber: await keyNumber(world, application, kind) }
  return world.store.applications.bindHost(
    { host, role: undefined, ...bound },
    { now: world.now, hostsMax: 9 },
  )
}

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
        { number: expect.any(Number), createdAt: world.now, ...key("REST", "SHOP-rest") },
        { number: expect.any(Number), createdAt: world.now, ...key("JS", "SHOP-js") },
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
    expect(await world.store.applications.keyOwner("SHOP", "stolen", world.now)).toBeUndefined()
    expect(await world.store.applications.list()).toHaveLength(2)
  })

  it("a key opens its own application and no other", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    await createShop(world, "BANK")
    const { applications } = world.store
    const keys = await applications.keys(shop.number)
    expect(await applications.keyOwner("SHOP", "SHOP-js", world.now)).toEqual({
      application: shop,
      keyNumber: keys[1]?.number,
      keyKind: "JS",
      boundRoles: [],
      validUntil: undefined,
      addresses: [],
      requestsPerSecond: undefined,
      rulesVersion: 0,
    })
    for (const [id, hash] of [
      ["BANK", "SHOP-js"],
      ["SHOP", "BANK-js"],
      ["NONE", "SHOP-js"],
      ["SHOP", "none"],
      ["SHOP", ""],
      ["", "SHOP-js"],
    ] as const)
      expect(await applications.keyOwner(id, hash, world.now)).toBeUndefined()
  })
}

function hostNames(open: OpenStore): void {
  it("a host name stands for an application and one of its keys", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const { applications } = world.store
    expect(await bind(world, "push.example", shop)).toBe("bound")
    expect(await applications.hostOwner("push.example", world.now)).toEqual(
      await applications.keyOwner("SHOP", "SHOP-js", world.now),
    )
    for (const host of ["example", "PUSH.EXAMPLE", "push.example:9000", ""])
      expect(await applications.hostOwner(host, world.now)).toBeUndefined()
  })

  it("a host name bound again stands for the later key, and is out of reach for another application", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const bank = await createShop(world, "BANK")
    const { applications } = world.store
    const host = "push.example"
    expect(await bind(world, host, shop)).toBe("bound")
    expect(await bind(world, host, shop, "REST")).toBe("bound")
    expect(await bind(world, host, bank)).toBe("taken")
    expect(await applications.hostOwner(host, world.now)).toMatchObject({
      application: shop,
      keyKind: "REST",
    })
    expect(await applications.hosts(bank.number)).toEqual([])
    expect(await applications.hosts(shop.number)).toEqual([
      {
        host,
        application: shop.number,
        keyNumber: await keyNumber(world, shop, "REST"),
        keyKind: "REST",
        createdAt: world.now,
      },
    ])
    await applications.unbindHost(host)
    expect(await bind(world, host, bank)).toBe("bound")
    expect(await applications.hostOwner(host, world.now)).toMatchObject({ application: bank, keyKind: "JS" })
  })

  it("a host name that was unbound stands for nothing", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const { applications } = world.store
    for (const host of ["b.example", "a.example"]) await bind(world, host, shop)
    expect((await applications.hosts(shop.number)).map(({ host }) => host).toSorted()).toEqual([
      "a.example",
      "b.example",
    ])
    const bank = await createShop(world, "BANK")
    expect(await applications.unbindHost("a.example", bank.number)).toBe(false)
    expect(await applications.unbindHost("a.example", shop.number)).toBe(true)
    expect(await applications.unbindHost("a.example")).toBe(false)
    expect(await applications.hostOwner("a.example", world.now)).toBeUndefined()
    expect(await applications.hosts(shop.number)).toHaveLength(1)
  })

  it("an application has so many host names and not more, those of others and rebound ones aside", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const bank = await createShop(world, "BANK")
    const keyOfShop = await keyNumber(world, shop, "JS")
    const bindTwo = (host: string) =>
      world.store.applications.bindHost(
        { host, application: shop.number, keyNumber: keyOfShop, role: undefined },
        { now: world.now, hostsMax: 2 },
      )
    await bind(world, "bank.example", bank)
    for (const host of ["a.example", "b.example", "a.example"]) expect(await bindTwo(host)).toBe("bound")
    await expect(bindTwo("c.example")).rejects.toMatchObject({ error: "conflict", details: { limit: 2 } })
    expect(await bindTwo("bank.example")).toBe("taken")
    await world.store.applications.unbindHost("a.example")
    expect(await bindTwo("c.example")).toBe("bound")
  })

  it("a host name is bound to a key of its own application only", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const bank = await createShop(world, "BANK")
    const { applications } = world.store
    const foreign = await keyNumber(world, bank, "JS")
    for (const [application, key] of [
      [shop.number, foreign],
      [shop.number, 4711],
      [4711, foreign],
    ] as const) {
      const binding = { host: "push.example", application, keyNumber: key, role: undefined }
      expect(await applications.bindHost(binding, { now: world.now, hostsMax: 9 })).toBe("unknown")
    }
    expect(await applications.hostOwner("push.example", world.now)).toBeUndefined()
  })
}

function deleting(open: OpenStore): void {
  it("a deleted application is gone with its keys, host names and credentials, once", async () => {
    await using world = await StoreWorld.open(open)
    const shop = await createShop(world)
    const bank = await createShop(world, "BANK")
    const { applications, credentials } = world.store
    for (const application of [shop, bank]) {
      const { id, number } = application
      await bind(world, id.toLowerCase(), application)
      await credentials.set({ application: number, provider: "fcm", sealed: "s", summary: {} }, world.now)
    }
    expect(await applications.delete(shop.number, world.now)).toBe(true)
    expect(await applications.delete(shop.number, world.now)).toBe(false)
    expect((await applications.list()).map(({ id }) => id)).toEqual(["APP-1", "BANK"])
    expect(await applications.byId("SHOP")).toBeUndefined()
    expect(await applications.keyOwner("SHOP", "SHOP-js", world.now)).toBeUndefined()
    expect(await applications.hostOwner("shop", world.now)).toBeUndefined()
    expect(await applications.keys(shop.number)).toEqual([])
    expect(await credentials.list(shop.number)).toEqual([])
    expect(await applications.keyOwner("BANK", "BANK-js", world.now)).toBeDefined()
    expect(await applications.hostOwner("bank", world.now)).toBeDefined()
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
