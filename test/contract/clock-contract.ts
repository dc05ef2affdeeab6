import { describe, expect, it } from "vitest"
import { LEASE_MS, LEFT, MessageWorld, type OpenMessageStore, retryOf } from "./message-world.ts"

const HOUR_MS = 3_600_000
const DELAY_MS = 60_000

/** What was due by a clock that was ahead and has been set right. */
export function clockContract(name: string, open: OpenMessageStore): void {
  describe(`${name}: a clock that is set back`, () => {
    it("lets the lease of a node that crashed end no later than one taken now", async () => {
      await using world = await MessageWorld.open(open)
      await world.register("phone")
      await world.publish()
      await world.claimed("any", "A")
      world.now -= HOUR_MS
      expect(await world.claim("any", "B")).toBeUndefined()
      expect(await world.store.segments.nextDue(world.now)).toBe(world.now + LEASE_MS)
      world.now += LEASE_MS
      expect((await world.claimed("any", "B")).claim.epoch).toBe(2)
    })

    it("leaves the lease to a node that lives", async () => {
      await using world = await MessageWorld.open(open)
      await world.register("phone")
      await world.publish()
      const held = await world.claimed("any", "A")
      world.now -= HOUR_MS
      expect(await world.claim("any", "B")).toBeUndefined()
      expect(await world.checkpoint(held, {})).toMatchObject({ state: "running" })
    })

    it.each([false, true])(
      "keeps no segment that was given back for longer than a lease (restart: %s)",
      async (isRestart) => {
        await using world = await MessageWorld.open(open, { durable: isRestart })
        await world.register("phone")
        await world.publish()
        const { claim } = await world.claimed()
        await world.store.segments.release(claim, world.now, world.now)
        world.now -= HOUR_MS
        if (isRestart) await world.reopen()
        expect(await world.claim()).toBeUndefined()
        world.now += LEASE_MS
        expect(await world.claimed()).toMatchObject({ kind: "audience" })
      },
    )

    it.each([false, true])(
      "makes a retry due after its delay, counted anew (restart: %s)",
      async (isRestart) => {
        await using world = await MessageWorld.open(open, { durable: isRestart })
        const phone = await world.register("phone")
        await world.publish()
        const audience = await world.claimed()
        const retries = [retryOf(phone, { notBefore: world.now + DELAY_MS })]
        await world.store.segments.finish(audience.claim, world.at(audience, { retries }), LEFT)
        world.now -= HOUR_MS
        if (isRestart) await world.reopen()
        expect(await world.claim()).toBeUndefined()
        expect(await world.store.segments.nextDue(world.now)).toBe(world.now + DELAY_MS)
        world.now += DELAY_MS
        const { claim, kind } = await world.claimed()
        expect(kind).toBe("retry")
        expect(await world.retries(claim)).toMatchObject([{ registration: phone }])
      },
    )

    it("changes nothing of a delay where it was not: a restart is none", async () => {
      await using world = await MessageWorld.open(open, { durable: true })
      const phone = await world.register("phone")
      await world.publish()
      const audience = await world.claimed()
      const due = world.now + DELAY_MS
      const retries = [retryOf(phone, { notBefore: due })]
      await world.store.segments.finish(audience.claim, world.at(audience, { retries }), LEFT)
      world.now += 1
      await world.reopen()
      expect(await world.claim()).toBeUndefined()
      expect(await world.store.segments.nextDue(world.now)).toBe(due)
    })
  })
}
