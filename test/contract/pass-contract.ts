import { describe, expect, it } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import { FIRST_PASS } from "../../src/store/message-store.ts"
import { ACCEPTED, LEASE_MS, LEFT, MessageWorld, type OpenMessageStore, retryOf } from "./message-world.ts"

const SYSTEMS = ["ANDROID", "IOS", "WP"] as const
const REJECTED: Outcome = { kind: "payload_rejected", reason: "size" }
const EXPIRED: Outcome = { kind: "expired", reason: "others_waiting" }

/** That a segment may be gone over again for those who were left out (ADR 28). */
export function passContract(name: string, open: OpenMessageStore): void {
  /** `registerMany` with one system after the other. */
  async function mixed(world: MessageWorld, count: number): Promise<number[]> {
    const numbers: number[] = []
    for (let index = 0; index < count; index += 1) {
      numbers.push(await world.register(`d${index}`, { os: SYSTEMS[index % SYSTEMS.length]! }))
    }
    return numbers
  }

  describe(`${name}: passes`, () => {
    it("the first pass is for everybody; what a checkpoint says of a pass is kept, also over a restart", async () => {
      await using world = await MessageWorld.open(open, { durable: true })
      const numbers = await mixed(world, 6)
      await world.publish()
      const claimed = await world.claimed()
      expect(claimed.pass).toEqual(FIRST_PASS)
      const pass = { only: undefined, later: { fcm: numbers[0]! - 1 } }
      await world.checkpoint(claimed, { pass, reserved: numbers[2]! })
      await world.reopen()
      world.now += LEASE_MS
      const next = await world.claimed()
      expect(next).toMatchObject({ pass, reserved: numbers[2]! })
      const second = { only: { fcm: numbers[0]! - 1, wns: 7 }, later: { wns: numbers[2]! } }
      await world.checkpoint(next, { pass: second })
      await world.store.segments.release(next.claim, world.now, world.now)
      expect((await world.claimed()).pass).toEqual(second)
    })

    it("a device that is settled behind a cursor that returned counts once, and has its own outcome", async () => {
      await using world = await MessageWorld.open(open)
      const numbers = await mixed(world, 9)
      const message = await world.publish()
      const first = await world.claimed()
      const left = numbers.filter((_, index) => index % SYSTEMS.length === 0)
      const others = numbers.filter((number) => !left.includes(number))
      const settled = others.map((registration) => ({ registration, outcome: ACCEPTED }))
      const start = left[0]! - 1
      const later = { only: undefined, later: { fcm: start } }
      await world.checkpoint(first, {
        cursor: numbers.at(-1)!,
        reserved: numbers.at(-1)!,
        settled,
        pass: later,
      })
      const turned = { cursor: start, reserved: start, pass: { only: { fcm: start }, later: {} } }
      await world.checkpoint(first, turned)
      await world.checkpoint(first, turned)
      expect(await world.outcome(message, left[1]!)).toEqual({ state: "pending", obstacle: "" })
      expect(await world.progress(message)).toMatchObject({ counts: { accepted: 6 }, pending: 3 })

      await world.store.segments.release(first.claim, world.now, world.now)
      const second = await world.claimed()
      expect(second).toMatchObject({ ...turned, doneAbove: [] })
      const rejected = [{ registration: left[1]!, outcome: REJECTED }]
      const position = { cursor: start, reserved: left[1]!, doneAbove: [left[1]!], settled: rejected }
      await world.checkpoint(second, position)
      await world.checkpoint(second, position)
      await world.store.devices.unregister(world.application, "d0", world.now)
      const retries = [retryOf(left[2]!)]
      await world.store.segments.finish(second.claim, world.at(second, { ...position, retries }), LEFT)
      const { counts, pending, retrying } = await world.progress(message)
      expect({ counts, pending, retrying }).toEqual({
        counts: { accepted: 6, payload_rejected: 1, suppressed: 1 },
        pending: 1,
        retrying: 1,
      })
      for (const registration of others) {
        expect(await world.outcome(message, registration)).toMatchObject({ outcome: ACCEPTED })
      }
      expect(await world.outcome(message, left[1]!)).toMatchObject({ outcome: REJECTED })
    })

    it("whoever was left out when the message ends is counted with the rest, and told so", async () => {
      await using world = await MessageWorld.open(open)
      const numbers = await mixed(world, 6)
      const message = await world.publish()
      const claimed = await world.claimed()
      const settled = [1, 2].map((index) => ({ registration: numbers[index]!, outcome: ACCEPTED }))
      const pass = { only: undefined, later: { fcm: 0 } }
      const progress = world.at(claimed, { cursor: numbers[2]!, reserved: numbers[2]!, settled, pass })
      await world.store.segments.finish(claimed.claim, progress, EXPIRED)
      expect(await world.progress(message)).toMatchObject({ counts: { accepted: 2, expired: 4 }, pending: 0 })
      expect(await world.outcome(message, numbers[0]!)).toMatchObject({ outcome: EXPIRED })
    })

    it("who waits for another attempt is counted for the provider that it had, also after leaving", async () => {
      await using world = await MessageWorld.open(open)
      const [a, b, c, d] = (await mixed(world, 4)) as [number, number, number, number]
      const message = await world.publish()
      const audience = await world.claimed()
      const entries = (["fcm", "apns", "wns", undefined] as const).map((provider, index) =>
        retryOf([a, b, c, d][index]!, { provider, notBefore: world.now }),
      )
      const answer = await world.checkpoint(audience, { cursor: d, retries: entries })
      expect(answer?.retrying).toEqual({ apns: 1, fcm: 1, wns: 1 })
      await world.store.devices.unregister(world.application, "d1", world.now)
      const { claim } = await world.claimed()
      const replaced = retryOf(b, { notBefore: world.now, provider: undefined })
      const { segments } = world.store
      const after = await segments.checkpointRetries(claim, world.retryProgress({ retries: [replaced] }))
      expect(after?.retrying).toEqual({ apns: 1, fcm: 1, wns: 1 })
      const settled = [b, d].map((registration) => ({ registration, outcome: ACCEPTED }))
      const last = await segments.checkpointRetries(claim, world.retryProgress({ settled }))
      expect(last?.retrying).toEqual({ apns: 0, fcm: 1, wns: 1 })
      expect((await world.progress(message)).retrying).toBe(2)
    })
  })
}
