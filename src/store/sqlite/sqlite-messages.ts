import { DomainError } from "../../domain/errors.ts"
import type {
  Audience,
  Idempotency,
  Message,
  MessageProgress,
  MessageState,
  NewMessage,
  ObstacleCount,
  OutcomeCounts,
  OutcomeReason,
  SoughtOutcome,
} from "../../domain/message.ts"
import type { OutcomeKind } from "../../domain/outcome.ts"
import {
  type AudienceSlice,
  type DeviceOutcome,
  EXPRESS_AUDIENCE_MAX,
  type FailedDevices,
  type MessageStore,
  type NamedAudience,
} from "../message-store.ts"
import type { SqliteContext } from "./context.ts"
import { byPlatform } from "./device-counters.ts"
import { ResentAudience } from "./resent-audience.ts"
import { AudienceReader, type NamedDevices, NO_END } from "./sqlite-audience.ts"
import { MessageCourse } from "./sqlite-message-course.ts"
import { platformMask, type StoredAudience } from "./sqlite-message-rows.ts"
import { SEGMENT_DEVICES, type SegmentOptions } from "./sqlite-segments.ts"

const PAGE_MAX = 1_000
const REASONS_MAX = 100
/** Rows of each sort that one call of removeOld removes: a few milliseconds of the writer's time. */
const REMOVE_MAX = 10_000

export const MESSAGE_STATEMENTS = {
  findKey: "select message, request_hash as requestHash from idempotency where scope = ? and key = ?",
  addKey: "insert into idempotency (scope, key, request_hash, message, created_at) values (?, ?, ?, ?, ?)",
  removeKeys: `delete from idempotency where number in
    (select number from idempotency where created_at < ? order by created_at limit ?)`,
  removeDepartures: `delete from departures where number in
    (select number from departures where left_at < ? order by left_at limit ?)`,
} as const

/** Messages in SQLite. A publish costs the same for one device and for ten million (design D5). */
export class SqliteMessages implements MessageStore {
  readonly #context: SqliteContext
  readonly #course: MessageCourse
  readonly #audience: AudienceReader
  readonly #resent: ResentAudience
  readonly #segmentDevices: number
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext, { segmentDevices = SEGMENT_DEVICES }: SegmentOptions = {}) {
    this.#context = context
    this.#course = new MessageCourse(context)
    this.#audience = new AudienceReader(context)
    this.#resent = new ResentAudience(context, this.#course)
    this.#segmentDevices = segmentDevices
    this.#statements = prepareStatements(context)
  }

  publish(
    message: NewMessage,
    slices?: readonly AudienceSlice[],
  ): Promise<{ readonly message: Message; readonly replayed: boolean }> {
    const keys = this.#audience.keysOf(message.application, message.audience.deviceIds ?? [])
    return this.#context.writer.write(() => {
      const first = this.#publishedBefore(message.idempotency)
      if (first !== undefined) return { message: first, replayed: true }
      const number = slices === undefined ? this.#store(message, keys) : this.#storeAgain(message, slices)
      this.#remember(message, number)
      return { message: this.#course.messages.existing(number), replayed: false }
    })
  }

  async replayed(idempotency: Idempotency): Promise<Message | undefined> {
    return this.#atOneInstant(() => this.#publishedBefore(idempotency))
  }

  async byId(application: number, id: string): Promise<Message | undefined> {
    return this.#atOneInstant(() => {
      const number = this.#course.messages.numberById(application, id)
      return number === undefined ? undefined : this.#course.messages.byNumber(number)
    })
  }

  async byNumber(number: number): Promise<Message | undefined> {
    return this.#course.messages.byNumber(number)
  }

  async progress(application: number, id: string): Promise<MessageProgress | undefined> {
    return this.#atOneInstant(() => {
      const number = this.#course.messages.numberById(application, id)
      if (number === undefined) return undefined
      return { ...this.#progress(number), obstacles: this.#obstacles(number) }
    })
  }

  async page(
    application: number,
    before: number | undefined,
    limit: number,
  ): Promise<{ readonly messages: readonly MessageProgress[]; readonly next: number | undefined }> {
    const size = Math.min(limit, PAGE_MAX)
    return this.#atOneInstant(() => {
      const numbers = this.#course.messages.numbersBefore(application, before ?? NO_END, size)
      const messages = numbers.map((number) => this.#progress(number))
      return { messages, next: numbers.length < size ? undefined : numbers.at(-1) }
    })
  }

  changeState(
    application: number,
    id: string,
    from: readonly MessageState[],
    to: MessageState,
    now: number,
  ): Promise<{ readonly message: Message; readonly moved: boolean } | undefined> {
    return this.#context.writer.write(() => {
      const number = this.#course.messages.numberById(application, id)
      if (number === undefined) return undefined
      const moved = from.includes(this.#course.messages.status(number).state)
      if (moved) this.#course.changeState(number, to, now)
      return { message: this.#course.messages.existing(number), moved }
    })
  }

  async namedAudience(
    application: number,
    { channel: name, platforms, deviceIds = [] }: Audience,
    now: number,
  ): Promise<NamedAudience> {
    this.#context.refresh()
    const channel = this.#context.channelNumbers.find(application, name)
    if (channel === undefined) return { devices: byPlatform([]), unknownDeviceIds: [...new Set(deviceIds)] }
    const audience = { application, channel, platforms: platformMask(platforms) }
    return this.#audience.namedNow(audience, deviceIds, now)
  }

  async deviceOutcome(message: number, registration: number): Promise<DeviceOutcome> {
    return this.#atOneInstant(() => this.#deviceOutcome(message, registration))
  }

  failedDevices(message: number, outcomes: readonly SoughtOutcome[]): Promise<FailedDevices> {
    return this.#resent.failed(message, outcomes, this.#segmentDevices)
  }

  removeOld(limits: {
    readonly idempotencyBefore: number
    readonly departuresBefore: number
  }): Promise<void> {
    return this.#context.writer.write(() => {
      this.#statements.removeKeys.run(limits.idempotencyBefore, REMOVE_MAX)
      this.#statements.removeDepartures.run(limits.departuresBefore, REMOVE_MAX)
    })
  }

  #publishedBefore(idempotency: Idempotency | undefined): Message | undefined {
    if (idempotency === undefined) return undefined
    const first = this.#statements.findKey.get(idempotency.scope, idempotency.key)
    if (first === undefined) return undefined
    if (first.requestHash !== idempotency.requestHash) {
      throw new DomainError(
        "idempotency_key_reused",
        "This Idempotency-Key was used within the last 24 hours with another request.",
        { property: "Idempotency-Key" },
      )
    }
    return this.#course.messages.existing(first.message)
  }

  #store(message: NewMessage, keys: readonly number[]): number {
    const { application, audience, policy, acceptedAt } = message
    // Only now the tables of members and sizes are complete.
    this.#context.memberships.fold()
    const channel = this.#context.channelNumbers.findOrCreate(application, audience.channel, acceptedAt)
    const platforms = platformMask(audience.platforms)
    const named =
      policy === "PUBSUB" || audience.deviceIds === undefined
        ? undefined
        : this.#audience.named({ application, channel, platforms }, audience.deviceIds, keys, acceptedAt)
    const { size, unsupported } =
      policy === "PUBSUB"
        ? { size: 0, unsupported: 0 }
        : named === undefined
          ? this.#audience.size(channel, platforms)
          : { size: named.registrations.length, unsupported: named.unsupported }
    const unknownDeviceIds = named?.unknownDeviceIds ?? []
    const number = this.#insert(message, { channel, platforms, size, unsupported, unknownDeviceIds })
    if (size > 0) this.#storeSegment(number, size, named)
    return number
  }

  #storeAgain(message: NewMessage, slices: readonly AudienceSlice[]): number {
    const { application, audience, acceptedAt } = message
    const channel = this.#context.channelNumbers.findOrCreate(application, audience.channel, acceptedAt)
    const size = slices.reduce((sum, { devices }) => sum + devices, 0)
    const unsupported = slices.reduce((sum, slice) => sum + slice.unsupported, 0)
    const platforms = platformMask(audience.platforms)
    const number = this.#insert(message, { channel, platforms, size, unsupported, unknownDeviceIds: [] })
    const isBulk = size > EXPRESS_AUDIENCE_MAX ? 1 : 0
    for (const { after: low, last: high, devices: planned } of slices) {
      const kind = "audience" as const
      this.#course.segments.insert({ message: number, kind, isListed: 0, isBulk, low, high, planned })
    }
    return number
  }

  #insert(message: NewMessage, audience: StoredAudience): number {
    const number = this.#course.messages.insert(message, audience)
    this.#context.publishOrder.advance(number)
    this.#context.figures.count(message.application, message.acceptedAt, "messages")
    return number
  }

  /** One segment whatever the size: it is cut when it is claimed. */
  #storeSegment(message: number, size: number, named: NamedDevices | undefined): void {
    const segment = this.#course.segments.insert({
      message,
      kind: "audience",
      isListed: named === undefined ? 0 : 1,
      isBulk: size > EXPRESS_AUDIENCE_MAX ? 1 : 0,
      low: 0,
      high: NO_END,
      planned: size,
    })
    if (named !== undefined) this.#course.segments.insertList(segment, named.registrations)
  }

  #remember({ idempotency, acceptedAt }: NewMessage, number: number): void {
    if (idempotency === undefined) return
    const { scope, key, requestHash } = idempotency
    this.#statements.addKey.run(scope, key, requestHash, number, acceptedAt)
  }

  #progress(number: number): MessageProgress {
    const message = this.#course.messages.existing(number)
    const reasons = this.#course.outcomes.reasons(number).sort(mostFrequentFirst)
    const counts: { [K in OutcomeKind]?: number } = {}
    let settled = 0
    for (const { kind, count } of reasons) {
      counts[kind] = (counts[kind] ?? 0) + count
      settled += count
    }
    return {
      message,
      counts: counts satisfies OutcomeCounts,
      pending: message.audienceSize - settled,
      retrying: this.#course.messages.status(number).retrying,
      reasons: reasons.slice(0, REASONS_MAX),
      obstacles: [],
    }
  }

  #obstacles(number: number): readonly ObstacleCount[] {
    const devices = new Map<string, number>()
    const { segments, retries } = this.#course
    const count = (obstacle: string, more: number) =>
      devices.set(obstacle, (devices.get(obstacle) ?? 0) + more)
    for (const one of segments.obstacles(number)) count(one.obstacle, one.devices)
    for (const obstacle of retries.obstacles(number)) count(obstacle, 1)
    const counted = [...devices].map(([obstacle, devices]) => ({ obstacle, devices }))
    const most = counted.sort((a, b) => b.devices - a.devices || a.obstacle.localeCompare(b.obstacle))
    return most.slice(0, REASONS_MAX)
  }

  #deviceOutcome(message: number, registration: number): DeviceOutcome {
    const boundary = this.#course.messages.boundary(message)
    if (boundary === undefined) return { state: "not_in_audience", because: "not_in_channel" }
    const retry = this.#course.retries.find(message, registration)
    if (retry !== undefined) return { state: "retrying", ...retry }
    const logged = this.#course.outcomes.find(
      this.#course.segments.holding(message, registration),
      registration,
    )
    if (logged !== undefined) return { state: "settled", ...logged }
    const segment = this.#course.segments.covering(message, registration)
    const isNamed =
      segment?.isListed === 1 && this.#course.segments.list(segment.number).includes(registration)
    // Who was named by the publish is in its audience even after leaving; of others only the present members are known.
    const because = isNamed ? undefined : this.#audience.whyNotMember(boundary, registration)
    if (because !== undefined) return { state: "not_in_audience", because }
    const isFor = segment?.isListed === 1 ? isNamed : this.#resent.includes(message, registration)
    if (segment === undefined || !isFor) {
      return { state: "not_in_audience", because: "not_named" }
    }
    if (segment.isDone === 0 || segment.restCode === null)
      return { state: "pending", obstacle: segment.obstacle }
    const outcome = this.#course.outcomes.outcome(message, segment.restCode)
    return { state: "settled", outcome, from: segment.checkedAt, to: segment.checkedAt }
  }

  /** Several reads of one state, even while another process writes. */
  #atOneInstant<T>(read: () => T): T {
    return this.#context.connection.transaction(read).deferred()
  }
}

function mostFrequentFirst(a: OutcomeReason, b: OutcomeReason): number {
  return b.count - a.count || a.kind.localeCompare(b.kind) || a.reason.localeCompare(b.reason)
}

function prepareStatements({ connection }: SqliteContext) {
  const sql = MESSAGE_STATEMENTS
  return {
    findKey: connection.prepare<[string, string], { readonly message: number; readonly requestHash: string }>(
      sql.findKey,
    ),
    addKey: connection.prepare<[string, string, string, number, number]>(sql.addKey),
    removeKeys: connection.prepare<[number, number]>(sql.removeKeys),
    removeDepartures: connection.prepare<[number, number]>(sql.removeDepartures),
  }
}
