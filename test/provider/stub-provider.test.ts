import { describe, expect, it } from "vitest"
import { openStubProvider, type StubProviderOptions } from "../../src/provider/stub-provider.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { BatchRun } from "./push-batches.ts"

function setup(options: Partial<StubProviderOptions> = {}) {
  const clock = new FakeClock()
  const provider = openStubProvider({ clock, random: seededRandom(5), ...options })
  const run = (...tokens: string[]) => new BatchRun(provider, "ios", tokens)
  const outcomesOf = async (...tokens: string[]) => {
    const sending = run(...tokens)
    sending.offer()
    await clock.advance(10_000)
    return sending.outcomes()
  }
  return { clock, provider, run, outcomesOf }
}

describe("the stub provider", () => {
  it("answers as the token says", async () => {
    const { outcomesOf, clock } = setup()
    const sentAt = clock.now()
    const tokens = [
      "ok-1",
      "gone-1",
      "changed-new",
      "rejected",
      "pairing",
      "refused",
      "throttled",
      "retry",
      "ambiguous",
      "x",
    ]
    expect(await outcomesOf(...tokens)).toEqual([
      { kind: "accepted", providerMessageId: "stub-1" },
      { kind: "token_gone", reason: "gone", since: sentAt },
      { kind: "token_changed", to: "-new" },
      { kind: "payload_rejected", reason: "rejected" },
      { kind: "credential_refused", reason: "pairing", scope: "pairing" },
      { kind: "credential_refused", reason: "refused", scope: "credential" },
      { kind: "throttled", reason: "throttled", scope: "device", afterMs: 1_000 },
      { kind: "retry_later", reason: "retry" },
      { kind: "ambiguous", reason: "ambiguous" },
      { kind: "accepted", providerMessageId: "stub-10" },
    ])
  })

  it("accepts in the end when the token says how often not to", async () => {
    const { outcomesOf } = setup()
    const kinds: string[] = []
    for (let attempt = 0; attempt < 4; attempt += 1)
      kinds.push(...(await outcomesOf("retry2-a")).map(({ kind }) => kind))
    expect(kinds).toEqual(["retry_later", "retry_later", "accepted", "accepted"])
  })

  it("answers slow tokens later than the others", async () => {
    const { clock, run } = setup({ latencyMs: 10, slowMs: 100 })
    const sending = run("slow-1", "ok-1")
    sending.offer()
    await clock.advance(10)
    expect([...sending.sink.outcomes.keys()]).toEqual([2])
    await clock.advance(90)
    expect(sending.sink.outcomes.size).toBe(2)
  })

  it("takes no more than may be in flight, and says when there is room", async () => {
    const { clock, provider, run } = setup({ inFlightMax: 2 })
    const sending = run("ok-1", "ok-2", "ok-3")
    expect(sending.offer()).toBe(2)
    expect(provider.inFlight).toBe(2)
    await clock.advance(5)
    expect(sending.sink.rooms).toBe(1)
    expect(sending.offer()).toBe(1)
  })

  it("keeps answers back until they are released", async () => {
    const { clock, provider, run } = setup()
    provider.hold()
    const sending = run("ok-1", "gone-2")
    sending.offer()
    await clock.advance(60_000)
    expect(sending.sink.outcomes.size).toBe(0)
    provider.release()
    await clock.advance(0)
    expect(sending.sink.outcomes.size).toBe(2)
  })

  it("asks the gate and records what it let through", async () => {
    const { clock, provider } = setup()
    const gate = (ticket: number) => (ticket === 1 ? ({ kind: "cancelled" } as const) : undefined)
    const sending = new BatchRun(provider, "ios", ["ok-1", "ok-2"], { gate })
    sending.offer()
    expect(sending.sink.outcomes.get(1)).toEqual({ kind: "cancelled" })
    await clock.advance(5)
    expect(provider.sends).toEqual([
      { messageId: expect.stringContaining("message:"), token: "ok-2", ticket: 2, at: 1_800_000_000_000 },
    ])
  })

  it("gives the same order of answers for the same seed", async () => {
    const orders: number[][] = []
    for (let round = 0; round < 2; round += 1) {
      const { clock, run } = setup()
      const sending = run(...Array.from({ length: 20 }, (_, index) => `ok-${index}`))
      sending.offer()
      await clock.advance(5)
      orders.push([...sending.sink.outcomes.keys()])
    }
    expect(orders[0]).toEqual(orders[1])
    expect(orders[0]).not.toEqual([...(orders[0] ?? [])].sort((a, b) => a - b))
  })

  it("waits for its answers when it is closed, or gives them up", async () => {
    const { clock, provider, run } = setup()
    const sending = run("ok-1")
    sending.offer()
    const closed = provider.close(new AbortController().signal)
    expect(run("ok-2").offer()).toBe(0)
    await clock.advance(5)
    await closed
    expect(sending.sink.outcomes.get(1)?.kind).toBe("accepted")
    const other = setup()
    const lost = other.run("ok-1")
    lost.offer()
    await other.provider.close(AbortSignal.abort())
    expect(lost.sink.outcomes.get(1)?.kind).toBe("ambiguous")
  })
})
