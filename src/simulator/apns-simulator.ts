import { constants } from "node:http2"
import {
  ApnsAuthorizer,
  type ApnsConnectionMemory,
  type ApnsKey,
  coversTopic,
} from "./apns-provider-token.ts"
import { APNS_REJECTIONS, type ApnsReason } from "./apns-rejections.ts"
import {
  type ApnsPush,
  deviceTokenIn,
  isUuid,
  readApnsRequest,
  reasonAgainstPayload,
} from "./apns-request.ts"
import { shownByApple } from "./apns-shown.ts"
import type { ApnsEnvironment } from "./device-states.ts"
import { isRecord } from "./field-rules.ts"
import type {
  ProviderAnswer,
  ProviderConnection,
  ProviderRequest,
  ProviderService,
} from "./provider-exchange.ts"
import { type ListenerCounters, ProviderListener, type SimulatorSurroundings } from "./provider-listener.ts"
import { RandomIds } from "./random-ids.ts"
import { messageIdInText } from "./shown-values.ts"

/** Apple's push service as it shows itself on the wire (providers.md 2 and 7), for one environment. */

export interface ApnsOptions {
  /** Streams per connection once a provider token was accepted. Defaults to 1 000. */
  readonly streamLimit?: number
  /** Streams after any refusal other than 410, until the next push is accepted. Defaults to no change. */
  readonly streamLimitAfterRejection?: number
  /** Streams beyond the limit before the connection ends with GOAWAY. Defaults to 10. */
  readonly overshootsMax?: number
  /** BadDeviceToken answers on one connection before it ends with GOAWAY; 0 for never. Defaults to 500. */
  readonly badDeviceTokensMax?: number
  /** More connections in a minute are reset; 0 for no limit. Defaults to 1 200. */
  readonly connectionsPerMinute?: number
  /** Answers BadEnvironmentKeyInToken instead of BadEnvironmentKeyIdInToken. Defaults to false. */
  readonly usesOldEnvironmentSpelling?: boolean
}

export interface ApnsSimulator {
  readonly origin: string
  trust(key: ApnsKey): void
  counters(): ListenerCounters
  close(): Promise<void>
}

const FIRST_STREAM_LIMIT = 1
const HEADERS_OF_INTEREST = [
  "apns-topic",
  "apns-push-type",
  "apns-priority",
  "apns-expiration",
  "apns-collapse-id",
]

export async function openApnsSimulator(
  environment: ApnsEnvironment,
  port: number,
  options: ApnsOptions,
  surroundings: SimulatorSurroundings,
): Promise<ApnsSimulator> {
  const service = new ApnsService(environment, options, surroundings)
  const listener = new ProviderListener(
    {
      provider: "apns",
      environment,
      port,
      protocols: ["h2"],
      service,
      streamLimit: FIRST_STREAM_LIMIT,
      overshootsMax: options.overshootsMax ?? 10,
      connectionsPerMinute: options.connectionsPerMinute ?? 1_200,
    },
    surroundings,
  )
  const origin = await listener.listen()
  return {
    origin,
    trust: (key) => service.authorizer.trust(key),
    counters: () => listener.counters(),
    close: () => listener.close(),
  }
}

interface ConnectionMemory extends ApnsConnectionMemory {
  badDeviceTokens: number
  /** The stream limit was lowered because of a refusal. */
  isSlowed: boolean
}

interface Rejection {
  readonly reason: ApnsReason
  /** 410 only: since when, ms since 1970. */
  readonly timestamp?: number
}

class ApnsService implements ProviderService {
  readonly authorizer: ApnsAuthorizer
  readonly #environment: ApnsEnvironment
  readonly #options: ApnsOptions
  readonly #surroundings: SimulatorSurroundings
  readonly #streamLimit: number
  readonly #ids: RandomIds
  readonly #memories = new WeakMap<ProviderConnection, ConnectionMemory>()

  constructor(environment: ApnsEnvironment, options: ApnsOptions, surroundings: SimulatorSurroundings) {
    this.authorizer = new ApnsAuthorizer(environment, options.usesOldEnvironmentSpelling ?? false)
    this.#environment = environment
    this.#options = options
    this.#surroundings = surroundings
    this.#streamLimit = options.streamLimit ?? 1_000
    this.#ids = new RandomIds(surroundings.random)
  }

  endpointOf(): "send" {
    return "send"
  }

  tokenOf(request: ProviderRequest): string | undefined {
    return deviceTokenIn(request.path)
  }

  handle(request: ProviderRequest, connection: ProviderConnection): ProviderAnswer {
    const memory = this.#memoryOf(connection)
    const rejection = this.#judge(request, connection, memory)
    if (rejection === undefined) {
      this.#speedUp(connection, memory)
      return { status: 200, headers: this.#answerHeaders(request), body: "" }
    }
    const answer = this.#reject(request, rejection)
    this.noteRefusal(request, rejection.reason)
    this.#slowDown(answer.status, connection, memory)
    if (rejection.reason === "BadDeviceToken") this.#countBadToken(connection, memory)
    return answer
  }

  answerFor(reason: string, request: ProviderRequest): ProviderAnswer {
    const rejection = { reason: reason as ApnsReason }
    const isGone = APNS_REJECTIONS[rejection.reason] === 410
    return this.#reject(request, isGone ? { ...rejection, timestamp: this.#now() } : rejection)
  }

  noteRefusal(request: ProviderRequest, reason: string): void {
    const { journal } = this.#surroundings
    const token = this.tokenOf(request) ?? ""
    const messageId = journal.hasLedger ? messageIdInText(request.body.toString()) : undefined
    journal.refuse({ provider: "apns", token, reason, ...(messageId !== undefined && { messageId }) })
  }

  #judge(
    request: ProviderRequest,
    connection: ProviderConnection,
    memory: ConnectionMemory,
  ): Rejection | undefined {
    const { clock } = this.#surroundings
    const at = { now: clock.now(), monotonic: clock.monotonic() }
    const wasAuthorized = memory.key !== undefined
    const authorization = this.authorizer.authorize(request.header("authorization"), memory, at)
    if (authorization.key === undefined) return { reason: authorization.reason }
    if (!wasAuthorized) connection.setStreamLimit(this.#streamLimit)
    const push = readApnsRequest(request, (bundleId) => coversTopic(authorization.key, bundleId))
    if (typeof push === "string") return { reason: push }
    return this.#rejectionByDevice(push, at.now) ?? this.#accept(request, push)
  }

  #rejectionByDevice(push: ApnsPush, now: number): Rejection | undefined {
    const device = this.#surroundings.devices.find("apns", push.token, now)
    if (device === undefined) return undefined
    const isElsewhere = device.environment !== undefined && device.environment !== this.#environment
    if (isElsewhere || device.condition === "unknown") return { reason: "BadDeviceToken" }
    if (device.application !== undefined && device.application !== push.bundleId) {
      return { reason: "DeviceTokenNotForTopic" }
    }
    const timestamp = device.since ?? now
    if (device.condition === "unregistered") return { reason: "Unregistered", timestamp }
    if (device.condition === "expired") return { reason: "ExpiredToken", timestamp }
    const isThrottled = device.condition === "throttled" || device.condition === "skipped"
    return isThrottled ? { reason: "TooManyRequests" } : undefined
  }

  #accept(request: ProviderRequest, push: ApnsPush): Rejection | undefined {
    const reason = reasonAgainstPayload(request, push)
    if (reason !== undefined) return { reason }
    const payload = request.body.toString()
    const fields = readJson(payload)
    // No documented reason fits a payload that is not a JSON object; this one is the nearest.
    if (fields === undefined) return { reason: "PayloadEmpty" }
    this.#surroundings.journal.accept({
      provider: "apns",
      platform: "ios",
      environment: this.#environment,
      application: push.topic,
      token: push.token,
      payload,
      headers: headersOfInterest(request),
      ...shownByApple(fields, payload, push.pushType),
    })
    return undefined
  }

  #reject(request: ProviderRequest, rejection: Rejection): ProviderAnswer {
    return {
      status: APNS_REJECTIONS[rejection.reason],
      headers: { ...this.#answerHeaders(request), "content-type": "application/json" },
      body: JSON.stringify(rejection),
      reason: rejection.reason,
    }
  }

  #answerHeaders(request: ProviderRequest): Record<string, string> {
    const given = request.header("apns-id")
    const id = given !== undefined && isUuid(given) ? given : this.#ids.uuid()
    if (this.#environment === "production") return { "apns-id": id }
    return { "apns-id": id, "apns-unique-id": this.#ids.uuid() }
  }

  #slowDown(status: number, connection: ProviderConnection, memory: ConnectionMemory): void {
    const limit = this.#options.streamLimitAfterRejection
    if (limit === undefined || status < 400 || status >= 500 || status === 410) return
    memory.isSlowed = true
    connection.setStreamLimit(limit)
  }

  #speedUp(connection: ProviderConnection, memory: ConnectionMemory): void {
    if (!memory.isSlowed) return
    memory.isSlowed = false
    connection.setStreamLimit(this.#streamLimit)
  }

  #countBadToken(connection: ProviderConnection, memory: ConnectionMemory): void {
    memory.badDeviceTokens += 1
    if (memory.badDeviceTokens !== (this.#options.badDeviceTokensMax ?? 500)) return
    connection.goAway({
      code: constants.NGHTTP2_NO_ERROR,
      lastStreamId: connection.lastProcessedStream,
      opaqueData: JSON.stringify({ reason: "BadDeviceToken" }),
    })
  }

  #memoryOf(connection: ProviderConnection): ConnectionMemory {
    let memory = this.#memories.get(connection)
    if (memory === undefined) {
      memory = { badDeviceTokens: 0, isSlowed: false }
      this.#memories.set(connection, memory)
    }
    return memory
  }

  #now(): number {
    return this.#surroundings.clock.now()
  }
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function headersOfInterest(request: ProviderRequest): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of HEADERS_OF_INTEREST) {
    const value = request.header(name)
    if (value !== undefined) found[name] = value
  }
  return found
}
