import { describe, expect, it } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import { FIGURES, HOUR_MS } from "../../src/domain/statistics.ts"
import { FIRST_PASS } from "../../src/store/message-store.ts"
import { type OpenStore, StoreWorld } from "./store-world.ts"

const ALL_HOURS = 2 ** 23

/** Figures over time, virtual phones, and what a publish says of its audience. */
export function figuresContract(name: string, open: OpenStore): void {
  describe(`${name}: figures`, () => {
    it("count every change once, in its hour, also after a restart", async () => {
      await using world = await StoreWorld.open(open, { durable: true })
      const hour = Math.floor(world.now / HOUR_MS)
      await Promise.all(["a", "b", "c", "b"].map((deviceId) => world.register(deviceId)))
      await world.register("short", { expiresAt: world.now + 1 })
      await world.reopen()
      world.now += HOUR_MS
      await world.unregister("a")
      await world.unregister("a")
      await world.register("short")
      await world.leave("b", "default")
      await world.gone("c")
      expect(await figuresOf(world)).toEqual([
        { hour, registered: 4, renewed: 1 },
        { hour: hour + 1, registered: 1, departed: 4 },
      ])
      await world.reopen()
      expect(await figuresOf(world)).toHaveLength(2)
    })

    it("count nothing of a call that was refused", async () => {
      await using world = await StoreWorld.open(open)
      const calls = [
        world.register("a"),
        world.register("b", { channels: ["x", "y"], channelsPerDeviceMax: 1 }).catch(() => "refused"),
        world.unregister("nobody"),
      ]
      expect((await Promise.all(calls))[1]).toBe("refused")
      expect(await figuresOf(world)).toMatchObject([{ registered: 1 }])
    })

    it("count messages, and each final outcome when it is stored, of one application alone", async () => {
      await using world = await StoreWorld.open(open)
      const other = (await world.addApplication("APP-2")).number
      for (const deviceId of ["a", "b", "c"]) await world.register(deviceId)
      const { message } = await publish(world, "m1")
      expect(message).toMatchObject({ audienceSize: 3, unsupported: 0 })
      await publish(world, "m1", { repeats: true })
      const outcomes: readonly Outcome[] = [{ kind: "accepted" }, { kind: "retries_exhausted", reason: "x" }]
      await settle(world, outcomes, { kind: "suppressed", reason: "left_audience" })
      const [figures] = await figuresOf(world)
      expect(figures).toMatchObject({ messages: 1, accepted: 1, retries_exhausted: 1, suppressed: 1 })
      expect(await world.store.statistics.hours(other, 0, ALL_HOURS)).toEqual([])
    })

    it("of hours are added up into days without a loss, and removed when they are old", async () => {
      await using world = await StoreWorld.open(open)
      const { statistics } = world.store
      world.now = Math.ceil(world.now / (24 * HOUR_MS)) * 24 * HOUR_MS
      const day = world.now / HOUR_MS
      for (let hour = 0; hour < 26; hour++) {
        await world.register(`phone-${hour}`)
        world.now += HOUR_MS
      }
      expect(await statistics.rollUp(day, 0)).toBe(0)
      expect(await statistics.rollUp(day + 24, 0)).toBe(23)
      const registered = async () => (await figuresOf(world)).map((one) => [one.hour, one["registered"]])
      expect(await registered()).toEqual([
        [day, 24],
        [day + 24, 1],
        [day + 25, 1],
      ])
      expect(await statistics.rollUp(day + 24, day + 24)).toBe(1)
      expect((await registered()).map(([hour]) => hour)).toEqual([day + 24, day + 25])
    })
  })

  describe(`${name}: the audience of named devices`, () => {
    it("is what a publish finds, by platform, with those that are not registered", async () => {
      await using world = await StoreWorld.open(open)
      await world.register("apple", { os: "IOS" })
      await world.register("droid")
      await world.register("odd", { os: "Tizen" })
      await world.register("elsewhere", { channels: ["other"] })
      await world.register("expired", { expiresAt: world.now })
      const deviceIds = ["apple", "droid", "odd", "elsewhere", "expired", "nobody"]
      const channel = "default"
      const of = (platforms: readonly ("ios" | "android")[] | undefined) =>
        world.store.messages.namedAudience(world.application, { channel, platforms, deviceIds }, world.now)
      const unknownDeviceIds = ["elsewhere", "expired", "nobody"]
      const devices = { ios: 1, osx: 0, android: 1, wp: 0, other: 1 }
      expect(await of(undefined)).toEqual({ devices, unknownDeviceIds })
      expect(await of(["ios"])).toEqual({ devices: { ...devices, android: 0, other: 0 }, unknownDeviceIds })
      const { message } = await publish(world, "m", { deviceIds })
      expect(message).toMatchObject({ audienceSize: 3, unsupported: 1, unknownDeviceIds })
      const unborn = { channel: "unborn", platforms: undefined, deviceIds }
      expect(await world.store.messages.namedAudience(world.application, unborn, world.now)).toMatchObject({
        unknownDeviceIds: deviceIds,
      })
    })
  })

  describe(`${name}: virtual phones`, () => {
    it("are listed in the order of their creation, up to a number of them, and removed once", async () => {
      await using world = await StoreWorld.open(open, { durable: true })
      const { application } = world
      const phone = (deviceId: string) => ({
        application,
        deviceId,
        name: `Phone ${deviceId}`,
        createdAt: world.now++,
      })
      const [second, first] = [phone("a"), phone("b")].map((one, index) => ({ ...one, createdAt: 9 - index }))
      expect(await world.store.phones.add(second as never, 2)).toBe(true)
      expect(await world.store.phones.add(first as never, 2)).toBe(true)
      expect(await world.store.phones.add(phone("c"), 2)).toBe(false)
      await world.reopen()
      expect(await world.store.phones.list(application)).toEqual([first, second])
      expect(await world.store.phones.list(application + 1)).toEqual([])
      expect(await world.store.phones.remove(application + 1, "a")).toBe(false)
      expect(await world.store.phones.remove(application, "a")).toBe(true)
      expect(await world.store.phones.remove(application, "a")).toBe(false)
      await world.store.applications.delete(application, world.now)
      expect(await world.store.phones.list(application)).toEqual([])
    })
  })
}

/** The figures that are not 0, hour by hour. */
async function figuresOf(world: StoreWorld): Promise<readonly ({ hour: number } & Record<string, number>)[]> {
  const hours = await world.store.statistics.hours(world.application, 0, ALL_HOURS)
  return hours.map(({ hour, counts }) => {
    const named = FIGURES.map((figure, index) => [figure, counts[index] as number] as const)
    return { hour, ...Object.fromEntries(named.filter(([, count]) => count !== 0)) }
  })
}

function publish(
  world: StoreWorld,
  id: string,
  { deviceIds, repeats = false }: { readonly deviceIds?: readonly string[]; readonly repeats?: boolean } = {},
) {
  return world.store.messages.publish({
    id: repeats ? `${id} again` : id,
    application: world.application,
    audience: { channel: "default", platforms: undefined, deviceIds },
    ...{ policy: "PUSH", delivery: "at-least-once", messageJson: '"x"', headers: new Map() },
    ...{ publisherId: undefined, subtopic: undefined },
    acceptedAt: world.now,
    expiresAt: world.now + 60_000,
    again: undefined,
    idempotency: { scope: "s", key: id, requestHash: id },
  })
}

/** Gives the devices of the only open segment these outcomes, in their order, and the rest another one. */
async function settle(world: StoreWorld, outcomes: readonly Outcome[], rest: Outcome): Promise<void> {
  const { segments } = world.store
  const { now } = world
  const claimed = await segments.claim("any", "owner", now, now + 10_000)
  if (claimed === undefined) throw new Error("nothing to claim")
  const devices = await segments.audiencePage(claimed.claim, 0, 100)
  const settled = outcomes.map((outcome, index) => ({
    registration: devices[index]?.registration ?? 0,
    outcome,
  }))
  const cursor = devices.at(-1)?.registration ?? 0
  const position = { cursor, reserved: cursor, doneAbove: [], pass: FIRST_PASS, obstacle: "", retries: [] }
  await segments.finish(claimed.claim, { ...position, settled, leaseUntil: now + 10_000, now }, rest)
}
