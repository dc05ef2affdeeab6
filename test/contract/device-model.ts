import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Platform, platformOf } from "../../src/domain/platform.ts"
import { type OpenStore, StoreWorld } from "./store-world.ts"

export interface ModelOptions {
  /** How many histories. */
  readonly runs: number
  /** Whether the store is closed and opened again in the course of them; it must be durable then. */
  readonly restarts: boolean
}

/**
 * Random histories of a few devices that share tokens, reinstall, change their system, leave, expire and are called gone,
 * now and then among a crowd of others, held after every step against a model of plain objects (reliability T-10, without
 * the fan-out).
 */
export function deviceModelContract(name: string, open: OpenStore, { runs, restarts }: ModelOptions): void {
  describe(`${name}: random histories of devices`, () => {
    it(`${runs} of them leave what a simple model leaves`, async () => {
      await using world = await StoreWorld.open(open, { durable: restarts })
      const anyHistory = fc.array(restarts ? anyStepOrRestart : anyStep, { minLength: 1, maxLength: 60 })
      await fc.assert(
        fc.asyncProperty(anyHistory, async (steps) => {
          world.application = (await world.addApplication(`APP-${++applications}`)).number
          const model = new Model(world)
          for (const step of steps) await model.take(step)
          await model.finish()
        }),
        { numRuns: runs },
      )
    })
  })
}

let applications = 1

const CHANNELS = ["default", "news", "sport", "art"] as const
const CHANNELS_MAX = 3
const SYSTEMS = ["ANDROID", "IOS", "Linux"] as const

const anyDevice = fc.constantFrom("a", "b", "c", "d")

const anyStep = fc.oneof(
  {
    weight: 50,
    arbitrary: fc.record({
      kind: fc.constant("register" as const),
      device: anyDevice,
      token: fc.constantFrom("t1", "t2"),
      // Mostly one system, so that tokens are shared.
      os: fc.oneof({ weight: 4, arbitrary: fc.constant(SYSTEMS[0]) }, fc.constantFrom(...SYSTEMS)),
      channels: fc.subarray([...CHANNELS], { minLength: 1 }),
      lifeMs: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined, freq: 2 }),
    }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("unregister" as const), device: anyDevice }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("leave" as const),
      device: anyDevice,
      channel: fc.constantFrom(...CHANNELS),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("gone" as const),
      device: anyDevice,
      token: fc.constantFrom("t1", "t2"),
      ageMs: fc.integer({ min: -20, max: 20 }),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 30 }) }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant("sweep" as const), limit: fc.integer({ min: 1, max: 3 }) }),
  },
  // Once in a hundred steps: enough devices to reach whatever a store does for many of them together.
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("crowd" as const), size: fc.integer({ min: 1, max: 300 }) }),
  },
)

const anyStepOrRestart = fc.oneof(
  { weight: 30, arbitrary: anyStep },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
)

type Step = typeof anyStepOrRestart extends fc.Arbitrary<infer T> ? T : never
type StepOf<K extends Step["kind"]> = Extract<Step, { readonly kind: K }>

interface Registering {
  readonly device: string
  readonly token: string
  readonly os: string
  readonly channels: readonly string[]
  readonly lifeMs: number | undefined
}

interface Device {
  readonly number: number
  token: string
  os: string
  platform: Platform | undefined
  channels: string[]
  expiresAt: number | undefined
  registeredAt: number
}

type Reason = "unregistered" | "expired" | "token_gone"

class Model {
  readonly #world: StoreWorld
  readonly #devices = new Map<string, Device>()
  readonly #departures = new Map<string, (readonly [number, Reason])[]>()
  /** Which device receives for a token, by system and token. */
  readonly #receivers = new Map<string, string>()
  #lastNumber = 0
  #crowded = 0

  constructor(world: StoreWorld) {
    this.#world = world
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "register":
        await this.#register(step)
        break
      case "unregister":
        expect(await this.#world.unregister(step.device)).toBe(this.#end(step.device, "unregistered"))
        break
      case "leave":
        await this.#leave(step)
        break
      case "gone":
        await this.#gone(step)
        break
      case "wait":
        this.#world.now += step.ms
        break
      case "sweep":
        await this.#sweep(step.limit)
        break
      case "crowd":
        await this.#crowd(step.size)
        break
      case "restart":
        await this.#world.reopen()
    }
    await this.#compare()
  }

  /** Without the expired, sizes and traces must agree as well. */
  async finish(): Promise<void> {
    await this.#sweep(2)
    await this.#compare()
    const { devices, channels } = await this.#world.counted()
    expect(await this.#world.devices.count(this.#world.application)).toEqual(devices)
    for (const [name, counts] of channels) expect(await this.#world.channelCount(name)).toEqual(counts)
    for (const deviceId of ["a", "b", "c", "d"]) {
      const traces = await this.#world.devices.departures(this.#world.application, deviceId)
      const expected = (this.#departures.get(deviceId) ?? []).toReversed().slice(0, 20)
      expect(traces.map(({ registration, reason }) => [registration, reason])).toEqual(expected)
    }
  }

  async #register({ device, token, os, channels, lifeMs }: Registering): Promise<void> {
    const expiresAt = lifeMs === undefined ? undefined : this.#world.now + lifeMs
    const registering = this.#world.register(device, {
      token,
      os,
      channels,
      expiresAt,
      channelsPerDeviceMax: CHANNELS_MAX,
    })
    const before = this.#live(device)
    const joined = [...new Set([...(before?.channels ?? []), ...channels])]
    if (joined.length > CHANNELS_MAX) {
      await expect(registering).rejects.toMatchObject({ error: "invalid_property" })
      return
    }
    if (before === undefined) this.#end(device, "expired")
    const { number, created } = await registering
    expect(created).toBe(before === undefined)
    if (created) expect(number).toBeGreaterThan(this.#lastNumber)
    else expect(number).toBe(before?.number)
    this.#lastNumber = Math.max(this.#lastNumber, number)
    const platform = platformOf(os)
    const registeredAt = this.#world.now
    this.#devices.set(device, { number, token, os, platform, channels: joined, expiresAt, registeredAt })
    this.#receivers.set(group({ platform, token }), device)
  }

  /** Devices with a token of their own, registered all at once. */
  async #crowd(size: number): Promise<void> {
    const names = Array.from({ length: size }, () => `one of a crowd, ${++this.#crowded}`)
    const steps = names.map((device, index) => {
      const lifeMs = index % 4 === 0 ? index + 1 : undefined
      return { device, token: device, os: "IOS", channels: ["news"], lifeMs }
    })
    await Promise.all(steps.map((step) => this.#register(step)))
  }

  async #leave({ device, channel }: StepOf<"leave">): Promise<void> {
    const present = this.#live(device)
    if (present === undefined || !present.channels.includes(channel)) return
    expect(await this.#world.leave(device, channel)).toBe(true)
    present.channels = present.channels.filter((name) => name !== channel)
    if (present.channels.length === 0) this.#end(device, "unregistered")
  }

  async #gone({ device, token, ageMs }: StepOf<"gone">): Promise<void> {
    const present = this.#live(device)
    if (present === undefined) return
    const knownSince = this.#world.now - ageMs
    const isGone = present.token === token && present.registeredAt <= knownSince
    expect(await this.#world.gone(device, { token, knownSince })).toBe(isGone)
    if (isGone) this.#end(device, "token_gone")
  }

  async #sweep(limit: number): Promise<void> {
    const expired = [...this.#devices.keys()].filter((device) => this.#live(device) === undefined)
    let removed = 0
    for (let slice = limit; slice === limit; removed += slice) {
      slice = await this.#world.removeExpired(limit)
      expect(slice).toBeLessThanOrEqual(limit)
    }
    await this.#world.devices.tidy()
    for (const device of expired) this.#end(device, "expired")
    // The store is shared by all histories: those of others may have left something to remove as well.
    expect(removed).toBeGreaterThanOrEqual(expired.length)
  }

  #live(device: string): Device | undefined {
    const present = this.#devices.get(device)
    const isOver = present?.expiresAt !== undefined && present.expiresAt <= this.#world.now
    return isOver ? undefined : present
  }

  /** Takes the device out of the model; false when it was not there, or no longer. */
  #end(device: string, reason: Reason): boolean {
    const present = this.#devices.get(device)
    if (present === undefined) return false
    const wasLive = this.#live(device) !== undefined
    this.#devices.delete(device)
    this.#departures.set(device, [
      ...(this.#departures.get(device) ?? []),
      [present.number, wasLive ? reason : "expired"],
    ])
    return wasLive
  }

  async #compare(): Promise<void> {
    const stored = await this.#world.all(this.#world.application, 1000)
    const expected = [...this.#devices.keys()]
      .map((deviceId) => [deviceId, this.#live(deviceId)] as const)
      .flatMap(([deviceId, present]) => (present === undefined ? [] : [{ deviceId, present }]))
      .toSorted((a, b) => a.present.number - b.present.number)
    expect(
      stored.map(({ number, deviceId, deviceToken, os, expiresAt, registeredAt, channels }) => {
        return {
          number,
          deviceId,
          deviceToken,
          os,
          expiresAt,
          registeredAt,
          channels: channels.map(({ name }) => name),
        }
      }),
    ).toEqual(
      expected.map(({ deviceId, present }) => {
        const { number, token, os, expiresAt, registeredAt, channels } = present
        return { number, deviceId, deviceToken: token, os, expiresAt, registeredAt, channels }
      }),
    )
    this.#compareReceivers(stored.filter(({ receives }) => receives).map(({ deviceId }) => deviceId))
  }

  /** Of each token one registration receives: the one that took it last or, when that went, one of the latest. */
  #compareReceivers(receiving: readonly string[]): void {
    const groups = Map.groupBy(this.#devices.entries(), ([, device]) => group(device))
    for (const [name, sharers] of groups) {
      const live = sharers.filter(([deviceId]) => this.#live(deviceId) !== undefined)
      // Whether the others inherit at once or with the removal is a case of the contract, not of this model.
      if (live.length < sharers.length) continue
      const found = live.map(([deviceId]) => deviceId).filter((deviceId) => receiving.includes(deviceId))
      const holder = this.#receivers.get(name)
      const isHeld = live.some(([deviceId]) => deviceId === holder)
      const latest = Math.max(...live.map(([, { registeredAt }]) => registeredAt))
      const heirs = live
        .filter(([, { registeredAt }]) => registeredAt === latest)
        .map(([deviceId]) => deviceId)
      expect(found).toHaveLength(1)
      expect(isHeld ? [holder] : heirs).toContain(found[0])
      this.#receivers.set(name, found[0] as string)
    }
  }
}

function group({ platform, token }: Pick<Device, "platform" | "token">): string {
  return `${platform ?? "other"} ${token}`
}
