import { DomainError } from "../domain/errors.ts"
import type { DeviceCounts, Platform, ProviderName } from "../domain/platform.ts"
import { PLATFORMS } from "../domain/platform.ts"
import { DEFAULT_TTL_SECONDS, type PublishRequest } from "../domain/publish.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { ShownNotification } from "../domain/shown-notification.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Store } from "../store/store.ts"
import type { Channels } from "./channels.ts"
import { toPushContent } from "./messages.ts"

/** A message as a platform would get and show it. */
export interface PayloadPreview {
  readonly platform: Platform
  readonly provider: ProviderName
  /** What counts against `limit`. */
  readonly bytes: number
  readonly limit: number
  readonly fits: boolean
  readonly payload: string
  readonly headers: Readonly<Record<string, string>>
  readonly shown: ShownNotification
  /** What is wrong and what would be right; undefined when the message can be sent to the platform. */
  readonly problem: string | undefined
}

interface PreviewedAudience {
  readonly exists: boolean
  readonly total: number
  readonly devices: DeviceCounts
  readonly unknownDeviceIds: readonly string[]
}

interface Problem {
  readonly property: string
  readonly message: string
}

export interface MessagePreview {
  readonly audience: PreviewedAudience | null
  readonly payloads: readonly Omit<PayloadPreview, "problem">[]
  readonly problems: readonly Problem[]
}

export interface MessagePreviewsOptions {
  readonly store: Pick<Store, "messages">
  readonly clock: Clock
  readonly channels: Pick<Channels, "audience">
  /** As the provider's own translation makes it, and as its simulated phone shows it. Pure. */
  readonly preview: (content: PushContent, platform: Platform, ttlSeconds: number) => PayloadPreview
}

/** As long as a real one: it is part of the payload. */
const PREVIEWED_ID = "message:00000000-0000-0000-0000-000000000000"

/** What a publish would do, without doing it. */
export class MessagePreviews {
  readonly #options: MessagePreviewsOptions

  constructor(options: MessagePreviewsOptions) {
    this.#options = options
  }

  /** What `decode` refuses because of a property is a problem of the message, not an error of the call. */
  async of(application: number, decode: () => PublishRequest): Promise<MessagePreview> {
    let request: PublishRequest
    try {
      request = decode()
    } catch (error) {
      if (!(error instanceof DomainError) || error.details.property === undefined) throw error
      const problem = { property: error.details.property, message: error.message }
      return { audience: null, payloads: [], problems: [problem] }
    }
    const audience = await this.#audience(application, request)
    if (request.policy === "PUBSUB") return { audience, payloads: [], problems: [] }
    const ttlSeconds = request.ttlSeconds ?? DEFAULT_TTL_SECONDS
    const content = toPushContent({
      id: PREVIEWED_ID,
      messageJson: request.messageJson,
      headers: request.headers,
      expiresAt: this.#options.clock.now() + ttlSeconds * 1000,
    })
    const platforms = request.platforms ?? PLATFORMS
    const previews = platforms.map((platform) => this.#options.preview(content, platform, ttlSeconds))
    return {
      audience,
      payloads: previews.map(({ problem: _, ...payload }) => payload),
      problems: distinct(previews.flatMap(problemOf)),
    }
  }

  async #audience(application: number, request: PublishRequest): Promise<PreviewedAudience> {
    const { store, clock, channels } = this.#options
    const { channel, platforms, deviceIds, policy } = request
    const counted = await channels.audience(application, channel, policy === "PUBSUB" ? [] : platforms)
    if (deviceIds === undefined || policy === "PUBSUB") return { ...counted, unknownDeviceIds: [] }
    const named = await store.messages.namedAudience(
      application,
      { channel, platforms, deviceIds },
      clock.now(),
    )
    const total = Object.values(named.devices).reduce((sum, count) => sum + count)
    return { exists: counted.exists, total, ...named }
  }
}

function problemOf({ problem, fits }: PayloadPreview): readonly Problem[] {
  if (problem === undefined) return []
  return [{ property: fits ? "headers" : "message", message: `${problem}.` }]
}

/** iOS and macOS, for example, mostly have the same. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()]
}
