import { describe, expect, it } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import type { Platform } from "../../src/domain/platform.ts"
import type { Provider } from "../../src/provider/provider.ts"
import type { FakeClock } from "../../src/runtime/clock.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { OutcomeRecorder } from "./outcome-recorder.ts"
import { BatchRun, contentOf, type RunOptions } from "./push-batches.ts"

/** A push that has arrived at the provider's side and waits for its answer. */
export interface ArrivedPush {
  readonly token: string
  /** The access token it came with. */
  readonly authorization: string
  accept(): void
  /** Says that our access token is expired or invalid. */
  refuseAuthorization(): void
  /** The connection breaks without an answer. */
  vanish(): void
}

/** A provider in front of a scripted server that speaks its protocol. */
export interface ProviderFixture<Push extends ArrivedPush> extends AsyncDisposable {
  readonly provider: Provider
  readonly clock: FakeClock
  readonly platform: Platform
  /** Well-formed tokens, all different. */
  token(index: number): string
  readonly malformedToken: string
  nextPush(): Promise<Push>
  /** How many pushes have arrived. */
  readonly arrived: number
  /** The server goes away: nothing listens any more. */
  disappear(): Promise<void>
}

/** What the server answers, and what it must mean. */
export interface AnswerCase<Push> {
  readonly title: string
  readonly answer: (push: Push) => void
  readonly outcome: Outcome
}

export interface FixtureOptions {
  readonly inFlightMax?: number
}

export interface ProviderUnderTest<Push extends ArrivedPush> {
  readonly open: (options?: FixtureOptions) => Promise<ProviderFixture<Push>>
  /** At least one per kind that the provider's answers can mean. */
  readonly answers: readonly AnswerCase<Push>[]
}

/** The kinds of outcome that come from an answer of the provider; none of the three gives out new tokens. */
const ANSWERED_KINDS = [
  "accepted",
  "credential_refused",
  "payload_rejected",
  "retry_later",
  "throttled",
  "token_gone",
]

/** The law for every provider. */
export function providerContract<Push extends ArrivedPush>(
  name: string,
  subject: ProviderUnderTest<Push>,
): void {
  const { open, answers } = subject
  const run = (fixture: ProviderFixture<Push>, count: number, options?: RunOptions) =>
    new BatchRun(fixture.provider, fixture.platform, tokensOf(fixture, count), options)

  describe(`${name}: what the answers mean`, () => {
    it("has a case for every kind of outcome that an answer can mean", () => {
      const kinds = new Set(answers.map(({ outcome }) => outcome.kind))
      expect([...kinds].sort()).toEqual(expect.arrayContaining(ANSWERED_KINDS))
    })

    for (const { title, answer, outcome } of answers) {
      it(`takes ${title} for ${outcome.kind}`, async () => {
        await using fixture = await open()
        const sending = run(fixture, 1)
        await sending.offerAll()
        answer(await fixture.nextPush())
        expect(await sending.sink.outcome(1)).toEqual(outcome)
        expect(fixture.arrived).toBe(1)
      })
    }
  })

  describe(`${name}: what is not sent`, () => {
    it("asks the gate for each push and settles the refused ones with its outcome", async () => {
      await using fixture = await open()
      const asked: number[] = []
      const sending = run(fixture, 4, {
        gate: (ticket) => {
          asked.push(ticket)
          return ticket % 2 === 0 ? { kind: "cancelled" } : undefined
        },
      })
      const outcomes = sending.outcomes()
      for (let count = 0; count < 2; count += 1) (await fixture.nextPush()).accept()
      const kinds = (await outcomes).map((outcome) => outcome.kind)
      expect(kinds).toEqual(["accepted", "cancelled", "accepted", "cancelled"])
      expect(asked).toEqual([1, 2, 3, 4])
      expect(fixture.arrived).toBe(2)
    })

    it("suppresses a token that can be no address of the provider", async () => {
      await using fixture = await open()
      const tokens = [fixture.malformedToken, fixture.token(0)]
      const sending = new BatchRun(fixture.provider, fixture.platform, tokens)
      await sending.offerAll()
      const push = await fixture.nextPush()
      expect(push.token).toBe(fixture.token(0))
      push.accept()
      const [malformed, wellFormed] = await sending.outcomes()
      expect(malformed).toEqual({ kind: "suppressed", reason: "invalid_token" })
      expect(wellFormed?.kind).toBe("accepted")
    })

    it("sends nothing that has less than a second to live", async () => {
      await using fixture = await open()
      const sending = run(fixture, 2, { content: contentOf({}, "Hello", fixture.clock.now() + 999) })
      expect(await sending.outcomes()).toEqual([
        { kind: "expired", reason: "" },
        { kind: "expired", reason: "" },
      ])
      expect(fixture.arrived).toBe(0)
    })

    it("sends nothing that is larger than the provider takes, and says by how much", async () => {
      await using fixture = await open()
      const sending = run(fixture, 1, { content: contentOf({}, "x".repeat(6000)) })
      const [outcome] = await sending.outcomes()
      const reason = `the payload has ${sending.batch.push.payloadBytes} bytes; `
      expect(outcome).toMatchObject({ kind: "payload_rejected", reason: expect.stringContaining(reason) })
      expect(fixture.arrived).toBe(0)
    })
  })

  describe(`${name}: readiness`, () => {
    it("has room for what it would take, once the connection is there, and tells when to ask again", async () => {
      await using fixture = await open({ inFlightMax: 2 })
      const { provider } = fixture
      const waiter = new OutcomeRecorder()
      for (;;) {
        const room = waiter.nextRoom()
        if (provider.ready(1, waiter).room === 1) break
        await room
      }
      expect(fixture.arrived).toBe(0)
      const first = run(fixture, 1)
      expect(first.offer()).toBe(1)
      ;(await fixture.nextPush()).accept()
      await first.outcomes()
      expect(provider.ready(5, waiter)).toEqual({ room: 2 })
      expect(run(fixture, 5).offer()).toBe(2)
      const room = waiter.nextRoom()
      expect(provider.ready(1, waiter)).toEqual({ room: 0 })
      ;(await fixture.nextPush()).accept()
      await room
      expect(provider.ready(5, waiter)).toEqual({ room: 1 })
    })

    it("has none after it was closed", async () => {
      await using fixture = await open()
      await fixture.provider.close(AbortSignal.abort())
      expect(fixture.provider.ready(1, new OutcomeRecorder())).toEqual({ room: 0 })
    })
  })

  describe(`${name}: how much at once`, () => {
    it("takes no more than may be in flight, and says when there is room again", async () => {
      await using fixture = await open({ inFlightMax: 2 })
      expect(fixture.provider.limits.inFlightMax).toBe(2)
      const first = run(fixture, 1)
      await first.offerAll()
      ;(await fixture.nextPush()).accept()
      await first.outcomes()
      const sending = run(fixture, 5)
      expect(sending.offer()).toBe(2)
      expect(sending.offer()).toBe(0)
      const room = sending.sink.nextRoom()
      ;(await fixture.nextPush()).accept()
      await room
      expect(sending.offer()).toBe(1)
      const outcomes = sending.outcomes()
      for (let count = 0; count < 4; count += 1) (await fixture.nextPush()).accept()
      expect((await outcomes).map((outcome) => outcome.kind)).toEqual(Array(5).fill("accepted"))
    })

    it("never settles a push that it sent from inside the offer", async () => {
      await using fixture = await open()
      const sending = run(fixture, 3)
      let isOffering = false
      const early: number[] = []
      const sink = {
        settle: (ticket: number) => {
          if (isOffering) early.push(ticket)
        },
        room: () => {},
      }
      const first = run(fixture, 1)
      await first.offerAll()
      ;(await fixture.nextPush()).accept()
      await first.outcomes()
      isOffering = true
      fixture.provider.offer(sending.batch, 0, () => undefined, sink)
      isOffering = false
      expect(early).toEqual([])
    })

    it("keeps batches with the same tickets apart", async () => {
      await using fixture = await open()
      const ones = new BatchRun(fixture.provider, fixture.platform, [fixture.token(1)])
      const others = new BatchRun(fixture.provider, fixture.platform, [fixture.token(2)], {
        gate: () => ({ kind: "cancelled" }),
      })
      await ones.offerAll()
      const offered = others.offerAll()
      ;(await fixture.nextPush()).accept()
      await offered
      expect((await ones.sink.outcome(1)).kind).toBe("accepted")
      expect((await others.sink.outcome(1)).kind).toBe("cancelled")
    })

    it("settles every push exactly once while answers and losses mix", async () => {
      await using fixture = await open()
      const sending = run(fixture, 300)
      const finished = sending.outcomes()
      await Promise.all([serve(fixture, finished), tick(fixture.clock, finished)])
      const outcomes = await finished
      expect(outcomes).toHaveLength(300)
      const kinds = new Set(outcomes.map((outcome) => outcome.kind))
      expect([...kinds].every((kind) => ["accepted", "ambiguous", "retry_later"].includes(kind))).toBe(true)
      expect(kinds).toContain("accepted")
      expect(kinds).toContain("ambiguous")
    })
  })

  describe(`${name}: the access token`, () => {
    it("renews a refused access token and sends the push once more with the new one", async () => {
      await using fixture = await open()
      const { sending, push } = await pushWithAgedToken(fixture)
      push.refuseAuthorization()
      const again = await fixture.nextPush()
      expect(again.token).toBe(push.token)
      expect(again.authorization).not.toBe(push.authorization)
      again.accept()
      expect((await sending.sink.outcome(1)).kind).toBe("accepted")
    })

    it("takes a second refusal for a fault of the credential", async () => {
      await using fixture = await open()
      const { sending, push } = await pushWithAgedToken(fixture)
      push.refuseAuthorization()
      ;(await fixture.nextPush()).refuseAuthorization()
      expect(await sending.sink.outcome(1)).toMatchObject({ kind: "credential_refused", scope: "credential" })
      expect(fixture.arrived).toBe(3)
    })

    it("asks the gate again before it sends a push once more", async () => {
      await using fixture = await open()
      let isCancelled = false
      const gate = () => (isCancelled ? ({ kind: "cancelled" } as const) : undefined)
      const { sending, push } = await pushWithAgedToken(fixture, { gate })
      isCancelled = true
      push.refuseAuthorization()
      expect(await sending.sink.outcome(1)).toEqual({ kind: "cancelled" })
      expect(fixture.arrived).toBe(2)
    })
  })

  describe(`${name}: silence`, () => {
    it("does not know what became of a push whose answer does not come", async () => {
      await using fixture = await open()
      const sending = run(fixture, 1)
      await sending.offerAll()
      await fixture.nextPush()
      await fixture.clock.advance(16_000)
      expect(await sending.sink.outcome(1)).toEqual({ kind: "ambiguous", reason: "request time-out" })
    })

    it("does not know what became of a push whose connection broke", async () => {
      await using fixture = await open()
      const sending = run(fixture, 1)
      await sending.offerAll()
      ;(await fixture.nextPush()).vanish()
      expect(await sending.sink.outcome(1)).toMatchObject({ kind: "ambiguous" })
    })

    it("lets one push carry the news of an outage, and says when to ask again", async () => {
      await using fixture = await open()
      await fixture.disappear()
      const sending = run(fixture, 5)
      while (sending.taken === 0) {
        const room = sending.sink.nextRoom()
        if (sending.offer() === 0) await room
      }
      expect(sending.taken).toBe(1)
      const outcome = await sending.sink.outcome(1)
      expect(outcome).toMatchObject({ kind: "retry_later", reason: expect.stringContaining("ECONNREFUSED") })
      expect(outcome).toHaveProperty("afterMs")
      const room = sending.sink.nextRoom()
      await fixture.clock.advance(30_000)
      await room
    })
  })

  describe(`${name}: closing`, () => {
    it("takes nothing more, and waits for the answers that are due", async () => {
      await using fixture = await open()
      const sending = run(fixture, 1)
      await sending.offerAll()
      const push = await fixture.nextPush()
      const closed = fixture.provider.close(new AbortController().signal)
      expect(run(fixture, 1).offer()).toBe(0)
      push.accept()
      await closed
      expect((await sending.sink.outcome(1)).kind).toBe("accepted")
    })

    it("settles what is in flight as ambiguous once it must not wait any longer", async () => {
      await using fixture = await open()
      const sending = run(fixture, 1)
      await sending.offerAll()
      await fixture.nextPush()
      const abort = new AbortController()
      const closed = fixture.provider.close(abort.signal)
      abort.abort()
      await closed
      expect(await sending.sink.outcome(1)).toMatchObject({ kind: "ambiguous" })
    })
  })
}

function tokensOf(fixture: ProviderFixture<ArrivedPush>, count: number): string[] {
  return Array.from({ length: count }, (_, index) => fixture.token(index))
}

/** Answers most pushes and lets the connection of some break, until all is over. */
async function serve(fixture: ProviderFixture<ArrivedPush>, over: Promise<unknown>): Promise<void> {
  const { fraction } = seededRandom(20)
  const end = over.then(() => undefined)
  for (;;) {
    const push = await Promise.race([fixture.nextPush(), end])
    if (push === undefined) return
    if (fraction() < 0.03) push.vanish()
    else push.accept()
    // So that answers leave before the next connection breaks.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Lets time pass, so that pauses after losses end. */
async function tick(clock: FakeClock, over: Promise<unknown>): Promise<void> {
  let isOver = false
  const end = over.then(() => {
    isOver = true
  })
  while (!isOver) await clock.advance(250)
  await end
}

/** Sends a push and grows its access token old enough to be renewed, before the answer to the next one is given. */
async function pushWithAgedToken(
  fixture: ProviderFixture<ArrivedPush>,
  options?: RunOptions,
): Promise<{ sending: BatchRun; push: ArrivedPush }> {
  const first = new BatchRun(fixture.provider, fixture.platform, [fixture.token(0)])
  await first.offerAll()
  ;(await fixture.nextPush()).accept()
  await first.outcomes()
  await fixture.clock.advance(25 * 60_000)
  const sending = new BatchRun(fixture.provider, fixture.platform, [fixture.token(1)], options)
  await sending.offerAll()
  return { sending, push: await fixture.nextPush() }
}
