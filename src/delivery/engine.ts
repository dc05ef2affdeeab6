import type { Message, MessageState } from "../domain/message.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { Lane } from "../store/message-store.ts"
import type { DeviceStore, Store } from "../store/store.ts"
import type { Carriers } from "./carrier.ts"
import { Dispatchers } from "./dispatcher.ts"
import { beginTerm, Leases } from "./lease.ts"
import { LiveMessages } from "./live-messages.ts"
import { Places } from "./places.ts"
import { PushCounts, type PushFigures } from "./push-counts.ts"
import { runRetries } from "./retry-runner.ts"
import { runSegment } from "./segment-runner.ts"
import { DEFAULT_DELIVERY_SETTINGS, type DeliverySettings, storeBackOffMs } from "./settings.ts"
import { Signal } from "./signal.ts"
import type { Claiming } from "./tenure.ts"
import { TokenFeedback } from "./token-feedback.ts"
import type { EngineHooks, Workplace } from "./workplace.ts"

/** Work that another process published is found after so long at the latest (design D10). */
const LOOK_AHEAD_MS = 1_000
/** How long runners without work wait for those that have to renew a lease which is over. */
const RENEWAL_MS = 100
/** What a hurried stop still has for storing progress and giving segments back. */
const LAST_WORDS_MS = 1_000

export interface EngineOptions {
  readonly store: Pick<Store, "segments"> & { readonly devices: Pick<DeviceStore, "removeGone"> }
  readonly carriers: Carriers
  /** What the providers need of a message. Pure; called once for each segment worked on. */
  readonly toContent: (message: Message) => PushContent
  /** A nonce of this start of this process: never the same for two engines, nor for two starts. */
  readonly owner: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly hooks?: EngineHooks
  readonly settings?: Partial<DeliverySettings>
}

/** Terms: a *runner* works on one segment at a time; a *lane* is the kind of segments that it may claim. */
export interface Engine {
  start(): void
  /** There may be something to do: a message was published or resumed. */
  wake(): void
  /** Somebody on this node changed the state of a message; heeded before the next push is written. */
  messageChanged(messageNumber: number, state: MessageState): void
  /** Registrations spared in mass invalidations lately (see token-feedback.ts), at most 10 000. */
  quarantined(): readonly number[]
  figures(): PushFigures
  /**
   * Stops: claims and sends nothing more, waits for the answers to what is in flight, stores them and gives the segments
   * back. Once the signal aborts it waits for no more answers; what is then without one stays in doubt. Never rejects.
   */
  drain(signal: AbortSignal): Promise<void>
}

export function openEngine(options: EngineOptions): Engine {
  return new DeliveryEngine(options)
}

class DeliveryEngine implements Engine {
  readonly #workplace: Workplace
  readonly #hurry = new AbortController()
  readonly #shutdown = { isDraining: false, hurry: this.#hurry.signal }
  readonly #runners: Promise<void>[] = []
  readonly #lanes: readonly SearchLane[]

  constructor(options: EngineOptions) {
    const { clock, log, random, store, hooks = {} } = options
    const settings = { ...DEFAULT_DELIVERY_SETTINGS, ...options.settings }
    this.#workplace = {
      ...options,
      settings,
      hooks,
      segments: store.segments,
      dispatchers: new Dispatchers({
        clock,
        random,
        log,
        stopped: this.#hurry.signal,
        onPaused: hooks.onCredentialPaused,
        counts: new PushCounts(),
      }),
      messages: new LiveMessages(),
      leases: new Leases(),
      places: new Places(settings.doubtMax, { express: settings.expressRunners, any: settings.bulkRunners }),
      feedback: new TokenFeedback({
        devices: store.devices,
        clock,
        log,
        onQuarantine: hooks.onQuarantine,
      }),
      shutdown: this.#shutdown,
    }
    this.#lanes = [
      new SearchLane(this.#workplace, "express", settings.expressRunners),
      new SearchLane(this.#workplace, "any", settings.bulkRunners),
    ]
  }

  start(): void {
    if (this.#runners.length > 0) return
    for (const lane of this.#lanes) {
      for (let count = 0; count < lane.runners; count += 1) this.#runners.push(this.#run(lane))
    }
  }

  wake(): void {
    for (const lane of this.#lanes) lane.wake()
  }

  messageChanged(messageNumber: number, state: MessageState): void {
    this.#workplace.messages.announced(messageNumber, state)
    this.wake()
  }

  quarantined(): readonly number[] {
    return this.#workplace.feedback.quarantined
  }

  figures(): PushFigures {
    return this.#workplace.dispatchers.figures()
  }

  async drain(signal: AbortSignal): Promise<void> {
    const { clock, feedback } = this.#workplace
    const hurry = () => {
      this.#hurry.abort()
      this.#raiseAll()
    }
    this.#shutdown.isDraining = true
    this.#raiseAll()
    if (signal.aborted) hurry()
    signal.addEventListener("abort", hurry, { once: true })
    const ended = Promise.all(this.#runners).then(() => feedback.drain(signal))
    const isOver = new AbortController()
    const lastWords = aborted(this.#hurry.signal).then(() => clock.sleep(LAST_WORDS_MS, isOver.signal))
    await Promise.race([ended, lastWords])
    isOver.abort()
    signal.removeEventListener("abort", hurry)
    this.#hurry.abort()
  }

  #raiseAll(): void {
    this.wake()
    this.#workplace.messages.raiseAll()
  }

  /** One runner: claims, works, next. Nothing that goes wrong with one segment ends it. */
  async #run(lane: SearchLane): Promise<void> {
    const { clock, log } = this.#workplace
    for (let failures = 0; ; ) {
      const claiming = await lane.claim()
      if (claiming === undefined) return
      try {
        const work = claiming.claimed.kind === "retry" ? runRetries : runSegment
        await work(this.#workplace, claiming)
        failures = 0
      } catch (err) {
        log.error({ segment: claiming.claimed.claim.segment, err }, "a segment could not be worked on")
        await clock.sleep(storeBackOffMs(failures), this.#hurry.signal)
        failures += 1
      }
    }
  }
}

/** Finds work for the runners of a lane; one of them searches at a time, the others wait for their turn. */
class SearchLane {
  readonly runners: number
  readonly #workplace: Workplace
  readonly #lane: Lane
  readonly #signal: Signal
  #turn: Promise<unknown> = Promise.resolve()

  constructor(workplace: Workplace, lane: Lane, runners: number) {
    this.runners = runners
    this.#workplace = workplace
    this.#lane = lane
    this.#signal = new Signal(workplace.clock)
  }

  wake(): void {
    this.#signal.raise()
  }

  /** Undefined: the engine is being stopped. */
  claim(): Promise<Claiming | undefined> {
    const claiming = this.#turn.then(() => this.#search())
    this.#turn = claiming
    return claiming
  }

  async #search(): Promise<Claiming | undefined> {
    const { clock, leases, log, messages, owner, segments, settings, shutdown } = this.#workplace
    for (let failures = 0; !shutdown.isDraining; ) {
      const term = beginTerm(clock)
      if (leases.isAnyLate(term)) {
        await this.#signal.wait(RENEWAL_MS)
        continue
      }
      const messagesVersion = messages.version
      let waitMs: number
      try {
        const claimed = await segments.claim(this.#lane, owner, term.wall, term.wall + settings.leaseMs)
        if (claimed !== undefined) return { lane: this.#lane, term, messagesVersion, claimed }
        const due = await segments.nextDue(term.wall)
        waitMs = untilLook(due, term.wall, clock.now())
        failures = 0
      } catch (err) {
        log.error({ err }, "the store failed while looking for work")
        waitMs = storeBackOffMs(failures)
        failures += 1
      }
      await this.#signal.wait(waitMs)
    }
    return undefined
  }
}

/** What was due at the time of the search was not for this lane: only a later time is worth waking for. */
function untilLook(due: number | undefined, searchedAt: number, now: number): number {
  if (due === undefined || due <= searchedAt) return LOOK_AHEAD_MS
  return Math.min(LOOK_AHEAD_MS, Math.max(0, due - now))
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))
}
