import { describe, expect, test } from "vitest"
import { PROVIDER_OF, type ProviderName } from "../../src/domain/platform.ts"
import { FakeProvider } from "./fake-provider.ts"
import { FakeCarrier, type OpenStore, type SetupOptions, setup } from "./setup.ts"
import { mortal } from "./troubled-segments.ts"

const OBSTACLE = "no connection: ECONNREFUSED"
/** Systems in the order in which their devices register, over and over: half of them are FCM's. */
const SYSTEMS = ["ANDROID", "IOS", "ANDROID", "WP"] as const

/** A provider that is down holds up its own devices alone (ADR 28). */
export function outageContract(name: string, openStore: OpenStore): void {
  async function open({ room = 1_000, ...options }: Pick<SetupOptions, "room" | "segmentSize" | "settings">) {
    const carriers = new Map<ProviderName, FakeCarrier>()
    const world = await setup(openStore, {
      ...options,
      find: (platform) => carriers.get(PROVIDER_OF[platform]),
    })
    const provider = (name: ProviderName) => {
      const made = new FakeProvider({ clock: world.clock, name, room })
      carriers.set(name, new FakeCarrier(name, made))
      return made
    }
    const providers = { apns: provider("apns"), fcm: provider("fcm"), wns: provider("wns") }
    const down = (name: ProviderName) => providers[name].makeRoom(0, OBSTACLE)
    const mixed = async (count: number) => {
      const numbers: number[] = []
      for (let index = 0; index < count; index += 1) {
        const os = SYSTEMS[index % SYSTEMS.length] as string
        numbers.push(...(await world.register(1, { os, device: `phone-${index}` })))
      }
      return numbers
    }
    return { ...world, ...providers, providers, down, mixed }
  }
  type World = Awaited<ReturnType<typeof open>>

  /** In small steps, so that whoever waits for the store gets its answers in between. */
  const pass = ({ clock, until }: World, ms: number) => {
    const end = clock.now() + ms
    return until(() => clock.now() >= end, ms + 10)
  }

  const once = ({ providers }: World) => {
    const pushes = Object.values(providers).flatMap(({ ledger }) => ledger)
    expect(pushes.filter(({ earlier }) => earlier > 0)).toEqual([])
  }

  describe(`a provider that is down (${name})`, () => {
    test("with more than 10 000 devices waiting for it, all others end; when it is back, so do these", async () => {
      // The first 10 000 fill the list before anybody comes to the others.
      const world = await open({ segmentSize: 5_000, settings: { bulkRunners: 1 } })
      const { apns, fcm, wns, engine, progress, until, untilDone } = world
      world.down("fcm")
      const androids = await world.register(12_000)
      const [iphone = 0] = await world.register(600, { os: "IOS" })
      await world.register(300, { os: "WP" })
      await world.register(100, { os: "SYMBIAN" })
      engine.start()
      const { number } = await world.publish("message:1")

      await until(() => apns.ledger.length === 600 && wns.ledger.length === 300)
      await pass(world, 1_000)

      const during = await progress("message:1")
      expect(during).toMatchObject({ counts: { accepted: 900, suppressed: 100 }, pending: 12_000 })
      expect(during.retrying).toBeGreaterThanOrEqual(10_000)
      // The runner may have one checkpoint under way when the limit is reached.
      expect(during.retrying).toBeLessThan(10_000 + 576)
      expect(during.obstacles).toContainEqual({
        obstacle: `others_waiting: ${OBSTACLE}`,
        devices: 12_000 - during.retrying,
      })
      const outcomeOf = (registration = 0) => world.store.messages.deviceOutcome(number, registration)
      expect(await outcomeOf(iphone)).toMatchObject({ outcome: { kind: "accepted" } })
      expect(await outcomeOf(androids.at(-1))).toMatchObject({ state: "pending" })

      await world.drain()
      const next = world.open("node-2")
      next.start()
      await pass(world, 8_000)
      expect((await progress("message:1")).retrying).toBeLessThan(10_000 + 576)
      fcm.makeRoom(1_000)
      await until(() => fcm.ledger.length === 12_000, 600_000)
      await untilDone("message:1")

      const { counts, obstacles, message } = await progress("message:1")
      expect(counts).toEqual({ accepted: 12_900, suppressed: 100 })
      expect({ obstacles, state: message.state }).toEqual({ obstacles: [], state: "finished" })
      expect(fcm.ledger).toHaveLength(12_000)
      expect(apns.ledger).toHaveLength(600)
      once(world)
      await world.drain(next)
    })

    test("a second one that goes down is left out from there on, and each is gone back for by itself", async () => {
      const world = await open({ room: 20, segmentSize: 400, settings: { retryingMax: 50 } })
      const { apns, fcm, wns, until, untilDone } = world
      await world.mixed(1_600)
      await world.register(2, { device: "twin", token: () => "twin" })
      world.down("fcm")
      world.engine.start()
      await world.publish("message:1")
      await until(() => apns.ledger.length > 60)
      world.down("apns")
      await until(() => wns.ledger.length === 400)
      apns.makeRoom(1_000)
      await until(() => apns.ledger.length === 400, 300_000)
      expect(fcm.ledger).toHaveLength(0)

      fcm.makeRoom(1_000)
      await untilDone("message:1", 600_000)
      expect((await world.progress("message:1")).counts).toEqual({ accepted: 1_601, suppressed: 1 })
      once(world)
      await world.drain()
    })

    test.each([
      ["at-least-once", 1],
      ["at-most-once", 0],
    ] as const)(
      "nodes that die on the way lose nobody and send no copy too many (%s)",
      async (delivery, copies) => {
        const room = 20
        const world = await open({ room, segmentSize: 500, settings: { retryingMax: 40 } })
        const { apns, fcm, until, untilDone } = world
        const numbers = await world.mixed(1_500)
        world.down("fcm")
        const { number } = await world.publishQuietly("message:1", { delivery })
        for (let node = 1; node <= 6; node += 1) {
          const { segments, die } = mortal(world.store.segments)
          world.open(`doomed-${node}`, { segments, devices: world.store.devices }).start()
          // Half of them die while it is down, the others while it is gone back for.
          const { ledger } = node <= 3 ? apns : fcm
          const sent = ledger.length
          await until(() => ledger.length >= sent + 70, 120_000)
          die()
          if (node === 3) fcm.makeRoom(room)
          await pass(world, 12_000)
        }
        const heir = world.open("heir")
        heir.start()
        await untilDone("message:1", 600_000)

        const { counts } = await world.progress("message:1")
        expect((counts.accepted ?? 0) + (counts.outcome_unknown ?? 0)).toBe(1_500)
        expect(counts.outcome_unknown ?? 0).toBeLessThanOrEqual(6 * 3 * room)
        const ledger = Object.values(world.providers).flatMap(({ ledger }) => ledger)
        expect(new Set(ledger.map(({ token }) => token)).size).toBeGreaterThanOrEqual(counts.accepted ?? 0)
        expect(Math.max(...ledger.map(({ earlier }) => earlier))).toBeLessThanOrEqual(copies)
        for (const registration of numbers) {
          const { state } = await world.store.messages.deviceOutcome(number, registration)
          expect(state).toBe("settled")
        }
        await world.drain(heir)
      },
    )

    test("a pause, a resume and a cancellation mean those who were left out as well", async () => {
      const world = await open({ room: 20, segmentSize: 400, settings: { retryingMax: 50 } })
      const { apns, fcm, wns, until } = world
      const [android = 0] = await world.mixed(800)
      world.down("fcm")
      world.engine.start()
      const { number } = await world.publish("message:1")
      await until(() => apns.ledger.length > 60)
      await world.change("message:1", "paused")
      const sent = apns.ledger.length
      fcm.makeRoom(1_000)
      await pass(world, 30_000)
      expect([apns.ledger.length, fcm.ledger.length]).toEqual([sent, 0])
      world.down("fcm")
      await world.change("message:1", "running")
      await until(() => apns.ledger.length === 200 && wns.ledger.length === 200)

      await world.change("message:1", "cancelled")
      await world.untilDone("message:1")
      expect((await world.progress("message:1")).counts).toEqual({ accepted: 400, cancelled: 400 })
      expect(await world.store.messages.deviceOutcome(number, android)).toMatchObject({
        outcome: { kind: "cancelled" },
      })
      fcm.makeRoom(1_000)
      await pass(world, 20_000)
      expect(fcm.ledger).toEqual([])
      once(world)
      await world.drain()
    })

    test("who was left out until the message expired is told what it waited for", async () => {
      const world = await open({ segmentSize: 400, settings: { retryingMax: 50 } })
      await world.mixed(800)
      world.down("fcm")
      world.engine.start()
      const { expiresAt } = await world.publish("message:1", { expiresAt: world.clock.now() + 40_000 })
      await pass(world, expiresAt - world.clock.now())
      await world.untilDone("message:1")

      const { counts, reasons } = await world.progress("message:1")
      expect(counts).toEqual({ accepted: 400, expired: 400 })
      const expired = reasons.filter(({ kind }) => kind === "expired").map(({ reason }) => reason)
      expect(expired.sort()).toEqual([OBSTACLE, `others_waiting: ${OBSTACLE}`])
      await world.drain()
    })
  })
}
