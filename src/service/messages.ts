import { hash } from "node:crypto"
import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import {
  type Idempotency,
  isTerminal,
  type Message,
  type MessageProgress,
  type MessageState,
  type NewMessage,
  type SentAgain,
} from "../domain/message.ts"
import { PLATFORMS, type Platform, PROVIDER_OF, type ProviderName } from "../domain/platform.ts"
import { DEFAULT_TTL_SECONDS, messageText, type PublishRequest } from "../domain/publish.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { Clock } from "../runtime/clock.ts"
import { type Random, upperCaseUuid } from "../runtime/random.ts"
import type { AudienceSlice } from "../store/message-store.ts"
import type { Store } from "../store/store.ts"
import { type DeviceReport, DeviceReports } from "./device-report.ts"

/** What a message would be for a platform. */
export interface PayloadCheck {
  readonly payloadBytes: number
  readonly payloadBytesMax: number
  /** What is wrong and what would be right; undefined when the message can be sent to the platform. */
  readonly problem: string | undefined
}

export interface MessagesOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  /** Translates without sending. */
  readonly checkPayload: (content: PushContent, platform: Platform) => PayloadCheck
  /** What keeps this server from delivering anything at all (obstacle.ts). Defaults to nothing. */
  readonly standstill?: string
  /** Called after a message was stored or changed its state. */
  readonly onChange: (message: Message) => void
}

const WATCH_INTERVAL_MS = 500
/** Proxies end a connection on which nothing passes for a minute or so. */
const HEARTBEAT_MS = 15_000
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/

/** Publishing, watching, pausing and cancelling messages. */
export class Messages {
  readonly #options: MessagesOptions
  readonly #reports: DeviceReports

  constructor(options: MessagesOptions) {
    this.#options = options
    this.#reports = new DeviceReports(options.store, options.clock, options.standstill)
  }

  /**
   * Resolves when the message, its audience boundary and its first segment are on stable storage. The same key with the
   * same request answers with the first message; `caller` keeps the keys of different callers apart.
   */
  async publish(
    application: Application,
    request: PublishRequest,
    caller: string,
    idempotencyKey: string | undefined,
  ): Promise<Message> {
    const canonical = canonicalForm(request)
    const idempotency = idempotencyOf(
      application,
      { operation: "publish", canonical },
      caller,
      idempotencyKey,
    )
    return this.#publish(application, request, { idempotency, again: undefined })
  }

  /**
   * Sends a message again to devices that `find` looks for, unless that was done with the same key before; then `find` is
   * not called. Resolves as `publish` does.
   */
  async publishAgain(
    application: Application,
    request: PublishRequest,
    again: SentAgain,
    { caller, idempotencyKey }: { readonly caller: string; readonly idempotencyKey: string | undefined },
    find: () => Promise<readonly AudienceSlice[]>,
  ): Promise<Message> {
    const canonical = JSON.stringify([again.messageId, again.outcomes.map(({ kind }) => kind)])
    const idempotency = idempotencyOf(application, { operation: "resend", canonical }, caller, idempotencyKey)
    const first = idempotency && (await this.#options.store.messages.replayed(idempotency))
    return first ?? this.#publish(application, request, { idempotency, again }, await find())
  }

  async #publish(
    application: Application,
    request: PublishRequest,
    origin: Pick<NewMessage, "idempotency" | "again">,
    slices?: readonly AudienceSlice[],
  ): Promise<Message> {
    const { store, clock, random, onChange } = this.#options
    const now = clock.now()
    const { channel, platforms, deviceIds, ttlSeconds, ...content } = request
    const message: NewMessage = {
      ...content,
      id: `message:${upperCaseUuid(random)}`,
      application: application.number,
      audience: { channel, platforms, deviceIds },
      acceptedAt: now,
      expiresAt: now + (ttlSeconds ?? DEFAULT_TTL_SECONDS) * 1000,
      ...origin,
    }
    if (message.policy !== "PUBSUB") this.#checkPayloads(message)
    const stored = await store.messages.publish(message, ...(slices === undefined ? [] : [slices]))
    if (!stored.replayed) onChange(stored.message)
    return stored.message
  }

  /** Undefined for an id that the application does not have. */
  find(application: number, id: string): Promise<Message | undefined> {
    return this.#options.store.messages.byId(application, id)
  }

  /** Throws `not_found`. */
  async progress(application: number, id: string): Promise<MessageProgress> {
    const progress = await this.#options.store.messages.progress(application, id)
    if (progress === undefined)
      throw new DomainError("not_found", `The application has no message with the id ${id}.`)
    return progress
  }

  page(
    application: number,
    before: number | undefined,
    limit: number,
  ): ReturnType<Store["messages"]["page"]> {
    return this.#options.store.messages.page(application, before, limit)
  }

  pause(application: number, id: string): Promise<Message> {
    return this.#change(application, id, ["running", "paused"], "paused")
  }

  resume(application: number, id: string): Promise<Message> {
    return this.#change(application, id, ["paused", "running"], "running")
  }

  /** Nothing is sent any more from at most two seconds after this resolves. Throws `cannot_cancel_message` (5040). */
  async cancel(application: number, id: string): Promise<Message> {
    const { store, clock, onChange } = this.#options
    const changed = await store.messages.changeState(
      application,
      id,
      ["running", "paused"],
      "cancelled",
      clock.now(),
    )
    if (changed === undefined || !changed.moved) {
      throw new DomainError(
        "cannot_cancel_message",
        "The message was cancelled already, has finished or never existed.",
      )
    }
    onChange(changed.message)
    return changed.message
  }

  /**
   * The progress now and whenever it changed, looked at twice a second, until the message is in a terminal state and
   * nothing is pending, or the signal aborts. Undefined says every 15 seconds that nothing changed. Throws `not_found`.
   */
  async *watch(
    application: number,
    id: string,
    signal: AbortSignal,
  ): AsyncGenerator<MessageProgress | undefined> {
    const { clock } = this.#options
    let shown = ""
    let shownAt = clock.monotonic()
    while (!signal.aborted) {
      const progress = await this.progress(application, id)
      const { counts, pending, retrying, obstacles, message } = progress
      const now = JSON.stringify([message.state, counts, pending, retrying, obstacles])
      const isQuiet = clock.monotonic() - shownAt >= HEARTBEAT_MS
      if (now !== shown || isQuiet) {
        yield now === shown ? undefined : progress
        shownAt = clock.monotonic()
      }
      shown = now
      if (isTerminal(message.state) && pending === 0) return
      await clock.sleep(WATCH_INTERVAL_MS, signal)
    }
  }

  /** What became of one device, in words. Throws `not_found` for an unknown message. */
  async deviceReport(application: number, id: string, deviceId: string): Promise<DeviceReport> {
    const progress = await this.progress(application, id)
    return this.#reports.of(progress.message, deviceId)
  }

  async #change(
    application: number,
    id: string,
    from: readonly MessageState[],
    to: MessageState,
  ): Promise<Message> {
    const { store, clock, onChange } = this.#options
    const changed = await store.messages.changeState(application, id, from, to, clock.now())
    if (changed === undefined)
      throw new DomainError("not_found", `The application has no message with the id ${id}.`)
    if (!changed.moved && isTerminal(changed.message.state)) {
      throw new DomainError(
        "conflict",
        `The message is ${changed.message.state}; only a running or paused one changes.`,
      )
    }
    onChange(changed.message)
    return changed.message
  }

  /** Refuses at once what every provider call would refuse later, one device at a time. */
  #checkPayloads(message: NewMessage): void {
    const content = toPushContent(message)
    for (const platform of message.audience.platforms ?? PLATFORMS) {
      const { payloadBytes, payloadBytesMax, problem } = this.#options.checkPayload(content, platform)
      if (problem === undefined) continue
      const provider = PROVIDER_LABELS[PROVIDER_OF[platform]]
      const isTooLarge = payloadBytes > payloadBytesMax
      throw new DomainError(
        isTooLarge ? "payload_too_large_for_provider" : "invalid_property",
        `The notification cannot go to ${provider}: ${problem}.${isTooLarge ? ` ${REMEDY}` : ""}`,
        isTooLarge
          ? { property: "message", provider, length: payloadBytes, limit: payloadBytesMax }
          : { property: "headers", provider },
      )
    }
  }
}

/** A text for Android alone must not stay unsent because it is too long for iPhones that nobody has. */
const REMEDY =
  "Shorten the message or its headers, or publish to the operating systems of other providers only (pushBroadcast; platforms in the management API)."

const PROVIDER_LABELS: { readonly [P in ProviderName]: string } = { apns: "APNs", fcm: "FCM", wns: "WNS" }

export function toPushContent(
  message: Pick<NewMessage, "id" | "messageJson" | "headers" | "expiresAt">,
): PushContent {
  return {
    messageId: message.id,
    text: messageText(message.messageJson),
    headers: message.headers,
    expiresAt: message.expiresAt,
  }
}

/** What an Idempotency-Key stands for: the same key must come with the same. */
interface Asked {
  readonly operation: string
  readonly canonical: string
}

/** The order of names and of device ids means nothing: some JSON writers choose another one each time they run. */
function canonicalForm(request: PublishRequest): string {
  const { headers, messageJson, deviceIds, ...rest } = request
  const message = withSortedNames(JSON.parse(messageJson))
  const devices = deviceIds && [...new Set(deviceIds)].sort()
  return JSON.stringify({ ...rest, message, headers: [...headers].sort(), deviceIds: devices })
}

function withSortedNames(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(withSortedNames)
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(fields.map(([name, field]) => [name, withSortedNames(field)]))
}

function idempotencyOf(
  application: Application,
  { operation, canonical }: Asked,
  caller: string,
  key: string | undefined,
): Idempotency | undefined {
  if (key === undefined) return undefined
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw new DomainError("invalid_property", "Idempotency-Key must be 1 to 255 visible ASCII characters.", {
      property: "Idempotency-Key",
    })
  }
  return {
    scope: `${application.id}/${caller}/${operation}`,
    key,
    requestHash: hash("sha256", canonical, "hex"),
  }
}
