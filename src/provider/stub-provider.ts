import type { Outcome } from "../domain/outcome.ts"
import { type Platform, PROVIDER_OF, type ProviderName } from "../domain/platform.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import type {
  OutcomeSink,
  OutgoingBatch,
  PreparedPush,
  Provider,
  Readiness,
  RoomWaiter,
  SendGate,
} from "./provider.ts"

/**
 * A provider without a network, for tests of the delivery engine: the text of the token says what it answers, time and
 * order come from the clock and the random source, and every send is on record.
 *
 * | the token begins with | it answers |
 * |---|---|
 * | `gone` | token_gone, since the time of the send |
 * | `changed` | token_changed to the rest of the token after `changed` |
 * | `rejected` | payload_rejected |
 * | `pairing`, `refused` | credential_refused for the token alone, or for the credential |
 * | `throttled` | throttled (this device) for a second |
 * | `retry` | retry_later |
 * | `ambiguous` | ambiguous, though it arrived |
 * | `slow` | accepted, after `slowMs` |
 * | anything else | accepted |
 *
 * A number right after `throttled`, `retry` or `ambiguous` says how often, before it is accepted: `retry2-abc`.
 */
export interface StubProviderOptions {
  readonly name?: ProviderName
  readonly clock: Clock
  readonly random: Random
  /** Defaults to 500. */
  readonly inFlightMax?: number
  /** From the send to the answer; defaults to 5 ms. At most 30 000, as every timer. */
  readonly latencyMs?: number
  /** Of `slow` tokens; defaults to 5 000 ms. */
  readonly slowMs?: number
}

/** One push as the stub received it. */
export interface StubSend {
  readonly messageId: string
  readonly token: string
  readonly ticket: number
  /** By the wall clock. */
  readonly at: number
}

export interface StubProvider extends Provider {
  /** Everything that was sent, in order. */
  readonly sends: readonly StubSend[]
  /** Pushes taken and not answered. */
  readonly inFlight: number
  /** Keeps all answers back until `release`. */
  hold(): void
  /** Gives the answers that were kept back, and no longer keeps any back. */
  release(): void
}

export function openStubProvider(options: StubProviderOptions): StubProvider {
  return new Stub(options)
}

interface StubPush extends PreparedPush {
  readonly messageId: string
}

interface Pending {
  readonly token: string
  readonly ticket: number
  readonly sink: OutcomeSink
  readonly outcome: Outcome
}

const PAYLOAD_BYTES_MAX = 4096

class Stub implements StubProvider {
  readonly name: ProviderName
  readonly limits: Provider["limits"]
  readonly sends: StubSend[] = []
  readonly #clock: Clock
  readonly #random: Random
  readonly #latencyMs: number
  readonly #slowMs: number
  readonly #attempts = new Map<string, number>()
  readonly #pending = new Set<Pending>()
  readonly #waiting = new Set<RoomWaiter>()
  #held: Pending[] | undefined
  #isClosed = false
  #onEmpty: (() => void) | undefined

  constructor(options: StubProviderOptions) {
    this.name = options.name ?? "apns"
    this.limits = { inFlightMax: options.inFlightMax ?? 500, payloadBytesMax: PAYLOAD_BYTES_MAX }
    this.#clock = options.clock
    this.#random = options.random
    this.#latencyMs = options.latencyMs ?? 5
    this.#slowMs = options.slowMs ?? 5_000
  }

  get inFlight(): number {
    return this.#pending.size
  }

  prepare(content: PushContent, platform: Platform): StubPush {
    if (PROVIDER_OF[platform] !== this.name) throw new TypeError(`${this.name} does not serve ${platform}`)
    return { messageId: content.messageId, payloadBytes: Buffer.byteLength(content.text) }
  }

  ready(wanted: number, waiter: RoomWaiter): Readiness {
    const free = this.#isClosed ? 0 : this.limits.inFlightMax - this.#pending.size
    if (free < wanted) this.#waiting.add(waiter)
    return { room: Math.min(free, wanted) }
  }

  offer(batch: OutgoingBatch, from: number, gate: SendGate, sink: OutcomeSink): number {
    if (this.#isClosed) return 0
    const refused: { ticket: number; outcome: Outcome }[] = []
    const quick: Pending[] = []
    const slow: Pending[] = []
    let next = from
    for (; next < batch.tickets.length && this.#pending.size < this.limits.inFlightMax; next += 1) {
      const ticket = batch.tickets[next] as number
      const outcome = gate(ticket)
      if (outcome !== undefined) {
        refused.push({ ticket, outcome })
      } else {
        const pending = this.#send(batch.push as StubPush, batch.tokens[next] as string, ticket, sink)
        ;(pending.token.startsWith("slow") ? slow : quick).push(pending)
      }
    }
    this.#answerLater(quick, this.#latencyMs)
    this.#answerLater(slow, this.#slowMs)
    if (next < batch.tickets.length) this.#waiting.add(sink)
    for (const { ticket, outcome } of refused) sink.settle(ticket, outcome)
    return next - from
  }

  hold(): void {
    this.#held ??= []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    this.#answerLater(held, 0)
  }

  async close(signal: AbortSignal): Promise<void> {
    this.#isClosed = true
    this.#waiting.clear()
    if (this.#pending.size === 0) return
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    const giveUp = () => {
      for (const pending of this.#pending) this.#settle(pending, { kind: "ambiguous", reason: "closed" })
    }
    signal.addEventListener("abort", giveUp, { once: true })
    if (signal.aborted) giveUp()
    await empty
    signal.removeEventListener("abort", giveUp)
  }

  #send(push: StubPush, token: string, ticket: number, sink: OutcomeSink): Pending {
    const at = this.#clock.now()
    this.sends.push({ messageId: push.messageId, token, ticket, at })
    const key = `${push.messageId} ${token}`
    const attempt = (this.#attempts.get(key) ?? 0) + 1
    this.#attempts.set(key, attempt)
    const pending = { token, ticket, sink, outcome: stubOutcome(token, attempt, at, this.sends.length) }
    this.#pending.add(pending)
    return pending
  }

  /** One timer for all of them; they are answered in an order of chance, as over a network. */
  #answerLater(pushes: Pending[], delayMs: number): void {
    if (pushes.length === 0) return
    this.#clock.after(delayMs, () => {
      for (const pending of shuffled(pushes, this.#random)) this.#answer(pending)
      this.#announceRoom()
    })
  }

  #answer(pending: Pending): void {
    if (this.#held === undefined) this.#settle(pending, pending.outcome)
    else this.#held.push(pending)
  }

  #settle(pending: Pending, outcome: Outcome): void {
    if (!this.#pending.delete(pending)) return
    pending.sink.settle(pending.ticket, outcome)
    if (this.#pending.size === 0) this.#onEmpty?.()
  }

  #announceRoom(): void {
    if (this.#pending.size >= this.limits.inFlightMax) return
    const sinks = [...this.#waiting]
    this.#waiting.clear()
    for (const sink of sinks) sink.room()
  }
}

function stubOutcome(token: string, attempt: number, now: number, sendNumber: number): Outcome {
  const accepted: Outcome = { kind: "accepted", providerMessageId: `stub-${sendNumber}` }
  const passing = /^(?:throttled|retry|ambiguous)(\d+)/.exec(token)
  if (passing !== null && attempt > Number(passing[1])) return accepted
  if (token.startsWith("gone")) return { kind: "token_gone", reason: "gone", since: now }
  if (token.startsWith("changed")) return { kind: "token_changed", to: token.slice("changed".length) }
  const fixed = FIXED_OUTCOMES.find(([prefix]) => token.startsWith(prefix))
  return fixed?.[1] ?? accepted
}

const FIXED_OUTCOMES: readonly (readonly [string, Outcome])[] = [
  ["rejected", { kind: "payload_rejected", reason: "rejected" }],
  ["pairing", { kind: "credential_refused", reason: "pairing", scope: "pairing" }],
  ["refused", { kind: "credential_refused", reason: "refused", scope: "credential" }],
  ["throttled", { kind: "throttled", reason: "throttled", scope: "device", afterMs: 1_000 }],
  ["retry", { kind: "retry_later", reason: "retry" }],
  ["ambiguous", { kind: "ambiguous", reason: "ambiguous" }],
]

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.fraction() * (last + 1))
    const item = result[last] as Item
    result[last] = result[other] as Item
    result[other] = item
  }
  return result
}
