import { describe, expect, it } from "vitest"
import type { Message } from "../../src/domain/message.ts"
import {
  ACCEPTED,
  LEASE_MS,
  MessageWorld,
  type OpenMessageStore,
  retryOf,
  waitingForFcm,
} from "./message-world.ts"

/** What becomes of a published message: its progress, its states, the outcomes of its devices. */
export function messageCourseContract(name: string, open: OpenMessageStore): void {
  describe(`${name}: the course of messages`, () => {
    reading(open)
    states(open)
    outcomes(open)
    housekeeping(open)
  })
}

function reading(open: OpenMessageStore): void {
  it("messages are paged latest first, and those of other applications are not among them", async () => {
    await using world = await MessageWorld.open(open)
    const ids: string[] = []
    for (let index = 0; index < 5; index++) ids.unshift((await world.publish()).id)
    await world.publish({ application: await world.addApplication("APP-2") })
    const first = await world.store.messages.page(world.application, undefined, 3)
    const second = await world.store.messages.page(world.application, first.next, 3)
    const idsOf = (page: typeof first) => page.messages.map(({ message }) => message.id)
    expect([idsOf(first), idsOf(second)]).toEqual([ids.slice(0, 3), ids.slice(3)])
    expect(second.next).toBeUndefined()
  })

  it("a page holds at most 1 000 messages", async () => {
    await using world = await MessageWorld.open(open)
    await Promise.all(Array.from({ length: 1_001 }, () => world.publish()))
    const page = await world.store.messages.page(world.application, undefined, 5_000)
    expect(page.messages).toHaveLength(1_000)
    expect((await world.store.messages.page(world.application, page.next, 5_000)).messages).toHaveLength(1)
  })

  it("the progress counts by kind and by reason, most frequent first, and adds up to the audience", async () => {
    await using world = await MessageWorld.open(open)
    const [a, b, c, d, e, f] = (await world.registerMany(7)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const message = await world.publish()
    const claimed = await world.claimed()
    const gone = (registration: number, reason: string) =>
      ({ registration, outcome: { kind: "token_gone", reason } }) as const
    await world.checkpoint(claimed, {
      settled: [
        gone(b, "Unregistered"),
        gone(c, "Expired"),
        gone(d, "Unregistered"),
        gone(e, "Unregistered"),
      ],
      retries: [retryOf(f, { notBefore: world.now + 5 })],
    })
    await world.checkpoint(claimed, { settled: [{ registration: a, outcome: ACCEPTED }] })
    const progress = await world.progress(message)
    expect(progress).toMatchObject({ counts: { accepted: 1, token_gone: 4 }, pending: 2, retrying: 1 })
    expect(progress.reasons[0]).toEqual({ kind: "token_gone", reason: "Unregistered", count: 3 })
    expect(progress.reasons.slice(1)).toEqual(
      expect.arrayContaining([
        { kind: "accepted", reason: "", count: 1 },
        { kind: "token_gone", reason: "Expired", count: 1 },
      ]),
    )
    const page = await world.store.messages.page(world.application, undefined, 1)
    expect(page.messages).toEqual([{ ...progress, obstacles: [] }])
  })

  it("reasons of any number and length are kept within bounds, and the counts still add up", async () => {
    await using world = await MessageWorld.open(open)
    const numbers = await world.registerMany(700)
    const message = await world.publish()
    const settled = numbers.map((registration, index) => ({
      registration,
      outcome: { kind: "payload_rejected", reason: `${index} ${"😀".repeat(300)}` } as const,
    }))
    await world.checkpoint(await world.claimed(), { settled })
    const { counts, pending, reasons } = await world.progress(message)
    expect({ counts, pending }).toEqual({ counts: { payload_rejected: 700 }, pending: 0 })
    expect(reasons).toHaveLength(100)
    expect(reasons[0]).toEqual({ kind: "payload_rejected", reason: "other", count: 200 })
    const kept = reasons[1]!.reason
    expect([...kept]).toHaveLength(200)
    expect(kept.isWellFormed()).toBe(true)
    const last = await world.outcome(message, numbers[699]!)
    expect(last).toMatchObject({ outcome: { kind: "payload_rejected", reason: "other" } })
  })
}

function states(open: OpenMessageStore): void {
  it("the state moves only from one of the states named", async () => {
    await using world = await MessageWorld.open(open)
    await world.register("phone")
    const message = await world.publish()
    world.now += 5
    const moved = await world.changeState(message, ["running"], "paused")
    expect(moved).toEqual({
      moved: true,
      message: { ...message, state: "paused", stateChangedAt: world.now },
    })
    world.now += 5
    const refused = await world.changeState(message, ["running", "finished"], "cancelled")
    expect(refused).toEqual({ moved: false, message: moved?.message })
  })

  it("a paused message is not worked on until it is resumed or past its expiry", async () => {
    await using world = await MessageWorld.open(open)
    await world.register("phone")
    const message = await world.publish({ expiresAt: world.now + 1_000 })
    await world.changeState(message, ["running"], "paused")
    expect(await world.claim()).toBeUndefined()
    expect(await world.store.segments.nextDue(world.now)).toBe(message.expiresAt)
    await world.changeState(message, ["paused"], "running")
    const claimed = await world.claimed()
    await world.changeState(message, ["running"], "paused")
    await world.store.segments.release(claimed.claim, world.now, world.now)
    expect(await world.claim()).toBeUndefined()
    world.now = message.expiresAt
    const expired = await world.claimed()
    expect(await world.finish(expired, { kind: "expired", reason: "" })).toMatchObject({ state: "failed" })
  })

  it("a checkpoint tells that the message was paused or cancelled meanwhile", async () => {
    await using world = await MessageWorld.open(open)
    await world.register("phone")
    const message = await world.publish()
    const claimed = await world.claimed()
    await world.changeState(message, ["running"], "paused")
    expect(await world.checkpoint(claimed, {})).toEqual({ state: "paused", retrying: waitingForFcm(0) })
    await world.changeState(message, ["paused"], "cancelled")
    const answer = await world.store.segments.renew(claimed.claim, world.now + 1, world.now, "")
    expect(answer).toEqual({ state: "cancelled", retrying: waitingForFcm(0) })
  })

  it("what a segment waits for is told of each of its devices that has no outcome, and of none without", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 2 })
    const [a, b, c, d] = (await world.registerMany(4)) as [number, number, number, number]
    const message = await world.publish()
    const first = await world.claimed()
    const second = await world.claimed()
    const obstacle = "no connection: ECONNREFUSED"
    await world.checkpoint(first, { cursor: a, settled: [{ registration: a, outcome: ACCEPTED }], obstacle })
    await world.store.segments.renew(second.claim, world.now + LEASE_MS, world.now, "credential_throttled")
    expect(await world.outcome(message, b)).toEqual({ state: "pending", obstacle })
    expect(await world.outcome(message, c)).toEqual({ state: "pending", obstacle: "credential_throttled" })
    expect((await world.progress(message)).obstacles).toEqual([
      { obstacle: "credential_throttled", devices: 2 },
      { obstacle, devices: 1 },
    ])
    world.now += LEASE_MS
    expect(await world.claimed()).toMatchObject({ cursor: a, obstacle })
    const again = await world.claimed()
    await world.checkpoint(again, { obstacle: "", retries: [retryOf(d, { reason: "status 503" })] })
    expect(await world.outcome(message, c)).toEqual({ state: "pending", obstacle: "" })
    expect((await world.progress(message)).obstacles).toEqual([
      { obstacle, devices: 1 },
      { obstacle: "status 503", devices: 1 },
    ])
    const { messages } = await world.store.messages.page(world.application, undefined, 10)
    expect(messages).toMatchObject([{ retrying: 1, obstacles: [] }])
    const retry = await world.claimed()
    expect(await world.retries(retry.claim)).toMatchObject([{ registration: d, reason: "status 503" }])
  })

  it("a cancelled message can be claimed at once, its rest is counted, and it stays cancelled", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 3 })
    const numbers = await world.registerMany(8)
    const message = await world.publish()
    const first = await world.claimed()
    await world.checkpoint(first, { settled: [{ registration: numbers[0]!, outcome: ACCEPTED }] })
    await world.store.segments.release(first.claim, world.now + 60_000, world.now)
    await world.changeState(message, ["running"], "cancelled")
    for (let claimed = await world.claim(); claimed !== undefined; claimed = await world.claim()) {
      expect(claimed.message.state).toBe("cancelled")
      await world.store.segments.finish(claimed.claim, world.at(claimed), { kind: "cancelled" })
    }
    const { counts, pending, message: after } = await world.progress(message)
    expect({ counts, pending }).toEqual({ counts: { accepted: 1, cancelled: 7 }, pending: 0 })
    expect(after.state).toBe("cancelled")
    expect(await world.outcome(message, numbers[7]!)).toEqual({
      state: "settled",
      outcome: { kind: "cancelled", reason: "" },
      from: world.now,
      to: world.now,
    })
    expect(await world.outcome(message, numbers[0]!)).toMatchObject({ outcome: { kind: "accepted" } })
  })
}

function outcomes(open: OpenMessageStore): void {
  it("a device's outcome tells what became of it, within what times", async () => {
    await using world = await MessageWorld.open(open)
    const [a, b, c] = (await world.registerMany(3)) as [number, number, number]
    const stranger = await world.register("stranger", { channels: ["sport"] })
    const message = await world.publish()
    const because = (reason: string) => ({ state: "not_in_audience", because: reason })
    expect(await world.outcome(message, stranger)).toEqual(because("not_in_channel"))
    expect(await world.outcome(message, a)).toEqual({ state: "pending", obstacle: "" })
    const claimed = await world.claimed()
    const from = world.now
    world.now += 20
    const reason = "BadDeviceToken"
    await world.checkpoint(claimed, {
      settled: [{ registration: b, outcome: { kind: "token_gone", reason, since: 5 } }],
      retries: [retryOf(c, { attempts: 2, copies: 1, notBefore: world.now + 9 })],
    })
    expect(await world.outcome(message, b)).toEqual({
      state: "settled",
      outcome: { kind: "token_gone", reason },
      from,
      to: world.now,
    })
    expect(await world.outcome(message, c)).toEqual({
      state: "retrying",
      attempts: 2,
      lastReason: "busy",
      notBefore: world.now + 9,
    })
    expect(await world.outcome(message, a)).toEqual({ state: "pending", obstacle: "" })
  })

  it("a token is never kept in the outcome of a message", async () => {
    await using world = await MessageWorld.open(open)
    const phone = await world.register("phone")
    const message = await world.publish()
    await world.finish(await world.claimed(), { kind: "token_changed", to: "secret new token" })
    const outcome = { kind: "token_changed", reason: "" }
    expect(await world.outcome(message, phone)).toMatchObject({ outcome })
    expect((await world.progress(message)).message.state).toBe("finished")
  })

  it("devices may be settled in any order", async () => {
    await using world = await MessageWorld.open(open)
    const numbers = await world.registerMany(9)
    const message = await world.publish()
    const claimed = await world.claimed()
    const refused = { kind: "payload_rejected", reason: "size" } as const
    for (const index of [4, 7, 1, 8, 0, 3, 6]) {
      const outcome = index % 2 === 0 ? ACCEPTED : refused
      await world.checkpoint(claimed, { settled: [{ registration: numbers[index]!, outcome }] })
    }
    await world.store.segments.finish(claimed.claim, world.at(claimed), { kind: "expired", reason: "" })
    const kinds: string[] = []
    for (const registration of numbers) {
      const outcome = await world.outcome(message, registration)
      kinds.push(outcome.state === "settled" ? outcome.outcome.kind : outcome.state)
    }
    const [even, odd, rest] = ["accepted", "payload_rejected", "expired"]
    expect(kinds).toEqual([even, odd, rest, odd, even, rest, even, odd, even])
  })

  it("the outcome of each of thousands of devices stays known after the segments are done", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 1_500 })
    const numbers = await world.registerMany(4_000)
    const message = await world.publish()
    for (let claimed = await world.claim(); claimed !== undefined; claimed = await world.claim()) {
      const registrations = await world.registrations(claimed, 1_000)
      for (let at = 0; at < registrations.length; at += 5) {
        const block = registrations.slice(at, at + 5)
        world.now += 1
        const settled = block.map((registration) => ({
          registration,
          outcome:
            registration % 7 === 0
              ? ({ kind: "token_gone", reason: `r${registration % 3}` } as const)
              : ACCEPTED,
        }))
        await world.checkpoint(claimed, { cursor: block.at(-1)!, reserved: block.at(-1)!, settled })
      }
      await world.store.segments.finish(claimed.claim, world.at(claimed), { kind: "expired", reason: "" })
    }
    for (const registration of numbers) {
      const expected =
        registration % 7 === 0
          ? { kind: "token_gone", reason: `r${registration % 3}` }
          : { kind: "accepted", reason: "" }
      expect(await world.outcome(message, registration)).toMatchObject({
        state: "settled",
        outcome: expected,
      })
    }
    expect(await world.progress(message)).toMatchObject({ pending: 0, message: { state: "finished" } })
  })
}

function housekeeping(open: OpenMessageStore): void {
  it("old idempotency keys and departures are removed, younger ones are kept", async () => {
    await using world = await MessageWorld.open(open)
    const key = (name: string) => ({ idempotency: { scope: "s", key: name, requestHash: "h" } })
    const old = await world.publish(key("old"))
    await world.register("gone first")
    await world.store.devices.unregister(world.application, "gone first", world.now)
    world.now += 1_000
    const young = await world.publish(key("young"))
    await world.register("gone later")
    await world.store.devices.unregister(world.application, "gone later", world.now)
    await world.store.messages.removeOld({ idempotencyBefore: world.now, departuresBefore: world.now })
    expect((await world.publish(key("old"))).id).not.toBe(old.id)
    expect((await world.publish(key("young"))).id).toBe(young.id)
    const departures = (deviceId: string) => world.store.devices.departures(world.application, deviceId)
    expect(await departures("gone first")).toEqual([])
    expect(await departures("gone later")).toHaveLength(1)
  })

  it("one call removes at most 10 000 of each, the oldest first", async () => {
    await using world = await MessageWorld.open(open)
    const publishes: Promise<Message>[] = []
    for (let index = 0; index < 10_001; index++) {
      const idempotency = { scope: "s", key: `k${index}`, requestHash: "h" }
      publishes.push(world.publish({ policy: "PUBSUB", idempotency, acceptedAt: world.now + index }))
    }
    const messages = await Promise.all(publishes)
    const limits = { idempotencyBefore: world.now + 20_000, departuresBefore: 0 }
    const republished = async (index: number) =>
      (await world.publish({ idempotency: { scope: "s", key: `k${index}`, requestHash: "h" } })).id
    await world.store.messages.removeOld(limits)
    expect(await republished(10_000)).toBe(messages[10_000]!.id)
    expect(await republished(0)).not.toBe(messages[0]!.id)
    await world.store.messages.removeOld(limits)
    expect(await republished(10_000)).not.toBe(messages[10_000]!.id)
  })
}
