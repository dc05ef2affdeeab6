import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { systemRandom } from "../../src/runtime/random.ts"
import type { Folding } from "../../src/store/sqlite/context.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import type { Store } from "../../src/store/store.ts"
import { auditFile } from "./folding-audit.ts"

/** So small that registrations are in memory, in the tables and on the way between them at any moment. */
const ALL_THE_TIME: Folding = { keys: { least: 3, most: 9, share: 2, slice: 2 }, waitingMembersMax: 5 }
const CHANNELS = ["default", "news", "sport"] as const
const LIFE_MS_MAX = 30
const DEVICES = Array.from({ length: 14 }, (_, index) => `device-${index}`)

const anyDevice = fc.constantFrom(...DEVICES)
const anyCall = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("register" as const),
      device: anyDevice,
      token: fc.constantFrom("t1", "t2", "t3", undefined),
      os: fc.constantFrom("ANDROID", "ANDROID", "IOS"),
      channels: fc.subarray([...CHANNELS], { minLength: 1 }),
      lifeMs: fc.option(fc.integer({ min: 1, max: LIFE_MS_MAX }), { nil: undefined, freq: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("unregister" as const), device: anyDevice }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("expire" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("tidy" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("publish" as const) }) },
  // Fails, and undoes the transaction that it is in: its neighbours are tried again, one by one.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("fail" as const) }) },
)
type Call = typeof anyCall extends fc.Arbitrary<infer T> ? T : never

const anyStep = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("group" as const),
      process: fc.constantFrom(0, 1),
      calls: fc.array(anyCall, { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("leave" as const),
      process: fc.constantFrom(0, 1),
      device: anyDevice,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("sweep" as const), process: fc.constantFrom(0, 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("crash" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("restart" as const), process: fc.constantFrom(0, 1) }),
  },
)
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

describe("registrations that are folded in bulk", () => {
  it("are found and counted as their rows say, through failures, crashes, restarts and another process", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 40 }), async (steps) => {
        await using world = await TwoProcesses.open()
        for (const step of steps) {
          await world.take(step)
          await world.check()
        }
      }),
      { numRuns: 40 },
    )
  })
})

/** Two stores on one file, as the server and the command line beside it have them. */
class TwoProcesses {
  readonly #folder = mkdtempSync(join(tmpdir(), "belfry-folding-"))
  readonly #file = join(this.#folder, "belfry.db")
  #now = 1_800_000_000_000
  readonly #stores: [Store, Store] = [this.#open(), this.#open()]
  #application = 0
  #messages = 0
  #largestNumber = 0

  static async open(): Promise<TwoProcesses> {
    const world = new TwoProcesses()
    const application = { id: "APP", name: "APP", preset: "locked", keys: [] } as const
    world.#application = (await world.#stores[0].applications.create(application, world.#now)).number
    return world
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const store of this.#stores) await store.close()
    rmSync(this.#folder, { recursive: true })
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "group": {
        const store = this.#stores[step.process as 0 | 1]
        const largestBefore = this.#largestNumber
        const outcomes = await Promise.allSettled(
          step.calls.map((call) => this.#call(store, call, largestBefore)),
        )
        expect(outcomes.map(({ status }) => status === "rejected")).toEqual(
          step.calls.map(({ kind }) => kind === "fail"),
        )
        break
      }
      case "leave":
        await this.#leave(this.#stores[step.process as 0 | 1], step.device)
        break
      case "sweep":
        await this.#sweep(this.#stores[step.process as 0 | 1])
        break
      case "wait":
        this.#now += step.ms
        break
      case "crash":
        await this.#checkAfterCrash()
        break
      case "restart":
        await this.#stores[step.process as 0 | 1].close()
        this.#stores[step.process as 0 | 1] = this.#open()
    }
  }

  /** Both processes see what the rows say, and everything else in the file says the same. */
  async check(): Promise<void> {
    await this.#compare(this.#file, this.#stores)
  }

  /** New registrations must have larger numbers than all before them. */
  async #call({ devices, applications, messages }: Store, call: Call, largestBefore = 0): Promise<unknown> {
    const now = this.#now
    switch (call.kind) {
      case "register": {
        const { device, token, os, channels, lifeMs } = call
        const expiresAt = lifeMs === undefined ? undefined : now + lifeMs
        const deviceToken = token ?? `token of ${device}`
        const request = { deviceId: device, deviceToken, os, osVersion: "1", channels, expiresAt }
        const options = { now, channelsPerDeviceMax: 1000 }
        const { number, created } = await devices.register(this.#application, request, options)
        if (created) expect(number).toBeGreaterThan(largestBefore)
        this.#largestNumber = Math.max(this.#largestNumber, number)
        return number
      }
      case "unregister":
        return devices.unregister(this.#application, call.device, now)
      case "expire":
        return devices.removeExpired(now, 2)
      case "tidy":
        return devices.tidy()
      case "publish":
        return messages.publish(this.#message())
      case "fail":
        return applications.create({ id: "APP", name: "taken", preset: "locked", keys: [] }, now)
    }
  }

  /** Everything that may expire has expired and is removed; what it left stays until it is tidied up. */
  async #sweep({ devices }: Store): Promise<void> {
    this.#now += LIFE_MS_MAX
    while ((await devices.removeExpired(this.#now, 2)) === 2);
  }

  async #leave({ devices }: Store, device: string): Promise<void> {
    const registration = await devices.byDeviceId(this.#application, device, this.#now)
    const membership = registration?.channels[0]
    if (membership === undefined) return
    expect(await devices.leaveChannel(this.#application, membership.id, this.#now)).toBe(true)
  }

  /** What a process would find that starts after all others were killed at this moment. */
  async #checkAfterCrash(): Promise<void> {
    const copy = join(this.#folder, "after-crash.db")
    for (const suffix of ["", "-wal"]) {
      rmSync(copy + suffix, { force: true })
      if (existsSync(this.#file + suffix)) cpSync(this.#file + suffix, copy + suffix)
    }
    rmSync(`${copy}-shm`, { force: true })
    const store = this.#open(copy)
    const largestNumber = this.#largestNumber
    try {
      await this.#compare(copy, [store])
      for (const device of DEVICES) {
        await this.#call(store, {
          kind: "register",
          device,
          token: "t1",
          os: "IOS",
          channels: ["news"],
          lifeMs: undefined,
        })
      }
      await this.#compare(copy, [store])
    } finally {
      this.#largestNumber = largestNumber
      await store.close()
    }
  }

  async #compare(file: string, stores: readonly Store[]): Promise<void> {
    const stored = auditFile(file, this.#now)
    const live = stored.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > this.#now)
    for (const { devices } of stores) {
      for (const deviceId of DEVICES) {
        const found = await devices.byDeviceId(this.#application, deviceId, this.#now)
        const expected = live.filter((device) => device.deviceId === deviceId)
        expect(found === undefined ? [] : [found.number]).toEqual(expected.map(({ number }) => number))
      }
      const { devices: all } = await devices.page(this.#application, 0, 1000, this.#now)
      expect(all.map(({ number }) => number)).toEqual(live.map(({ number }) => number))
      const counts = await devices.count(this.#application)
      expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(stored.length)
    }
  }

  #message() {
    return {
      id: `message:${++this.#messages}`,
      application: this.#application,
      audience: { channel: "news", platforms: undefined, deviceIds: DEVICES.slice(0, 3) },
      policy: "PUSH",
      delivery: "at-least-once",
      messageJson: '"hello"',
      headers: new Map<string, string>(),
      publisherId: undefined,
      subtopic: undefined,
      acceptedAt: this.#now,
      expiresAt: this.#now + 86_400_000,
      idempotency: undefined,
      again: undefined,
    } as const
  }

  #open(file = this.#file): Store {
    return openSqliteStore({ file, now: this.#now, random: systemRandom, folding: ALL_THE_TIME })
  }
}
