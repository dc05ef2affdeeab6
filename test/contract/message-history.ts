import { expect } from "vitest"
import { isTerminal, type MessageState } from "../../src/domain/message.ts"
import type { Outcome } from "../../src/domain/outcome.ts"
import { platformOf } from "../../src/domain/platform.ts"
import type { AudienceDevice, RetryEntry, SettledDevice } from "../../src/store/message-store.ts"
import {
  advance,
  decide,
  type Held,
  type Member,
  type Published,
  retryingOf,
} from "./message-history-state.ts"
import { CHANNELS, DEVICES, PLATFORM_CHOICES, SHORT_LIFE_MS, type Step, SYSTEMS } from "./message-steps.ts"
import { ACCEPTED, LEASE_MS, LEFT, type MessageWorld } from "./message-world.ts"

/** Tells one random history to the store and to a model made of sets, and compares the two. */
export class History {
  readonly #world: MessageWorld
  readonly #channels = new Map<string, Map<string, Member>>(CHANNELS.map((name) => [name, new Map()]))
  readonly #messages = new Map<number, Published>()
  /** The latest claim of each segment. */
  readonly #held = new Map<number, Held>()
  readonly #superseded: Held[] = []
  readonly #registrations = new Set<number>()

  constructor(world: MessageWorld) {
    this.#world = world
  }

  async apply(step: Step): Promise<void> {
    this.#world.now += 1
    switch (step.do) {
      case "register":
        return await this.#register(`d${step.device}`, SYSTEMS[step.system]!, CHANNELS[step.channel]!)
      case "leave":
        return await this.#leave(`d${step.device}`, CHANNELS[step.channel]!)
      case "unregister":
        await this.#world.store.devices.unregister(
          this.#world.application,
          `d${step.device}`,
          this.#world.now,
        )
        for (const channel of CHANNELS) this.#forget(channel, `d${step.device}`)
        return
      case "publish":
        return await this.#publish(step)
      case "claim":
        await this.#claim(step.express)
        return
      case "work":
        return await this.#work(step.claim, step.pattern, step.reserve)
      case "finish":
        return await this.#finishOne(step.claim)
      case "release":
        return await this.#release(step.claim)
      case "crash":
        return this.#crash()
      case "state":
        return await this.#changeState(step.message, step.to)
    }
  }

  /** What must hold after every step. */
  async check(): Promise<void> {
    for (const published of this.#messages.values()) {
      const { message, counts, pending, retrying } = await this.#world.progress(published.message)
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
      expect(message.audienceSize).toBe(published.audience.size)
      expect(total + pending).toBe(published.audience.size)
      expect(pending).toBeGreaterThanOrEqual(0)
      expect(retrying).toBe(published.retrying.size)
      for (const kind of ["accepted", "payload_rejected", "outcome_unknown"] as const) {
        const said = [...published.settled.values()].filter((one) => one === kind).length
        expect(counts[kind] ?? 0).toBe(said)
      }
      published.state = message.state
      if (isTerminal(message.state) && message.state !== "cancelled") expect(pending).toBe(0)
      await this.#checkDevices(published, pending)
    }
  }

  /** Lets an engine without crashes work until nothing is left; then everything must be accounted for. */
  async drain(): Promise<void> {
    for (const published of this.#messages.values()) {
      await this.#world.changeState(published.message, ["paused"], "running")
    }
    await this.check()
    this.#crash()
    for (let round = 0; round < 200; round++) {
      const held = await this.#claim(false)
      if (held === undefined) {
        const due = await this.#world.store.segments.nextDue(this.#world.now)
        if (due === undefined) break
        this.#world.now = Math.max(due, this.#world.now)
      } else await this.#end(held)
    }
    for (const published of this.#messages.values()) {
      const { message, pending, retrying, counts } = await this.#world.progress(published.message)
      expect(isTerminal(message.state)).toBe(true)
      expect({ pending, retrying }).toEqual({ pending: 0, retrying: 0 })
      const rest = published.audience.size - published.settled.size
      const suppressed = [...published.settled.values()].filter((kind) => kind === "suppressed").length
      expect((counts.suppressed ?? 0) - suppressed + (counts.cancelled ?? 0) + (counts.expired ?? 0)).toBe(
        rest,
      )
    }
  }

  async #checkDevices(published: Published, pending: number): Promise<void> {
    for (const registration of this.#registrations) {
      const outcome = await this.#world.outcome(published.message, registration)
      const kind = published.settled.get(registration)
      const seen = outcome.state === "settled" ? outcome.outcome.kind : outcome.state
      if (kind !== undefined) expect(seen).toBe(kind)
      else if (published.retrying.has(registration)) expect(seen).toBe("retrying")
      else if (!published.audience.has(registration)) expect(seen).toBe("not_in_audience")
      else if (published.gone.has(registration) && !published.isNamed) expect(seen).toBe("not_in_audience")
      else expect(this.#restKinds(published, registration, pending)).toContain(seen)
    }
  }

  /** What may be said of a device of which nothing was said by itself. */
  #restKinds(published: Published, registration: number, pending: number): string[] {
    const kinds: string[] = []
    if (pending > 0) kinds.push("pending")
    if (published.gone.has(registration)) kinds.push("suppressed")
    if (published.state === "cancelled") kinds.push("cancelled")
    if (this.#isExpired(published)) kinds.push("expired")
    return kinds
  }

  async #register(deviceId: string, os: string, channel: string): Promise<void> {
    const registration = await this.#world.register(deviceId, { os, channels: [channel] })
    this.#registrations.add(registration)
    const platform = platformOf(os)
    for (const [name, members] of this.#channels) {
      const member = members.get(deviceId)
      // Another platform counts as leaving and joining again.
      if (member !== undefined && member.platform !== platform) {
        this.#forget(name, deviceId)
        members.set(deviceId, { registration, platform })
      }
    }
    const members = this.#channels.get(channel)!
    if (!members.has(deviceId)) members.set(deviceId, { registration, platform })
  }

  async #leave(deviceId: string, channel: string): Promise<void> {
    await this.#world.leave(deviceId, channel)
    this.#forget(channel, deviceId)
  }

  #forget(channel: string, deviceId: string): void {
    const members = this.#channels.get(channel)!
    const member = members.get(deviceId)
    if (member === undefined) return
    members.delete(deviceId)
    for (const { message, gone, audience } of this.#messages.values()) {
      if (message.audience.channel === channel && audience.has(member.registration))
        gone.add(member.registration)
    }
  }

  /** `named`: a bit for each device that the publish names; 0 names none, which means all. */
  async #publish(step: Extract<Step, { readonly do: "publish" }>): Promise<void> {
    const { named } = step
    const channel = CHANNELS[step.channel]!
    const platforms = PLATFORM_CHOICES[step.platforms]
    const expiresAt = this.#world.now + (step.isShortLived ? SHORT_LIFE_MS : 86_400_000)
    const names = Array.from({ length: DEVICES }, (_, at) => `d${at}`).filter((_, at) => (named >> at) & 1)
    const deviceIds = named === 0 ? undefined : names
    const message = await this.#world.publish({ expiresAt }, { channel, platforms, deviceIds })
    const audience = [...this.#channels.get(channel)!]
      .filter(([deviceId]) => deviceIds?.includes(deviceId) ?? true)
      .filter(([, { platform }]) => platforms === undefined || (platform && platforms.includes(platform)))
    this.#messages.set(message.number, {
      message,
      isNamed: deviceIds !== undefined,
      audience: new Set(audience.map(([, { registration }]) => registration)),
      gone: new Set(),
      settled: new Map(),
      retrying: new Map(),
      reserved: new Map(),
      state: message.state,
    })
  }

  async #claim(express: boolean): Promise<Held | undefined> {
    const claimed = await this.#world.claim(express ? "express" : "any", `owner ${this.#world.now}`)
    if (claimed === undefined) return undefined
    const published = this.#messages.get(claimed.message.number)!
    if (published.state === "paused") expect(this.#isExpired(published)).toBe(true)
    expect(claimed.message.state).toBe(published.state)
    const earlier = this.#held.get(claimed.claim.segment)
    if (earlier !== undefined) {
      this.#superseded.push(earlier)
      expect(claimed.cursor).toBe(earlier.cursor)
      expect(claimed.doneAbove).toEqual([...earlier.doneAbove].sort((a, b) => a - b))
      expect(claimed.claim.epoch).toBeGreaterThan(earlier.claimed.claim.epoch)
    }
    const held = { claimed, cursor: claimed.cursor, doneAbove: new Set(claimed.doneAbove), isLive: true }
    this.#held.set(claimed.claim.segment, held)
    return held
  }

  async #work(claim: number, pattern: readonly number[], reserve: number): Promise<void> {
    await this.#workOfTheDispossessed(claim)
    const held = this.#pick(claim)
    if (held === undefined) return
    if (held.claimed.kind === "retry") return await this.#workRetries(held, pattern, reserve)
    const published = this.#messages.get(held.claimed.message.number)!
    const page = await this.#openDevices(held, published, pattern.length)
    const { settled, retries } = decide(page, pattern, this.#world.now)
    advance(held, page, new Set([...settled, ...retries].map(({ registration }) => registration)))
    const progress = {
      cursor: held.cursor,
      reserved: page.at(-1)?.registration ?? held.cursor,
      doneAbove: [...held.doneAbove],
      settled,
      retries,
    }
    const answer = await this.#world.checkpoint(held.claimed, progress)
    this.#note(published, settled, retries)
    expect(answer).toEqual({ state: published.state, retrying: retryingOf(published) })
  }

  /** Who was overtaken must not change anything: the next check would see it. */
  async #workOfTheDispossessed(claim: number): Promise<void> {
    const held = this.#superseded[claim]
    if (held === undefined || held.claimed.kind === "retry") return
    const published = this.#messages.get(held.claimed.message.number)!
    const [registration] = published.audience
    const settled = registration === undefined ? [] : [{ registration, outcome: ACCEPTED }]
    expect(await this.#world.checkpoint(held.claimed, { settled })).toBeUndefined()
  }

  async #workRetries(held: Held, pattern: readonly number[], reserve: number): Promise<void> {
    const published = this.#messages.get(held.claimed.message.number)!
    const due = await this.#retryPage(held, published, 100)
    const some = due.slice(0, pattern.length)
    const { settled, retries } = decide(some, pattern, this.#world.now)
    const decided = new Set([...settled, ...retries].map(({ registration }) => registration))
    const reserved = due
      .map(({ registration }) => registration)
      .filter((one) => !decided.has(one))
      .slice(0, reserve)
    const progress = this.#world.retryProgress({ settled, retries, reserve: reserved })
    const answer = await this.#world.store.segments.checkpointRetries(held.claimed.claim, progress)
    for (const { registration } of retries) published.reserved.delete(registration)
    for (const registration of reserved) published.reserved.set(registration, held.claimed.claim.epoch)
    this.#note(published, settled, retries)
    if (answer !== undefined) expect(answer.retrying).toEqual(retryingOf(published))
    else expect((await this.#world.progress(published.message)).pending).toBe(0)
    if (answer === undefined) held.isLive = false
  }

  async #retryPage(held: Held, published: Published, limit: number) {
    const due = await this.#world.retries(held.claimed.claim, limit)
    const isEverybodyDue = published.state === "cancelled" || this.#isExpired(published)
    const expected = [...published.retrying.values()].filter(({ registration, notBefore }) => {
      const isInFlight = published.reserved.get(registration) === held.claimed.claim.epoch
      return !isInFlight && (isEverybodyDue || notBefore <= this.#world.now)
    })
    expect(new Set(due.map(({ registration }) => registration))).toEqual(
      new Set(expected.map(({ registration }) => registration)),
    )
    for (const { registration, uncertain, token } of due) {
      expect(uncertain).toBe(published.reserved.has(registration))
      expect(token === "").toBe(published.gone.has(registration))
    }
    return due
  }

  /** The next devices that have neither outcome nor retry; nobody may appear who is not in the audience. */
  async #openDevices(held: Held, published: Published, limit: number): Promise<AudienceDevice[]> {
    const { claim } = held.claimed
    const page = await this.#world.store.segments.audiencePage(
      claim,
      held.cursor,
      limit + held.doneAbove.size,
    )
    let before = held.cursor
    for (const { registration } of page) {
      expect(registration).toBeGreaterThan(before)
      expect(published.audience.has(registration) && !published.gone.has(registration)).toBe(true)
      before = registration
    }
    const open = page.filter(({ registration }) => !held.doneAbove.has(registration)).slice(0, limit)
    for (const { registration } of open) {
      expect(published.settled.has(registration) || published.retrying.has(registration)).toBe(false)
    }
    return open
  }

  #note(published: Published, settled: readonly SettledDevice[], retries: readonly RetryEntry[]): void {
    for (const { registration, outcome } of settled) {
      expect(published.settled.has(registration)).toBe(false)
      published.settled.set(registration, outcome.kind)
      published.retrying.delete(registration)
      published.reserved.delete(registration)
    }
    for (const entry of retries) {
      // Of a device that left meanwhile, it is still known what carried to it.
      const { provider } = published.retrying.get(entry.registration) ?? entry
      published.retrying.set(entry.registration, { ...entry, provider })
    }
  }

  async #finishOne(claim: number): Promise<void> {
    const held = this.#pick(claim)
    if (held !== undefined) await this.#end(held)
  }

  /** Settles everything that a claim holds and ends it. */
  async #end(held: Held): Promise<void> {
    const published = this.#messages.get(held.claimed.message.number)!
    if (held.claimed.kind === "retry") return await this.#endRetries(held, published)
    const rest = this.#restOf(published)
    const open = rest !== LEFT ? [] : await this.#openDevices(held, published, 1_000)
    const settled = open.map(({ registration }) => ({ registration, outcome: ACCEPTED }))
    const progress = this.#world.at(held.claimed, { cursor: held.cursor, settled })
    const answer = await this.#world.store.segments.finish(held.claimed.claim, progress, rest)
    expect(answer?.retrying).toEqual(retryingOf(published))
    this.#note(published, settled, [])
    this.#held.delete(held.claimed.claim.segment)
    this.#superseded.push(held)
  }

  #restOf(published: Published): Outcome {
    if (published.state === "cancelled") return { kind: "cancelled" }
    return this.#isExpired(published) ? { kind: "expired", reason: "" } : LEFT
  }

  #isExpired({ message }: Published): boolean {
    return message.expiresAt <= this.#world.now
  }

  async #endRetries(held: Held, published: Published): Promise<void> {
    const due = await this.#retryPage(held, published, 1_000)
    const settled = due.map(({ registration }) => ({ registration, outcome: ACCEPTED }))
    const { segments } = this.#world.store
    await segments.checkpointRetries(held.claimed.claim, this.#world.retryProgress({ settled }))
    this.#note(published, settled, [])
    await segments.release(held.claimed.claim, this.#world.now, this.#world.now)
    this.#held.delete(held.claimed.claim.segment)
  }

  async #release(claim: number): Promise<void> {
    const held = this.#pick(claim)
    if (held === undefined) return
    await this.#world.store.segments.release(held.claimed.claim, this.#world.now + 3, this.#world.now)
    held.isLive = false
  }

  /** Every engine dies: what they held is claimable once the leases have run out. */
  #crash(): void {
    this.#world.now += LEASE_MS
  }

  async #changeState(at: number, to: MessageState): Promise<void> {
    const published = [...this.#messages.values()][at]
    if (published === undefined) return
    const from: MessageState[] = to === "running" ? ["paused"] : ["running", "paused"]
    const changed = await this.#world.changeState(published.message, from, to)
    expect(changed?.moved).toBe(from.includes(published.state))
  }

  /** A claim that was neither given back nor overtaken. */
  #pick(claim: number): Held | undefined {
    const live = [...this.#held.values()].filter(({ isLive }) => isLive)
    return live[claim % Math.max(live.length, 1)]
  }
}
