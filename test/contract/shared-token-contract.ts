import { describe, expect, it } from "vitest"
import { type OpenStore, StoreWorld } from "./store-world.ts"

const TOKEN = { token: "one token" }

/** Design D9: a token is pushed once, whichever devices share it, and the latest registration of it receives. */
export function sharedTokenContract(name: string, open: OpenStore): void {
  describe(`${name}: a token that devices share`, () => {
    takingOver(open)
    givingBack(open)
  })
}

function takingOver(open: OpenStore): void {
  it("the latest registration receives, and all stay visible", async () => {
    await using world = await StoreWorld.open(open)
    for (const deviceId of ["old", "mid", "new"]) {
      await world.register(deviceId, TOKEN)
      world.now += 10
      expect(await world.receivers("old", "mid", "new")).toEqual([deviceId])
    }
    expect(await world.all()).toHaveLength(3)
    expect((await world.counted()).devices).toEqual(await world.devices.count(world.application))
  })

  it("renewing takes the token back", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("old", TOKEN)
    await world.register("new", TOKEN)
    world.now += 10
    await world.register("old", TOKEN)
    expect(await world.receivers("old", "new")).toEqual(["old"])
  })

  it("a device that changes to the token takes it", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", TOKEN)
    await world.register("tablet")
    await world.register("tablet", TOKEN)
    expect(await world.receivers("phone", "tablet")).toEqual(["tablet"])
  })

  it("tokens that differ in a letter, in the application or in the system are not shared", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    await world.register("phone", TOKEN)
    await world.register("capital", { token: "One token" })
    await world.register("apple", { ...TOKEN, os: "IOS" })
    await world.register("phone", { ...TOKEN, application: other })
    expect(await world.receivers("phone", "capital", "apple")).toEqual(["phone", "capital", "apple"])
    expect((await world.get("phone", other)).receives).toBe(true)
  })

  it("a device that is registered twice in one instant shares its token with nobody", async () => {
    await using world = await StoreWorld.open(open)
    await Promise.all([world.register("phone", TOKEN), world.register("phone", TOKEN)])
    expect(await world.receivers("phone")).toEqual(["phone"])
  })
}

function givingBack(open: OpenStore): void {
  /** Three devices with one token, the last of which receives. */
  async function sharedByThree(): Promise<StoreWorld> {
    const world = await StoreWorld.open(open)
    // Not in the order of their numbers: the latest is the one that renewed last.
    for (const deviceId of ["mid", "old", "new"]) await world.register(deviceId, TOKEN)
    for (const deviceId of ["old", "mid", "new"]) {
      world.now += 10
      await world.register(deviceId, { ...TOKEN, ...(deviceId === "new" && { expiresAt: world.now + 5 }) })
    }
    return world
  }

  const everybody = ["old", "mid", "new"] as const

  it.each<[how: string, leave: (world: StoreWorld) => Promise<unknown>]>([
    ["unregisters", (world) => world.unregister("new")],
    ["leaves its last channel", (world) => world.leave("new", "default")],
    ["registers with another token", (world) => world.register("new", { token: "another" })],
    ["registers with another system", (world) => world.register("new", { ...TOKEN, os: "IOS" })],
    [
      "is called gone by the provider",
      async (world) => {
        world.now += 1
        await world.gone("new", TOKEN)
      },
    ],
    [
      "has expired and was removed",
      async (world) => {
        world.now += 5
        await world.removeExpired()
      },
    ],
    [
      "has expired and registers anew with another token",
      async (world) => {
        world.now += 5
        await world.register("new", { token: "another" })
      },
    ],
  ])("the next latest receives again when the receiver %s", async (_, leave) => {
    await using world = await sharedByThree()
    await leave(world)
    expect(await world.receivers("old", "mid")).toEqual(["mid"])
    await world.unregister("mid")
    expect(await world.receivers("old")).toEqual(["old"])
  })

  it("nothing changes when one of the others goes", async () => {
    await using world = await sharedByThree()
    await world.unregister("mid")
    expect(await world.receivers(...everybody)).toEqual(["new"])
    await world.register("old", { token: "another" })
    expect(await world.receivers(...everybody)).toEqual(["old", "new"])
  })

  it("a registration that has expired inherits nothing, even before it is removed", async () => {
    await using world = await StoreWorld.open(open)
    for (const deviceId of ["old", "expired", "new"]) {
      world.now += 10
      await world.register(deviceId, {
        ...TOKEN,
        ...(deviceId === "expired" && { expiresAt: world.now + 15 }),
      })
    }
    world.now += 20
    await world.unregister("new")
    expect(await world.receivers("old")).toEqual(["old"])
    await world.removeExpired()
    expect(await world.receivers("old")).toEqual(["old"])
  })

  it("when all of them end in one slice of expirations, none is left behind as a receiver of nothing", async () => {
    await using world = await StoreWorld.open(open)
    for (const deviceId of everybody) await world.register(deviceId, { ...TOKEN, expiresAt: world.now + 5 })
    await world.register("stays", TOKEN)
    await world.register("new", { ...TOKEN, expiresAt: world.now + 5 })
    world.now += 5
    expect(await world.removeExpired()).toBe(3)
    expect(await world.receivers("stays")).toEqual(["stays"])
  })
}
