import { describe, expect, it } from "vitest"
import { NOBODY, type OpenStore, StoreWorld } from "./store-world.ts"

/** The law of ChannelStore, and of the sizes that the store keeps beside the devices. */
export function channelContract(name: string, open: OpenStore): void {
  describe(`${name}: channels`, () => {
    channels(open)
    sizes(open)
  })
}

function channels(open: OpenStore): void {
  it("they are listed by name, page by page, each once", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    await world.register("phone", { channels: ["b", "é", "a", "B", "📣", "c", "default"] })
    await world.register("phone", { channels: ["elsewhere"], application: other })
    const sorted = ["B", "a", "b", "c", "default", "é", "📣"]
    for (const size of [1, 2, 3, 7, 1000]) {
      const names: string[] = []
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page = await world.store.channels.page(world.application, after, size)
        expect(page.channels.length).toBeLessThanOrEqual(size)
        names.push(...page.channels.map(({ name }) => name))
        after = page.next
      }
      expect(names).toEqual(sorted)
    }
  })

  it("names that differ in case or in a space are different channels", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["news", "News", "news "] })
    const found = await Promise.all(
      ["news", "News", "news "].map((name) => world.store.channels.byName(world.application, name)),
    )
    expect(new Set(found.map((channel) => channel?.number)).size).toBe(3)
    expect(await world.store.channels.byName(world.application, "NEWS")).toBeUndefined()
  })

  it("a channel of one application is none of another", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    await world.register("phone", { channels: ["news"] })
    expect(await world.store.channels.byName(other, "news")).toBeUndefined()
    await world.register("phone", { channels: ["news"], os: "IOS", application: other })
    expect(await world.channelCount("news")).toEqual({ ...NOBODY, android: 1 })
    expect(await world.channelCount("news", other)).toEqual({ ...NOBODY, ios: 1 })
  })

  it("a channel stays when its last member leaves, and keeps its number", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["news"] })
    const channel = await world.store.channels.byName(world.application, "news")
    await world.unregister("phone")
    await world.register("phone", { channels: ["news"] })
    expect(await world.store.channels.byName(world.application, "news")).toEqual(channel)
  })

  it("a channel without members, or that does not exist, counts nobody", async () => {
    await using world = await StoreWorld.open(open)
    expect(await world.store.channels.count(4711)).toEqual(NOBODY)
    expect(await world.store.channels.page(world.application, 0, 10)).toEqual({
      channels: [],
      next: undefined,
    })
  })
}

function sizes(open: OpenStore): void {
  it("the sizes of application and channels are those of the devices, whatever happened to them", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const systems = ["IOS", "android", "WP", "osx", "Linux"]
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        world.register(`phone-${index}`, {
          token: `token of phone-${index}`,
          os: systems[index % 5] as string,
          channels: [`c${index % 3}`, "all"],
          ...(index % 7 === 0 && { expiresAt: world.now + index }),
        }),
      ),
    )
    await Promise.all([
      ...[1, 2, 3].map((index) => world.unregister(`phone-${index}`)),
      ...[4, 5].map((index) => world.leave(`phone-${index}`, "all")),
      ...[6, 8].map((index) => world.register(`phone-${index}`, { os: "IOS", channels: ["more"] })),
    ])
    world.now += 30
    await world.gone("phone-9")
    await world.removeExpired(3)
    await world.removeExpired()
    for (const restart of [false, true]) {
      if (restart) await world.reopen()
      const { devices, channels } = await world.counted()
      expect(await world.devices.count(world.application)).toEqual(devices)
      for (const name of ["c0", "c1", "c2", "all", "more"])
        expect(await world.channelCount(name)).toEqual(channels.get(name) ?? NOBODY)
    }
  })

  it("a registration that is refused counts nowhere", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["a"] })
    const refused = world.register("phone", { os: "IOS", channels: ["b"], channelsPerDeviceMax: 1 })
    await expect(refused).rejects.toMatchObject({ error: "invalid_property" })
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 1 })
    expect(await world.channelCount("a")).toEqual({ ...NOBODY, android: 1 })
  })
}
