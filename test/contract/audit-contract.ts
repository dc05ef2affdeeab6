import { describe, expect, test } from "vitest"
import type { AuditEvent, AuditIntent } from "../../src/domain/audit.ts"
import { CHAIN_START } from "../../src/runtime/audit-chain.ts"
import type { Store } from "../../src/store/store.ts"

const publish: AuditEvent = {
  actor: "key REST 1",
  action: "message.publish",
  application: "A-1",
  target: "message:1",
  details: { audience: 3, isFirst: true },
}

const intent: AuditIntent = {
  ...{ id: "one", begunAt: 500, actor: "administrator Ada", action: "channel.create" },
  ...{ application: "A-1", target: "" },
}

/** The law of the audit log, for every store. */
export function auditContract(name: string, open: () => Promise<Store>): void {
  describe(`the audit log of ${name}`, () => {
    test("numbers its entries without a gap and keeps what they say", async () => {
      await using bundle = await setup(open)
      const first = await bundle.store.audit.append(publish, 1_000)
      const second = await bundle.store.audit.append({ ...publish, application: undefined }, 1_001)
      expect(first).toEqual({ ...publish, number: 1, at: 1_000, hash: first.hash })
      const { entries, next } = await bundle.store.audit.page({}, undefined, 10)
      expect(entries).toEqual([second, first])
      expect(next).toBeUndefined()
    })

    test("is paged from the latest to the first, of one application or of all", async () => {
      await using bundle = await setup(open)
      for (let index = 0; index < 5; index++) {
        await bundle.store.audit.append({ ...publish, application: index % 2 === 0 ? "A-1" : "A-2" }, index)
      }
      const { entries, next } = await bundle.store.audit.page({}, undefined, 2)
      expect(entries.map(({ number }) => number)).toEqual([5, 4])
      const rest = await bundle.store.audit.page({}, next, 10)
      expect(rest.entries.map(({ number }) => number)).toEqual([3, 2, 1])
      const ofOne = await bundle.store.audit.page({ application: "A-2" }, undefined, 10)
      expect(ofOne.entries.map(({ number }) => number)).toEqual([4, 2])
    })

    test("is searched by actor and action", async () => {
      await using bundle = await setup(open)
      const { audit } = bundle.store
      await audit.append({ ...publish, actor: "administrator Ada" }, 1)
      await audit.append({ ...publish, actor: "administrator Bob", action: "key.create" }, 2)
      await audit.append({ ...publish, actor: "administrator Ada", action: "key.revoke" }, 3)
      const numbers = async (filter: Parameters<typeof audit.page>[0], before?: number, limit = 10) => {
        const { entries, next } = await audit.page(filter, before, limit)
        return [...entries.map(({ number }) => number), next]
      }
      expect(await numbers({ actor: "ada" })).toEqual([3, 1, undefined])
      expect(await numbers({ action: "key" })).toEqual([3, 2, undefined])
      expect(await numbers({ action: "key.create", actor: "ada" })).toEqual([undefined])
      expect(await numbers({ actor: "ADA", application: "A-1" }, undefined, 1)).toEqual([3, 3])
      expect(await numbers({ actor: "ADA", application: "A-1" }, 3, 1)).toEqual([1, 1])
      expect(await numbers({ actor: "ADA", application: "A-2" })).toEqual([undefined])
    })

    test("looks at a bounded number of entries for a page, and says where it stopped", async () => {
      await using bundle = await setup(open)
      const { audit } = bundle.store
      await audit.append({ ...publish, actor: "administrator Ada" }, 1)
      await Promise.all(Array.from({ length: 10_050 }, (_, at) => audit.append(publish, at)))
      const first = await audit.page({ actor: "Ada" }, undefined, 10)
      expect(first).toEqual({ entries: [], next: 52 })
      const second = await audit.page({ actor: "Ada" }, first.next, 10)
      expect(second.entries.map(({ number }) => number)).toEqual([1])
      expect(second.next).toBeUndefined()
    })

    test("chains every entry to the one before, also when they arrive together", async () => {
      await using bundle = await setup(open)
      await Promise.all(Array.from({ length: 50 }, (_, at) => bundle.store.audit.append(publish, at)))
      const { checked, last, broken, hash } = await bundle.store.audit.verify(0, CHAIN_START, 1000)
      expect({ checked, last, broken }).toEqual({ checked: 50, last: 50, broken: undefined })
      const [latest] = (await bundle.store.audit.page({}, undefined, 1)).entries
      expect(hash).toBe(latest?.hash)
    })

    test("is verified in slices that continue one another", async () => {
      await using bundle = await setup(open)
      for (let at = 0; at < 7; at++) await bundle.store.audit.append(publish, at)
      const first = await bundle.store.audit.verify(0, CHAIN_START, 4)
      const second = await bundle.store.audit.verify(first.last, first.hash, 4)
      expect([first.checked, second.checked, second.last, second.broken]).toEqual([4, 3, 7, undefined])
    })

    test("keeps the intent of a call with what it changes, until its entry is there", async () => {
      await using bundle = await setup(open)
      const { audit, applications, channels, devices } = bundle.store
      const { number } = await applications.create({ id: "A-1", name: "A", preset: "locked", keys: [] }, 1)
      await audit.during(intent, async () => {
        await channels.create(number, "news", 1)
        // A second change of the same call, and one that arrives in another form.
        await Promise.all([channels.create(number, "more", 1), register(devices, number, "a")])
      })
      expect(await audit.settle(500, 900)).toBe(0)
      await audit.append(publish, 600, intent)
      expect(await audit.settle(1_000, 1_000)).toBe(0)

      await audit.during({ ...intent, id: "two" }, () => register(devices, number, "b"))
      await audit.during({ ...intent, id: "three", begunAt: 400 }, () => channels.delete(number, "news"))
      expect(await audit.settle(501, 1_000)).toBe(2)
      const { entries } = await audit.page({}, undefined, 10)
      const { actor, action, application, target } = intent
      const event = { actor, action, application, target, at: 1_000 }
      expect(entries).toMatchObject([
        { ...event, number: 3, details: { interrupted: true, begunAt: 500 } },
        { ...event, number: 2, details: { interrupted: true, begunAt: 400 } },
        { ...publish, number: 1 },
      ])
      expect(await audit.settle(1_000, 1_000)).toBe(0)
      expect(await audit.verify(0, CHAIN_START, 10)).toMatchObject({ checked: 3, broken: undefined })
    })

    test("keeps no intent for what changes nothing, fails, or comes after the call", async () => {
      await using bundle = await setup(open)
      const { audit, applications, channels } = bundle.store
      const { number } = await applications.create({ id: "A-1", name: "A", preset: "locked", keys: [] }, 1)
      await channels.create(number, "news", 1)
      const over = Promise.withResolvers<void>()
      let later: Promise<unknown> = Promise.resolve()
      await audit.during(intent, async () => {
        await channels.byName(number, "news")
        await channels.create(number, "news", 1)
        await channels.delete(number, "none")
        later = over.promise.then(() => channels.delete(number, "news"))
      })
      over.resolve()
      await later
      const taken = { id: "A-1", name: "B", preset: "locked", keys: [] } as const
      await expect(audit.during(intent, () => applications.create(taken, 1))).rejects.toThrow()
      expect(await channels.byName(number, "news")).toBeUndefined()
      expect(await audit.settle(1_000, 1_000)).toBe(0)
    })

    test("says where a chain does not continue", async () => {
      await using bundle = await setup(open)
      await bundle.store.audit.append(publish, 1)
      const { broken } = await bundle.store.audit.verify(0, "f".repeat(64), 10)
      expect(broken).toBe(1)
    })
  })
}

function register(devices: Store["devices"], application: number, id: string) {
  const texts = { deviceId: id, deviceToken: id, os: "IOS", osVersion: "1" }
  return devices.register(
    application,
    { ...texts, channels: ["default"], expiresAt: undefined },
    { now: 1, channelsPerDeviceMax: 9 },
  )
}

async function setup(open: () => Promise<Store>) {
  const store = await open()
  return { store, [Symbol.asyncDispose]: () => store.close() }
}
