import type { Outcome } from "../domain/outcome.ts"
import type { Platform, ProviderName } from "../domain/platform.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Authorization, AuthorizationChanged, AuthorizationSource } from "./authorization.ts"
import type { Answer, AnswerSink, RequestClient, RequestTemplate, Silence } from "./http2/client.ts"
import type {
  OutcomeSink,
  OutgoingBatch,
  PreparedPush,
  Provider,
  Readiness,
  RoomWaiter,
  SendGate,
} from "./provider.ts"
import { type PushProtocol, secondsToLive, type TranslatedPush } from "./push-protocol.ts"
import { PushSlots, type Sending } from "./push-slots.ts"

export interface PushFlowOptions<Push extends TranslatedPush> {
  readonly protocol: PushProtocol<Push>
  readonly openAuthorization: (changed: AuthorizationChanged) => AuthorizationSource
  readonly openClient: (sink: AnswerSink) => RequestClient
  readonly clock: Clock
}

interface CachedTemplate {
  readonly template: RequestTemplate
  readonly version: number
  readonly lifetime: number
}

/** What keeps pushes from being sent now, as the outcome of the one push that carries the news. */
type Obstacle = { readonly outcome: Outcome; readonly afterMs: number }

const TIMER_MS_MAX = 30_000

/**
 * The provider port over any push protocol: takes pushes, asks the gate, writes them in batches, settles each once.
 *
 * While the provider cannot be reached or gives us no access token, one push per offer is settled with the reason and
 * the rest stay with the engine: an outage must not use up the attempts, nor the credential the devices, of a message.
 */
export class PushFlow<Push extends TranslatedPush> implements Provider, AnswerSink {
  readonly name: ProviderName
  readonly limits: Provider["limits"]
  readonly #protocol: PushProtocol<Push>
  readonly #authorization: AuthorizationSource
  readonly #client: RequestClient
  readonly #clock: Clock
  readonly #slots: PushSlots
  readonly #templates = new WeakMap<TranslatedPush, CachedTemplate>()
  readonly #waiting = new Set<RoomWaiter>()
  /** Refused because of the access token, to be sent once more with the next one. */
  #parked: number[] = []
  #isWakeDue = false
  #cancelRecheck: (() => void) | undefined
  #closed: Promise<void> | undefined

  constructor(options: PushFlowOptions<Push>) {
    this.#protocol = options.protocol
    this.#clock = options.clock
    this.name = options.protocol.name
    this.limits = options.protocol.limits
    this.#slots = new PushSlots(this.limits.inFlightMax)
    this.#authorization = options.openAuthorization(() => this.#wakeSoon())
    this.#client = options.openClient(this)
  }

  prepare(content: PushContent, platform: Platform): PreparedPush {
    return this.#protocol.translate(content, platform)
  }

  ready(wanted: number, waiter: RoomWaiter): Readiness {
    if (this.#closed !== undefined) return { room: 0 }
    const obstacle = this.#obstacle()
    // The connection is made while the access token is being fetched.
    const free = obstacle === undefined ? this.#room(wanted) : newsOf(obstacle)
    const isReady = obstacle !== undefined || this.#readyAuthorization() !== undefined
    const room = isReady ? free : 0
    if (room < wanted) this.#waiting.add(waiter)
    const reason = obstacle?.outcome
    return reason?.kind === "retry_later" ? { room, obstacle: reason.reason } : { room }
  }

  offer(batch: OutgoingBatch, from: number, gate: SendGate, sink: OutcomeSink): number {
    if (this.#closed !== undefined) return 0
    const sending: Sending = { batch, gate, sink }
    const taken = this.#take(sending, from)
    if (from + taken < batch.tickets.length) this.#waiting.add(sink)
    return taken
  }

  answered(slot: number, answer: Answer): void {
    const { batch } = this.#slots.at(slot).sending
    const verdict = this.#protocol.interpret(answer, this.#ownPush(batch.push))
    if (verdict.retiresConnection) this.#client.retire(answer.connection)
    if (verdict.isTokenRefused) {
      this.#tokenRefused(slot, verdict.outcome, answer.connection)
    } else {
      const isServed = verdict.outcome.kind === "accepted" || verdict.provesToken
      if (isServed) this.#authorization.served(this.#slots.version(slot))
      this.#settle(slot, verdict.outcome)
    }
  }

  unanswered(slot: number, silence: Silence): void {
    const { processed, reason, afterMs } = silence
    if (processed === "unknown") this.#settle(slot, { kind: "ambiguous", reason })
    else this.#settle(slot, { kind: "retry_later", reason, ...(afterMs === undefined ? {} : { afterMs }) })
  }

  changed(): void {
    this.#wakeSoon()
  }

  close(signal: AbortSignal): Promise<void> {
    this.#closed ??= this.#close(signal)
    return this.#closed
  }

  async #close(signal: AbortSignal): Promise<void> {
    this.#waiting.clear()
    this.#cancelRecheck?.()
    this.#settleParked(STOPPING)
    await this.#client.close(signal)
    this.#authorization.close()
  }

  /** Settles what cannot be sent, submits what can, and returns how many that were. */
  #take(sending: Sending, from: number): number {
    const { batch, gate, sink } = sending
    const push = this.#ownPush(batch.push)
    const verdict = this.#verdictOnAll(push)
    const obstacle = verdict === undefined ? this.#obstacle() : undefined
    const authorization = (verdict ?? obstacle) ? undefined : this.#readyAuthorization()
    let room = authorization === undefined ? 0 : this.#room(batch.tickets.length - from)
    let hasNews = obstacle !== undefined
    const settled: { ticket: number; outcome: Outcome }[] = []
    const variables: string[] = []
    const slots: number[] = []
    let next = from
    for (; next < batch.tickets.length && (verdict !== undefined || room > 0 || hasNews); next += 1) {
      const ticket = batch.tickets[next] as number
      const address = this.#protocol.address(batch.tokens[next] as string)
      const outcome = gate(ticket) ?? (address === undefined ? INVALID_TOKEN : (verdict ?? obstacle?.outcome))
      if (outcome === undefined && address !== undefined && authorization !== undefined) {
        room -= 1
        variables.push(address)
        slots.push(this.#slots.take(sending, next, authorization.version))
      } else {
        hasNews &&= outcome !== obstacle?.outcome
        settled.push({ ticket, outcome: outcome ?? INVALID_TOKEN })
      }
    }
    if (authorization !== undefined && slots.length > 0) {
      this.#client.submit(this.#template(push, authorization), variables, slots)
    }
    // Last, because the engine may offer again from inside `settle`.
    for (const { ticket, outcome } of settled) sink.settle(ticket, outcome)
    return next - from
  }

  #ownPush(push: PreparedPush): Push {
    if (!("payloadBytesMax" in push)) throw new TypeError(`not a push prepared by ${this.name}`)
    return push as Push
  }

  /** What holds for every device of the batch alike. */
  #verdictOnAll(push: Push): Outcome | undefined {
    if (push.problem !== undefined) return { kind: "payload_rejected", reason: push.problem }
    if (secondsToLive(push.expiresAt, this.#clock.now()) < 1) return { kind: "expired", reason: "" }
    return undefined
  }

  #obstacle(): Obstacle | undefined {
    const authorization = this.#authorization.current()
    if (authorization.kind === "failed") return this.#recheckAfter(authorization)
    const outage = this.#client.outage()
    if (outage === undefined) return undefined
    return { outcome: { kind: "retry_later", ...outage }, afterMs: outage.afterMs }
  }

  #recheckAfter(obstacle: Obstacle): Obstacle {
    if (this.#cancelRecheck === undefined && this.#closed === undefined) {
      this.#cancelRecheck = this.#clock.after(Math.min(obstacle.afterMs, TIMER_MS_MAX), () => {
        this.#cancelRecheck = undefined
        this.#wakeSoon()
      })
    }
    return obstacle
  }

  #readyAuthorization(): Authorization | undefined {
    const state = this.#authorization.current()
    return state.kind === "ready" ? state.authorization : undefined
  }

  #room(wanted: number): number {
    const free = Math.min(wanted, this.#slots.free)
    return free === 0 ? 0 : this.#client.room(free)
  }

  #template(push: Push, authorization: Authorization): RequestTemplate {
    const lifetime = this.#protocol.lifetime(push, this.#clock.now())
    const cached = this.#templates.get(push)
    if (cached?.version === authorization.version && cached.lifetime === lifetime) return cached.template
    const template = this.#protocol.template(push, authorization, lifetime)
    this.#templates.set(push, { template, version: authorization.version, lifetime })
    return template
  }

  #tokenRefused(slot: number, outcome: Outcome, connection: number): void {
    const hope = this.#authorization.refused(this.#slots.version(slot))
    if (this.#protocol.renewsOnNewConnections) this.#client.retire(hope === "renewed" ? "all" : connection)
    // One push that is refused where others are accepted must not pause the credential for all of them.
    if (hope === "later") this.#settle(slot, retryLater(outcome))
    else if (hope === "hopeless" || this.#slots.isSecondTry(slot)) this.#settle(slot, outcome)
    else this.#tryAgain(slot)
  }

  #tryAgain(slot: number): void {
    if (this.#closed !== undefined) {
      this.#settle(slot, STOPPING)
    } else {
      this.#parked.push(slot)
      this.#wakeSoon()
    }
  }

  /** Sends the parked pushes again as soon as there is a new access token and room, or settles them when not. */
  #resend(): void {
    const obstacle = this.#obstacle()
    if (obstacle !== undefined) this.#settleParked(obstacle.outcome)
    const authorization = this.#readyAuthorization()
    if (obstacle !== undefined || authorization === undefined) return
    let room = this.#client.room(this.#parked.length)
    while (room > 0) {
      const slot = this.#parked.shift()
      if (slot === undefined) return
      if (this.#resendOne(slot, authorization)) room -= 1
    }
  }

  #resendOne(slot: number, authorization: Authorization): boolean {
    const { sending, index } = this.#slots.at(slot)
    const push = this.#ownPush(sending.batch.push)
    const address = this.#protocol.address(sending.batch.tokens[index] as string)
    const outcome = sending.gate(sending.batch.tickets[index] as number) ?? this.#verdictOnAll(push)
    if (outcome !== undefined || address === undefined) {
      this.#settle(slot, outcome ?? INVALID_TOKEN)
      return false
    }
    this.#slots.tryAgain(slot, authorization.version)
    this.#client.submit(this.#template(push, authorization), [address], [slot])
    return true
  }

  /** A refused credential is final for a device: only one push pays for the news, the others can be sent again. */
  #settleParked(outcome: Outcome): void {
    const [first, ...rest] = this.#parked
    this.#parked = []
    if (first !== undefined) this.#settle(first, outcome)
    for (const slot of rest) this.#settle(slot, retryLater(outcome))
  }

  #settle(slot: number, outcome: Outcome): void {
    const { sending, index } = this.#slots.at(slot)
    this.#slots.release(slot)
    if (this.#waiting.size > 0 || this.#parked.length > 0) this.#wakeSoon()
    sending.sink.settle(sending.batch.tickets[index] as number, outcome)
  }

  /** Once per turn of the event loop, so that the answers of one read make one call. */
  #wakeSoon(): void {
    if (this.#isWakeDue) return
    this.#isWakeDue = true
    setImmediate(() => this.#wake())
  }

  #wake(): void {
    this.#isWakeDue = false
    if (this.#closed !== undefined) return
    if (this.#parked.length > 0) this.#resend()
    if (this.#parked.length > 0) return
    const sinks = [...this.#waiting]
    this.#waiting.clear()
    for (const sink of sinks) sink.room()
  }
}

function retryLater(outcome: Outcome): Outcome {
  return { kind: "retry_later", reason: "reason" in outcome ? outcome.reason : outcome.kind }
}

/** A refused credential has to be told to the engine, with one push; an outage has not. */
function newsOf({ outcome }: Obstacle): number {
  return outcome.kind === "retry_later" ? 0 : 1
}

const INVALID_TOKEN: Outcome = { kind: "suppressed", reason: "invalid_token" }
const STOPPING: Outcome = { kind: "retry_later", reason: "stopping" }
