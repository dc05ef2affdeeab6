import { DEFAULT_DELIVERY_SETTINGS, type DeliverySettings } from "../../src/delivery/settings.ts"
import type { Message, NewMessage } from "../../src/domain/message.ts"
import { RESENDS } from "../../src/domain/message.ts"
import { isFinal, type Outcome, type OutcomeKind } from "../../src/domain/outcome.ts"
import type { Platform, ProviderName } from "../../src/domain/platform.ts"
import { PROVIDER_OF } from "../../src/domain/platform.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import type { Log } from "../../src/runtime/log.ts"
import { type Random, seededRandom } from "../../src/runtime/random.ts"
import { FakeProvider, type Reaction, type ReceivedPush } from "./fake-provider.ts"
import { MemoryStore } from "./memory-store.ts"
import { CHANNEL, FakeCarrier, newMessage } from "./setup.ts"
import { ProviderFaults } from "./simulated-faults.ts"
import { providerOn, SimulatedNode, type SimulatedWorld } from "./simulated-node.ts"

/** How long faults go on; afterwards everything is healthy and has to come to an end. */
const TROUBLE_MS = 60_000
const PLATFORM_NAMES = ["IOS", "ANDROID", "ANDROID", "IOS", "WP", "SYMBIAN"]
const DENIALS: ReadonlySet<OutcomeKind> = new Set(["expired", "cancelled", "suppressed", "retries_exhausted"])

export interface SimulationReport {
  readonly failures: readonly string[]
  readonly pushes: number
  readonly secondCopies: number
  readonly crashes: number
  readonly counts: { readonly [K in OutcomeKind]?: number }
}

/** Plays one seeded story of nodes, providers and people, and checks what must hold in every one (reliability 3.1). */
export async function simulate(seed: number): Promise<SimulationReport> {
  return new Simulation(seed).play()
}

class Simulation implements SimulatedWorld {
  readonly clock = new FakeClock()
  readonly store: MemoryStore
  readonly settings: DeliverySettings
  readonly storeErrors: number
  readonly #random: Random
  readonly #failures: string[] = []
  readonly #nodes: SimulatedNode[] = []
  readonly #carriers = new Map<string, FakeCarrier>()
  readonly #providers = new Map<string, FakeProvider>()
  readonly #messages: Message[] = []
  readonly #tokenOwner = new Map<string, number[]>()
  readonly #deviceExpiry = new Map<string, number | undefined>()
  readonly #faults: ProviderFaults
  readonly #slowStore: boolean
  readonly #lateWrites: boolean
  readonly #started = this.clock.now()
  #names = 0
  #crashes = 0
  /** Something happened that may leave a push in doubt. */
  #hasDoubts = false

  constructor(seed: number) {
    this.#random = seededRandom(seed)
    this.settings = this.#settings()
    this.store = new MemoryStore({ segmentSize: 10 + this.integer(40) })
    this.storeErrors = this.pick([0, 0, 0.02, 0.2])
    this.#slowStore = this.chance(0.4)
    this.#hasDoubts = this.#slowStore || this.storeErrors > 0
    this.#lateWrites = this.chance(0.3)
    this.#faults = new ProviderFaults(this, TROUBLE_MS)
  }

  readonly log: Log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields, text) => {
      const isExpected = text.startsWith("the store failed") || text.startsWith("credential paused")
      if (!isExpected) this.#failures.push(`logged: ${text} ${JSON.stringify(fields)}`)
    },
  }

  get isTroubled(): boolean {
    return this.clock.now() - this.#started < TROUBLE_MS
  }

  integer(below: number): number {
    return Math.floor(this.#random.fraction() * below)
  }

  chance(probability: number): boolean {
    return this.#random.fraction() < probability
  }

  readonly pick = <T>(choices: readonly T[]): T => choices[this.integer(choices.length)] as T

  storeMs(): number {
    if (this.#slowStore && this.isTroubled && this.chance(0.02)) return this.integer(12_000)
    return this.#slowStore ? this.integer(30) : 0
  }

  later(ms: number, callback: () => void): void {
    if (ms === 0) callback()
    else this.clock.after(ms, callback)
  }

  carrier(node: SimulatedNode, application: number, platform: Platform): FakeCarrier | undefined {
    const name = PROVIDER_OF[platform]
    if (name === "wns") return undefined
    const key = `${this.#nodes.indexOf(node)} ${application} ${name}`
    const known = this.#carriers.get(key)
    if (known !== undefined) return known
    const carrier = new FakeCarrier(
      `${application} ${name}`,
      providerOn(node, this.#provider(application, name)),
    )
    this.#carriers.set(key, carrier)
    return carrier
  }

  async play(): Promise<SimulationReport> {
    const application = (
      await this.store.applications.create({ id: "A", name: "A", preset: "locked", keys: [] }, 0)
    ).number
    for (let count = 20 + this.integer(80); count > 0; count -= 1) await this.#register(application)
    for (let count = 1 + this.integer(3); count > 0; count -= 1) this.#addNode()
    await this.#trouble(application)
    await this.#heal()
    await this.#judge(application)
    const report = await this.#report(application)
    this.#judgeDoubts(report)
    return report
  }

  #settings(): DeliverySettings {
    const reservation = this.pick([1, 3, 8, 64])
    return {
      ...DEFAULT_DELIVERY_SETTINGS,
      reservation,
      pageRows: reservation + this.pick([0, 1, 20]),
      bulkRunners: 1 + this.integer(3),
      expressRunners: 1 + this.integer(2),
      retryingMax: this.pick([5, 10_000]),
      ...this.pick([{}, { leaseMs: 3_000, leaseMarginMs: 1_000, renewMs: 500 }]),
      retry: { attemptsMax: 6, delayMaxMs: 20_000, delayMinMs: { apns: 300, fcm: 2_000, wns: 300 } },
    }
  }

  #provider(application: number, name: ProviderName): FakeProvider {
    const key = `${application} ${name}`
    const known = this.#providers.get(key)
    if (known !== undefined) return known
    const provider = new FakeProvider({
      clock: this.clock,
      name,
      inFlightMax: this.pick([2, 20, 200]),
      react: (push) => this.#react(push, name),
      ...(this.#lateWrites && { writeAfterMs: () => this.pick([0, 0, 50, 900]) }),
    })
    this.#providers.set(key, provider)
    return provider
  }

  #react(push: ReceivedPush, name: ProviderName): Reaction {
    this.#checkPush(push)
    if (!this.isTroubled) return { outcome: { kind: "accepted" }, afterMs: 5 + this.integer(60) }
    const reaction = this.#faults.reaction(name, push.at - this.#started)
    this.#hasDoubts ||= reaction.outcome.kind === "ambiguous"
    return reaction
  }

  /** I2, and that nothing is sent without a stored reservation. */
  #checkPush({ at, messageId, token }: ReceivedPush): void {
    const message = this.#messages.find(({ id }) => id === messageId) as Message
    const tolerance = 300 // The clocks of the nodes differ by as much.
    if (at >= message.expiresAt + tolerance) this.#fail(`${messageId} was sent after it expired`)
    const expiry = this.#deviceExpiry.get(token)
    if (expiry !== undefined && at >= expiry + tolerance) this.#fail(`${token} was sent to after it expired`)
    const owners = this.#tokenOwner.get(token) ?? []
    if (!owners.some((registration) => this.store.maySend(message.number, registration))) {
      this.#fail(`${messageId} was sent to ${token} without a reservation`)
    }
  }

  /** A loss is never made up for by a copy that nobody had to send. */
  #judgeDoubts({ secondCopies, counts }: SimulationReport): void {
    if (this.#hasDoubts) return
    if (secondCopies > 0) this.#fail(`${secondCopies} second copies without a reason`)
    if (counts.outcome_unknown !== undefined) this.#fail(`${counts.outcome_unknown} unknown without a reason`)
  }

  #fail(text: string): void {
    this.#failures.push(`at ${this.clock.now() - this.#started} ms: ${text}`)
  }

  async #register(application: number, known?: string): Promise<void> {
    const deviceId = known ?? `device-${this.#names++}`
    const isShared = this.chance(0.05) && this.#names > 1 && known === undefined
    const deviceToken = isShared
      ? `token-${this.integer(this.#names - 1)}-0`
      : `token-${deviceId.slice(7)}-${known ? this.#names++ : 0}`
    const expiresAt = this.chance(0.1) ? this.clock.now() + 1 + this.integer(40_000) : undefined
    const { number } = await this.store.devices.register(
      application,
      {
        deviceToken,
        deviceId,
        os: this.pick(PLATFORM_NAMES),
        osVersion: "1",
        channels: [CHANNEL],
        expiresAt,
      },
      { now: this.clock.now(), channelsPerDeviceMax: 5 },
    )
    this.#tokenOwner.set(deviceToken, [...(this.#tokenOwner.get(deviceToken) ?? []), number])
    this.#deviceExpiry.set(deviceToken, isShared ? undefined : expiresAt)
  }

  #addNode(): void {
    this.#nodes.push(new SimulatedNode(this, `node-${this.#nodes.length}`))
  }

  get #living(): SimulatedNode[] {
    return this.#nodes.filter(({ isDead, isDraining }) => !isDead && !isDraining)
  }

  async #trouble(application: number): Promise<void> {
    const crashRate = this.pick([0, 0.1, 0.5])
    await this.#publish(application)
    while (this.isTroubled) {
      await this.clock.advance(this.integer(1_500))
      if (this.chance(0.1) && this.#messages.length < 4) await this.#publish(application)
      if (this.chance(0.15)) await this.#interfere(application)
      if (this.chance(0.2)) await this.#churn(application)
      if (this.chance(crashRate)) this.#disturbNode()
    }
  }

  async #publish(application: number): Promise<void> {
    const more: Partial<NewMessage> = {
      delivery: this.pick(["at-least-once", "at-most-once"]),
      expiresAt: this.clock.now() + this.pick([3_000, 30_000, 200_000, 200_000]),
    }
    const id = `message:${this.#messages.length + 1}`
    const request = newMessage(id, application, this.clock.now(), more)
    this.#messages.push((await this.store.messages.publish(request)).message)
    for (const node of this.#living) node.deliver(() => node.engine.wake())
  }

  async #interfere(application: number): Promise<void> {
    const message = this.pick(this.#messages)
    const to = this.pick(["cancelled", "paused", "paused", "running"] as const)
    const from = to === "running" ? (["paused"] as const) : (["running", "paused"] as const)
    const changed = await this.store.messages.changeState(application, message.id, from, to, this.clock.now())
    const node = this.pick(this.#living.length > 0 ? this.#living : this.#nodes)
    // Other nodes learn of it from the store.
    if (changed?.moved) node.deliver(() => node.engine.messageChanged(message.number, to))
  }

  async #churn(application: number): Promise<void> {
    const deviceId = `device-${this.integer(this.#names)}`
    if (this.chance(0.5)) await this.store.devices.unregister(application, deviceId, this.clock.now())
    else await this.#register(application, this.chance(0.5) ? deviceId : undefined)
  }

  #disturbNode(): void {
    const node = this.pick(this.#living.length > 0 ? this.#living : this.#nodes)
    const how = this.pick(["crash", "freeze", "drain"] as const)
    this.#hasDoubts ||= how !== "drain"
    if (how === "crash") {
      node.crash()
      this.#crashes += 1
    } else if (how === "freeze") {
      node.freeze()
      this.clock.after(this.integer(25_000), () => node.thaw())
    } else {
      node.isDraining = true
      const hurry = new AbortController()
      this.clock.after(this.integer(30_000), () => {
        this.#hasDoubts ||= !node.isDrained
        node.deliver(() => hurry.abort())
      })
      void node.engine.drain(hurry.signal).then(() => {
        node.isDrained = true
      })
    }
    if (how !== "freeze") this.clock.after(this.integer(this.pick([200, 5_000])), () => this.#addNode())
  }

  /** I10: with healthy nodes and providers everything comes to an end. */
  async #heal(): Promise<void> {
    for (const { id } of this.#messages)
      await this.store.messages.changeState(1, id, ["paused"], "running", this.clock.now())
    for (let waited = 0; this.store.unfinished > 0 && waited < 300_000; waited += 250)
      await this.clock.advance(250)
    if (this.store.unfinished > 0) this.#fail(`something is never finished:\n${this.store.describe()}`)
    await Promise.race([
      Promise.all(this.#living.map((node) => node.engine.drain(AbortSignal.abort()))),
      this.clock.advance(10_000),
    ])
  }

  async #judge(application: number): Promise<void> {
    for (const rule of this.store.violations) this.#fail(`the store's law: ${rule}`)
    for (const message of this.#messages) {
      const progress = await this.store.messages.progress(application, message.id)
      const total = Object.values(progress?.counts ?? {}).reduce((sum, count) => sum + count, 0)
      if (total !== message.audienceSize)
        this.#fail(`${message.id}: ${total} outcomes for ${message.audienceSize} devices`)
      await this.#judgeCopies(message)
    }
  }

  /** I3, and that the outcome of each device is true. */
  async #judgeCopies(message: Message): Promise<void> {
    const copies = new Map<number, number>()
    for (const { messageId, token, isAccepted } of this.#ledger()) {
      if (messageId !== message.id || !isAccepted) continue
      const owners = this.#tokenOwner.get(token) ?? []
      for (const registration of owners) copies.set(registration, (copies.get(registration) ?? 0) + 1)
    }
    const owners = [...this.#tokenOwner.values()]
    const sharing = new Set(owners.filter((registrations) => registrations.length > 1).flat())
    for (const [token, registrations] of this.#tokenOwner) {
      for (const registration of registrations) {
        if (sharing.has(registration)) continue
        const received = copies.get(registration) ?? 0
        if (received > 1 + RESENDS[message.delivery]) {
          this.#fail(`${message.id} (${message.delivery}): ${received} copies for ${token}`)
        }
        const outcome = await this.store.messages.deviceOutcome(message.number, registration)
        if (outcome.state !== "settled") continue
        const { kind, reason } = outcome.outcome
        if (kind === "accepted" && received === 0) this.#fail(`${token}: accepted without a copy`)
        // A device in doubt that left cannot be named any more: it is counted with the others that left.
        if (!this.store.hasStayed(message, registration)) continue
        if (DENIALS.has(kind) && received > 0)
          this.#fail(`${token}: ${kind} (${reason}) with ${received} copies`)
      }
    }
  }

  *#ledger() {
    for (const provider of this.#providers.values()) yield* provider.ledger
  }

  async #report(application: number): Promise<SimulationReport> {
    const counts: { [K in OutcomeKind]?: number } = {}
    for (const { id } of this.#messages) {
      const progress = await this.store.messages.progress(application, id)
      for (const [kind, count] of Object.entries(progress?.counts ?? {})) {
        counts[kind as OutcomeKind] = (counts[kind as OutcomeKind] ?? 0) + count
      }
    }
    const pushes = [...this.#ledger()]
    // A shared token may be pushed to again when the registration that was sent to is gone: nobody knows it any more.
    const accepted = pushes.filter(({ isAccepted, token }) => {
      return isAccepted && this.#tokenOwner.get(token)?.length === 1
    })
    const secondCopies =
      accepted.length - new Set(accepted.map(({ messageId, token }) => messageId + token)).size
    if (Object.keys(counts).some((kind) => !isFinal({ kind } as Outcome)))
      this.#fail("an outcome is not final")
    return { failures: this.#failures, pushes: pushes.length, secondCopies, crashes: this.#crashes, counts }
  }
}
