import { describe, expect, it } from "vitest"
import { DomainError } from "../../src/domain/errors.ts"
import { messageCourseContract } from "./message-course-contract.ts"
import { messageModelContract } from "./message-model.ts"
import { MessageWorld, type OpenMessageStore } from "./message-world.ts"
import { segmentContract } from "./segment-contract.ts"
import { sentAgainContract } from "./sent-again-contract.ts"

/** The law of MessageStore and SegmentStore: every store passes it, and a found bug becomes a case of it first. */
export function messageContract(name: string, open: OpenMessageStore): void {
  describe(`${name}: messages`, () => {
    publishing(open)
    audiences(open)
    idempotency(open)
  })
  messageCourseContract(name, open)
  segmentContract(name, open)
  messageModelContract(name, open)
  sentAgainContract(name, open)
}

function publishing(open: OpenMessageStore): void {
  it("a published message is read back as it was published, by id and by number, also after a restart", async () => {
    await using world = await MessageWorld.open(open, { durable: true })
    await world.register("phone")
    const asked = world.newMessage(
      {
        policy: "BOTH",
        delivery: "at-most-once",
        messageJson: '{"text":"Grüße \\u0001"}',
        headers: new Map([
          ["ios-alert", "é"],
          ["__proto__", "kept as it is"],
        ]),
        publisherId: "shop",
        subtopic: "a.b",
      },
      { platforms: ["ios", "android"], deviceIds: ["phone", "nobody"] },
    )
    const { message, replayed } = await world.store.messages.publish(asked)
    expect(replayed).toBe(false)
    const { idempotency: _, ...stored } = asked
    expect(message).toEqual({
      ...stored,
      number: message.number,
      state: "running",
      stateChangedAt: world.now,
      audienceSize: 1,
      unsupported: 0,
      unknownDeviceIds: ["nobody"],
    })
    await world.reopen()
    expect(await world.store.messages.byId(world.application, asked.id)).toEqual(message)
    expect(await world.store.messages.byNumber(message.number)).toEqual(message)
  })

  it("what was never published is undefined, and so is the message of another application", async () => {
    await using world = await MessageWorld.open(open)
    const message = await world.publish()
    const other = await world.addApplication("APP-2")
    const { messages } = world.store
    expect(await messages.byId(other, message.id)).toBeUndefined()
    expect(await messages.progress(other, message.id)).toBeUndefined()
    expect(await messages.changeState(other, message.id, ["finished"], "running", world.now)).toBeUndefined()
    expect(await messages.byId(world.application, "message:none")).toBeUndefined()
    expect(await messages.byNumber(message.number + 1)).toBeUndefined()
  })

  it("a PUBSUB message has no audience and is finished at once", async () => {
    await using world = await MessageWorld.open(open)
    const phone = await world.register("phone")
    const message = await world.publish({ policy: "PUBSUB" })
    expect(message).toMatchObject({ state: "finished", audienceSize: 0, stateChangedAt: world.now })
    expect(await world.claim()).toBeUndefined()
    expect(await world.outcome(message, phone)).toEqual({ state: "not_in_audience", because: "not_named" })
  })

  it("a message for an empty channel is finished at once and creates the channel", async () => {
    await using world = await MessageWorld.open(open)
    const message = await world.publish({}, { channel: "new one" })
    expect(message).toMatchObject({ state: "finished", audienceSize: 0 })
    expect(await world.store.channels.byName(world.application, "new one")).toMatchObject({ name: "new one" })
    expect(await world.store.segments.nextDue(world.now)).toBeUndefined()
  })

  it("the number grows with every message", async () => {
    await using world = await MessageWorld.open(open)
    const messages = await Promise.all([world.publish(), world.publish(), world.publish()])
    const numbers = messages.map(({ number }) => number)
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  })
}

function audiences(open: OpenMessageStore): void {
  it("the audience is the channel's members in the moment of the publish, of all systems", async () => {
    await using world = await MessageWorld.open(open)
    const before = [await world.register("a"), await world.register("b", { os: "Symbian" })]
    await world.register("elsewhere", { channels: ["sport"] })
    const message = await world.publish()
    const late = await world.register("late")
    expect(message.audienceSize).toBe(2)
    expect(await world.registrations(await world.claimed())).toEqual(before)
    expect(await world.outcome(message, late)).toEqual({
      state: "not_in_audience",
      because: "registered_later",
    })
  })

  it("calls made together take effect in their order", async () => {
    await using world = await MessageWorld.open(open)
    const [early, first, late, second] = await Promise.all([
      world.register("early"),
      world.publish(),
      world.register("late"),
      world.publish(),
    ])
    expect([first.audienceSize, second.audienceSize]).toEqual([1, 2])
    expect(await world.registrations(await world.claimed())).toEqual([early])
    expect(await world.registrations(await world.claimed())).toEqual([early, late])
  })

  it("a platform narrows the audience", async () => {
    await using world = await MessageWorld.open(open)
    const android = await world.register("a")
    const ios = await world.register("i", { os: "iOS" })
    const windows = await world.register("w", { os: "WP" })
    const symbian = await world.register("s", { os: "Symbian" })
    const message = await world.publish({}, { platforms: ["ios", "wp"] })
    expect(message.audienceSize).toBe(2)
    expect(await world.registrations(await world.claimed())).toEqual([ios, windows])
    for (const other of [android, symbian]) {
      expect(await world.outcome(message, other)).toEqual({
        state: "not_in_audience",
        because: "other_platform",
      })
    }
    expect((await world.publish({}, { platforms: [] })).audienceSize).toBe(0)
  })

  it("few devices of a platform are found among many others, page by page", async () => {
    await using world = await MessageWorld.open(open)
    await world.registerMany(400)
    const rare = [await world.register("w1", { os: "WP" })]
    for (const name of ["w2", "w3"]) rare.push(await world.register(name, { os: "WP" }))
    await world.publish({}, { platforms: ["wp"] })
    const claimed = await world.claimed()
    const page = await world.store.segments.audiencePage(claimed.claim, 0, 2)
    expect(page.map(({ registration }) => registration)).toEqual(rare.slice(0, 2))
    expect(await world.registrations(claimed, 2)).toEqual(rare)
  })

  it("named devices are one segment of those that are members; the others are named in the message", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 2 })
    const numbers = await world.registerMany(5)
    const ios = await world.register("i", { os: "iOS" })
    await world.register("elsewhere", { channels: ["sport"] })
    await world.register("old", { expiresAt: world.now + 1 })
    const deviceIds = ["d4", "nobody", "d0", "i", "elsewhere", "d2", "old", "d0", "nobody", "d3"]
    world.now += 1
    const message = await world.publish({}, { deviceIds, platforms: ["android"] })
    expect(message.audience.deviceIds).toEqual(deviceIds)
    expect(message).toMatchObject({ audienceSize: 4, unknownDeviceIds: ["nobody", "elsewhere", "old"] })
    const claimed = await world.claimed()
    expect(await world.claim()).toBeUndefined()
    expect(await world.registrations(claimed)).toEqual([numbers[0], numbers[2], numbers[3], numbers[4]])
    expect(await world.outcome(message, numbers[1]!)).toMatchObject({ because: "not_named" })
    expect(await world.outcome(message, ios)).toMatchObject({ because: "other_platform" })
    expect(await world.outcome(message, numbers[2]!)).toEqual({ state: "pending", obstacle: "" })
    await world.leave("d2", "news")
    expect(await world.registrations(claimed, 1)).toEqual([numbers[0], numbers[3], numbers[4]])
  })

  it("a publish that names thousands of devices resolves each of them", async () => {
    await using world = await MessageWorld.open(open)
    const numbers = await world.registerMany(1_100)
    const deviceIds = Array.from({ length: 1_200 }, (_, index) => `d${index}`)
    const message = await world.publish({}, { deviceIds })
    expect(message.audienceSize).toBe(1_100)
    expect(message.unknownDeviceIds).toEqual(deviceIds.slice(1_100))
    expect(await world.registrations(await world.claimed(), 500)).toEqual(numbers)
  })

  it("a device of another application with the same id is not named", async () => {
    await using world = await MessageWorld.open(open)
    const other = await world.addApplication("APP-2")
    await world.register("phone", {}, other)
    const message = await world.publish({}, { deviceIds: ["phone"] })
    expect(message).toMatchObject({ state: "finished", unknownDeviceIds: ["phone"] })
  })

  it("who leaves is out of the audience for good, also when joining again", async () => {
    await using world = await MessageWorld.open(open)
    const both = { channels: ["news", "sport"] }
    const stays = await world.register("stays", both)
    const left = await world.register("leaves", both)
    const message = await world.publish()
    await world.leave("leaves", "news")
    expect(await world.outcome(message, left)).toMatchObject({ because: "not_in_channel" })
    await world.register("leaves", both)
    expect(await world.outcome(message, left)).toMatchObject({ because: "registered_later" })
    expect(await world.registrations(await world.claimed())).toEqual([stays])
  })

  it("a device that changes its platform leaves the audiences that were fixed before", async () => {
    await using world = await MessageWorld.open(open)
    const phone = await world.register("phone", { os: "ANDROID" })
    const message = await world.publish()
    await world.register("phone", { os: "IOS" })
    expect(await world.registrations(await world.claimed())).toEqual([])
    expect(await world.outcome(message, phone)).toMatchObject({ because: "registered_later" })
    expect((await world.publish({}, { platforms: ["ios"] })).audienceSize).toBe(1)
  })
}

function idempotency(open: OpenMessageStore): void {
  const key = { scope: "app key publish", key: "once", requestHash: "h1" }

  it("a repeated idempotency key answers with the first message, as it is by now", async () => {
    await using world = await MessageWorld.open(open)
    await world.register("phone")
    const first = await world.publish({ idempotency: key })
    await world.deliverAll()
    const again = await world.store.messages.publish(world.newMessage({ idempotency: key }))
    expect(again).toEqual({ message: { ...first, state: "finished" }, replayed: true })
    expect((await world.store.messages.page(world.application, undefined, 10)).messages).toHaveLength(1)
  })

  it("the same key at the same instant stores one message", async () => {
    await using world = await MessageWorld.open(open)
    const publish = () => world.store.messages.publish(world.newMessage({ idempotency: key }))
    const answers = await Promise.all([publish(), publish(), publish()])
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, true, true])
    expect(new Set(answers.map(({ message }) => message.id)).size).toBe(1)
  })

  it("the same key with another request is refused and stores nothing, whoever else publishes then", async () => {
    await using world = await MessageWorld.open(open)
    await world.publish({ idempotency: key })
    const [refused, other] = await Promise.allSettled([
      world.publish({ idempotency: { ...key, requestHash: "h2" } }, { channel: "refused" }),
      world.publish({ idempotency: { ...key, scope: "another scope", requestHash: "h2" } }),
    ])
    expect(other.status).toBe("fulfilled")
    expect(refused.status === "rejected" && refused.reason).toBeInstanceOf(DomainError)
    expect(refused).toMatchObject({ reason: { error: "idempotency_key_reused" } })
    expect(await world.store.channels.byName(world.application, "refused")).toBeUndefined()
    expect((await world.store.messages.page(world.application, undefined, 10)).messages).toHaveLength(2)
  })

  it("a used key survives a restart", async () => {
    await using world = await MessageWorld.open(open, { durable: true })
    const first = await world.publish({ idempotency: key })
    await world.reopen()
    expect((await world.publish({ idempotency: key })).id).toBe(first.id)
  })
}
