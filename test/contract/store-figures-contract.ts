import { describe, expect, it } from "vitest"
import type { Store } from "../../src/store/store.ts"
import { LEASE_MS, MessageWorld } from "./message-world.ts"
import { NOBODY, type OpenStore } from "./store-world.ts"

/** The law of Store.figures. */
export function storeFiguresContract(name: string, open: OpenStore): void {
  async function openWorld() {
    let store: Store | undefined
    const world = await MessageWorld.open(async (options) => {
      const opened = await open(options)
      store = opened.store
      return opened
    })
    return Object.assign(world, {
      figures: () => (store as Store).figures(),
      probe: () => (store as Store).probe(),
    })
  }

  describe(`${name}: figures of the store`, () => {
    it("count the registrations of all applications, wherever they are on their way", async () => {
      await using world = await openWorld()
      expect((await world.figures()).registrations).toEqual(NOBODY)
      const other = await world.addApplication("APP-2")
      await world.registerMany(7)
      await world.register("apple", { os: "IOS" })
      await world.register("apple", { os: "IOS" }, other)
      await world.register("odd", { os: "toaster" }, other)
      expect((await world.figures()).registrations).toEqual({ ...NOBODY, android: 7, ios: 2, other: 1 })
      await world.store.devices.unregister(other, "apple", world.now)
      expect((await world.figures()).registrations.ios).toBe(1)
    })

    it("count open segments, and say how old the oldest message is that has one", async () => {
      await using world = await openWorld()
      await world.registerMany(3)
      expect(await world.figures()).toMatchObject({ openSegments: 0, oldestAcceptedAt: undefined })
      const first = await world.publish()
      const since = world.now
      world.now += 1_000
      await world.publish()
      expect(await world.figures()).toMatchObject({ openSegments: 2, oldestAcceptedAt: since })
      await world.finish(await world.claimed())
      expect((await world.progress(first)).message.state).toBe("finished")
      expect(await world.figures()).toMatchObject({ openSegments: 1, oldestAcceptedAt: since + 1_000 })
      // One that somebody works on is open as well.
      const claimed = await world.claimed()
      expect(await world.figures()).toMatchObject({ openSegments: 1 })
      world.now += LEASE_MS
      await world.finish(await world.claimed())
      expect(claimed.message.id).not.toBe(first.id)
      expect(await world.figures()).toMatchObject({ openSegments: 0, oldestAcceptedAt: undefined })
    })

    it("leave out messages that are paused, which nobody waits for", async () => {
      await using world = await openWorld()
      await world.registerMany(1)
      const message = await world.publish()
      await world.changeState(message, ["running"], "paused")
      expect(await world.figures()).toMatchObject({ openSegments: 0, oldestAcceptedAt: undefined })
    })

    it("say how long each group of writes took", async () => {
      await using world = await openWorld()
      const total = ({ counts }: { readonly counts: readonly number[] }) => counts.reduce((a, b) => a + b, 0)
      const before = (await world.figures()).commits
      await world.probe()
      await world.probe()
      const after = (await world.figures()).commits
      expect(total(after)).toBe(total(before) + 2)
      expect(after.sum).toBeGreaterThan(before.sum)
      expect(after.counts).toHaveLength(after.bounds.length + 1)
    })
  })
}
