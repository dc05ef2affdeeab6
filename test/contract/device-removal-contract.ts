import { describe, expect, it } from "vitest"
import { NOBODY, type OpenStore, StoreWorld } from "./store-world.ts"

/** How registrations end: by expiring, by their own wish, by a provider's word. */
export function deviceRemovalContract(name: string, open: OpenStore): void {
  describe(`${name}: the end of registrations`, () => {
    expiring(open)
    leaving(open)
    goneTokens(open)
    departures(open)
  })
}

function expiring(open: OpenStore): void {
  it("from the instant at which it expires a registration is gone for every reader", async () => {
    await using world = await StoreWorld.open(open)
    const end = world.now + 1000
    await world.register("phone", { expiresAt: end })
    const { id, channels } = await world.get("phone")
    const membership = channels[0]?.id ?? ""
    world.now = end - 1
    expect(await world.find("phone")).toMatchObject({ expiresAt: end })
    world.now = end
    expect(await world.find("phone")).toBeUndefined()
    expect(await world.all()).toEqual([])
    for (const publicId of [id, membership])
      expect(await world.devices.byPublicId(world.application, publicId, world.now)).toBeUndefined()
    expect(await world.devices.leaveChannel(world.application, membership, world.now)).toBe(false)
    expect(await world.unregister("phone")).toBe(false)
  })

  it("a device that registers after its expiration is a new registration, without its old channels", async () => {
    await using world = await StoreWorld.open(open)
    const old = await world.register("phone", { channels: ["news"], expiresAt: world.now + 1, userId: "ann" })
    world.now += 1
    const fresh = await world.register("phone", { channels: ["sport"] })
    expect(fresh.created).toBe(true)
    expect(fresh.number).toBeGreaterThan(old.number)
    expect(await world.get("phone")).toMatchObject({ createdAt: world.now, userId: undefined })
    expect(await world.channelsOf("phone")).toEqual(["sport"])
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 1 })
    expect(await world.channelCount("news")).toEqual(NOBODY)
  })

  it("renewing in time moves the expiration, or takes it away", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { expiresAt: world.now + 1000 })
    await world.register("tablet", { expiresAt: world.now + 1000 })
    await world.register("phone", { expiresAt: world.now + 3000 })
    await world.register("tablet")
    expect(await world.devices.nextExpiration()).toBe(world.now + 3000)
    world.now += 2999
    expect(await world.removeExpired()).toBe(0)
    expect(await world.find("phone")).toBeDefined()
    world.now += 1
    expect(await world.removeExpired()).toBe(1)
    expect(await world.devices.nextExpiration()).toBeUndefined()
    expect(await world.find("tablet")).toBeDefined()
  })

  it("expired registrations are removed the earliest first, never more than asked for", async () => {
    await using world = await StoreWorld.open(open)
    for (const [index, delay] of [300, 100, 500, 200, 400].entries())
      await world.register(`phone-${index}`, { expiresAt: world.now + delay })
    await world.register("for ever")
    const start = world.now
    expect(await world.devices.nextExpiration()).toBe(start + 100)
    world.now += 400
    expect(await world.removeExpired(3)).toBe(3)
    expect(await world.devices.nextExpiration()).toBe(start + 400)
    expect(await world.removeExpired(3)).toBe(1)
    expect(await world.removeExpired(3)).toBe(0)
    expect((await world.all()).map(({ deviceId }) => deviceId)).toEqual(["phone-2", "for ever"])
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 2 })
    expect(await world.channelCount("default")).toEqual({ ...NOBODY, android: 2 })
  })

  it("a thousand that expire at once go, whether or not they share a token, and the others stay", async () => {
    await using world = await StoreWorld.open(open)
    const end = world.now + 10
    const names = Array.from({ length: 1000 }, (_, index) => `phone-${index}`)
    const token = (index: number) => (index % 10 < 2 ? { token: `shared ${index % 7}` } : {})
    await Promise.all(
      names.map((name, index) =>
        world.register(name, {
          ...token(index),
          channels: index % 3 === 0 ? ["news", "default"] : ["default"],
          ...(index % 20 !== 0 && { expiresAt: end }),
        }),
      ),
    )
    world.now = end
    expect(await world.removeExpired(5000)).toBe(950)
    expect((await world.all(world.application, 100)).map(({ deviceId }) => deviceId)).toEqual(
      names.filter((_, index) => index % 20 === 0),
    )
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 50 })
    expect(await world.channelCount("default")).toEqual({ ...NOBODY, android: 50 })
    expect(await world.channelCount("news")).toEqual({ ...NOBODY, android: 17 })
    // Of the seven shared tokens, the latest registration that is left has each.
    expect(await world.receivers(...names)).toEqual(names.filter((_, index) => index % 20 === 0).slice(-7))
    const gone = await world.devices.departures(world.application, "phone-1")
    expect(gone).toMatchObject([{ reason: "expired", leftAt: end, detail: "" }])
  })

  it("what their removal leaves for later is done in time, and makes no difference to anybody", async () => {
    await using world = await StoreWorld.open(open)
    const names = Array.from({ length: 200 }, (_, index) => `phone-${index}`)
    const register = (extra: object) => Promise.all(names.map((name) => world.register(name, extra)))
    await register({ expiresAt: world.now + 10 })
    world.now += 10
    await world.removeExpired()
    const again = await register({ expiresAt: world.now + 10 })
    expect(again.every(({ created }) => created)).toBe(true)
    world.now += 10
    await world.removeExpired()
    await register({})
    while (await world.devices.tidy());
    expect(await world.devices.tidy()).toBe(false)
    expect(await world.receivers(...names)).toEqual(names)
    expect((await register({})).some(({ created }) => created)).toBe(false)
  })

  it("without expirations there is no next one", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone")
    expect(await world.devices.nextExpiration()).toBeUndefined()
    expect(await world.removeExpired()).toBe(0)
  })
}

function leaving(open: OpenStore): void {
  it("unregistering takes the device out of all channels, once", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["news", "default"] })
    await world.register("tablet", { channels: ["news"] })
    expect(await world.unregister("phone")).toBe(true)
    expect(await world.find("phone")).toBeUndefined()
    expect(await world.unregister("phone")).toBe(false)
    expect(await world.unregister("nobody")).toBe(false)
    expect(await world.devices.count(world.application)).toEqual({ ...NOBODY, android: 1 })
    expect(await world.channelCount("news")).toEqual({ ...NOBODY, android: 1 })
    expect(await world.channelCount("default")).toEqual(NOBODY)
  })

  it("unregistering in one application leaves the same device id of another alone", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    await world.register("phone", { application: other })
    expect(await world.unregister("phone")).toBe(false)
    expect(await world.find("phone", other)).toBeDefined()
  })

  it("leaving one channel keeps the others in their order", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["a", "b", "c"] })
    expect(await world.leave("phone", "b")).toBe(true)
    expect(await world.channelsOf("phone")).toEqual(["a", "c"])
    expect(await world.channelCount("b")).toEqual(NOBODY)
    expect(await world.channelCount("a")).toEqual({ ...NOBODY, android: 1 })
    await world.register("phone", { channels: ["b"] })
    expect(await world.channelsOf("phone")).toEqual(["a", "c", "b"])
  })

  it("leaving the last channel removes the registration", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { channels: ["a", "b"] })
    await world.leave("phone", "a")
    expect(await world.leave("phone", "b")).toBe(true)
    expect(await world.find("phone")).toBeUndefined()
    expect(await world.devices.count(world.application)).toEqual(NOBODY)
    expect(await world.devices.departures(world.application, "phone")).toMatchObject([
      { reason: "unregistered", leftAt: world.now },
    ])
  })

  it("the id of the registration itself is no channel that could be left", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone")
    const { id } = await world.get("phone")
    expect(await world.devices.leaveChannel(world.application, id, world.now)).toBe(false)
    expect(await world.find("phone")).toBeDefined()
  })
}

function goneTokens(open: OpenStore): void {
  it("a registration whose token is gone is removed, with the provider's word kept", async () => {
    await using world = await StoreWorld.open(open)
    const { number } = await world.register("phone")
    world.now += 1000
    expect(await world.gone("phone")).toBe(true)
    expect(await world.find("phone")).toBeUndefined()
    expect(await world.devices.count(world.application)).toEqual(NOBODY)
    expect(await world.devices.departures(world.application, "phone")).toEqual([
      { registration: number, leftAt: world.now, reason: "token_gone", detail: "UNREGISTERED" },
    ])
  })

  it("a registration that was renewed after the provider's word is kept", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone")
    const knownSince = world.now + 10
    world.now += 11
    await world.register("phone")
    expect(await world.gone("phone", { knownSince })).toBe(false)
    expect(await world.find("phone")).toBeDefined()
    expect(await world.devices.departures(world.application, "phone")).toEqual([])
  })

  it("a registration as old as the provider's word is removed: only a later one brings the token back", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone")
    expect(await world.gone("phone", { knownSince: world.now })).toBe(true)
  })

  it("a registration that has another token by now is kept", async () => {
    await using world = await StoreWorld.open(open)
    await world.register("phone", { token: "new" })
    world.now += 1000
    expect(await world.gone("phone", { token: "old" })).toBe(false)
    expect(await world.find("phone")).toBeDefined()
  })

  it("word about a registration that is no more changes nothing", async () => {
    await using world = await StoreWorld.open(open)
    const { number } = await world.register("phone")
    await world.unregister("phone")
    await world.register("phone")
    world.now += 1000
    const gone = { registration: number, token: "token of phone", knownSince: world.now, reason: "" }
    expect(await world.devices.removeGone(gone, world.now)).toBe(false)
    expect(await world.find("phone")).toBeDefined()
  })
}

function departures(open: OpenStore): void {
  it("each removal leaves a trace with its reason, the latest first", async () => {
    await using world = await StoreWorld.open(open)
    const first = await world.register("phone")
    world.now += 10
    await world.gone("phone")
    const second = await world.register("phone", { expiresAt: world.now + 5 })
    world.now += 5
    await world.removeExpired()
    const third = await world.register("phone")
    await world.unregister("phone")
    const traces = await world.devices.departures(world.application, "phone")
    expect(traces.map(({ registration, reason }) => [registration, reason])).toEqual([
      [third.number, "unregistered"],
      [second.number, "expired"],
      [first.number, "token_gone"],
    ])
    expect(traces.map(({ detail }) => detail)).toEqual(["", "", "UNREGISTERED"])
  })

  it("at most 20 of them are told", async () => {
    await using world = await StoreWorld.open(open)
    for (let turn = 0; turn < 21; turn++) {
      world.now += 1
      await world.register("phone")
      await world.unregister("phone")
    }
    const traces = await world.devices.departures(world.application, "phone")
    expect(traces.map(({ leftAt }) => leftAt)).toEqual(
      Array.from({ length: 20 }, (_, age) => world.now - age),
    )
  })

  it("they belong to one device of one application", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    await world.register("phone")
    await world.unregister("phone")
    expect(await world.devices.departures(world.application, "tablet")).toEqual([])
    expect(await world.devices.departures(other, "phone")).toEqual([])
  })
}
