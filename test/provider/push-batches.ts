import type { Outcome } from "../../src/domain/outcome.ts"
import type { Platform } from "../../src/domain/platform.ts"
import type { PushContent } from "../../src/domain/push-content.ts"
import type { OutgoingBatch, Provider, SendGate } from "../../src/provider/provider.ts"
import { OutcomeRecorder } from "./outcome-recorder.ts"

export const MESSAGE_UUID = "6ED94D19-172B-48AE-BB2C-7AA8E305CD31"

/** A message that expires an hour after the start of a `FakeClock`. */
export function contentOf(
  headers: Readonly<Record<string, string>> = {},
  text = "Hello",
  expiresAt = 1_800_003_600_000,
): PushContent {
  return { messageId: `message:${MESSAGE_UUID}`, text, headers: new Map(Object.entries(headers)), expiresAt }
}

const OPEN_GATE: SendGate = () => undefined

/** One batch on its way through a provider: offers the rest whenever the provider says that there is room. */
export class BatchRun {
  readonly sink = new OutcomeRecorder()
  readonly batch: OutgoingBatch
  readonly #provider: Provider
  readonly #gate: SendGate
  taken = 0

  constructor(provider: Provider, platform: Platform, tokens: readonly string[], options: RunOptions = {}) {
    this.#provider = provider
    this.#gate = options.gate ?? OPEN_GATE
    const firstTicket = options.firstTicket ?? 1
    this.batch = {
      push: provider.prepare(options.content ?? contentOf(), platform),
      tickets: tokens.map((_, index) => firstTicket + index),
      tokens,
    }
  }

  /** One call of `offer` with what is left. */
  offer(): number {
    const count = this.#provider.offer(this.batch, this.taken, this.#gate, this.sink)
    this.taken += count
    return count
  }

  /** Offers until all is taken, waiting for room in between. */
  async offerAll(): Promise<void> {
    while (this.taken < this.batch.tickets.length) {
      const room = this.sink.nextRoom()
      this.offer()
      if (this.taken < this.batch.tickets.length) await room
    }
  }

  async outcomes(): Promise<Outcome[]> {
    await this.offerAll()
    return Promise.all(this.batch.tickets.map((ticket) => this.sink.outcome(ticket)))
  }
}

export interface RunOptions {
  readonly content?: PushContent
  readonly gate?: SendGate
  readonly firstTicket?: number
}
