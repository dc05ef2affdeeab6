import { describe, expect, it } from "vitest"
import type { NewMessage } from "../../src/domain/message.ts"
import { NOBODY, type OpenStore, StoreWorld } from "./store-world.ts"

/** The law of ChannelStore for channels that administrators make, look into and delete. */
export function channelRemovalContract(name: string, open: OpenStore): void {
  describe(`${name}: channels that are made and deleted`, () => {
    making(open)
    members(open)
    deleting(open)
  })
}

function making(open: OpenStore): void {
  it("a channel is made once, and registering joins the one that was made", async () => {
    await using world = await StoreWorld.open(open)
    const { channels } = world.store
    const made = await channels.create(world.application, "news", world.now)
    expect(made).toEqual({
      channel: { number: made.channel.number, name: "news", createdAt: world.now },
      created: true,
    })
    expect(await channels.create(world.application, "news", world.now + 1)).toEqual({
      ...made,
      created: false,
    })
    await world.register("phone", { channels: ["news"] })
    expect(await channels.count(made.channel.number)).toEqual({ ...NOBODY, android: 1 })
  })
}

function members(open: OpenStore): void {
  it("the members of a channel are listed page by page, each once, without expired ones", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    for (let index = 0; index < 25; index++) {
      await world.register(`phone-${index}`, {
        channels: index % 2 === 0 ? ["even", "all"] : ["all"],
        ...(index % 5 === 0 && { expiresAt: world.now + 10 }),
      })
    }
    await world.leave("phone-2", "even")
    await world.unregister("phone-4")
    world.now += 10
    const expected = { even: [6, 8, 12, 14, 16, 18, 22, 24], all: [1, 2, 3, 6, 7, 8, 9] }
    for (const restart of [false, true]) {
      if (restart) await world.reopen()
      expect(await membersOf(world, "even", 3)).toEqual(expected.even.map((index) => `phone-${index}`))
      const all = await membersOf(world, "all", 7)
      expect(all.slice(0, 7)).toEqual(expected.all.map((index) => `phone-${index}`))
      expect(all).toHaveLength(19)
    }
  })

  it("a member is shown as it is shown by itself", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["a", "b"], userId: "u" })
    const channel = await world.store.channels.byName(world.application, "b")
    const page = await world.store.channels.members(channel?.number ?? 0, 0, 10, world.now)
    expect(page).toEqual({ devices: [await world.get("phone")], next: undefined })
    expect(await world.store.channels.members(4711, 0, 10, world.now)).toEqual({
      devices: [],
      next: undefined,
    })
  })
}

function deleting(open: OpenStore): void {
  it("nothing leads to a deleted channel from the moment in which it is deleted", async () => {
    await using world = await StoreWorld.open(open)
    const { channels } = world.store
    await world.register("both", { channels: ["news", "sports"] })
    const before = await channels.byName(world.application, "news")
    expect(await channels.delete(world.application, "news")).toBe(true)
    expect(await channels.byName(world.application, "news")).toBeUndefined()
    expect((await channels.page(world.application, 0, 10)).channels.map(({ name }) => name)).toEqual([
      "sports",
    ])
    expect(await world.channelsOf("both")).toEqual(["sports"])
    expect(await channels.delete(world.application, "news")).toBe(false)
    const again = await channels.create(world.application, "news", world.now)
    expect(again.channel.number).toBeGreaterThan(before?.number ?? 0)
    expect(await channels.count(again.channel.number)).toEqual(NOBODY)
  })

  it("only the channel of the application is deleted that was named", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    await world.register("phone", { channels: ["news", "News"] })
    await world.register("phone", { channels: ["news"], application: other })
    await world.store.channels.delete(world.application, "news")
    await removeAll(world)
    expect(await world.channelsOf("phone")).toEqual(["News"])
    expect(await world.channelCount("news", other)).toEqual({ ...NOBODY, android: 1 })
  })

  it("its members leave it in slices; who was in no other channel is registered no more, and leaves a trace", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const { length } = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        world.register(`phone-${index}`, { channels: index < 20 ? ["news", "all"] : ["news"] }),
      ),
    )
    await world.store.channels.delete(world.application, "news")
    await world.reopen()
    const slices: number[] = []
    for (let removed = -1; removed !== 0; slices.push(removed)) {
      removed = await world.store.channels.removeMembersOfDeleted(7, world.now)
    }
    expect(slices).toEqual([7, 7, 7, 7, 2, 0])
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 20 })
    expect(await world.channelCount("all")).toEqual({ ...NOBODY, android: 20 })
    expect(await world.find(`phone-${length - 1}`)).toBeUndefined()
    expect(await world.devices.departures(world.application, "phone-25")).toMatchObject([
      { leftAt: world.now, reason: "unregistered", detail: "channel deleted" },
    ])
    expect(await world.devices.departures(world.application, "phone-5")).toEqual([])
    const { devices, channels } = await world.counted()
    expect(await world.devices.count(world.application)).toEqual(devices)
    expect([...channels.keys()]).toEqual(["all"])
  })

  it("two deleted channels that were all a device had remove it, and the next holder of its token receives", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("old", { token: "shared", channels: ["stays"] })
    await world.register("new", { token: "shared", channels: ["a", "b"] })
    for (const name of ["a", "b"]) await world.store.channels.delete(world.application, name)
    await removeAll(world)
    expect(await world.find("new")).toBeUndefined()
    expect(await world.receivers("old")).toEqual(["old"])
  })

  it("a device may join a new channel of the name while the old one is being emptied", async () => {
    await using world = await StoreWorld.open(open)
    await Promise.all(
      ["one", "two", "three"].map((deviceId) => world.register(deviceId, { channels: ["news"] })),
    )
    await world.store.channels.delete(world.application, "news")
    await world.store.channels.removeMembersOfDeleted(1, world.now)
    await world.register("two", { channels: ["news"] })
    await world.register("four", { channels: ["news"] })
    await removeAll(world)
    expect(await world.channelsOf("two")).toEqual(["news"])
    expect(await world.find("three")).toBeUndefined()
    expect(await world.channelCount("news")).toEqual({ ...NOBODY, android: 2 })
  })

  it("a registration at the same time is either in the new channel or gone with the old one, as if one came first", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("first", { channels: ["news"] })
    await Promise.all([
      world.register("second", { channels: ["news"] }),
      world.store.channels.delete(world.application, "news"),
      world.register("third", { channels: ["news"] }),
    ])
    await removeAll(world)
    await world.register("fourth", { channels: ["news"] })
    const left = []
    for (const deviceId of ["first", "second", "third", "fourth"]) {
      if ((await world.find(deviceId)) !== undefined) left.push(deviceId)
    }
    expect(left).not.toContain("first")
    expect(left).toContain("fourth")
    expect((await membersOf(world, "news", 10)).toSorted()).toEqual(left.toSorted())
    expect(await world.channelCount("news")).toEqual({ ...NOBODY, android: left.length })
  })

  it("messages that went there keep the name, and are for nobody any more", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["news", "all"] })
    const message: NewMessage = {
      id: "message:1",
      application: world.application,
      audience: { channel: "news", platforms: undefined, deviceIds: undefined },
      messageJson: '"Hello"',
      headers: new Map(),
      policy: "PUSH",
      delivery: "at-least-once",
      acceptedAt: world.now,
      expiresAt: world.now + 1000,
      publisherId: undefined,
      subtopic: undefined,
      idempotency: undefined,
      again: undefined,
    }
    await world.store.messages.publish(message)
    await world.store.channels.delete(world.application, "news")
    await removeAll(world)
    expect(await world.store.messages.byId(world.application, "message:1")).toMatchObject({
      audience: { channel: "news" },
      audienceSize: 1,
    })
    const again = await world.store.messages.publish({ ...message, id: "message:2" })
    expect(again.message.audienceSize).toBe(0)
  })
}

async function removeAll(world: StoreWorld): Promise<void> {
  while ((await world.store.channels.removeMembersOfDeleted(2, world.now)) > 0);
}

async function membersOf(world: StoreWorld, name: string, size: number): Promise<readonly string[]> {
  const channel = await world.store.channels.byName(world.application, name)
  const found: string[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await world.store.channels.members(channel?.number ?? 0, after, size, world.now)
    expect(page.devices.length).toBeLessThanOrEqual(size)
    found.push(...page.devices.map(({ deviceId }) => deviceId))
    after = page.next
  }
  return found
}
