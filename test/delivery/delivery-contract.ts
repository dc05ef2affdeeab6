import { describe, expect, test } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import type { SegmentStore, SettledDevice } from "../../src/store/message-store.ts"
import type { ReceivedPush } from "./fake-provider.ts"
import { CHANNEL, FakeCarrier, type OpenStore, type SetupOptions, setup } from "./setup.ts"

const ACCEPTED = { outcome: { kind: "accepted" }, afterMs: 20 } as const

/** Answers the first push to each token with the given outcome, the later ones with an acceptance. */
function firstly(outcome: Outcome, isAccepted = false) {
  return ({ earlier }: ReceivedPush) => (earlier === 0 ? { outcome, afterMs: 20, isAccepted } : ACCEPTED)
}

/** What the engine promises with any store: point it at one. */
export function deliveryContract(name: string, openStore: OpenStore): void {
  const open = (options?: SetupOptions) => setup(openStore, options)

  describe(`audience (${name})`, () => {
    test("a message reaches every device of its channel exactly once and finishes", async () => {
      const { engine, register, publish, provider, progress, untilDone, drain } = await open({
        segmentSize: 300,
      })
      await register(1_000)
      engine.start()
      await publish("message:1")

      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 1_000 })
      expect((await progress("message:1")).message.state).toBe("finished")
      expect(new Set(provider.ledger.map(({ token }) => token)).size).toBe(1_000)
      expect(provider.ledger).toHaveLength(1_000)
      await drain()
    })

    test("a device that joins after the publish gets nothing, one that left before its turn is counted as left", async () => {
      const { engine, register, publish, provider, progress, untilDone, store, application, clock, drain } =
        await open()
      await register(3)
      await publish("message:1")
      await register(1, { os: "IOS" })
      await store.devices.unregister(application, `${CHANNEL}-ANDROID-1`, clock.now())
      engine.start()

      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 2, suppressed: 1 })
      expect((await progress("message:1")).reasons).toContainEqual({
        kind: "suppressed",
        reason: "left_audience",
        count: 1,
      })
      expect(provider.ledger.map(({ token }) => token)).toEqual([
        `token-${CHANNEL}-ANDROID-0`,
        `token-${CHANNEL}-ANDROID-2`,
      ])
      await drain()
    })

    test("a device that unregisters while its segment waits for the provider is not sent to", async () => {
      const { engine, register, publish, provider, untilDone, store, application, clock, drain } = await open(
        {
          room: 1,
          settings: { reservation: 4 },
        },
      )
      await register(200)
      engine.start()
      await publish("message:1")
      await clock.advance(100)
      await store.devices.unregister(application, `${CHANNEL}-ANDROID-150`, clock.now())

      await untilDone("message:1")

      expect(provider.ledger).toHaveLength(199)
      expect(provider.ledger.map(({ token }) => token)).not.toContain(`token-${CHANNEL}-ANDROID-150`)
      await drain()
    })

    test("of the registrations that share a token only the latest is sent to", async () => {
      const { engine, register, publish, provider, untilDone, store, drain } = await open()
      const [first] = await register(1, { token: () => "shared" })
      const [second] = await register(1, { device: "other", token: () => "shared" })
      engine.start()
      const message = await publish("message:1")

      await untilDone("message:1")

      expect(provider.ledger).toHaveLength(1)
      expect(await store.messages.deviceOutcome(message.number, first as number)).toMatchObject({
        outcome: { kind: "suppressed", reason: "shared_token" },
      })
      expect(await store.messages.deviceOutcome(message.number, second as number)).toMatchObject({
        outcome: { kind: "accepted" },
      })
      await drain()
    })

    test("a token that moves to another registration after the publish is not pushed to twice", async () => {
      // The first registration is served at once; the second cannot be sent to before its token has moved.
      let isSecondHeld = true
      const { engine, register, publish, provider, untilDone, until, clock, drain } = await open({
        react: ({ token }) =>
          token === "late" && isSecondHeld
            ? { outcome: { kind: "retry_later", reason: "busy", afterMs: 5_000 }, afterMs: 20 }
            : ACCEPTED,
      })
      await register(1, { token: () => "moving" })
      await register(1, { device: "other", token: () => "late" })
      engine.start()
      await publish("message:1")
      await until(() => provider.ledger.length === 2)
      isSecondHeld = false
      await clock.advance(1_000)
      await register(1, { device: "other", token: () => "moving" })

      await untilDone("message:1")

      expect(provider.ledger.map(({ token }) => token)).toEqual(["moving", "late"])
      await drain()
    })

    test("devices that cannot be sent to are counted with the reason", async () => {
      const { clock, ...rest } = await open({
        find: (platform) => (platform === "android" ? carrier : undefined),
      })
      const { carrier, engine, register, publish, progress, untilDone, provider, drain } = rest
      await register(2, { os: "SYMBIAN" })
      await register(3, { os: "WP" })
      await register(4, { channel: CHANNEL, os: "android", expiresAt: clock.now() + 500 })
      await publish("message:1")
      await clock.advance(500)
      engine.start()

      await untilDone("message:1")

      expect(provider.ledger).toEqual([])
      expect((await progress("message:1")).counts).toEqual({ suppressed: 9 })
      const reasons = (await progress("message:1")).reasons.map(({ reason, count }) => [reason, count])
      expect(Object.fromEntries(reasons)).toEqual({
        unsupported_os: 2,
        no_credential: 3,
        registration_expired: 4,
      })
      await drain()
    })

    test("work that another process published is found within a second", async () => {
      const { engine, register, publishQuietly, provider, clock, drain } = await open()
      await register(1)
      engine.start()
      await clock.advance(5_000)
      await publishQuietly("message:1")

      await clock.advance(1_100)

      expect(provider.ledger).toHaveLength(1)
      await drain()
    })
  })

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

  describe(`tokens (${name})`, () => {
    const gone = { outcome: { kind: "token_gone", reason: "Unregistered" }, afterMs: 20 } as const

    test("the registration of a gone token is removed, but not one that was renewed since", async () => {
      const { engine, register, publish, until, untilDone, store, application, provider, clock, drain } =
        await open({
          react: () => ({ ...gone, afterMs: 2_000 }),
        })
      await register(2)
      engine.start()
      await publish("message:1")
      await until(() => provider.ledger.length === 2)
      await clock.advance(1_000)
      await register(1)

      await untilDone("message:1")
      await clock.advance(100)

      expect(await store.devices.unregister(application, `${CHANNEL}-ANDROID-0`, clock.now())).toBe(true)
      expect(await store.devices.unregister(application, `${CHANNEL}-ANDROID-1`, clock.now())).toBe(false)
      await drain()
    })

    test("a mass invalidation is quarantined instead of carried out", async () => {
      const spared: number[] = []
      const { engine, register, publish, untilDone, store, application, clock, drain } = await open({
        react: () => gone,
        hooks: { onQuarantine: ({ registrations }) => spared.push(...registrations) },
      })
      await register(3_000)
      engine.start()
      await publish("message:1")

      await untilDone("message:1")
      await clock.advance(1_000)

      let left = 0
      for (let index = 0; index < 3_000; index += 1) {
        if (await store.devices.unregister(application, `${CHANNEL}-ANDROID-${index}`, clock.now())) left += 1
      }
      expect(left).toBeGreaterThanOrEqual(1_990)
      expect(spared).toHaveLength(left)
      expect(engine.quarantined()).toEqual(spared)
      await drain()
    })
  })

  describe(`lanes and memory (${name})`, () => {
    test("a message to one device does not wait behind a broadcast to 60 000", async () => {
      const { engine, register, publish, provider, until, progress, drain } = await open({ room: 100 })
      await register(60_000)
      await register(1, { channel: "single" })
      engine.start()
      await publish("message:broadcast")
      await until(() => provider.ledger.length > 2_000)
      const sentBefore = provider.ledger.length

      await publish("message:single", {
        audience: { channel: "single", platforms: undefined, deviceIds: undefined },
      })
      await until(async () => (await progress("message:single")).pending === 0, 500)

      const position = provider.ledger.findIndex(({ messageId }) => messageId === "message:single")
      // What was in flight, and one batch of the broadcast that was next.
      expect(position - sentBefore).toBeLessThan(400)
      expect((await progress("message:broadcast")).pending).toBeGreaterThan(50_000)
      await drain(engine, AbortSignal.abort())
    })

    test("the devices that the engine holds do not grow with the audience", async () => {
      const {
        store,
        register,
        publishQuietly,
        provider,
        open: openNode,
        untilDone,
        drain,
      } = await open({
        segmentSize: 2_000,
      })
      await register(12_000)
      const { segments, most } = observed(store.segments)
      const observedEngine = openNode("observed", { segments, devices: store.devices })
      observedEngine.start()
      await publishQuietly("message:1")

      await untilDone("message:1")

      const runners = 4
      expect(most()).toBeGreaterThan(0)
      expect(most()).toBeLessThanOrEqual(runners * (500 + 3 * 64))
      expect(provider.inFlightSeen).toBeLessThanOrEqual(runners * 64)
      await drain(observedEngine)
    })
  })

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

  describe(`faults (${name})`, () => {
    test("a node that dies leaves at most its reservations in doubt, and each of those is sent once more", async () => {
      const {
        register,
        publishQuietly,
        provider,
        until,
        untilDone,
        open: openNode,
        store,
        progress,
        drain,
      } = await open({ segmentSize: 500 })
      await register(3_000)
      const { segments, die } = mortal(store.segments)
      openNode("doomed", { segments, devices: store.devices }).start()
      await publishQuietly("message:1")
      await until(() => provider.ledger.length > 1_000)

      die()
      const heir = openNode("heir")
      heir.start()
      await untilDone("message:1")

      const copies = provider.ledger.length - 3_000
      expect(copies).toBeGreaterThan(0)
      expect(copies).toBeLessThanOrEqual(4 * 64)
      expect(Math.max(...provider.ledger.map(({ earlier }) => earlier))).toBe(1)
      expect((await progress("message:1")).counts).toEqual({ accepted: 3_000 })
      await drain(heir)
    })

    test("a node that dies before its provider takes anything leaves nobody in doubt", async () => {
      const {
        register,
        publishQuietly,
        provider,
        untilDone,
        open: openNode,
        store,
        progress,
        clock,
        drain,
      } = await open({ room: 0 })
      await register(500)
      await publishQuietly("message:1", { delivery: "at-most-once" })
      for (let node = 1; node <= 3; node += 1) {
        const { segments, die } = mortal(store.segments)
        openNode(`doomed-${node}`, { segments, devices: store.devices }).start()
        // Long enough for the devices to be put off, and to be taken up again from the retry list.
        await clock.advance(12_000)
        die()
        await clock.advance(11_000)
      }
      provider.makeRoom(100)
      const heir = openNode("heir")
      heir.start()

      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 500 })
      expect(provider.ledger).toHaveLength(500)
      await drain(heir)
    })

    test("a node that dies with every runner at work leaves at most 256 devices in doubt", async () => {
      let isSilent = false
      const {
        register,
        publishQuietly,
        provider,
        until,
        untilDone,
        open: openNode,
        store,
        progress,
        clock,
        drain,
      } = await open({
        segmentSize: 2_000,
        react: () => ({ outcome: { kind: "accepted" }, afterMs: isSilent ? 28_000 : 20 }),
      })
      await register(20_000)
      await register(400, { channel: "few" })
      const { segments, die } = mortal(store.segments)
      openNode("doomed", { segments, devices: store.devices }).start()
      const delivery = "at-most-once"
      const few = { channel: "few", platforms: undefined, deviceIds: undefined }
      await publishQuietly("message:broadcast", { delivery })
      await until(() => provider.ledger.length > 2_000)
      isSilent = true
      const small = Array.from({ length: 4 }, (_, index) => `message:small-${index}`)
      for (const id of small) await publishQuietly(id, { delivery, audience: few })
      await clock.advance(3_000)
      const sent = provider.inFlight

      die()
      await clock.advance(11_000)
      isSilent = false
      const heir = openNode("heir")
      heir.start()
      const ids = ["message:broadcast", ...small]
      for (const id of ids) await untilDone(id)

      let unknown = 0
      for (const id of ids) unknown += (await progress(id)).counts.outcome_unknown ?? 0
      expect(unknown).toBeLessThanOrEqual(256)
      expect(unknown).toBeGreaterThan(200)
      expect(sent).toBe(unknown)
      expect(provider.ledger).toHaveLength(20_000 + small.length * 400)
      await drain(heir)
    })

    test("a block in doubt that is longer than a page is settled to its end", async () => {
      const slow = new Set([0, 15].map((index) => `token-${CHANNEL}-ANDROID-${index}`))
      const {
        register,
        publishQuietly,
        provider,
        until,
        untilDone,
        open: openNode,
        store,
        clock,
        drain,
      } = await open({
        settings: { reservation: 8, pageRows: 8 },
        react: ({ token, earlier }) => ({
          outcome: { kind: "accepted" },
          afterMs: slow.has(token) && earlier === 0 ? 25_000 : 20,
        }),
      })
      await register(40)
      const { segments, die } = mortal(store.segments)
      openNode("doomed", { segments, devices: store.devices }).start()
      const { number } = await publishQuietly("message:1", { delivery: "at-most-once" })
      await until(() => provider.ledger.length === 16)
      await clock.advance(500)

      die()
      const heir = openNode("heir")
      heir.start()
      await untilDone("message:1")

      expect(provider.ledger).toHaveLength(40)
      expect(new Set(provider.ledger.map(({ token }) => token)).size).toBe(40)
      const first = await store.messages.deviceOutcome(number, 1)
      expect(first).toMatchObject({ outcome: { kind: "outcome_unknown", reason: "crash" } })
      await drain(heir)
    })

    test("nodes that die one after the other never send a third copy", async () => {
      const {
        register,
        publishQuietly,
        provider,
        until,
        untilDone,
        open: openNode,
        store,
        progress,
        clock,
        drain,
      } = await open({
        segmentSize: 2_000,
        react: () => ({ outcome: { kind: "accepted" }, afterMs: 200 }),
      })
      await register(4_000)
      await publishQuietly("message:1")
      const secondCopies = () => provider.ledger.filter(({ earlier }) => earlier === 1).length
      for (let node = 1; node <= 6; node += 1) {
        const sent = provider.ledger.length
        const repeated = secondCopies()
        const { segments, die } = mortal(store.segments)
        openNode(`doomed-${node}`, { segments, devices: store.devices }).start()
        await until(() => provider.ledger.length > sent + 20 && (node === 1 || secondCopies() > repeated))
        die()
        await clock.advance(11_000)
      }
      const heir = openNode("heir")
      heir.start()

      await untilDone("message:1")

      expect(Math.max(...provider.ledger.map(({ earlier }) => earlier))).toBe(1)
      const { accepted = 0, outcome_unknown = 0 } = (await progress("message:1")).counts
      expect(accepted + outcome_unknown).toBe(4_000)
      expect(outcome_unknown).toBeGreaterThan(0)
      await drain(heir)
    })

    test("a store that refuses every call for a minute costs neither a device nor a copy", async () => {
      const {
        register,
        publishQuietly,
        provider,
        until,
        untilDone,
        open: openNode,
        store,
        progress,
        clock,
        drain,
      } = await open({ segmentSize: 500 })
      await register(3_000)
      const { segments, setFailing } = failing(store.segments)
      const engine = openNode("node-1", { segments, devices: store.devices })
      engine.start()
      await publishQuietly("message:1")
      await until(() => provider.ledger.length > 1_000)

      setFailing(true)
      await clock.advance(60_000)
      const sentMeanwhile = provider.ledger.length
      await clock.advance(60_000)
      expect(provider.ledger).toHaveLength(sentMeanwhile)
      setFailing(false)
      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ accepted: 3_000 })
      expect(provider.ledger).toHaveLength(3_000)
      await drain(engine)
    })

    test("a provider that fails to take pushes leaves them in doubt, and the engine goes on", async () => {
      const { engine, register, publish, provider, untilDone, progress, drain } = await open()
      const offer = provider.offer.bind(provider)
      let offers = 0
      provider.offer = (...given) => {
        offers += 1
        if (offers === 1) throw new Error("a mistake in the provider")
        return offer(...given)
      }
      await register(200)
      engine.start()
      await publish("message:1", { delivery: "at-most-once" })

      await untilDone("message:1")

      expect((await progress("message:1")).counts).toEqual({ outcome_unknown: 64, accepted: 136 })
      await drain()
    })

    test("a message that cannot be translated is rejected instead of staying open", async () => {
      const { engine, register, publish, provider, untilDone, progress, drain } = await open()
      provider.prepare = () => {
        throw new Error("a mistake in the translation")
      }
      await register(3)
      engine.start()
      await publish("message:1")

      await untilDone("message:1")

      expect((await progress("message:1")).reasons).toEqual([
        { kind: "payload_rejected", reason: "not_translatable", count: 3 },
      ])
      await drain()
    })
  })
}

/** The two pushes of each token that was pushed to twice. */
function pairs(ledger: readonly ReceivedPush[]): [ReceivedPush, ReceivedPush][] {
  const second = ledger.filter(({ earlier }) => earlier === 1)
  return second.map((push) => [
    ledger.find(({ token, earlier }) => token === push.token && earlier === 0) as ReceivedPush,
    push,
  ])
}

/** Counts the devices that were handed out and not settled yet. */
function observed(segments: SegmentStore) {
  const held = new Set<number>()
  let most = 0
  const settle = (settled: readonly SettledDevice[]) => {
    for (const { registration } of settled) held.delete(registration)
  }
  const observing: SegmentStore = {
    ...wrap(segments, (call) => call()),
    audiencePage: async (claim, after, limit) => {
      const page = await segments.audiencePage(claim, after, limit)
      for (const { registration } of page) held.add(registration)
      most = Math.max(most, held.size)
      return page
    },
    checkpoint: (claim, progress) => {
      settle(progress.settled)
      return segments.checkpoint(claim, progress)
    },
    finish: (claim, progress, rest) => {
      settle(progress.settled)
      return segments.finish(claim, progress, rest)
    },
  }
  return { segments: observing, most: () => most }
}

/** A store whose caller can die: then no call of its comes back any more. */
function mortal(segments: SegmentStore) {
  let isDead = false
  const wrapped = wrap(segments, (call) => (isDead ? new Promise(() => {}) : call()))
  return {
    segments: wrapped,
    die: () => {
      isDead = true
    },
  }
}

function failing(segments: SegmentStore) {
  let isFailing = false
  const wrapped = wrap(segments, (call) => (isFailing ? Promise.reject(new Error("disk full")) : call()))
  return {
    segments: wrapped,
    setFailing: (failing: boolean) => {
      isFailing = failing
    },
  }
}

function wrap(segments: SegmentStore, around: <T>(call: () => Promise<T>) => Promise<T>): SegmentStore {
  return {
    claim: (...given) => around(() => segments.claim(...given)),
    nextDue: (...given) => around(() => segments.nextDue(...given)),
    audiencePage: (...given) => around(() => segments.audiencePage(...given)),
    tokenSettled: (...given) => around(() => segments.tokenSettled(...given)),
    retryPage: (...given) => around(() => segments.retryPage(...given)),
    checkpoint: (...given) => around(() => segments.checkpoint(...given)),
    checkpointRetries: (...given) => around(() => segments.checkpointRetries(...given)),
    finish: (...given) => around(() => segments.finish(...given)),
    release: (...given) => around(() => segments.release(...given)),
    renew: (...given) => around(() => segments.renew(...given)),
  }
}
