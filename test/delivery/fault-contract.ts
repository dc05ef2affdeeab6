import { describe, expect, test } from "vitest"
import { CHANNEL, type OpenStore, type SetupOptions, setup } from "./setup.ts"
import { failing, mortal } from "./troubled-segments.ts"

/** Nodes that die, stores and providers that fail. */
export function faultContract(name: string, openStore: OpenStore): void {
  const open = (options?: SetupOptions) => setup(openStore, options)

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

    test.each([
      ["256", {}, 256],
      ["as many as it is told", { doubtMax: 1_000, reservation: 500 }, 1_000],
    ])("a node that dies with every runner at work leaves at most %s in doubt", async (_, settings, most) => {
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
        settings,
        inFlightMax: 2 * most,
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
      expect(unknown).toBeLessThanOrEqual(most)
      expect(unknown).toBeGreaterThan(0.8 * most)
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

    test.each([
      ["each runner has a segment", 500],
      ["others look for work", 5_000],
    ])(
      "a store that refuses every call for a minute costs neither a device nor a copy: %s",
      async (_, segmentSize) => {
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
        } = await open({ segmentSize })
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
      },
    )

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
