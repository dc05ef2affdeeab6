import { describe, expect, test } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import { FakeProvider, type Reaction } from "./fake-provider.ts"
import { ACCEPTED, firstly, pairs } from "./reactions.ts"
import { CHANNEL, FakeCarrier, type OpenStore, type SetupOptions, setup } from "./setup.ts"

const REFUSED: Outcome = { kind: "credential_refused", reason: "InvalidProviderToken", scope: "credential" }
const PUT_OFF: Reaction = {
  outcome: { kind: "throttled", reason: "slow_down", scope: "device", afterMs: 1_000 },
  afterMs: 20,
}

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

    test("a wrong environment pauses the credential within 500 answers and removes no token", async () => {
      const {
        engine,
        register,
        publish,
        provider,
        carrier,
        untilDone,
        progress,
        store,
        application,
        clock,
        drain,
      } = await open({
        react: () => ({
          outcome: { kind: "credential_refused", reason: "BadDeviceToken", scope: "pairing" },
          afterMs: 20,
        }),
      })
      await register(3_000)
      engine.start()
      await publish("message:1")

      await untilDone("message:1")

      expect(carrier.pauses).toEqual(["BadDeviceToken"])
      expect(provider.ledger.length).toBeLessThanOrEqual(500)
      expect((await progress("message:1")).counts).toEqual({ credential_refused: 3_000 })
      for (const index of [0, 250, 2_999]) {
        expect(await store.devices.unregister(application, `${CHANNEL}-ANDROID-${index}`, clock.now())).toBe(
          true,
        )
      }
      await drain()
    })

    test("a refused credential is paused at once, and sends again once it is resumed", async () => {
      const { engine, register, publish, provider, carrier, untilDone, progress, clock, drain } = await open({
        react: ({ messageId }) =>
          messageId === "message:1"
            ? {
                outcome: { kind: "credential_refused", reason: "InvalidProviderToken", scope: "credential" },
                afterMs: 20,
              }
            : ACCEPTED,
      })
      await register(1_000)
      engine.start()
      await publish("message:1")
      await untilDone("message:1")
      expect(provider.ledger.length).toBeLessThanOrEqual(64)
      expect((await progress("message:1")).counts).toEqual({ credential_refused: 1_000 })

      carrier.resume()
      await clock.advance(6_000)
      await publish("message:2")
      await untilDone("message:2")

      expect((await progress("message:2")).counts).toEqual({ accepted: 1_000 })
      expect(carrier.pauses).toEqual(["InvalidProviderToken"])
      await drain()
    })

    test.each([
      ["before its push is handed over", 0, ""],
      ["while its push waits in the provider", 40, ""],
      ["while it waits for another attempt", 0, "7"],
    ])(
      "whom a credential refuses that was replaced before, the one in its place is asked to carry to: %s",
      async (...row) => {
        const [, writeAfterMs, putOff] = row
        let isReplaced = false
        const { engine, register, publish, provider, carrier, until, untilDone, progress, clock, drain } =
          await open({
            inFlightMax: 200,
            writeAfterMs: () => writeAfterMs,
            react: ({ token, earlier }) => {
              if (isReplaced) return { outcome: REFUSED, afterMs: 20 }
              return putOff !== "" && token.endsWith(putOff) && earlier === 0 ? PUT_OFF : ACCEPTED
            },
            find: () => (isReplaced ? successor : carrier),
          })
        const successor = new FakeCarrier("successor", new FakeProvider({ clock }))
        await register(2_000)
        engine.start()
        await publish("message:1")
        await until(() =>
          putOff === "" ? provider.ledger.length > 500 : provider.ledger.some(({ earlier }) => earlier > 0),
        )

        const before = provider.ledger.length
        isReplaced = true
        await untilDone("message:1")

        expect(provider.ledger.length).toBeGreaterThan(before)
        expect(carrier.pauses).toEqual(["InvalidProviderToken"])
        expect(successor.pauses).toEqual([])
        expect((await progress("message:1")).counts).toEqual({ accepted: 2_000 })
        await drain()
      },
    )

    test("a token that does not fit to a credential is tried with the one that took its place meanwhile", async () => {
      let isReplaced = false
      const { engine, register, publish, provider, carrier, until, untilDone, progress, clock, drain } =
        await open({
          react: () => ({
            outcome: { kind: "credential_refused", reason: "BadDeviceToken", scope: "pairing" },
            afterMs: isReplaced ? 20 : 10_000,
          }),
          find: () => (isReplaced ? successor : carrier),
        })
      const successor = new FakeCarrier("successor", new FakeProvider({ clock }))
      await register(100)
      engine.start()
      await publish("message:1")
      await until(() => provider.ledger.length > 50)

      isReplaced = true
      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 100 })
      expect([carrier.pauses, successor.pauses]).toEqual([[], []])
      await drain()
    })

    test("nobody is put off while a provider that was replaced is closed", async () => {
      let isReplaced = false
      let mostRetrying = 0
      const { engine, register, publish, provider, carrier, until, progress, clock, drain } = await open({
        inFlightMax: 100,
        find: () => (isReplaced ? successor : carrier),
      })
      const successor = new FakeCarrier("successor", new FakeProvider({ clock }))
      await register(2_000)
      engine.start()
      await publish("message:1")
      await until(() => provider.ledger.length > 500)

      isReplaced = true
      provider.makeRoom(0)
      await until(async () => {
        const { pending, retrying } = await progress("message:1")
        mostRetrying = Math.max(mostRetrying, retrying)
        return pending === 0
      })

      expect(mostRetrying).toBe(0)
      expect((await progress("message:1")).counts).toEqual({ accepted: 2_000 })
      await drain()
    })

    test.each([
      ["one that pauses", true],
      ["one that cannot be paused, as in the sandbox", false],
    ])("a device that may have got a copy is not recorded as refused by a credential: %s", async (...row) => {
      const { engine, register, publish, carrier, untilDone, progress, drain } = await open({
        react: ({ earlier }) =>
          earlier === 0
            ? { outcome: { kind: "ambiguous", reason: "timeout" }, afterMs: 20, isAccepted: true }
            : { outcome: REFUSED, afterMs: 20 },
      })
      if (!row[1]) carrier.pause = async () => {}
      await register(3)
      engine.start()
      await publish("message:1")

      await untilDone("message:1")

      const { counts, message } = await progress("message:1")
      expect(counts).toEqual({ outcome_unknown: 3 })
      expect(message.state).toBe("finished")
      await drain()
    })

    test("a credential that is set while a broadcast goes on is used at once", async () => {
      let ofApple: FakeCarrier | undefined
      const { engine, register, publish, provider, carrier, until, untilDone, progress, clock, drain } =
        await open({ inFlightMax: 100, find: (platform) => (platform === "ios" ? ofApple : carrier) })
      await register(1, { os: "IOS", device: "first" })
      await register(1_000)
      await register(1, { os: "IOS", device: "last" })
      engine.start()
      await publish("message:1")
      await until(() => provider.ledger.length > 500)

      ofApple = new FakeCarrier("apple", new FakeProvider({ clock, name: "apns" }))
      await untilDone("message:1", 2_000)

      expect((await progress("message:1")).counts).toEqual({ suppressed: 1, accepted: 1_001 })
      await drain()
    })

    test("a credential that cannot be paused, as in the sandbox, goes on sending", async () => {
      const { engine, register, publish, carrier, untilDone, progress, drain } = await open({
        react: ({ token }) =>
          token.endsWith("00")
            ? {
                outcome: { kind: "credential_refused", reason: "simulated", scope: "credential" },
                afterMs: 20,
              }
            : ACCEPTED,
      })
      carrier.pause = async () => {}
      await register(1_000)
      engine.start()
      await publish("message:1")

      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ credential_refused: 9, accepted: 991 })
      await drain()
    })

    test("a few wrong tokens pause nothing", async () => {
      const { engine, register, publish, carrier, untilDone, progress, drain } = await open({
        react: ({ token }) =>
          token.endsWith("0")
            ? {
                outcome: { kind: "credential_refused", reason: "BadDeviceToken", scope: "pairing" },
                afterMs: 20,
              }
            : ACCEPTED,
      })
      await register(2_000)
      engine.start()
      await publish("message:1")

      await untilDone("message:1")

      expect(carrier.pauses).toEqual([])
      expect((await progress("message:1")).counts).toEqual({ credential_refused: 200, accepted: 1_800 })
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
