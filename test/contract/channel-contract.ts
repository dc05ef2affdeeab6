import { describe, expect, it } from "vitest"
import { NOBODY, type OpenStore, StoreWorld } from "./store-world.ts"

/** The law of ChannelStore, and of the sizes that the store keeps beside the devices. */
export function channelContract(name: string, open: OpenStore): void {
  describe(`${name}: channels`, () => {
    channels(open)
    namePrefixes(open)
    sizes(open)
    members(open)
    deleting(open)
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

function namePrefixes(open: OpenStore): void {
  it("those whose name begins so are found letter by letter, page by page, each once", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    const names = [
      "a",
      "A",
      "ab",
      "abc",
      "aB",
      "a%",
      "a_",
      "a\u{10ffff}z",
      "aé",
      "a📣",
      "b",
      "é",
      "\u{10ffff}",
    ]
    await world.register("phone", { channels: names })
    await world.register("phone", { channels: ["a of another"], application: other })
    const found = async (prefix: string, size: number) => {
      const all: string[] = []
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page = await world.store.channels.page(world.application, after, size, prefix)
        expect(page.channels.length).toBeLessThanOrEqual(size)
        all.push(...page.channels.map(({ name }) => name))
        after = page.next
      }
      return all
    }
    for (const size of [1, 2, 3, 1000]) {
      const ofA = ["a", "a%", "aB", "a_", "ab", "abc", "aé", "a📣", "a\u{10ffff}z"]
      expect(await found("a", size)).toEqual(ofA)
      expect(await found("ab", size)).toEqual(["ab", "abc"])
      expect(await found("a%", size)).toEqual(["a%"])
      expect(await found("A", size)).toEqual(["A"])
      expect(await found("é", size)).toEqual(["é"])
      expect(await found("\u{10ffff}", size)).toEqual(["\u{10ffff}"])
      expect(await found("c", size)).toEqual([])
      expect((await found("", size)).toSorted()).toEqual(names.toSorted())
    }
  })

  it("a page after a channel that was deleted begins again where the prefix does", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["a", "na", "nb", "nc"] })
    const first = await world.store.channels.page(world.application, 0, 2, "n")
    expect(first.channels.map(({ name }) => name)).toEqual(["na", "nb"])
    await world.store.channels.delete(world.application, "nb")
    const second = await world.store.channels.page(world.application, first.next ?? 0, 2, "n")
    expect(second.channels.map(({ name }) => name)).toEqual(["na", "nc"])
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

/** The device ids of a channel, read page by page. */
async function memberIds(world: StoreWorld, channel: number, pageSize = 2): Promise<readonly string[]> {
  const ids: string[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await world.store.channels.members(channel, after, pageSize, world.now)
    expect(page.devices.length).toBeLessThanOrEqual(pageSize)
    ids.push(...page.devices.map(({ deviceId }) => deviceId))
    after = page.next
  }
  return ids
}

async function numberOf(world: StoreWorld, name: string): Promise<number> {
  return (await world.store.channels.byName(world.application, name))?.number ?? 0
}

function members(open: OpenStore): void {
  it("a channel is created once, by hand or by the first device that names it", async () => {
    await using world = await StoreWorld.open(open)
    const { channels: store } = world.store
    const made = await store.create(world.application, "news", world.now)
    expect(made).toEqual({
      channel: { number: expect.any(Number), name: "news", createdAt: world.now },
      created: true,
    })
    world.now += 1000
    await world.register("phone", { channels: ["news", "art"] })
    expect(await store.create(world.application, "news", world.now)).toEqual({ ...made, created: false })
    expect((await store.create(world.application, "art", world.now)).created).toBe(false)
    expect(await memberIds(world, made.channel.number)).toEqual(["phone"])
  })

  it("its members are listed by number, without the expired and those who left", async () => {
    await using world = await StoreWorld.open(open)
    const end = world.now + 10
    for (const deviceId of ["a", "b", "c", "d", "e", "f", "g"])
      await world.register(deviceId, {
        channels: deviceId === "c" ? ["other"] : ["news", "other"],
        ...(deviceId === "d" && { expiresAt: end }),
      })
    await world.leave("b", "news")
    await world.unregister("e")
    await world.register("c", { channels: ["news"] })
    const news = await numberOf(world, "news")
    expect(await memberIds(world, news)).toEqual(["a", "c", "d", "f", "g"])
    world.now = end
    for (const pageSize of [1, 2, 4, 1000])
      expect(await memberIds(world, news, pageSize)).toEqual(["a", "c", "f", "g"])
    const page = await world.store.channels.members(news, 0, 1000, world.now)
    expect(page.devices[0]).toEqual(await world.get("a"))
  })
}

function deleting(open: OpenStore): void {
  it("a deleted channel is gone from every list at once, and only once", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    const { channels: store } = world.store
    await world.register("phone", { channels: ["news", "art"] })
    await world.register("phone", { channels: ["news"], application: other })
    expect(await store.delete(world.application, "none")).toBe(false)
    expect(await store.delete(world.application, "news")).toBe(true)
    expect(await store.delete(world.application, "news")).toBe(false)
    expect(await store.byName(world.application, "news")).toBeUndefined()
    expect((await store.page(world.application, 0, 10)).channels.map(({ name }) => name)).toEqual(["art"])
    expect(await world.channelsOf("phone")).toEqual(["art"])
    expect(await store.byName(other, "news")).toBeDefined()
    expect((await world.get("phone", other)).channels).toMatchObject([{ name: "news" }])
  })

  it("its members leave it in slices, and those who have no other channel are removed", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    for (let index = 0; index < 9; index++)
      await world.register(`phone-${index}`, { channels: index % 3 === 0 ? ["news"] : ["art", "news"] })
    await world.register("bystander", { channels: ["art"] })
    await world.store.channels.delete(world.application, "news")
    await world.reopen()
    const slices: number[] = []
    for (let removed = 1; removed > 0; slices.push(removed))
      removed = await world.store.channels.removeMembersOfDeleted(4, world.now)
    expect(slices.every((removed) => removed <= 4)).toBe(true)
    expect(slices.reduce((sum, removed) => sum + removed)).toBe(9)
    expect((await world.all()).map(({ deviceId }) => deviceId)).toEqual(
      [1, 2, 4, 5, 7, 8].map((index) => `phone-${index}`).concat("bystander"),
    )
    const { devices, channels: counted } = await world.counted()
    expect(await world.devices.count(world.application)).toEqual(devices)
    expect(await world.channelCount("art")).toEqual(counted.get("art"))
    expect(await world.devices.departures(world.application, "phone-0")).toMatchObject([
      { reason: "unregistered", leftAt: world.now },
    ])
  })

  it("its name is free: a device that names it again joins a new channel, without the members of the old", async () => {
    await using world = await StoreWorld.open(open)
    for (const deviceId of ["old", "both"]) await world.register(deviceId, { channels: ["news", "art"] })
    const before = await numberOf(world, "news")
    await world.store.channels.delete(world.application, "news")
    for (const deviceId of ["both", "new"]) await world.register(deviceId, { channels: ["news"] })
    for (const isRemoved of [false, true]) {
      if (isRemoved) await world.store.channels.removeMembersOfDeleted(100, world.now)
      const after = await numberOf(world, "news")
      expect(after).not.toBe(before)
      expect(await memberIds(world, after)).toEqual(["both", "new"])
      expect(await world.channelCount("news")).toEqual({ ...NOBODY, android: 2 })
      expect(await world.channelsOf("old")).toEqual(["art"])
      expect(await world.channelsOf("both")).toEqual(["art", "news"])
    }
  })
}
