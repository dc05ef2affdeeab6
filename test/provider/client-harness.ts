import type {
  Answer,
  AnswerSink,
  ClientOptions,
  OpenClient,
  RequestClient,
  RequestTemplate,
  Silence,
} from "../../src/provider/http2/client.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { LOOPBACK_TLS } from "./loopback-tls.ts"

/** A copy of an answer, which itself is valid only during the call. */
export interface RecordedAnswer {
  readonly kind: "answered"
  readonly status: number
  readonly apnsId: string | undefined
  readonly body: string
  readonly isComplete: boolean
  readonly elapsedMs: number
  readonly connection: number
}

export type Recorded = RecordedAnswer | ({ readonly kind: "unanswered" } & Silence)

export class RecordingSink implements AnswerSink {
  readonly settled = new Map<number, Recorded>()
  changes = 0
  readonly #waiting: { isDone: () => boolean; resolve: () => void }[] = []

  answered(ticket: number, answer: Answer): void {
    const { status, body, isComplete, elapsedMs, connection } = answer
    const apnsId = answer.header("apns-id")
    this.#settle(ticket, { kind: "answered", status, apnsId, body, isComplete, elapsedMs, connection })
  }

  unanswered(ticket: number, silence: Silence): void {
    this.#settle(ticket, { kind: "unanswered", ...silence })
  }

  changed(): void {
    this.changes += 1
    this.#look()
  }

  /** Resolves when the condition holds; it is looked at after every call. */
  until(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ isDone, resolve }))
  }

  async result(ticket: number): Promise<Recorded> {
    await this.until(() => this.settled.has(ticket))
    return this.settled.get(ticket) as Recorded
  }

  #settle(ticket: number, recorded: Recorded): void {
    if (this.settled.has(ticket)) throw new Error(`ticket ${ticket} was settled twice`)
    this.settled.set(ticket, recorded)
    this.#look()
  }

  #look(): void {
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.isDone()) waiting.resolve()
      else this.#waiting.push(waiting)
    }
  }
}

export const TEMPLATE: RequestTemplate = {
  kind: "path",
  headers: [
    { name: "authorization", value: "bearer secret", isSensitive: true },
    { name: "apns-topic", value: "com.example.app" },
  ],
  pathPrefix: "/3/device/",
  body: Buffer.from(`{"aps":{}}`),
}

/** A client with its clock and its recorder. Time moves only when the test moves it. */
export class ClientHarness {
  readonly clock = new FakeClock()
  readonly sink = new RecordingSink()
  readonly client: RequestClient
  #nextTicket = 1

  constructor(openClient: OpenClient, origin: string, options: Partial<ClientOptions> = {}) {
    this.client = openClient(
      {
        origin,
        ca: LOOPBACK_TLS.cert,
        answerHeaders: ["apns-id"],
        probesFirst: false,
        connectionsMax: 1,
        streamsMax: 1000,
        clock: this.clock,
        random: seededRandom(1),
        log: silentLog,
        ...options,
      },
      this.sink,
    )
  }

  /** Waits until at least that many requests can be submitted. */
  async ready(wanted = 1): Promise<void> {
    await this.sink.until(() => this.client.room(wanted) >= wanted)
  }

  /** Submits that many requests at once and returns their tickets. */
  submit(count = 1, template: RequestTemplate = TEMPLATE): number[] {
    const tickets = Array.from({ length: count }, () => this.#nextTicket++)
    this.client.submit(
      template,
      tickets.map((ticket) => `token${ticket}`),
      tickets,
    )
    return tickets
  }

  results(tickets: readonly number[]): Promise<Recorded[]> {
    return Promise.all(tickets.map((ticket) => this.sink.result(ticket)))
  }

  async outage(): Promise<{ reason: string; afterMs: number }> {
    await this.sink.until(() => this.client.outage() !== undefined)
    return this.client.outage() as { reason: string; afterMs: number }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close(AbortSignal.abort())
  }
}
