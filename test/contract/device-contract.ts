import { describe, expect, it } from "vitest"
import { deviceRemovalContract } from "./device-removal-contract.ts"
import { NOBODY, type OpenStore, StoreWorld } from "./store-world.ts"

/** The law of DeviceStore and ChannelStore: every store passes it, and a found bug becomes a case of it first. */
export function deviceContract(name: string, open: OpenStore): void {
  describe(`${name}: devices`, () => {
    registering(open)
    renewing(open)
    publicIds(open)
    pages(open)
  })
  deviceRemovalContract(name, open)
}

function registering(open: OpenStore): void {
  it("a registration is read back as it was made", async () => {
    await using world = await StoreWorld.open(open)
    const registered = await world.register("phone", {
      token: "t-1",
      os: "iOS",
      osVersion: "18.1",
      channels: ["news", "default", "Grüße 📣"],
      expiresAt: world.now + 1,
      userId: "user-1",
    })
    expect(registered).toMatchObject({ created: true, channels: [{ name: "news" }, { name: "default" }, {}] })
    expect(await world.find("phone")).toEqual({
      number: registered.number,
      id: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
      deviceToken: "t-1",
      deviceId: "phone",
      os: "iOS",
      osVersion: "18.1",
      expiresAt: world.now + 1,
      createdAt: world.now,
      registeredAt: world.now,
      receives: true,
      userId: "user-1",
      channels: registered.channels,
    })
  })

  it("what was never registered is undefined, and so is the device of another application", async () => {
    await using world = await StoreWorld.open(open)
    const other = await world.addApplication("APP-2")
    await world.register("phone")
    expect(await world.find("phon")).toBeUndefined()
    expect(await world.find("PHONE")).toBeUndefined()
    expect(await world.find("phone", other.number)).toBeUndefined()
    expect(await world.find("phone", 4711)).toBeUndefined()
  })

  it("device ids, tokens and channels keep every character", async () => {
    await using world = await StoreWorld.open(open)
    const texts = [
      "a'b\"c",
      "%_\\",
      "1;drop table registrations",
      " ",
      "\ufeff",
      "𝄞é한",
      "null",
      "0",
      "a".repeat(45),
    ]
    for (const text of texts) await world.register(text, { token: text, osVersion: text, channels: [text] })
    for (const text of texts) {
      const { deviceId, deviceToken, osVersion, channels } = await world.get(text)
      expect([deviceId, deviceToken, osVersion, channels[0]?.name]).toEqual([text, text, text, text])
    }
    expect((await world.all()).map(({ deviceId }) => deviceId)).toEqual(texts)
  })

  it("a channel that nobody named before is created", async () => {
    await using world = await StoreWorld.open(open)
    expect(await world.store.channels.byName(world.application, "news")).toBeUndefined()
    await world.register("phone", { channels: ["news"] })
    const channel = await world.store.channels.byName(world.application, "news")
    expect(channel).toEqual({ number: expect.any(Number), name: "news", createdAt: world.now })
    world.now += 1000
    await world.register("tablet", { channels: ["news"] })
    expect(await world.store.channels.byName(world.application, "news")).toEqual(channel)
  })

  it("a device may be in as many channels as allowed, and not in one more", async () => {
    await using world = await StoreWorld.open(open)
    const names = ["a", "b", "c"]
    await world.register("phone", { channels: names, channelsPerDeviceMax: 3 })
    const tooMany = world.register("tablet", { channels: [...names, "d"], channelsPerDeviceMax: 3 })
    await expect(tooMany).rejects.toMatchObject({
      error: "invalid_property",
      details: { property: "channels", limit: 3, length: 4 },
    })
    expect(await world.find("tablet")).toBeUndefined()
    expect(await world.store.channels.byName(world.application, "d")).toBeUndefined()
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 1 })
  })

  it("what is registered survives a restart, and public ids stay what they were", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    await world.register("phone", { channels: ["news", "sport"], expiresAt: world.now + 1000, userId: "u" })
    await world.register("tablet", { token: "token of phone" })
    await world.register("gone")
    await world.unregister("gone")
    const before = { phone: await world.get("phone"), tablet: await world.get("tablet") }
    await world.reopen()
    expect({ phone: await world.get("phone"), tablet: await world.get("tablet") }).toEqual(before)
    expect(await world.devices.byPublicId(world.application, before.phone.id, world.now)).toEqual(
      before.phone,
    )
    expect(await world.devices.departures(world.application, "gone")).toHaveLength(1)
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 2 })
    expect(await world.channelCount("sport")).toEqual({ ...NOBODY, android: 1 })
  })

  it("numbers grow and are never used again, not even after a restart", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const first = await world.register("phone")
    await world.unregister("phone")
    const second = await world.register("phone")
    await world.unregister("phone")
    await world.reopen()
    const third = await world.register("phone")
    expect(second).toMatchObject({ created: true })
    expect(second.number).toBeGreaterThan(first.number)
    expect(third.number).toBeGreaterThan(second.number)
  })
}

function renewing(open: OpenStore): void {
  it("renewing replaces token, os, version and expiration, and keeps number, id and day of birth", async () => {
    await using world = await StoreWorld.open(open)
    const born = await world.register("phone", { expiresAt: world.now + 5000, channels: ["news"] })
    const before = await world.get("phone")
    world.now += 1000
    const renewed = await world.register("phone", {
      token: "t-2",
      os: "IOS",
      osVersion: "19",
      channels: ["news"],
    })
    expect(renewed).toEqual({ number: born.number, created: false, channels: born.channels })
    expect(await world.get("phone")).toEqual({
      ...before,
      deviceToken: "t-2",
      os: "IOS",
      osVersion: "19",
      expiresAt: undefined,
      registeredAt: world.now,
    })
  })

  it("renewing adds the named channels behind the others and removes none", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["news", "default"] })
    const renewed = await world.register("phone", { channels: ["sport", "news", "art"] })
    expect(renewed.channels.map(({ name }) => name)).toEqual(["sport", "news", "art"])
    expect(await world.channelsOf("phone")).toEqual(["news", "default", "sport", "art"])
    const { channels } = await world.get("phone")
    for (const membership of renewed.channels) expect(channels).toContainEqual(membership)
  })

  it("renewing without channels of its own does not leave the ones it had", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["news"] })
    await world.register("phone")
    expect(await world.channelsOf("phone")).toEqual(["news", "default"])
  })

  it("a limit counts the channels that a device has already, and those it names again once", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["a", "b"], osVersion: "1" })
    await world.register("phone", { channels: ["b", "c"], osVersion: "2", channelsPerDeviceMax: 3 })
    const tooMany = world.register("phone", { channels: ["a", "d"], osVersion: "3", channelsPerDeviceMax: 3 })
    await expect(tooMany).rejects.toMatchObject({
      error: "invalid_property",
      details: { limit: 3, length: 4 },
    })
    expect(await world.get("phone")).toMatchObject({ osVersion: "2" })
    expect(await world.channelsOf("phone")).toEqual(["a", "b", "c"])
  })

  it("the user of a registration is replaced by a later one and kept when none is given", async () => {
    await using world = await StoreWorld.open(open)
    const users: unknown[] = []
    for (const phone of [{ userId: "ann" }, {}, { userId: "ben" }]) {
      await world.register("phone", phone)
      users.push((await world.get("phone")).userId)
    }
    expect(users).toEqual(["ann", "ann", "ben"])
  })

  it("a device that changes its system is counted where it is now, in every channel", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["news", "default"] })
    await world.register("phone", { os: "Linux", channels: ["sport"] })
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, other: 1 })
    for (const channel of ["news", "default", "sport"])
      expect(await world.channelCount(channel)).toEqual({ ...NOBODY, other: 1 })
    await world.register("phone", { os: "wp" })
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, wp: 1 })
  })

  it("an os in other letters is stored anew and counted as the same system", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { os: "Android" })
    await world.register("phone", { os: "ANDROID" })
    expect((await world.get("phone")).os).toBe("ANDROID")
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 1 })
  })
}

function publicIds(open: OpenStore): void {
  it("a registration is found by its id and by those of its channels, in any case of letters", async () => {
    await using world = await StoreWorld.open(open)
    const { channels } = await world.register("phone", { channels: ["news", "default"] })
    const registration = await world.get("phone")
    const ids = [registration.id, ...channels.map(({ id }) => id)]
    expect(new Set(ids).size).toBe(3)
    for (const id of [...ids, registration.id.toLowerCase()])
      expect(await world.devices.byPublicId(world.application, id, world.now)).toEqual(registration)
  })

  it("the ids of one application find nothing in another", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    await world.register("phone", { application: other })
    const { id, channels } = await world.get("phone", other)
    const membership = channels[0]?.id ?? ""
    for (const publicId of [id, membership]) {
      expect(await world.devices.byPublicId(world.application, publicId, world.now)).toBeUndefined()
      expect(await world.devices.leaveChannel(world.application, publicId, world.now)).toBe(false)
    }
    expect(await world.find("phone", other)).toBeDefined()
  })

  it("an id that was never given out finds nothing, whatever it looks like", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone")
    const { id, channels } = await world.get("phone")
    const membership = channels[0]?.id ?? ""
    const last = (text: string) => text.slice(0, -1) + (text.endsWith("0") ? "1" : "0")
    const others = ["", "phone", "1", last(id), last(membership), `${id} `, `'${id}'`, "F".repeat(36)]
    others.push("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "00000000-0000-0000-0000-000000000000")
    for (const publicId of others) {
      expect(await world.devices.byPublicId(world.application, publicId, world.now)).toBeUndefined()
      expect(await world.devices.leaveChannel(world.application, publicId, world.now)).toBe(false)
    }
  })

  it("the id of a channel that the device has left, or never was in, finds nothing", async () => {
    await using world = await StoreWorld.open(open)
    const { channels } = await world.register("phone", { channels: ["news", "default"] })
    await world.leave("phone", "news")
    const left = channels[0]?.id ?? ""
    expect(await world.devices.leaveChannel(world.application, left, world.now)).toBe(false)
    expect(await world.devices.byPublicId(world.application, left, world.now)).toBeUndefined()
  })

  it("a device that registers anew after it was removed has other ids", async () => {
    await using world = await StoreWorld.open(open)
    const before = await world.register("phone")
    await world.unregister("phone")
    const after = await world.register("phone")
    expect(after.channels[0]?.id).not.toBe(before.channels[0]?.id)
    expect(
      await world.devices.byPublicId(world.application, before.channels[0]?.id ?? "", world.now),
    ).toBeUndefined()
  })
}

function pages(open: OpenStore): void {
  it("pages name every registration once, in the order of their numbers", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    for (let index = 0; index < 7; index++) {
      await world.register(`phone-${index}`)
      await world.register(`phone-${index}`, { application: other })
    }
    await world.unregister("phone-2")
    await world.register("phone-0", { osVersion: "17" })
    const names = ["phone-0", "phone-1", "phone-3", "phone-4", "phone-5", "phone-6"]
    for (const pageSize of [1, 2, 3, 6, 1000]) {
      const registrations = await world.all(world.application, pageSize)
      expect(registrations.map(({ deviceId }) => deviceId)).toEqual(names)
    }
    expect(await world.all()).toContainEqual(await world.get("phone-0"))
    expect(await world.all(other)).toHaveLength(7)
  })

  it("a page holds at most 1000, however many are asked for", async () => {
    await using world = await StoreWorld.open(open)
    await Promise.all(Array.from({ length: 1001 }, (_, index) => world.register(`phone-${index}`)))
    const first = await world.devices.page(world.application, 0, 5000, world.now)
    expect(first.devices).toHaveLength(1000)
    const second = await world.devices.page(world.application, first.next ?? 0, 5000, world.now)
    expect(second).toMatchObject({ devices: [expect.anything()], next: undefined })
  })

  it("an application without devices has one empty page", async () => {
    await using world = await StoreWorld.open(open)
    expect(await world.devices.page(world.application, 0, 10, world.now)).toEqual({
      devices: [],
      next: undefined,
    })
    expect(await world.devices.count(world.application)).toEqual(NOBODY)
  })
}
