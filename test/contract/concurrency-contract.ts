import { describe, expect, it } from "vitest"
import { NOBODY, type OpenStore, StoreWorld } from "./store-world.ts"

/** What many callers at once may rely on: one registration per device, neighbours that fail alone, an orderly end. */
export function concurrencyContract(name: string, open: OpenStore): void {
  describe(`${name}: many callers at once`, () => {
    sameDevice(open)
    neighbours(open)
    closing(open)
  })
}

function sameDevice(open: OpenStore): void {
  it("200 registrations of one device at once make one registration", async () => {
    await using world = await StoreWorld.open(open)
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        world.register("phone", { token: `token ${index % 3}`, channels: [`c${index % 5}`] }),
      ),
    )
    expect(answers.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(answers.map(({ number }) => number)).size).toBe(1)
    expect(await world.all()).toHaveLength(1)
    expect(await world.channelsOf("phone")).toEqual(["c0", "c1", "c2", "c3", "c4"])
    expect((await world.get("phone")).deviceToken).toBe(`token ${199 % 3}`)
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 1 })
    for (const channel of ["c0", "c4"])
      expect(await world.channelCount(channel)).toEqual({ ...NOBODY, android: 1 })
  })

  it("calls take effect in the order in which they were made", async () => {
    await using world = await StoreWorld.open(open)
    const answers = await Promise.all([
      world.unregister("phone"),
      world.register("phone"),
      world.unregister("phone"),
      world.unregister("phone"),
      world.register("phone", { token: "last" }),
    ])
    expect(answers.map((answer) => (typeof answer === "boolean" ? answer : answer.created))).toEqual([
      false,
      true,
      true,
      false,
      true,
    ])
    expect((await world.get("phone")).deviceToken).toBe("last")
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 1 })
  })

  it("of 50 devices that share a token at once, exactly one receives", async () => {
    await using world = await StoreWorld.open(open)
    const names = Array.from({ length: 50 }, (_, index) => `phone-${index}`)
    await Promise.all(names.map((deviceId) => world.register(deviceId, { token: "shared" })))
    expect(await world.receivers(...names)).toEqual(["phone-49"])
  })
}

function neighbours(open: OpenStore): void {
  it("a call that is refused leaves the calls around it alone", async () => {
    await using world = await StoreWorld.open(open)
    const answers = await Promise.allSettled([
      world.register("before"),
      world.register("refused", { channels: ["a", "b"], channelsPerDeviceMax: 1 }),
      world.register("after"),
    ])
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"])
    expect((await world.all()).map(({ deviceId }) => deviceId)).toEqual(["before", "after"])
  })

  it("a call that fails leaves the calls around it alone, and each of those happens once", async () => {
    await using world = await StoreWorld.open(open)
    await world.addApplication("TAKEN")
    const answers = await Promise.allSettled([
      world.register("before", { channels: ["new channel"] }),
      world.addApplication("TAKEN"),
      world.register("after", { channels: ["new channel", "another"] }),
      world.addApplication("TAKEN"),
      world.register("before", { channels: ["another"] }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ])
    expect(answers[4]).toMatchObject({ value: { created: false } })
    expect((await world.all()).map(({ deviceId }) => deviceId)).toEqual(["before", "after"])
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 2 })
    for (const channel of ["new channel", "another"])
      expect(await world.channelCount(channel)).toEqual({ ...NOBODY, android: 2 })
    expect(await world.store.applications.list()).toHaveLength(2)
  })
}

function closing(open: OpenStore): void {
  it("closing finishes what was asked for before and refuses what comes later", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const { store } = world
    const asked = Array.from({ length: 20 }, (_, index) => world.register(`phone-${index}`))
    const closed = store.close()
    const late = Promise.allSettled([
      world.register("late"),
      world.unregister("phone-1"),
      store.probe(),
      world.addApplication("LATE"),
    ])
    await closed
    expect((await late).map(({ status }) => status)).toEqual(Array(4).fill("rejected"))
    expect((await Promise.all(asked)).every(({ created }) => created)).toBe(true)
    for (const read of [() => world.find("phone-1"), () => store.applications.list()])
      await expect(read()).rejects.toThrow()
    await world.reopen()
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 20 })
    expect(await world.find("late")).toBeUndefined()
  })

  it("closing a second time does nothing", async () => {
    await using world = await StoreWorld.open(open)
    await world.store.close()
    await expect(world.store.close()).resolves.toBeUndefined()
  })

  it("an open store can be written, and says what it is", async () => {
    await using world = await StoreWorld.open(open)
    await expect(world.store.probe()).resolves.toBeUndefined()
    const description = await world.store.describe()
    expect(description["engine"]).toMatch(/\d/)
    expect(Object.values(description).every((value) => typeof value === "string")).toBe(true)
  })
}
