import { describe, expect, it } from "vitest"
import { clockContract } from "./clock-contract.ts"
import {
  ACCEPTED,
  LEASE_MS,
  LEFT,
  MessageWorld,
  type OpenMessageStore,
  retryOf,
  waitingForFcm,
} from "./message-world.ts"
import { passContract } from "./pass-contract.ts"
import { segmentEndContract } from "./segment-end-contract.ts"

const THOUSAND_AND_ONE = 1_001

export function segmentContract(name: string, open: OpenMessageStore): void {
  describe(`${name}: segments`, () => {
    claiming(open)
    cutting(open)
    pages(open)
    checkpoints(open)
  })
  passContract(name, open)
  segmentEndContract(name, open)
  clockContract(name, open)
}

function claiming(open: OpenMessageStore): void {
  it("nothing can be claimed, and nothing is due, where nothing was published", async () => {
    await using world = await MessageWorld.open(open)
    expect(await world.claim()).toBeUndefined()
    expect(await world.store.segments.nextDue(world.now)).toBeUndefined()
  })

  it("a claimed segment is its owner's until the lease runs out; every claim raises the epoch", async () => {
    await using world = await MessageWorld.open(open)
    await world.register("phone")
    const message = await world.publish()
    expect(await world.store.segments.nextDue(world.now)).toBe(world.now)
    const first = await world.claimed("any", "A")
    expect(first).toMatchObject({
      message,
      kind: "audience",
      cursor: 0,
      reserved: 0,
      doneAbove: [],
    })
    expect(await world.store.segments.nextDue(world.now)).toBe(world.now + LEASE_MS)
    world.now += LEASE_MS - 1
    expect(await world.claim("any", "B")).toBeUndefined()
    world.now += 1
    const second = await world.claimed("any", "B")
    expect(second.claim).toEqual({ ...first.claim, owner: "B", epoch: first.claim.epoch + 1 })
  })

  it("a renewed lease, or one that a checkpoint renewed, keeps others away", async () => {
    await using world = await MessageWorld.open(open)
    const phone = await world.register("phone")
    await world.publish()
    const { segments } = world.store
    const claimed = await world.claimed()
    world.now += LEASE_MS - 1
    expect(await segments.renew(claimed.claim, world.now + LEASE_MS, world.now, "")).toEqual({
      state: "running",
      retrying: waitingForFcm(0),
    })
    world.now += LEASE_MS - 1
    expect(await world.claim()).toBeUndefined()
    await world.checkpoint(claimed, { reserved: phone })
    world.now += LEASE_MS - 1
    expect(await world.claim()).toBeUndefined()
    world.now += 1
    expect(await world.claimed()).toMatchObject({ reserved: phone })
  })

  it("who lost the lease changes nothing any more", async () => {
    await using world = await MessageWorld.open(open)
    const phone = await world.register("phone")
    const message = await world.publish()
    const { segments } = world.store
    const lost = await world.claimed("any", "A")
    world.now += LEASE_MS
    const holder = await world.claimed("any", "A")
    const settled = [{ registration: phone, outcome: ACCEPTED }]
    const before = await world.progress(message)
    const stale = [
      lost.claim,
      { ...holder.claim, owner: "B" },
      { ...holder.claim, epoch: holder.claim.epoch + 1 },
    ]
    for (const claim of stale) {
      expect(await segments.checkpoint(claim, world.at(lost, { settled, cursor: phone }))).toBeUndefined()
      expect(await segments.finish(claim, world.at(lost, { settled }), LEFT)).toBeUndefined()
      expect(await segments.renew(claim, world.now + 1_000_000, world.now, "")).toBeUndefined()
      await segments.release(claim, world.now, world.now)
    }
    expect(await world.progress(message)).toEqual(before)
    expect(await world.claim()).toBeUndefined()
    world.now += LEASE_MS
    expect(await world.claimed()).toMatchObject({ cursor: 0, reserved: 0 })
  })

  it("an owner goes on after its lease ran out as long as nobody else claimed", async () => {
    await using world = await MessageWorld.open(open)
    await world.register("phone")
    await world.publish()
    const claimed = await world.claimed()
    world.now += 10 * LEASE_MS
    expect(await world.finish(claimed)).toEqual({ state: "finished", retrying: waitingForFcm(0) })
  })

  it("a released segment is claimed again, but not before the time it was released until", async () => {
    await using world = await MessageWorld.open(open)
    await world.register("phone")
    await world.publish()
    const claimed = await world.claimed()
    await world.store.segments.release(claimed.claim, world.now + 500, world.now)
    expect(await world.checkpoint(claimed, {})).toBeUndefined()
    expect(await world.store.segments.nextDue(world.now)).toBe(world.now + 500)
    world.now += 499
    expect(await world.claim()).toBeUndefined()
    world.now += 1
    expect((await world.claimed()).claim.segment).toBe(claimed.claim.segment)
  })

  it("small audiences go first, then earlier messages; the express lane takes nothing else", async () => {
    await using world = await MessageWorld.open(open)
    await world.registerMany(THOUSAND_AND_ONE)
    const broadcasts = [await world.publish(), await world.publish()]
    const small = [
      await world.publish({}, { deviceIds: ["d1"] }),
      await world.publish({}, { deviceIds: ["d2"] }),
    ]
    const order: (string | undefined)[] = []
    order.push((await world.claim("any"))?.message.id)
    for (const lane of ["express", "express", "any", "any", "any"] as const) {
      order.push((await world.claim(lane))?.message.id)
    }
    const [first, second] = small.map(({ id }) => id)
    expect(order).toEqual([first, second, undefined, ...broadcasts.map(({ id }) => id), undefined])
  })

  it("of one message, the devices that wait for a retry go before those not reached yet", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 1 })
    const [first] = await world.registerMany(3)
    await world.publish()
    const claimed = await world.claimed()
    await world.checkpoint(claimed, { cursor: first!, retries: [retryOf(first!, { notBefore: world.now })] })
    expect([(await world.claimed()).kind, (await world.claimed()).kind]).toEqual(["retry", "audience"])
  })

  it("an audience of exactly 1 000 devices travels in the express lane", async () => {
    await using world = await MessageWorld.open(open)
    await world.registerMany(1_000)
    const message = await world.publish()
    expect((await world.claim("express"))?.message.id).toBe(message.id)
  })
}

function cutting(open: OpenMessageStore): void {
  it("a large audience is cut into segments that hold each of its devices once", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 7 })
    const numbers = await world.registerMany(25)
    const message = await world.publish()
    const slices: number[][] = []
    for (let claimed = await world.claim(); claimed !== undefined; claimed = await world.claim()) {
      slices.push(await world.registrations(claimed))
    }
    expect(slices.flat()).toEqual(numbers)
    expect(slices.map(({ length }) => length)).toEqual([7, 7, 7, 4])
    for (const registration of numbers) {
      expect(await world.outcome(message, registration)).toEqual({ state: "pending", obstacle: "" })
    }
  })

  it("segments of a narrowed audience hold each of its devices once, and add up", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 5 })
    const asked: number[] = []
    for (let index = 0; index < 120; index++) {
      const isAsked = index % 9 === 0 || (index > 40 && index < 60)
      const number = await world.register(`d${index}`, { os: isAsked ? "IOS" : "ANDROID" })
      if (isAsked) asked.push(number)
    }
    const message = await world.publish({}, { platforms: ["ios"] })
    const found: number[] = []
    for (let claimed = await world.claim(); claimed !== undefined; claimed = await world.claim()) {
      const slice = await world.registrations(claimed)
      expect(slice.length).toBeLessThanOrEqual(5)
      found.push(...slice)
      await world.finish(claimed)
    }
    expect(found).toEqual(asked)
    const { counts, pending, message: after } = await world.progress(message)
    expect({ counts, pending, state: after.state }).toEqual({
      counts: { accepted: asked.length },
      pending: 0,
      state: "finished",
    })
  })

  it("who left before the cut is counted with the rest", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 4 })
    await world.registerMany(20)
    const message = await world.publish()
    for (const index of [0, 1, 5, 6, 7, 8, 9, 18, 19]) {
      await world.store.devices.unregister(world.application, `d${index}`, world.now)
    }
    await world.deliverAll()
    const { counts, pending, reasons, message: after } = await world.progress(message)
    expect({ counts, pending }).toEqual({ counts: { accepted: 11, suppressed: 9 }, pending: 0 })
    expect(reasons).toContainEqual({ kind: "suppressed", reason: "left_audience", count: 9 })
    expect(after.state).toBe("finished")
  })

  it("who joined after the publish is neither cut nor counted with the audience", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 4 })
    for (let index = 0; index < 30; index++) {
      await world.register(`d${index}`, { channels: [index % 2 === 0 ? "news" : "sport"] })
    }
    const message = await world.publish()
    for (let index = 1; index < 30; index += 2) await world.register(`d${index}`, { channels: ["news"] })
    await world.deliverAll()
    expect(await world.progress(message)).toMatchObject({ counts: { accepted: 15 }, pending: 0 })
  })

  it("a segment is cut at most once, however many join while it is worked on", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 4 })
    const numbers = await world.registerMany(20)
    const message = await world.publish()
    for (let index = 3; index < 20; index++) {
      await world.store.devices.unregister(world.application, `d${index}`, world.now)
    }
    const claimed = await world.claimed()
    const settled = numbers.slice(0, 2).map((registration) => ({ registration, outcome: ACCEPTED }))
    await world.checkpoint(claimed, { cursor: numbers[1]!, settled })
    await world.store.devices.unregister(world.application, "d0", world.now)
    for (let index = 20; index < 40; index++) await world.register(`d${index}`)
    world.now += LEASE_MS
    await world.deliverAll()
    const { counts, pending } = await world.progress(message)
    expect({ counts, pending }).toEqual({ counts: { accepted: 3, suppressed: 17 }, pending: 0 })
  })

  it("two owners never hold the same device", async () => {
    await using world = await MessageWorld.open(open, { segmentDevices: 10 })
    const numbers = await world.registerMany(40)
    await world.publish()
    const claims = await Promise.all(["A", "B", "C", "D", "E"].map((owner) => world.claim("any", owner)))
    const held: number[] = []
    for (const claimed of claims)
      if (claimed !== undefined) held.push(...(await world.registrations(claimed)))
    expect(held.sort((a, b) => a - b)).toEqual(numbers)
  })
}

function pages(open: OpenMessageStore): void {
  it("a page shows the device as it is registered now", async () => {
    await using world = await MessageWorld.open(open)
    const phone = await world.register("phone", { expiresAt: world.now + 5_000, os: "IOS" })
    const system = await world.register("other", { os: "Symbian", token: "t2" })
    await world.publish()
    const claimed = await world.claimed()
    world.now += 7
    await world.register("phone", { token: "renewed", os: "IOS" })
    expect(await world.devices(claimed)).toEqual([
      {
        registration: phone,
        token: "renewed",
        platform: "ios",
        expiresAt: undefined,
        registeredAt: world.now,
        receives: true,
      },
      {
        registration: system,
        token: "t2",
        platform: undefined,
        expiresAt: undefined,
        registeredAt: world.now - 7,
        receives: true,
      },
    ])
  })

  it("only the latest registration of a token receives", async () => {
    await using world = await MessageWorld.open(open)
    await world.register("first", { token: "shared" })
    await world.register("second", { token: "shared" })
    await world.publish()
    const devices = await world.devices(await world.claimed())
    expect(devices.map(({ receives }) => receives)).toEqual([false, true])
  })

  it("a page begins after the number given and holds no more than the limit", async () => {
    await using world = await MessageWorld.open(open)
    const numbers = await world.registerMany(6)
    await world.publish()
    const { claim } = await world.claimed()
    const page = await world.store.segments.audiencePage(claim, numbers[1]!, 3)
    expect(page.map(({ registration }) => registration)).toEqual(numbers.slice(2, 5))
  })

  it("a token that moved after its old registration was sent to counts as settled", async () => {
    await using world = await MessageWorld.open(open)
    const old = await world.register("old", { token: "moving" })
    const suppressed = await world.register("unsent", { token: "unsent token" })
    const next = await world.register("next")
    const last = await world.register("last")
    await world.publish()
    const claimed = await world.claimed()
    const { segments } = world.store
    await world.checkpoint(claimed, {
      cursor: suppressed,
      settled: [
        { registration: old, outcome: ACCEPTED },
        { registration: suppressed, outcome: { kind: "suppressed", reason: "shared_token" } },
      ],
    })
    expect(await segments.tokenSettled(claimed.claim, next)).toBe(false)
    await world.register("next", { token: "moving" })
    await world.register("last", { token: "unsent token" })
    expect(await segments.tokenSettled(claimed.claim, next)).toBe(true)
    // What was not sent to the old registration is still owed to the token.
    expect(await segments.tokenSettled(claimed.claim, last)).toBe(false)
    expect(await segments.tokenSettled(claimed.claim, old)).toBe(false)
  })

  it("the same token text on another platform or of another application is another token", async () => {
    await using world = await MessageWorld.open(open)
    const elsewhere = await world.addApplication("APP-2")
    const android = await world.register("a", { token: "same", os: "ANDROID" })
    await world.register("foreign", { token: "same", os: "IOS" }, elsewhere)
    const ios = await world.register("i", { token: "same", os: "IOS" })
    await world.publish()
    const claimed = await world.claimed()
    await world.checkpoint(claimed, {
      cursor: android,
      settled: [{ registration: android, outcome: ACCEPTED }],
    })
    expect(await world.store.segments.tokenSettled(claimed.claim, ios)).toBe(false)
  })
}

function checkpoints(open: OpenMessageStore): void {
  it("a checkpoint stores cursor, reservation and what is done above for the next owner", async () => {
    await using world = await MessageWorld.open(open)
    const numbers = await world.registerMany(8)
    await world.publish()
    const claimed = await world.claimed()
    const stored = {
      cursor: numbers[1]!,
      reserved: numbers[6]!,
      doneAbove: [numbers[4]!, numbers[3]!],
    }
    const settled = [0, 1, 3].map((index) => ({ registration: numbers[index]!, outcome: ACCEPTED }))
    const retries = [retryOf(numbers[4]!, { notBefore: world.now + 2 * LEASE_MS })]
    const answer = await world.checkpoint(claimed, { ...stored, settled, retries })
    expect(answer).toEqual({ state: "running", retrying: waitingForFcm(1) })
    world.now += LEASE_MS
    expect(await world.claim()).toMatchObject({ ...stored, doneAbove: [numbers[3], numbers[4]] })
  })

  it("a checkpoint that is told twice counts once", async () => {
    await using world = await MessageWorld.open(open)
    const [a, b, c] = (await world.registerMany(4)) as [number, number, number]
    const message = await world.publish()
    const claimed = await world.claimed()
    const same = {
      cursor: a,
      doneAbove: [b, c],
      settled: [
        { registration: a, outcome: ACCEPTED },
        { registration: b, outcome: ACCEPTED },
        { registration: b, outcome: ACCEPTED },
      ],
      retries: [retryOf(c), retryOf(c)],
    }
    expect(await world.checkpoint(claimed, same)).toMatchObject({ retrying: waitingForFcm(1) })
    expect(await world.checkpoint(claimed, same)).toMatchObject({ retrying: waitingForFcm(1) })
    expect(await world.progress(message)).toMatchObject({ counts: { accepted: 2 }, pending: 2, retrying: 1 })
  })

  it("an outcome that is not final cannot be logged, and nothing of its checkpoint is kept", async () => {
    await using world = await MessageWorld.open(open)
    const [a, b] = (await world.registerMany(2)) as [number, number]
    const message = await world.publish()
    const claimed = await world.claimed()
    const before = await world.progress(message)
    const settled = [
      { registration: a, outcome: ACCEPTED },
      { registration: b, outcome: { kind: "retry_later", reason: "busy" } as const },
    ]
    await expect(world.checkpoint(claimed, { cursor: b, settled })).rejects.toThrow("not final")
    expect(await world.progress(message)).toEqual(before)
    expect(await world.outcome(message, a)).toEqual({ state: "pending", obstacle: "" })
  })
}
