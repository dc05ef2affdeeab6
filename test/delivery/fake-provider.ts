import type { Outcome } from "../../src/domain/outcome.ts"
import type { Platform, ProviderName } from "../../src/domain/platform.ts"
import type { PushContent } from "../../src/domain/push-content.ts"
import type {
  OutcomeSink,
  OutgoingBatch,
  PreparedPush,
  Provider,
  Readiness,
  RoomWaiter,
  SendGate,
} from "../../src/provider/provider.ts"
import type { Clock } from "../../src/runtime/clock.ts"

/** A push as the provider received it. */
export interface ReceivedPush {
  readonly at: number
  readonly messageId: string
  readonly token: string
  /** How many times this message came for this token before. */
  readonly earlier: number
}

export interface Reaction {
  readonly outcome: Outcome
  /** Until the answer arrives. */
  readonly afterMs: number
  /** Whether the provider took the push on, whatever the answer says. Defaults to what the outcome says. */
  readonly isAccepted?: boolean
}

export interface FakeProviderOptions {
  readonly clock: Clock
  /** What the provider does with a push. Defaults to accepting it after 20 ms. */
  readonly react?: (push: ReceivedPush) => Reaction
  readonly name?: ProviderName
  readonly inFlightMax?: number
  /** How many pushes it takes at a time. Defaults to `inFlightMax`. */
  readonly room?: number
  /** How long a push that was taken waits inside before it is written; the gate is asked then. Defaults to not at all. */
  readonly writeAfterMs?: () => number
}

interface FakePush extends PreparedPush {
  readonly messageId: string
}

const ACCEPTED: Reaction = { outcome: { kind: "accepted" }, afterMs: 20 }

/** A provider without a network: keeps a ledger of what it received, and answers as it is told to. */
export class FakeProvider implements Provider {
  readonly name: ProviderName
  readonly limits: Provider["limits"]
  readonly ledger: (ReceivedPush & { readonly isAccepted: boolean })[] = []
  readonly #options: FakeProviderOptions
  readonly #earlier = new Map<string, number>()
  readonly #waiting = new Set<RoomWaiter>()
  #room: number
  #obstacle: string | undefined
  #inFlight = 0
  #inFlightSeen = 0

  constructor(options: FakeProviderOptions) {
    const inFlightMax = options.inFlightMax ?? 1_000
    this.#options = options
    this.name = options.name ?? "fcm"
    this.#room = options.room ?? inFlightMax
    this.limits = { inFlightMax, payloadBytesMax: 4_096 }
  }

  /** `obstacle`: what it says of having no room. */
  makeRoom(room: number, obstacle?: string): void {
    this.#room = room
    this.#obstacle = obstacle
    this.#announceRoom()
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** The most that was ever in flight. */
  get inFlightSeen(): number {
    return this.#inFlightSeen
  }

  prepare(content: PushContent, _platform: Platform): FakePush {
    return { payloadBytes: content.text.length, messageId: content.messageId }
  }

  ready(wanted: number, waiter: RoomWaiter): Readiness {
    const room = Math.max(0, this.#room - this.#inFlight)
    if (room < wanted) this.#waiting.add(waiter)
    const obstacle = room > 0 || this.#obstacle === undefined ? {} : { obstacle: this.#obstacle }
    return { room: Math.min(wanted, room), ...obstacle }
  }

  offer(batch: OutgoingBatch, from: number, gate: SendGate, sink: OutcomeSink): number {
    const room = this.#room - this.#inFlight
    const end = Math.min(batch.tickets.length, from + Math.max(0, room))
    if (end < batch.tickets.length) this.#waiting.add(sink)
    this.#inFlight += end - from
    const delays = new Map<number, { ticket: number; outcome: Outcome }[]>()
    for (let index = from; index < end; index += 1) {
      const ticket = batch.tickets[index] as number
      const token = batch.tokens[index] as string
      const { messageId } = batch.push as FakePush
      const writeAfterMs = this.#options.writeAfterMs?.() ?? 0
      if (writeAfterMs > 0) {
        this.#options.clock.after(writeAfterMs, () => this.#writeOne(ticket, token, messageId, gate, sink))
      } else {
        const { outcome, afterMs } = this.#write(ticket, token, messageId, gate)
        const some = delays.get(afterMs)
        if (some === undefined) delays.set(afterMs, [{ ticket, outcome }])
        else some.push({ ticket, outcome })
      }
    }
    // What the gate refused comes back at once, the rest after its delay, all of one delay together.
    for (const [afterMs, answers] of delays) {
      if (afterMs === 0) this.#settle(answers, sink)
      else this.#options.clock.after(afterMs, () => this.#settle(answers, sink))
    }
    return end - from
  }

  async close(): Promise<void> {}

  #writeOne(ticket: number, token: string, messageId: string, gate: SendGate, sink: OutcomeSink): void {
    const { outcome, afterMs } = this.#write(ticket, token, messageId, gate)
    this.#options.clock.after(afterMs, () => this.#settle([{ ticket, outcome }], sink))
  }

  #write(ticket: number, token: string, messageId: string, gate: SendGate): Reaction {
    const refusal = gate(ticket)
    if (refusal !== undefined) return { outcome: refusal, afterMs: 0 }
    this.#inFlightSeen = Math.max(this.#inFlightSeen, this.#inFlight)
    const id = `${messageId} ${token}`
    const earlier = this.#earlier.get(id) ?? 0
    this.#earlier.set(id, earlier + 1)
    const push = { at: this.#options.clock.now(), messageId, token, earlier }
    const reaction = this.#options.react?.(push) ?? ACCEPTED
    const { kind } = reaction.outcome
    const isAccepted = reaction.isAccepted ?? (kind === "accepted" || kind === "token_changed")
    this.ledger.push({ ...push, isAccepted })
    return { ...reaction, afterMs: Math.max(1, reaction.afterMs) }
  }

  #settle(answers: readonly { ticket: number; outcome: Outcome }[], sink: OutcomeSink): void {
    this.#inFlight -= answers.length
    for (const { ticket, outcome } of answers) sink.settle(ticket, outcome)
    this.#announceRoom()
  }

  #announceRoom(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const one of waiting) one.room()
  }
}
