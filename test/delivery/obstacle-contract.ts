import { describe, expect, test } from "vitest"
import type { Platform } from "../../src/domain/platform.ts"
import { FakeProvider } from "./fake-provider.ts"
import { FakeCarrier, type OpenStore, type SetupOptions, setup } from "./setup.ts"

/** What devices wait for is said of each while it waits, and after the message expired: nobody expires without a why. */
export function obstacleContract(name: string, openStore: OpenStore): void {
  const open = (options?: SetupOptions) => setup(openStore, options)
  const OBSTACLE = "no connection: ECONNREFUSED"
  type World = Awaited<ReturnType<typeof open>>

  const soon = ({ clock }: World) => ({ expiresAt: clock.now() + 90_000 })

  /** In small steps, so that whoever waits for the store gets its answers in between. */
  const pass = (world: World, ms: number) => {
    const end = world.clock.now() + ms
    return world.until(() => world.clock.now() >= end, ms + 10)
  }

  const expired = async ({ progress }: World) => {
    const { reasons } = await progress("message:1")
    return reasons.filter(({ kind }) => kind === "expired").map(({ reason, count }) => [reason, count])
  }

  describe(`what devices wait for (${name})`, () => {
    test("a provider that cannot be reached is what all of them waited for, few or many", async () => {
      const world = await open({ room: 0, settings: { retryingMax: 200 } })
      world.provider.makeRoom(0, OBSTACLE)
      const numbers = await world.register(700)
      world.engine.start()
      const { number, expiresAt } = await world.publish("message:1", soon(world))
      await pass(world, 60_000)

      const { obstacles, pending } = await world.progress("message:1")
      expect(obstacles.reduce((sum, { devices }) => sum + devices, 0)).toBe(pending)
      expect(obstacles.map(({ obstacle }) => obstacle).sort()).toEqual([
        OBSTACLE,
        `others_waiting: ${OBSTACLE}`,
      ])
      const outcomeOf = (index: number) =>
        world.store.messages.deviceOutcome(number, numbers[index] as number)
      expect(await outcomeOf(0)).toMatchObject({ state: "retrying", attempts: 0, lastReason: OBSTACLE })
      expect(await outcomeOf(699)).toEqual({ state: "pending", obstacle: `others_waiting: ${OBSTACLE}` })

      await pass(world, expiresAt - world.clock.now())
      await world.untilDone("message:1")
      const [own, others] = (await expired(world)).sort()
      expect(others?.[0]).toBe(`others_waiting: ${OBSTACLE}`)
      expect(own?.[0]).toBe(OBSTACLE)
      expect(Number(others?.[1]) + Number(own?.[1])).toBe(700)
      expect(await outcomeOf(699)).toMatchObject({ outcome: { kind: "expired" } })
      expect((await world.progress("message:1")).obstacles).toEqual([])
      await world.drain()
    })

    test("it is said within the first second, and still after the server was stopped and started", async () => {
      const world = await open({ room: 0 })
      world.provider.makeRoom(0, OBSTACLE)
      const [first = 0] = await world.register(10)
      world.engine.start()
      const { number, expiresAt } = await world.publish("message:1", soon(world))
      await pass(world, 900)
      await world.drain()
      const waiting = await world.store.messages.deviceOutcome(number, first)
      expect(waiting).toEqual({ state: "pending", obstacle: OBSTACLE })

      await pass(world, expiresAt - world.clock.now())
      const next = world.open("node-2")
      next.start()
      await world.untilDone("message:1")
      expect(await expired(world)).toEqual([[OBSTACLE, 10]])
      await world.drain(next)
    })

    test("nothing is said of devices that only wait for their turn, nor once there is room again", async () => {
      const world = await open({ room: 3, react: () => ({ outcome: { kind: "accepted" }, afterMs: 200 }) })
      await world.register(200)
      world.engine.start()
      const { expiresAt } = await world.publish("message:1", { expiresAt: world.clock.now() + 8_000 })
      for (let second = 0; second < 3; second += 1) {
        await pass(world, 1_000)
        expect((await world.progress("message:1")).obstacles).toEqual([])
      }
      world.provider.makeRoom(0, OBSTACLE)
      await world.until(async () => (await world.progress("message:1")).obstacles.length > 0)
      world.provider.makeRoom(3)
      await world.until(async () => (await world.progress("message:1")).obstacles.length === 0)
      await pass(world, expiresAt - world.clock.now())
      await world.untilDone("message:1")
      expect((await expired(world)).map(([reason]) => reason)).toEqual(["no_turn"])
      await world.drain()
    })

    test("a pause that the provider asked for, and answers that came to nothing", async () => {
      const world = await open({
        react: () => ({
          outcome: { kind: "throttled", reason: "QUOTA", scope: "credential", afterMs: 3_000_000 },
          afterMs: 20,
        }),
      })
      await world.register(500)
      world.engine.start()
      const { expiresAt } = await world.publish("message:1", { expiresAt: world.clock.now() + 100_000 })
      await pass(world, expiresAt - world.clock.now())
      await world.untilDone("message:1")
      const { counts } = await world.progress("message:1")
      expect(counts.expired).toBeGreaterThan(0)
      expect((counts.expired ?? 0) + (counts.retries_exhausted ?? 0)).toBe(500)
      expect((await expired(world)).map(([reason]) => reason)).toEqual(["credential_throttled"])
      await world.drain()
    })

    test("a pause of the message outlives whatever else they waited for", async () => {
      const world = await open({ room: 0 })
      world.provider.makeRoom(0, OBSTACLE)
      await world.register(20)
      world.engine.start()
      const { expiresAt } = await world.publish("message:1", soon(world))
      await pass(world, 5_000)
      await world.change("message:1", "paused")
      await pass(world, expiresAt - world.clock.now())
      await world.untilDone("message:1")
      expect(await expired(world)).toEqual([["message_paused", 20]])
      await world.drain()
    })

    test("a device that was tried keeps what it was answered, one whose turn never came is told so", async () => {
      const world = await open({
        react: () => ({
          outcome: { kind: "retry_later", reason: "status 503", afterMs: 50_000 },
          afterMs: 20,
        }),
      })
      await world.register(1)
      world.engine.start()
      const { expiresAt } = await world.publish("message:1", { expiresAt: world.clock.now() + 60_000 })
      await world.until(async () => (await world.progress("message:1")).retrying === 1)
      await world.drain()
      await world.publishQuietly("message:2", { expiresAt })
      await pass(world, expiresAt - world.clock.now())
      const next = world.open("node-2")
      next.start()
      await world.untilDone("message:1")
      await world.untilDone("message:2")
      expect(await expired(world)).toEqual([["status 503", 1]])
      expect((await world.progress("message:2")).reasons).toEqual([
        { kind: "expired", reason: "no_turn", count: 1 },
      ])
      await world.drain(next)
    })

    test("devices of a provider that works do not take over what others wait for", async () => {
      const providers = new Map<Platform, FakeProvider>()
      const carriers = new Map<Platform, FakeCarrier>()
      const world = await open({ find: (platform) => carriers.get(platform) })
      for (const platform of ["android", "ios"] as const) {
        const provider = new FakeProvider({ clock: world.clock, ...(platform === "ios" && { room: 0 }) })
        providers.set(platform, provider)
        carriers.set(platform, new FakeCarrier(platform, provider))
      }
      providers.get("ios")?.makeRoom(0, OBSTACLE)
      await world.register(150)
      await world.register(150, { os: "IOS" })
      world.engine.start()
      const { expiresAt } = await world.publish("message:1", { expiresAt: world.clock.now() + 30_000 })
      await pass(world, expiresAt - world.clock.now())
      await world.untilDone("message:1")
      expect((await world.progress("message:1")).counts).toEqual({ accepted: 150, expired: 150 })
      expect(await expired(world)).toEqual([[OBSTACLE, 150]])
      await world.drain()
    })
  })
}
