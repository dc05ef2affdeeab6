import type { DeviceState } from "./device-states.ts"
import { FCM_ERRORS, type FcmReason, fcmError, htmlNotFound, jsonAnswer } from "./fcm-errors.ts"
import { type FcmMessage, invalidToken, readFcmMessage } from "./fcm-message.ts"
import { DeviceQuotas, type FcmQuotaOptions, ProjectQuota } from "./fcm-quotas.ts"
import { shownByAndroid } from "./fcm-shown.ts"
import { type FcmAccount, type FcmGrant, FcmTokenEndpoint } from "./fcm-token-endpoint.ts"
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
import { httpDate } from "./utc-text.ts"

/** FCM HTTP v1 and its token endpoint as they show themselves on the wire (providers.md 1 and 7). */

export interface FcmOptions extends FcmQuotaOptions {
  /** Streams per HTTP/2 connection. Defaults to 100. */
  readonly streamLimit?: number
  /** Streams beyond the limit before the connection ends with GOAWAY. Defaults to 10. */
  readonly overshootsMax?: number
  /** More connections in a minute are reset; 0 for no limit. Defaults to 1 200. */
  readonly connectionsPerMinute?: number
}

export interface FcmSimulator {
  readonly origin: string
  readonly tokenUri: string
  trust(account: FcmAccount): void
  /** All access tokens are refused from now on. */
  revokeAccessTokens(): void
  counters(): FcmCounters
  close(): Promise<void>
}

export interface FcmCounters extends ListenerCounters {
  readonly accessTokensIssued: number
  /** Requests with validate_only that were found valid. */
  readonly validatedOnly: number
}

const TOKEN_PATH = "/token"
const SEND_PATH = /^\/v1\/projects\/([^/?]+)\/messages:send$/
const MESSAGING_SCOPES = new Set([
  "https://www.googleapis.com/auth/firebase.messaging",
  "https://www.googleapis.com/auth/cloud-platform",
])
const FORGOTTEN_AFTER_MS = 270 * 86_400_000

export async function openFcmSimulator(
  port: number,
  options: FcmOptions,
  surroundings: SimulatorSurroundings,
): Promise<FcmSimulator> {
  const service = new FcmService(options, surroundings)
  const listener = new ProviderListener(
    {
      provider: "fcm",
      port,
      protocols: ["h2", "http/1.1"],
      service,
      streamLimit: options.streamLimit ?? 100,
      overshootsMax: options.overshootsMax ?? 10,
      connectionsPerMinute: options.connectionsPerMinute ?? 1_200,
    },
    surroundings,
  )
  const origin = await listener.listen()
  const tokenUri = origin + TOKEN_PATH
  service.tokenEndpoint.setAddress(tokenUri)
  return {
    origin,
    tokenUri,
    trust: (account) => service.tokenEndpoint.trust(account),
    revokeAccessTokens: () => service.tokenEndpoint.tokens.revokeAll(),
    counters: () => ({ ...listener.counters(), ...service.counters() }),
    close: () => listener.close(),
  }
}

class FcmService implements ProviderService {
  readonly tokenEndpoint: FcmTokenEndpoint
  readonly #options: FcmOptions
  readonly #surroundings: SimulatorSurroundings
  readonly #projectQuota: ProjectQuota
  readonly #deviceQuotas: DeviceQuotas
  readonly #ids: RandomIds
  #validatedOnly = 0

  constructor(options: FcmOptions, surroundings: SimulatorSurroundings) {
    const { clock, random } = surroundings
    this.tokenEndpoint = new FcmTokenEndpoint(clock, random)
    this.#options = options
    this.#surroundings = surroundings
    this.#projectQuota = new ProjectQuota(clock, options)
    this.#deviceQuotas = new DeviceQuotas(clock, options)
    this.#ids = new RandomIds(random)
  }

  counters(): { accessTokensIssued: number; validatedOnly: number } {
    return { accessTokensIssued: this.tokenEndpoint.tokens.count, validatedOnly: this.#validatedOnly }
  }

  endpointOf(request: ProviderRequest): "send" | "token" {
    return request.path === TOKEN_PATH ? "token" : "send"
  }

  tokenOf(request: ProviderRequest): string | undefined {
    try {
      const json: unknown = JSON.parse(request.body.toString())
      const message = isRecord(json) ? json["message"] : undefined
      const token = isRecord(message) ? (message["token"] ?? message["fid"]) : undefined
      return typeof token === "string" ? token : undefined
    } catch {
      return undefined
    }
  }

  handle(
    request: ProviderRequest,
    _connection: ProviderConnection,
    conduct: { readonly expiredAccessToken?: boolean } = {},
  ): ProviderAnswer {
    if (this.endpointOf(request) === "token") {
      return this.tokenEndpoint.handle(request, conduct.expiredAccessToken ?? false)
    }
    const answer = this.#send(request)
    if (answer.reason !== undefined) this.noteRefusal(request, answer.reason)
    return answer
  }

  answerFor(reason: string): ProviderAnswer {
    return Object.hasOwn(FCM_ERRORS, reason) ? fcmError(reason as FcmReason) : fcmError("UNSPECIFIED_ERROR")
  }

  noteRefusal(request: ProviderRequest, reason: string): void {
    const { journal } = this.#surroundings
    const token = this.tokenOf(request) ?? ""
    const messageId = journal.hasLedger ? messageIdInText(request.body.toString()) : undefined
    journal.refuse({ provider: "fcm", token, reason, ...(messageId !== undefined && { messageId }) })
  }

  #send(request: ProviderRequest): ProviderAnswer {
    const project = SEND_PATH.exec(request.path)?.[1]
    if (project === undefined || request.method !== "POST") return htmlNotFound(request.path)
    const grant = this.tokenEndpoint.tokens.grantOf(request.header("authorization"))
    if (grant === undefined) return fcmError("UNAUTHENTICATED")
    const account = this.tokenEndpoint.accountOf(project)
    if (account === undefined) return fcmError("NOT_FOUND")
    if (account.project_id !== grant.account.project_id || !maySend(grant)) {
      return fcmError("PERMISSION_DENIED")
    }
    if (!this.#projectQuota.take(account.project_id)) return this.#quotaExceeded(account.project_id)
    return this.#sendMessage(request, account)
  }

  #sendMessage(request: ProviderRequest, account: Omit<FcmAccount, "private_key">): ProviderAnswer {
    const body = request.body.toString()
    const { message, refusal } = readFcmMessage(body)
    if (message === undefined) return refusal
    const device = this.#deviceOf(message)
    const deviceRefusal = device && this.#refusalByDevice(message, device, account)
    if (deviceRefusal !== undefined) return deviceRefusal
    if (message.validateOnly) {
      this.#validatedOnly += 1
      return jsonAnswer(200, { name: `projects/${account.project_id}/messages/fake_message_id` })
    }
    const isCollapsible = message.android["collapse_key"] !== undefined
    const isAndroidDevice = message.targetKind === "token" && device?.platform !== "ios"
    const turn = isAndroidDevice ? this.#deviceQuotas.take(message.target, isCollapsible) : "now"
    if (turn === "refused") {
      return fcmError("QUOTA_EXCEEDED", {
        message: "Device message rate exceeded.",
        quotaSubject: "device",
      })
    }
    this.#journal(message, body, account.project_id, device, turn === "delayed")
    return jsonAnswer(200, { name: `projects/${account.project_id}/messages/${this.#newMessageId()}` })
  }

  #deviceOf(message: FcmMessage): DeviceState | undefined {
    if (message.targetKind !== "token" && message.targetKind !== "fid") return undefined
    const { clock, devices } = this.#surroundings
    return devices.find("fcm", message.target, clock.now())
  }

  #refusalByDevice(
    message: FcmMessage,
    device: DeviceState,
    account: Omit<FcmAccount, "private_key">,
  ): ProviderAnswer | undefined {
    const { condition, lastSeen, application } = device
    if (condition === "unknown") return invalidToken()
    if (application !== undefined && application !== account.project_id) return fcmError("SENDER_ID_MISMATCH")
    const isForgotten =
      lastSeen !== undefined && this.#surroundings.clock.now() - lastSeen >= FORGOTTEN_AFTER_MS
    if (isForgotten || condition === "unregistered" || condition === "expired") {
      return fcmError("UNREGISTERED")
    }
    if (condition === "throttled" || condition === "skipped") return throttledDevice(device)
    const wantedPackage = message.android["restricted_package_name"]
    if (wantedPackage !== undefined && device.packageName !== undefined) {
      if (wantedPackage !== device.packageName) {
        const text = "The registration token does not match the restricted package name."
        const field = "message.android.restricted_package_name"
        return fcmError("INVALID_ARGUMENT", {
          message: text,
          violations: [{ field, description: text }],
        })
      }
    }
    return device.platform === "ios" ? refusalByApple(message, account) : undefined
  }

  #journal(
    message: FcmMessage,
    body: string,
    application: string,
    device: DeviceState | undefined,
    isDelayed: boolean,
  ): void {
    this.#surroundings.journal.accept({
      provider: "fcm",
      platform: device?.platform === "ios" ? "ios" : "android",
      application,
      token: message.targetKind === "topic" ? `/topics/${message.target}` : message.target,
      payload: body,
      headers: {},
      ...shownByAndroid(message, body),
      ...(isDelayed && { remark: "over the burst for collapsible messages: the phone gets it later" }),
    })
  }

  #quotaExceeded(project: string): ProviderAnswer {
    const seconds = this.#projectQuota.secondsToRefill()
    const form = this.#options.retryAfter ?? "seconds"
    const at = this.#surroundings.clock.now() + seconds * 1000
    const retryAfter = form === "seconds" ? String(seconds) : httpDate(at)
    return fcmError("QUOTA_EXCEEDED", {
      message: "Quota exceeded for quota metric 'Messages sent' and limit 'Messages sent per minute'.",
      quotaSubject: `project:${project}`,
      ...(form !== "none" && { headers: { "retry-after": retryAfter } }),
    })
  }

  #newMessageId(): string {
    return `0:${Math.floor(this.#surroundings.clock.now() * 1000)}%${this.#ids.hex(8)}`
  }
}

function maySend(grant: FcmGrant): boolean {
  return grant.scopes.some((scope) => MESSAGING_SCOPES.has(scope))
}

function throttledDevice(device: DeviceState): ProviderAnswer {
  const seconds = device.retryAfterSeconds
  return fcmError("QUOTA_EXCEEDED", {
    message: "Device message rate exceeded.",
    quotaSubject: "device",
    ...(seconds !== undefined && { headers: { "retry-after": String(seconds) } }),
  })
}

/** A message to an iOS device travels on through APNs. */
function refusalByApple(
  message: FcmMessage,
  account: Omit<FcmAccount, "private_key">,
): ProviderAnswer | undefined {
  if (account.has_apns_key === false) return fcmError("THIRD_PARTY_AUTH_ERROR")
  const headers = isRecord(message.apns["headers"]) ? message.apns["headers"] : {}
  const payload = isRecord(message.apns["payload"]) ? message.apns["payload"] : {}
  const isDataOnly = !message.hasNotification && !isRecord(payload["aps"])
  const priority = headers["apns-priority"]
  if (!isDataOnly || priority === undefined || priority === "5") return undefined
  const text = "A data message to iOS must have the apns-priority 5."
  return fcmError("INVALID_ARGUMENT", {
    message: text,
    violations: [{ field: "message.apns.headers", description: text }],
  })
}
