import { describe, expect, test } from "vitest"
import { firstly } from "./reactions.ts"
import { type OpenStore, type SetupOptions, setup } from "./setup.ts"
import { wrap } from "./troubled-segments.ts"

/** Stopping, and what people do to a message that runs. */
export function stopContract(name: string, openStore: OpenStore): void {
  const open = (options?: SetupOptions) => setup(openStore, options)

  describe(`stopping and people (${name})`, () => {
    test("a graceful stop leaves no duplicate and nothing unknown", async () => {
      const {
        engine,
        register,
        publish,
        provider,
        until,
        open: openNode,
        untilDone,
        progress,
        drain,
      } = await open({
        segmentSize: 700,
      })
      await register(3_000)
      engine.start()
      await publish("message:1")

      let running = engine
      for (let stop = 1; stop <= 8; stop += 1) {
        const sent = provider.ledger.length
        await until(() => provider.ledger.length >= sent + 200)
        await drain(running)
        expect(provider.inFlight).toBe(0)
        running = openNode(`node-${stop + 1}`)
        running.start()
      }
      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 3_000 })
      expect(provider.ledger).toHaveLength(3_000)
      await drain(running)
    })

    test("a stop that cannot wait leaves in doubt only what was in flight", async () => {
      const {
        engine,
        register,
        publish,
        provider,
        until,
        open: openNode,
        untilDone,
        progress,
        drain,
      } = await open({
        react: ({ at }) => ({
          outcome: { kind: "accepted" },
          afterMs: at - 1_800_000_000_000 < 300 ? 25_000 : 20,
        }),
      })
      await register(500)
      engine.start()
      await publish("message:1", { delivery: "at-most-once" })
      await until(() => provider.ledger.length >= 64)
      const inFlight = provider.inFlight
      await drain(engine, AbortSignal.abort())
      const next = openNode("node-2")
      next.start()

      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({
        outcome_unknown: inFlight,
        accepted: 500 - inFlight,
      })
      expect(provider.ledger).toHaveLength(500)
      await drain(next)
    })

    test("after a cancellation no push starts, and the rest is counted as cancelled", async () => {
      const { engine, register, publish, provider, until, untilDone, progress, change, drain } = await open()
      await register(2_000)
      engine.start()
      await publish("message:1")
      await until(() => provider.ledger.length > 500)

      await change("message:1", "cancelled")
      const sent = provider.ledger.length
      await untilDone("message:1")

      expect(provider.ledger).toHaveLength(sent)
      expect((await progress("message:1")).counts).toEqual({ accepted: sent, cancelled: 2_000 - sent })
      expect((await progress("message:1")).message.state).toBe("cancelled")
      await drain()
    })

    test("a cancellation on another node stops the sending within two seconds", async () => {
      const { engine, register, publish, provider, until, untilDone, store, application, clock, drain } =
        await open({
          room: 1,
        })
      await register(2_000)
      engine.start()
      await publish("message:1")
      await until(() => provider.ledger.length > 5)

      await store.messages.changeState(application, "message:1", ["running"], "cancelled", clock.now())
      await clock.advance(2_000)
      const sent = provider.ledger.length
      await untilDone("message:1")

      expect(provider.ledger).toHaveLength(sent)
      await drain()
    })

    test("a paused message sends nothing and loses nothing", async () => {
      const { engine, register, publish, provider, until, untilDone, progress, change, clock, drain } =
        await open()
      await register(2_000)
      engine.start()
      await publish("message:1")
      await until(() => provider.ledger.length > 500)

      await change("message:1", "paused")
      const sent = provider.ledger.length
      await clock.advance(30_000)
      expect(provider.ledger).toHaveLength(sent)
      await change("message:1", "running")
      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 2_000 })
      expect(provider.ledger).toHaveLength(2_000)
      await drain()
    })

    test("a pause is heeded although an older answer of the store says otherwise", async () => {
      const {
        register,
        publishQuietly,
        provider,
        until,
        untilDone,
        open: openNode,
        store,
        application,
        clock,
        drain,
      } = await open()
      await register(2_000)
      const segments = wrap(store.segments, async (call) => {
        const answer = await call()
        await clock.sleep(40)
        return answer
      })
      const engine = openNode("far-away", { segments, devices: store.devices })
      engine.start()
      const { number } = await publishQuietly("message:1")
      await until(() => provider.ledger.length > 500)
      // By now the answers are in and the next checkpoint is on its way back.
      await clock.advance(40)

      await store.messages.changeState(application, "message:1", ["running"], "paused", clock.now())
      engine.messageChanged(number, "paused")
      const sent = provider.ledger.length
      await clock.advance(5_000)
      expect(provider.ledger).toHaveLength(sent)
      await store.messages.changeState(application, "message:1", ["paused"], "running", clock.now())
      engine.messageChanged(number, "running")
      await untilDone("message:1")

      expect(provider.ledger).toHaveLength(2_000)
      await drain(engine)
    })

    test("a stop does not wait for a provider that takes nothing", async () => {
      const {
        engine,
        register,
        publish,
        provider,
        clock,
        drain,
        open: openNode,
        untilDone,
        progress,
      } = await open({
        room: 0,
      })
      await register(300)
      engine.start()
      await publish("message:1", { delivery: "at-most-once" })
      await clock.advance(50)

      const asked = clock.now()
      await drain()
      expect(clock.now() - asked).toBeLessThan(500)
      provider.makeRoom(1_000)
      const next = openNode("node-2")
      next.start()
      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 300 })
      await drain(next)
    })

    test("a stop does not wait for retries that the provider does not take", async () => {
      const {
        engine,
        register,
        publish,
        provider,
        clock,
        until,
        drain,
        open: openNode,
        untilDone,
        progress,
      } = await open({ react: firstly({ kind: "retry_later", reason: "503", afterMs: 1_000 }) })
      await register(10)
      engine.start()
      await publish("message:1", { delivery: "at-most-once" })
      await until(() => provider.ledger.length === 10)
      provider.makeRoom(0)
      await clock.advance(1_500)

      const asked = clock.now()
      await drain()
      expect(clock.now() - asked).toBeLessThan(500)
      provider.makeRoom(1_000)
      const next = openNode("node-2")
      next.start()
      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 10 })
      await drain(next)
    })

    test("nothing is sent at or after the expiry, and the rest is counted as expired", async () => {
      const { engine, register, publish, provider, untilDone, progress, clock, drain } = await open({
        room: 10,
      })
      await register(2_000)
      engine.start()
      const { expiresAt } = await publish("message:1", { expiresAt: clock.now() + 1_000 })

      await untilDone("message:1")

      const sent = provider.ledger.length
      expect(sent).toBeGreaterThan(100)
      expect(Math.max(...provider.ledger.map(({ at }) => at))).toBeLessThan(expiresAt)
      expect((await progress("message:1")).counts).toEqual({ accepted: sent, expired: 2_000 - sent })
      await drain()
    })
  })
}
