import type { Message, NewMessage } from "../../src/domain/message.ts"
import type { Outcome } from "../../src/domain/outcome.ts"
import type {
  AudienceDevice,
  CheckpointAnswer,
  ClaimedSegment,
  Lane,
  RetryEntry,
  SegmentClaim,
  SegmentProgress,
} from "../../src/store/message-store.ts"
import type { Store } from "../../src/store/store.ts"

/** The parts of a store that the contract of messages and segments needs. */
export type MessageContractStore = Pick<
  Store,
  "applications" | "devices" | "channels" | "messages" | "segments" | "close"
>

export interface MessageContractOptions {
  /** At most so many devices in a segment. */
  readonly segmentDevices: number
  /** Whether `reopen` will be asked for: the data must outlive the process then. */
  readonly durable: boolean
}

/** A new and empty store. `reopen` closes it and opens its data again, as after a restart. `dispose` removes the data. */
export interface OpenedMessageStore {
  readonly store: MessageContractStore
  reopen(): Promise<MessageContractStore>
  dispose(): Promise<void>
}

export type OpenMessageStore = (options: MessageContractOptions) => Promise<OpenedMessageStore>

export interface DeviceOptions {
  readonly os?: string
  readonly channels?: readonly string[]
  readonly token?: string
  readonly expiresAt?: number
}

export const LEASE_MS = 10_000
export const ACCEPTED: Outcome = { kind: "accepted" }
export const LEFT: Outcome = { kind: "suppressed", reason: "left_audience" }

export function retryOf(registration: number, change: Partial<RetryEntry> = {}): RetryEntry {
  return { registration, attempts: 1, copies: 0, notBefore: 0, reason: "busy", provider: "fcm", ...change }
}

/** A checkpoint's answer on devices that wait for another attempt with FCM, and with no other provider. */
export function waitingForFcm(devices: number): CheckpointAnswer["retrying"] {
  return { apns: 0, fcm: devices, wns: 0 }
}

/** A store with one application, a clock of its own, and short words for what apps and the engine do to it. */
export class MessageWorld {
  readonly #opened: OpenedMessageStore
  store: MessageContractStore
  application = 0
  now = 1_800_000_000_000
  #messages = 0

  private constructor(opened: OpenedMessageStore) {
    this.#opened = opened
    this.store = opened.store
  }

  static async open(
    open: OpenMessageStore,
    options: Partial<MessageContractOptions> = {},
  ): Promise<MessageWorld> {
    const world = new MessageWorld(await open({ segmentDevices: 50_000, durable: false, ...options }))
    world.application = await world.addApplication("APP-1")
    return world
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close()
    await this.#opened.dispose()
  }

  async reopen(): Promise<void> {
    this.store = await this.#opened.reopen()
  }

  async addApplication(id: string): Promise<number> {
    const application = { id, name: id, preset: "locked", keys: [] } as const
    return (await this.store.applications.create(application, this.now)).number
  }

  /** Returns the registration number. */
  async register(
    deviceId: string,
    options: DeviceOptions = {},
    application = this.application,
  ): Promise<number> {
    const request = {
      deviceId,
      deviceToken: options.token ?? `token of ${deviceId}`,
      os: options.os ?? "ANDROID",
      osVersion: "16",
      channels: options.channels ?? ["news"],
      expiresAt: options.expiresAt,
    }
    const registered = await this.store.devices.register(application, request, {
      now: this.now,
      channelsPerDeviceMax: 100,
    })
    return registered.number
  }

  /** Registers `count` devices named d0, d1, … and returns their numbers. */
  registerMany(count: number, options: DeviceOptions = {}): Promise<number[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => this.register(`d${index}`, options)))
  }

  async leave(deviceId: string, channel: string): Promise<void> {
    const device = await this.store.devices.byDeviceId(this.application, deviceId, this.now)
    const membership = device?.channels.find(({ name }) => name === channel)
    if (membership !== undefined) {
      await this.store.devices.leaveChannel(this.application, membership.id, this.now)
    }
  }

  newMessage(change: Partial<NewMessage> = {}, audience: Partial<NewMessage["audience"]> = {}): NewMessage {
    return {
      id: `message:${++this.#messages}`,
      application: this.application,
      audience: { channel: "news", platforms: undefined, deviceIds: undefined, ...audience },
      policy: "PUSH",
      delivery: "at-least-once",
      messageJson: '"hello"',
      headers: new Map([["ios-badge", "7"]]),
      publisherId: undefined,
      subtopic: undefined,
      acceptedAt: this.now,
      expiresAt: this.now + 86_400_000,
      idempotency: undefined,
      again: undefined,
      ...change,
    }
  }

  async publish(
    change: Partial<NewMessage> = {},
    audience: Partial<NewMessage["audience"]> = {},
  ): Promise<Message> {
    return (await this.store.messages.publish(this.newMessage(change, audience))).message
  }

  claim(lane: Lane = "any", owner = "engine"): Promise<ClaimedSegment | undefined> {
    return this.store.segments.claim(lane, owner, this.now, this.now + LEASE_MS)
  }

  /** A claim that must be there. */
  async claimed(lane: Lane = "any", owner = "engine"): Promise<ClaimedSegment> {
    const claimed = await this.claim(lane, owner)
    if (claimed === undefined) throw new Error("nothing was there to be claimed")
    return claimed
  }

  at(claimed: ClaimedSegment, change: Partial<SegmentProgress> = {}): SegmentProgress {
    const { cursor, reserved, doneAbove, pass, obstacle } = claimed
    const leaseUntil = this.now + LEASE_MS
    return {
      cursor,
      reserved,
      doneAbove,
      pass,
      settled: [],
      retries: [],
      obstacle,
      leaseUntil,
      now: this.now,
      ...change,
    }
  }

  retryProgress(change: Partial<Parameters<Store["segments"]["checkpointRetries"]>[1]>) {
    return {
      settled: [],
      retries: [],
      reserve: [],
      leaseUntil: this.now + LEASE_MS,
      now: this.now,
      ...change,
    }
  }

  /** Every device of the segment from its cursor on, in pages of `size`. */
  async devices(claimed: ClaimedSegment, size = 3): Promise<AudienceDevice[]> {
    const devices: AudienceDevice[] = []
    for (let after = claimed.cursor; ; ) {
      const page = await this.store.segments.audiencePage(claimed.claim, after, size)
      devices.push(...page)
      if (page.length < size) return devices
      after = page.at(-1)!.registration
    }
  }

  async registrations(claimed: ClaimedSegment, size = 3): Promise<number[]> {
    return (await this.devices(claimed, size)).map(({ registration }) => registration)
  }

  checkpoint(
    claimed: ClaimedSegment,
    change: Partial<SegmentProgress>,
  ): Promise<CheckpointAnswer | undefined> {
    return this.store.segments.checkpoint(claimed.claim, this.at(claimed, change))
  }

  /** Settles every device of the segment in the same way and finishes it. */
  async finish(
    claimed: ClaimedSegment,
    outcome: Outcome = ACCEPTED,
    rest: Outcome = LEFT,
  ): Promise<CheckpointAnswer | undefined> {
    const done = new Set(claimed.doneAbove)
    const open = (await this.registrations(claimed)).filter((registration) => !done.has(registration))
    const settled = open.map((registration) => ({ registration, outcome }))
    return await this.store.segments.finish(claimed.claim, this.at(claimed, { settled }), rest)
  }

  /** Claims and finishes until nothing is left, as an engine would whose provider accepts everything. */
  async deliverAll(outcome: Outcome = ACCEPTED): Promise<void> {
    for (let claimed = await this.claim(); claimed !== undefined; claimed = await this.claim()) {
      await this.finish(claimed, outcome)
    }
  }

  retries(claim: SegmentClaim, limit = 100) {
    return this.store.segments.retryPage(claim, this.now, limit)
  }

  async progress(message: Message) {
    const progress = await this.store.messages.progress(this.application, message.id)
    if (progress === undefined) throw new Error(`${message.id} is not stored`)
    return progress
  }

  outcome(message: Message, registration: number) {
    return this.store.messages.deviceOutcome(message.number, registration)
  }

  changeState(message: Message, from: readonly Message["state"][], to: Message["state"]) {
    return this.store.messages.changeState(this.application, message.id, from, to, this.now)
  }
}
