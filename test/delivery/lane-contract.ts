import { describe, expect, test } from "vitest"
import type { Platform } from "../../src/domain/platform.ts"
import { FakeProvider } from "./fake-provider.ts"
import { FakeCarrier, type OpenStore, type SetupOptions, setup } from "./setup.ts"
import { observed } from "./troubled-segments.ts"

/** That small messages do not wait, and that memory does not grow. */
export function laneContract(name: string, openStore: OpenStore): void {
  const open = (options?: SetupOptions) => setup(openStore, options)

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

    test("small messages whose provider takes its time do not hold up those of another", async () => {
      const providers: Partial<Record<Platform, FakeProvider>> = {}
      const { clock, engine, register, publish, untilDone, drain } = await open({
        find: (platform) => {
          const afterMs = platform === "android" ? 20_000 : 10
          const react = () => ({ outcome: { kind: "accepted" as const }, afterMs })
          providers[platform] ??= new FakeProvider({ clock, react })
          return new FakeCarrier(`credential of ${platform}`, providers[platform])
        },
      })
      const to = (channel: string) => ({ channel, platforms: undefined, deviceIds: undefined })
      await register(1, { channel: "slow" })
      await register(1, { channel: "quick", os: "IOS" })
      engine.start()
      const slow = Array.from({ length: 30 }, (_, index) => `message:slow-${index}`)
      for (const id of slow) await publish(id, { audience: to("slow") })

      await publish("message:quick", { audience: to("quick") })
      await untilDone("message:quick", 1_000)

      expect(providers.android?.inFlight).toBeGreaterThan(0)
      for (const id of slow) await untilDone(id)
      await drain(engine)
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
}
