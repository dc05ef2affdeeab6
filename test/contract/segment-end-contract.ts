import { describe, expect, it } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import { expiredAudienceContract } from "./expired-audience-contract.ts"
import {
  ACCEPTED,
  LEASE_MS,
  LEFT,
  MessageWorld,
  type OpenMessageStore,
  retryOf,
  waitingForFcm,
} from "./message-world.ts"

/** How the work on a message goes on after a failure, and how it ends. */
export function segmentEndContract(name: string, open: OpenMessageStore): void {
  describe(`${name}: retries and ends`, () => {
    retries(open)
    endings(open)
    restarts(open)
  })
  expiredAudienceContract(name, open)
}

function retries(open: OpenMessageStore): void {
  /** A message whose devices all wait for a retry, in the order of `delays`; the audience segment is done. */
  async function waiting(world: MessageWorld, delays: readonly number[]) {
    const numbers = await world.registerMany(delays.length)
    const message = await world.publish()
    const entries = numbers.map((number, index) => retryOf(number, { notBefore: world.now + delays[index]! }))
    const audience = await world.claimed()
    await world.store.segments.finish(audience.claim, world.at(audience, { retries: entries }), LEFT)
    return { numbers, message }
  }

  it("the retry list can be claimed when one of its devices is due, the earliest first", async () => {
    await using world = await MessageWorld.open(open)
    const { numbers, message } = await waiting(world, [300, 100, 200])
    expect((await world.progress(message)).retrying).toBe(3)
    expect(await world.store.segments.nextDue(world.now)).toBe(world.now + 100)
    expect(await world.claim()).toBeUndefined()
    world.now += 200
    const claimed = await world.claimed("express")
    expect(claimed).toMatchObject({ kind: "retry", message: { id: message.id } })
    const due = await world.retries(claimed.claim)
    expect(due).toEqual(
      [numbers[1]!, numbers[2]!].map((registration) => ({
        registration,
        token: `token of d${numbers.indexOf(registration)}`,
        platform: "android",
        expiresAt: undefined,
        registeredAt: world.now - 200,
        receives: true,
        attempts: 1,
        copies: 0,
        reason: "busy",
        uncertain: false,
      })),
    )
    expect(await world.retries(claimed.claim, 1)).toEqual(due.slice(0, 1))
  })

  it("a device that left meanwhile comes with an empty token, also when it joined again", async () => {
    await using world = await MessageWorld.open(open)
    const { numbers } = await waiting(world, [0, 0, 0])
    await world.store.devices.unregister(world.application, "d0", world.now)
    await world.register("d2", { channels: ["sport"] })
    await world.leave("d2", "news")
    await world.register("d2")
    const due = await world.retries((await world.claimed()).claim)
    expect(due.map(({ registration, token }) => [registration, token])).toEqual([
      [numbers[0], ""],
      [numbers[1], "token of d1"],
      [numbers[2], ""],
    ])
  })

  it("a device reserved by its present owner is in flight; after a crash it is uncertain", async () => {
    await using world = await MessageWorld.open(open)
    const { numbers } = await waiting(world, [0, 1, 50_000])
    world.now += 1
    const first = await world.claimed()
    const { segments } = world.store
    await segments.checkpointRetries(first.claim, world.retryProgress({ reserve: [numbers[0]!] }))
    expect((await world.retries(first.claim)).map(({ registration }) => registration)).toEqual([numbers[1]])
    world.now += LEASE_MS
    const second = await world.claimed()
    expect(await world.retries(second.claim)).toMatchObject([
      { registration: numbers[0], uncertain: true },
      { registration: numbers[1], uncertain: false },
    ])
    const answer = await segments.checkpointRetries(
      second.claim,
      world.retryProgress({
        retries: [retryOf(numbers[0]!, { attempts: 2, copies: 1, notBefore: world.now, reason: "reset" })],
      }),
    )
    expect(answer).toEqual({ state: "running", retrying: waitingForFcm(3) })
    world.now += LEASE_MS
    const third = await world.claimed()
    expect((await world.retries(third.claim)).at(-1)).toMatchObject({
      registration: numbers[0],
      attempts: 2,
      copies: 1,
      uncertain: false,
    })
  })

  it("settled retries leave the list; the last one finishes the message", async () => {
    await using world = await MessageWorld.open(open)
    const { numbers, message } = await waiting(world, [0, 0])
    const { claim } = await world.claimed()
    const settle = (registration: number, outcome: Outcome) =>
      world.store.segments.checkpointRetries(
        claim,
        world.retryProgress({ settled: [{ registration, outcome }] }),
      )
    expect(await settle(numbers[0]!, ACCEPTED)).toEqual({ state: "running", retrying: waitingForFcm(1) })
    expect(await settle(numbers[0]!, ACCEPTED)).toEqual({ state: "running", retrying: waitingForFcm(1) })
    const outcome = { kind: "retries_exhausted", reason: "busy" } as const
    expect(await settle(numbers[1]!, outcome)).toEqual({ state: "finished", retrying: waitingForFcm(0) })
    const counts = { accepted: 1, retries_exhausted: 1 }
    expect(await world.progress(message)).toMatchObject({ counts, pending: 0, retrying: 0 })
    expect(await world.outcome(message, numbers[1]!)).toMatchObject({ state: "settled", outcome })
    expect(await world.store.segments.nextDue(world.now)).toBeUndefined()
  })

  it("a device that is not in the list is neither settled nor put on it by a retry checkpoint", async () => {
    await using world = await MessageWorld.open(open)
    const { numbers, message } = await waiting(world, [0])
    const stranger = await world.register("stranger")
    const { claim } = await world.claimed()
    const progress = world.retryProgress({
      settled: [{ registration: stranger, outcome: ACCEPTED }],
      retries: [retryOf(stranger + 1)],
      reserve: [stranger + 2],
    })
    expect(await world.store.segments.checkpointRetries(claim, progress)).toEqual({
      state: "running",
      retrying: waitingForFcm(1),
    })
    expect(await world.progress(message)).toMatchObject({ counts: {}, pending: 1, retrying: 1 })
    expect((await world.retries(claim)).map(({ registration }) => registration)).toEqual(numbers)
  })

  it("a retry list without devices ends when it is released, and opens again for later ones", async () => {
    await using world = await MessageWorld.open(open)
    const [a, b] = (await world.registerMany(2)) as [number, number]
    const message = await world.publish()
    const audience = await world.claimed()
    await world.checkpoint(audience, { cursor: a, retries: [retryOf(a, { notBefore: world.now })] })
    const first = await world.claimed()
    const settled = [{ registration: a, outcome: ACCEPTED }]
    await world.store.segments.checkpointRetries(first.claim, world.retryProgress({ settled }))
    await world.store.segments.release(first.claim, world.now, world.now)
    expect(await world.claim()).toBeUndefined()
    const rest = { cursor: b, retries: [retryOf(b, { notBefore: world.now })] }
    await world.store.segments.finish(audience.claim, { ...world.at(audience), ...rest }, LEFT)
    await world.changeState(message, ["running"], "paused")
    await world.changeState(message, ["paused"], "running")
    const second = await world.claimed()
    expect(second).toMatchObject({ kind: "retry", message: { id: message.id } })
    expect((await world.retries(second.claim)).map(({ registration }) => registration)).toEqual([b])
    await world.store.segments.checkpointRetries(
      second.claim,
      world.retryProgress({ settled: [{ registration: b, outcome: ACCEPTED }] }),
    )
    expect((await world.progress(message)).message.state).toBe("finished")
    for (const registration of [a, b]) {
      expect(await world.outcome(message, registration)).toMatchObject({ outcome: { kind: "accepted" } })
    }
  })

  it("a released retry list is claimed when its next device is due, not before the time it was released until", async () => {
    await using world = await MessageWorld.open(open)
    await waiting(world, [100, 5_000])
    world.now += 100
    const first = await world.claimed()
    const retry = retryOf((await world.retries(first.claim))[0]!.registration, { notBefore: world.now + 900 })
    await world.store.segments.checkpointRetries(first.claim, world.retryProgress({ retries: [retry] }))
    await world.store.segments.release(first.claim, world.now + 50, world.now)
    expect(await world.store.segments.nextDue(world.now)).toBe(world.now + 900)
    world.now += 900
    const second = await world.claimed()
    await world.store.segments.release(second.claim, world.now + 50, world.now)
    expect(await world.store.segments.nextDue(world.now)).toBe(world.now + 50)
  })

  it.each(["cancelled", "expired"] as const)("every retry of a message that is %s is due", async (why) => {
    await using world = await MessageWorld.open(open)
    const { message, numbers } = await waiting(world, [90_000_000, 95_000_000])
    expect(await world.store.segments.nextDue(world.now)).toBe(message.expiresAt)
    if (why === "cancelled") await world.changeState(message, ["running"], "cancelled")
    else world.now = message.expiresAt
    const { claim } = await world.claimed()
    const due = await world.retries(claim)
    expect(due.map(({ registration }) => registration)).toEqual(numbers)
    const settled = due.map(({ registration }) => ({ registration, outcome: outcomeOf(why) }))
    await world.store.segments.checkpointRetries(claim, world.retryProgress({ settled }))
    const { counts, pending, message: after } = await world.progress(message)
    expect({ counts, pending }).toEqual({ counts: { [why]: 2 }, pending: 0 })
    expect(after.state).toBe(why === "cancelled" ? "cancelled" : "failed")
  })

  it("the retries of a paused message wait", async () => {
    await using world = await MessageWorld.open(open)
    const { message } = await waiting(world, [0])
    await world.changeState(message, ["running"], "paused")
    expect(await world.claim()).toBeUndefined()
    await world.changeState(message, ["paused"], "running")
    expect((await world.claimed()).kind).toBe("retry")
  })
}

function endings(open: OpenMessageStore): void {
  it("the end of a segment counts every planned device that has neither outcome nor retry", async () => {
    await using world = await MessageWorld.open(open)
    const [a, b, c, d] = (await world.registerMany(5)) as [number, number, number, number]
    const message = await world.publish()
    await world.store.devices.unregister(world.application, "d2", world.now)
    const claimed = await world.claimed()
    await world.checkpoint(claimed, { cursor: a, settled: [{ registration: a, outcome: ACCEPTED }] })
    const last = world.at(claimed, {
      cursor: a,
      settled: [{ registration: d, outcome: ACCEPTED }],
      retries: [retryOf(b, { notBefore: world.now + 1 })],
    })
    const answer = await world.store.segments.finish(claimed.claim, last, LEFT)
    expect(answer).toEqual({ state: "running", retrying: waitingForFcm(1) })
    expect(await world.progress(message)).toMatchObject({
      counts: { accepted: 2, suppressed: 2 },
      pending: 1,
    })
    expect(await world.outcome(message, b)).toMatchObject({ state: "retrying" })
    expect(await world.outcome(message, c)).toMatchObject({ because: "not_in_channel" })
  })

  it("a named device that left is known to have been in the audience", async () => {
    await using world = await MessageWorld.open(open)
    const numbers = await world.registerMany(2)
    const message = await world.publish({}, { deviceIds: ["d0", "d1"] })
    await world.store.devices.unregister(world.application, "d0", world.now)
    expect(await world.outcome(message, numbers[0]!)).toEqual({ state: "pending", obstacle: "" })
    await world.finish(await world.claimed())
    expect(await world.outcome(message, numbers[0]!)).toMatchObject({
      state: "settled",
      outcome: { kind: "suppressed", reason: "left_audience" },
    })
  })

  it("a finished segment cannot be finished again", async () => {
    await using world = await MessageWorld.open(open)
    await world.register("phone")
    const message = await world.publish()
    const claimed = await world.claimed()
    expect(await world.finish(claimed)).toMatchObject({ state: "finished" })
    expect(await world.finish(claimed)).toBeUndefined()
    expect(await world.progress(message)).toMatchObject({ counts: { accepted: 1 }, pending: 0 })
  })

  const refused: Outcome = { kind: "payload_rejected", reason: "too large" }
  const unknown: Outcome = { kind: "outcome_unknown", reason: "crash" }
  const left: Outcome = { kind: "suppressed", reason: "unsupported_os" }
  const cases: readonly (readonly [string, string, readonly Outcome[]])[] = [
    ["one device was accepted", "finished", [refused, ACCEPTED]],
    ["the provider accepted under another token", "finished", [refused, { kind: "token_changed", to: "t" }]],
    ["everybody was left out on purpose", "finished", [left, left]],
    ["nobody was accepted", "failed", [refused, left]],
    ["all that was sent may have arrived", "finished", [unknown, unknown]],
    ["one of those that were not accepted may have it", "finished", [refused, unknown, left]],
    [
      "it expired before anybody was sent to",
      "failed",
      [
        { kind: "expired", reason: "" },
        { kind: "expired", reason: "" },
      ],
    ],
  ]
  it.each(cases)("when %s, the message is %s", async (_, state, outcomes) => {
    await using world = await MessageWorld.open(open)
    const numbers = await world.registerMany(outcomes.length)
    const message = await world.publish()
    const claimed = await world.claimed()
    const settled = numbers.map((registration, index) => ({ registration, outcome: outcomes[index]! }))
    world.now += 3
    await world.store.segments.finish(claimed.claim, world.at(claimed, { settled }), LEFT)
    expect((await world.progress(message)).message).toMatchObject({ state, stateChangedAt: world.now })
  })
}

function restarts(open: OpenMessageStore): void {
  it("a restart in the middle of a fan-out leaves cursor, reservation, outcomes and retries as they were", async () => {
    await using world = await MessageWorld.open(open, { durable: true, segmentDevices: 6 })
    const numbers = await world.registerMany(10)
    const message = await world.publish()
    const claimed = await world.claimed()
    const stored = {
      cursor: numbers[0]!,
      reserved: numbers[4]!,
      doneAbove: [numbers[2]!, numbers[3]!],
    }
    await world.checkpoint(claimed, {
      ...stored,
      settled: [0, 2].map((index) => ({ registration: numbers[index]!, outcome: ACCEPTED })),
      retries: [retryOf(numbers[3]!, { notBefore: world.now, copies: 1 })],
    })
    const retry = await world.claimed()
    await world.store.segments.checkpointRetries(retry.claim, world.retryProgress({ reserve: [numbers[3]!] }))
    const before = await world.progress(message)

    await world.reopen()

    expect(await world.progress(message)).toEqual(before)
    expect(await world.claim()).toMatchObject({ kind: "audience", cursor: numbers[5] })
    expect(await world.claim()).toBeUndefined()
    world.now += LEASE_MS
    const waiting = await world.claimed()
    const again = await world.claimed("any", "after the restart")
    expect(again).toMatchObject({ ...stored, claim: { epoch: claimed.claim.epoch + 1 } })
    expect(await world.registrations(again)).toEqual(numbers.slice(1, 6))
    expect(await world.retries(waiting.claim)).toMatchObject([
      { registration: numbers[3], copies: 1, uncertain: true },
    ])
    expect(await world.outcome(message, numbers[2]!)).toMatchObject({ outcome: { kind: "accepted" } })
    expect(await world.outcome(message, numbers[1]!)).toEqual({ state: "pending", obstacle: "" })
  })
}

function outcomeOf(kind: "cancelled" | "expired"): Outcome {
  return kind === "expired" ? { kind, reason: "no_turn" } : { kind }
}
