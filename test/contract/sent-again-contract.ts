import { describe, expect, it } from "vitest"
import type { Message, SoughtOutcome } from "../../src/domain/message.ts"
import type { Outcome } from "../../src/domain/outcome.ts"
import {
  ACCEPTED,
  type DeviceOptions,
  LEFT,
  MessageWorld,
  type OpenMessageStore,
  retryOf,
} from "./message-world.ts"

const FAILED: Outcome = { kind: "retries_exhausted", reason: "status 503" }
const EXPIRED: Outcome = { kind: "expired", reason: "no_turn" }

/** A message that is sent again is for those that the first one failed for, however many, and for nobody else. */
export function sentAgainContract(name: string, open: OpenMessageStore): void {
  describe(`${name}: sending again`, () => {
    it("is for those who had the outcome and stayed, in slices, whatever became of the others", async () => {
      await using world = await MessageWorld.open(open, { segmentDevices: 3 })
      const numbers = await world.registerMany(20)
      const message = await world.publish()
      await settle(world, (registration) => (registration % 2 === 0 ? FAILED : ACCEPTED))
      const even = numbers.filter((registration) => registration % 2 === 0)
      await world.store.devices.unregister(world.application, `d${numbers.indexOf(even[0]!)}`, world.now)
      await world.register(`d${numbers.indexOf(even[0]!)}`)
      await world.register("late")

      const failed = await world.store.messages.failedDevices(message.number, [{ kind: "retries_exhausted" }])
      expect(failed.matched).toBe(10)
      expect(failed.slices.map(({ devices }) => devices)).toEqual([3, 3, 3])
      const again = await sendAgain(world, message, [{ kind: "retries_exhausted" }])
      expect(again).toMatchObject({ audienceSize: 9, state: "running", again: { messageId: message.id } })
      expect(await world.store.messages.byId(world.application, again.id)).toEqual(again)
      expect(await receivers(world, again)).toEqual(even.slice(1))
      for (const registration of numbers) {
        const outcome = await world.outcome(again, registration)
        if (even.indexOf(registration) > 0) expect(outcome).toMatchObject({ outcome: ACCEPTED })
        else expect(outcome).toMatchObject({ state: "not_in_audience" })
      }
      expect(await world.progress(again)).toMatchObject({ counts: { accepted: 9 }, pending: 0 })
    })

    it.each([
      ["expired", EXPIRED, undefined],
      ["cancelled", { kind: "cancelled" } as Outcome, undefined],
      ["expired", EXPIRED, ["d1", "d3", "d6", "d7"]],
    ] as const)("reaches those that a message that was %s had not come to", async (kind, rest, deviceIds) => {
      await using world = await MessageWorld.open(open, { segmentDevices: 3 })
      const numbers = await world.registerMany(8)
      await world.register("tizen", { os: "TIZEN" })
      const message = await world.publish({}, deviceIds === undefined ? {} : { deviceIds })
      const first = await world.claimed()
      const [sent] = await world.registrations(first)
      const settled = [{ registration: sent!, outcome: ACCEPTED }]
      const [retried] = (await world.registrations(first)).slice(1)
      const retries = [retryOf(retried!, { notBefore: world.now })]
      await world.store.segments.finish(first.claim, world.at(first, { settled, retries }), rest)
      await endAll(world, rest)
      await world.register("late")

      const again = await sendAgain(world, message, [{ kind }])
      const audience =
        deviceIds === undefined ? [...numbers, 9] : deviceIds.map((id) => numbers[Number(id[1])]!)
      const expected = audience.filter((registration) => registration !== sent)
      expect(again).toMatchObject({
        audienceSize: expected.length,
        unsupported: deviceIds === undefined ? 1 : 0,
      })
      expect(await world.outcome(again, expected.at(-1)!)).toEqual({ state: "pending", obstacle: "" })
      expect(await world.outcome(again, sent!)).toMatchObject({
        state: "not_in_audience",
        because: "not_named",
      })
      expect(await receivers(world, again)).toEqual(expected)
    })

    it("a second and a third time is for those whom the last one failed for as well", async () => {
      await using world = await MessageWorld.open(open, { segmentDevices: 2 })
      const numbers = await world.registerMany(9)
      const first = await world.publish()
      await settle(world, (registration) => (registration <= numbers[6]! ? FAILED : ACCEPTED))
      const second = await sendAgain(world, first, [{ kind: "retries_exhausted" }])
      await endAll(world, EXPIRED)
      const third = await sendAgain(world, second, [{ kind: "expired" }])
      expect(third.audienceSize).toBe(7)
      await settle(world, (registration) => (registration <= numbers[1]! ? FAILED : ACCEPTED))
      const fourth = await sendAgain(world, third, [{ kind: "retries_exhausted" }])
      expect(await receivers(world, fourth)).toEqual(numbers.slice(0, 2))
      expect(await world.outcome(third, numbers[8]!)).toMatchObject({ state: "not_in_audience" })
      expect(await world.outcome(fourth, numbers[5]!)).toMatchObject({ state: "not_in_audience" })
    })

    it("with a reason is for those who had that one, and of the platforms that the first was for", async () => {
      await using world = await MessageWorld.open(open)
      const options = (index: number): DeviceOptions => ({ os: index % 2 === 0 ? "IOS" : "ANDROID" })
      for (let index = 0; index < 6; index += 1) await world.register(`p${index}`, options(index))
      const message = await world.publish({}, { platforms: ["ios"] })
      const without: Outcome = { kind: "suppressed", reason: "no_credential" }
      await settle(world, (registration) => (registration === 1 ? LEFT : without))
      const sought = [{ kind: "suppressed", reason: "no_credential" }] as const
      const again = await sendAgain(world, message, sought)
      expect(again.again?.outcomes).toEqual(sought)
      expect(await receivers(world, again)).toEqual([3, 5])
    })

    it("counts who leaves before the turn comes, and finds nobody where nobody is left", async () => {
      await using world = await MessageWorld.open(open)
      await world.registerMany(3)
      const message = await world.publish()
      await settle(world, () => FAILED)
      const again = await sendAgain(world, message, [{ kind: "retries_exhausted" }])
      await world.leave("d0", "news")
      await world.register("d0")
      expect(await receivers(world, again)).toEqual([2, 3])
      expect((await world.progress(again)).counts).toEqual({ accepted: 2, suppressed: 1 })
      for (const deviceId of ["d1", "d2"])
        await world.store.devices.unregister(world.application, deviceId, world.now)
      const failed = await world.store.messages.failedDevices(message.number, [{ kind: "retries_exhausted" }])
      expect(failed).toEqual({ matched: 3, slices: [] })
      const accepted = await world.store.messages.failedDevices(message.number, [{ kind: "accepted" }])
      expect(accepted).toEqual({ matched: 0, slices: [] })
    })

    it("with a repeated key is told of the first, and survives a restart", async () => {
      await using world = await MessageWorld.open(open, { durable: true })
      await world.registerMany(2)
      const message = await world.publish()
      await settle(world, () => FAILED)
      const idempotency = { scope: "s", key: "k", requestHash: "h" }
      expect(await world.store.messages.replayed(idempotency)).toBeUndefined()
      const again = await sendAgain(world, message, [{ kind: "retries_exhausted" }], idempotency)
      expect(await world.store.messages.replayed(idempotency)).toEqual(again)
      await expect(world.store.messages.replayed({ ...idempotency, requestHash: "other" })).rejects.toThrow(
        /another request/,
      )
      await world.reopen()
      expect(await world.store.messages.replayed(idempotency)).toEqual(again)
      expect(await receivers(world, again)).toEqual([1, 2])
    })
  })
}

/** As the engine does it: everybody in one way, then the rest is nobody. */
async function settle(world: MessageWorld, outcomeOf: (registration: number) => Outcome): Promise<void> {
  for (let claimed = await world.claim(); claimed !== undefined; claimed = await world.claim()) {
    const settled = (await world.registrations(claimed)).map((registration) => ({
      registration,
      outcome: outcomeOf(registration),
    }))
    await world.store.segments.finish(claimed.claim, world.at(claimed, { settled }), LEFT)
  }
}

/** Ends every segment and retry without sending. */
async function endAll(world: MessageWorld, rest: Outcome): Promise<void> {
  for (let claimed = await world.claim(); claimed !== undefined; claimed = await world.claim()) {
    const { claim, kind } = claimed
    if (kind === "audience") {
      await world.store.segments.finish(claim, world.at(claimed), rest)
      continue
    }
    const settled = (await world.retries(claim)).map(({ registration }) => ({ registration, outcome: rest }))
    await world.store.segments.checkpointRetries(claim, world.retryProgress({ settled }))
  }
}

async function sendAgain(
  world: MessageWorld,
  message: Message,
  outcomes: readonly SoughtOutcome[],
  idempotency: Parameters<typeof world.store.messages.replayed>[0] | undefined = undefined,
): Promise<Message> {
  const { slices } = await world.store.messages.failedDevices(message.number, outcomes)
  const { platforms } = message.audience
  const again = { messageId: message.id, outcomes }
  const sent = await world.store.messages.publish(
    world.newMessage({ again, idempotency }, { platforms }),
    slices,
  )
  return sent.message
}

/** Delivers everything, and says who got it. */
async function receivers(world: MessageWorld, message: Message): Promise<number[]> {
  const found: number[] = []
  for (let claimed = await world.claim(); claimed !== undefined; claimed = await world.claim()) {
    if (claimed.message.id === message.id) found.push(...(await world.registrations(claimed)))
    await world.finish(claimed)
  }
  return found.sort((a, b) => a - b)
}
