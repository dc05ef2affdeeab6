import { describe, expect, test } from "vitest"
import { ACCEPTED } from "./reactions.ts"
import { CHANNEL, type OpenStore, type SetupOptions, setup } from "./setup.ts"

/** Who is sent to, and with what each device is counted. */
export function audienceContract(name: string, openStore: OpenStore): void {
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
}
