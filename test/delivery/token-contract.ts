import { describe, expect, test } from "vitest"
import { CHANNEL, type OpenStore, type SetupOptions, setup } from "./setup.ts"

/** What becomes of registrations whose token is gone. */
export function tokenContract(name: string, openStore: OpenStore): void {
  const open = (options?: SetupOptions) => setup(openStore, options)

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
}
