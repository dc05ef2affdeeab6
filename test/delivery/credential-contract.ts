import { describe, expect, test } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import { FakeProvider, type Reaction } from "./fake-provider.ts"
import { ACCEPTED } from "./reactions.ts"
import { CHANNEL, FakeCarrier, type OpenStore, type SetupOptions, setup } from "./setup.ts"

const REFUSED: Outcome = { kind: "credential_refused", reason: "InvalidProviderToken", scope: "credential" }
const PUT_OFF: Reaction = {
  outcome: { kind: "throttled", reason: "slow_down", scope: "device", afterMs: 1_000 },
  afterMs: 20,
}

/** Credentials that are refused, paused, set and replaced while something is sent with them. */
export function credentialContract(name: string, openStore: OpenStore): void {
  const open = (options?: SetupOptions) => setup(openStore, options)

  describe(`credentials (${name})`, () => {
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
  })
}
