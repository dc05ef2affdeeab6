import { describe, expect, it } from "vitest"
import { LEFT, MessageWorld, type OpenMessageStore, retryOf } from "./message-world.ts"

/** Registrations that expire are removed before what else they left behind: no audience may have them meanwhile. */
export function expiredAudienceContract(name: string, open: OpenMessageStore): void {
  describe.each([false, true])(`${name}: audiences after removals (tidied up: %s)`, (isTidied) => {
    /** Everything that has expired, and perhaps what it left. */
    async function remove({ store: { devices }, now }: MessageWorld): Promise<void> {
      await devices.removeExpired(now, 1000)
      while (isTidied && (await devices.tidy()));
    }

    /** So many devices in one channel, every third on iOS; after a publish all expire but those that stay. */
    async function expired(world: MessageWorld, count: number, stay: (index: number) => boolean) {
      const expiresAt = world.now + 1000
      const numbers: number[] = []
      for (let index = 0; index < count; index++) {
        const os = index % 3 === 0 ? "IOS" : "ANDROID"
        numbers.push(await world.register(`d${index}`, { os, ...(!stay(index) && { expiresAt }) }))
      }
      const before = await world.publish()
      world.now = expiresAt
      await remove(world)
      return { numbers, before }
    }

    it("a message that is published then is for nobody of them, and its segments add up", async () => {
      await using world = await MessageWorld.open(open, { segmentDevices: 4 })
      const { numbers } = await expired(world, 40, (index) => index % 4 === 1 || index > 30)
      await world.deliverAll()
      const message = await world.publish()
      const slices: number[][] = []
      for (let claimed = await world.claim(); claimed !== undefined; claimed = await world.claim()) {
        slices.push(await world.registrations(claimed))
        await world.finish(claimed)
      }
      expect(slices.flat()).toEqual(numbers.filter((_, index) => index % 4 === 1 || index > 30))
      expect(Math.max(...slices.map(({ length }) => length))).toBe(4)
      expect(await world.progress(message)).toMatchObject({ counts: { accepted: 17 }, pending: 0 })
    })

    it("so do the segments of a narrowed audience", async () => {
      await using world = await MessageWorld.open(open, { segmentDevices: 3 })
      const stays = (index: number) => index % 6 === 3 || index > 50
      await expired(world, 60, stays)
      await world.deliverAll()
      const message = await world.publish({}, { platforms: ["ios"] })
      await world.deliverAll()
      const { counts, pending, reasons } = await world.progress(message)
      expect({ counts, pending, reasons: reasons.length }).toEqual({
        counts: { accepted: 11 },
        pending: 0,
        reasons: 1,
      })
    })

    it("in a message that was published before they count with the rest", async () => {
      await using world = await MessageWorld.open(open, { segmentDevices: 4 })
      const { numbers, before } = await expired(world, 20, (index) => index % 2 === 0)
      await world.deliverAll()
      const { counts, pending, reasons } = await world.progress(before)
      expect({ counts, pending }).toEqual({ counts: { accepted: 10, suppressed: 10 }, pending: 0 })
      expect(reasons).toContainEqual({ kind: "suppressed", reason: "left_audience", count: 10 })
      expect(await world.outcome(before, numbers[1]!)).toMatchObject({ because: "not_in_channel" })
    })

    it("who waits for a retry comes with an empty token and no platform", async () => {
      await using world = await MessageWorld.open(open)
      const gone = await world.register("gone", { expiresAt: world.now + 10 })
      const there = await world.register("there")
      await world.publish()
      const claimed = await world.claimed()
      const retries = [retryOf(gone), retryOf(there)]
      await world.store.segments.finish(claimed.claim, world.at(claimed, { retries }), LEFT)
      world.now += 10
      await remove(world)
      const due = await world.retries((await world.claimed()).claim)
      expect(due).toMatchObject([
        { registration: gone, token: "", platform: undefined, receives: false },
        { registration: there, token: "token of there", platform: "android", receives: true },
      ])
    })

    it("their channel is deleted as if they had never been in it", async () => {
      await using world = await MessageWorld.open(open)
      await expired(world, 9, (index) => index < 2)
      const { channels, devices } = world.store
      expect(await channels.delete(world.application, "news")).toBe(true)
      while ((await channels.removeMembersOfDeleted(2, world.now)) > 0);
      while (await devices.tidy());
      const { channel } = await channels.create(world.application, "news", world.now)
      expect(Object.values(await channels.count(channel.number)).some((count) => count !== 0)).toBe(false)
      expect(Object.values(await devices.count(world.application)).some((count) => count !== 0)).toBe(false)
    })

    it("who is there again is in the audience as a new registration", async () => {
      await using world = await MessageWorld.open(open)
      await expired(world, 6, () => false)
      await world.deliverAll()
      const again = await world.registerMany(6)
      const message = await world.publish()
      expect(await world.registrations(await world.claimed())).toEqual(again)
      expect(message.audienceSize).toBe(6)
    })
  })
}
