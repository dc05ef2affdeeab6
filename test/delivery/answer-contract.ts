import { describe, expect, test } from "vitest"
import { ACCEPTED, firstly, pairs } from "./reactions.ts"
import { FakeCarrier, type OpenStore, type SetupOptions, setup } from "./setup.ts"

/** What follows from a provider's answers. */
export function answerContract(name: string, openStore: OpenStore): void {
  const open = (options?: SetupOptions) => setup(openStore, options)

  describe(`answers (${name})`, () => {
    test("a push put off by the provider is repeated not before the time that it asked for", async () => {
      const { engine, register, publish, provider, untilDone, progress, drain } = await open({
        react: firstly({ kind: "throttled", reason: "slow_down", scope: "device", afterMs: 7_000 }),
      })
      await register(5)
      engine.start()
      await publish("message:1")

      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 5 })
      for (const [first, second] of pairs(provider.ledger)) {
        expect(second.at - first.at).toBeGreaterThanOrEqual(7_000)
        expect(second.at - first.at).toBeLessThan(9_000)
      }
      await drain()
    })

    test("a credential put off by its provider sends nothing until then, and another one goes on", async () => {
      const { clock, ...rest } = await open({
        find: (platform) => (platform === "ios" ? other : carrier),
        react: ({ token, at }) =>
          token.includes("ANDROID") && at - started < 30_000
            ? {
                outcome: { kind: "throttled", reason: "quota", scope: "credential", afterMs: 60_000 },
                afterMs: 20,
              }
            : ACCEPTED,
      })
      const { carrier, engine, register, publish, provider, until, untilDone, drain } = rest
      const other = new FakeCarrier("other", provider)
      const started = clock.now()
      await register(1_000)
      await register(300, { os: "IOS" })
      engine.start()
      await publish("message:1")

      await until(() => provider.ledger.filter(({ token }) => token.includes("IOS")).length === 300, 5_000)
      await untilDone("message:1", 300_000)

      const toAndroid = provider.ledger.filter(({ token }) => token.includes("ANDROID"))
      expect(toAndroid.filter(({ at }) => at - started < 60_000).length).toBeLessThanOrEqual(64)
      expect(toAndroid.filter(({ at }) => at - started >= 60_000)).toHaveLength(1_000)
      await drain()
    })

    test("a push whose answer was lost is sent a second time and never a third", async () => {
      const { engine, register, publish, provider, untilDone, progress, drain } = await open({
        react: () => ({ outcome: { kind: "ambiguous", reason: "timeout" }, afterMs: 20, isAccepted: true }),
      })
      await register(10)
      engine.start()
      await publish("message:1")

      await untilDone("message:1", 300_000)

      expect(provider.ledger).toHaveLength(20)
      expect(pairs(provider.ledger)).toHaveLength(10)
      expect((await progress("message:1")).counts).toEqual({ outcome_unknown: 10 })
      await drain()
    })

    test("at-most-once sends no second copy when the answer was lost, and one when it was certainly not processed", async () => {
      const { engine, register, publish, provider, untilDone, progress, drain } = await open({
        react: (push) =>
          push.token.includes("IOS")
            ? { outcome: { kind: "ambiguous", reason: "timeout" }, afterMs: 20, isAccepted: true }
            : firstly({ kind: "retry_later", reason: "refused_stream" })(push),
      })
      await register(4, { os: "IOS" })
      await register(6)
      engine.start()
      await publish("message:1", { delivery: "at-most-once" })

      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ outcome_unknown: 4, accepted: 6 })
      expect(provider.ledger).toHaveLength(4 + 12)
      await drain()
    })

    test("a device that is never accepted is given up after ten attempts", async () => {
      const { engine, register, publish, provider, untilDone, progress, drain } = await open({
        react: () => ({
          outcome: { kind: "throttled", reason: "busy", scope: "device", afterMs: 100 },
          afterMs: 20,
        }),
      })
      await register(1)
      engine.start()
      await publish("message:1")

      await untilDone("message:1", 600_000)

      expect(provider.ledger).toHaveLength(10)
      expect((await progress("message:1")).reasons).toEqual([
        { kind: "retries_exhausted", reason: "busy", count: 1 },
      ])
      await drain()
    })

    test("an outage costs a handful of pushes, not the attempts of every device", async () => {
      let isDown = true
      const { engine, register, publish, provider, untilDone, progress, clock, drain } = await open({
        react: () => (isDown ? { outcome: { kind: "retry_later", reason: "503" }, afterMs: 20 } : ACCEPTED),
      })
      await register(2_000)
      engine.start()
      await publish("message:1")
      await clock.advance(120_000)
      const sentInVain = provider.ledger.length
      isDown = false

      await untilDone("message:1", 600_000)

      expect(sentInVain).toBeLessThan(400)
      expect((await progress("message:1")).counts).toEqual({ accepted: 2_000 })
      await drain()
    })

    test("so many waiting retries pause the fan-out, which goes on when they are through", async () => {
      let isDown = true
      let most = 0
      const { engine, register, publish, untilDone, progress, until, clock, drain } = await open({
        segmentSize: 500,
        settings: { retryingMax: 200 },
        react: () => (isDown ? { outcome: { kind: "retry_later", reason: "503" }, afterMs: 20 } : ACCEPTED),
      })
      await register(3_000)
      engine.start()
      await publish("message:1")
      await until(async () => {
        most = Math.max(most, (await progress("message:1")).retrying)
        return most >= 200
      })
      for (let second = 0; second < 60; second += 1) {
        await clock.advance(1_000)
        most = Math.max(most, (await progress("message:1")).retrying)
      }
      isDown = false

      await untilDone("message:1", 900_000)

      // Each of the four runners may have one checkpoint under way when the limit is reached.
      expect(most).toBeLessThan(200 + 4 * 576)
      expect((await progress("message:1")).counts).toEqual({ accepted: 3_000 })
      await drain()
    })
  })
}
