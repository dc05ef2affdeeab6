import { isUtf8 } from "node:buffer"
import type { DeviceState } from "./device-states.ts"
import type {
  ProviderAnswer,
  ProviderConnection,
  ProviderRequest,
  ProviderService,
} from "./provider-exchange.ts"
import { type ListenerCounters, ProviderListener, type SimulatorSurroundings } from "./provider-listener.ts"
import { RandomIds } from "./random-ids.ts"
import { messageIdInText } from "./shown-values.ts"
import { WNS_ANSWERS, type WnsAnswerRow, type WnsReason } from "./wns-answers.ts"
import { reasonAgainstWnsRequest } from "./wns-request.ts"
import { shownByWindows } from "./wns-shown.ts"
import { type WnsClient, WnsTokenEndpoints } from "./wns-token-endpoints.ts"

/** The Windows push service and its token endpoints as they show themselves on the wire (providers.md 3 and 7). */

export interface WnsOptions {
  /** What Azure AD answers to a wrong secret; both have been seen. Defaults to 401. */
  readonly wrongSecretStatus?: 400 | 401
  /** More connections in a minute are reset; 0 for no limit. Defaults to 1 200. */
  readonly connectionsPerMinute?: number
}

export interface WnsSimulator {
  readonly origin: string
  trust(client: WnsClient): void
  /** All access tokens are refused from now on. */
  revokeAccessTokens(): void
  counters(): WnsCounters
  close(): Promise<void>
}

export interface WnsCounters extends ListenerCounters {
  readonly accessTokensIssued: number
}

const CHANNEL_LIFETIME_MS = 30 * 86_400_000
const HEADERS_OF_INTEREST = [
  "x-wns-type",
  "x-wns-tag",
  "x-wns-group",
  "x-wns-ttl",
  "x-wns-cache-policy",
  "ms-cv",
]

export async function openWnsSimulator(
  port: number,
  options: WnsOptions,
  surroundings: SimulatorSurroundings,
): Promise<WnsSimulator> {
  const service = new WnsService(options, surroundings)
  const listener = new ProviderListener(
    {
      provider: "wns",
      port,
      protocols: ["http/1.1"],
      service,
      streamLimit: 0,
      overshootsMax: 0,
      connectionsPerMinute: options.connectionsPerMinute ?? 1_200,
    },
    surroundings,
  )
  const origin = await listener.listen()
  return {
    origin,
    trust: (client) => service.tokenEndpoints.trust(client),
    revokeAccessTokens: () => service.tokenEndpoints.tokens.revokeAll(),
    counters: () => ({
      ...listener.counters(),
      accessTokensIssued: service.tokenEndpoints.tokens.count,
    }),
    close: () => listener.close(),
  }
}

class WnsService implements ProviderService {
  readonly tokenEndpoints: WnsTokenEndpoints
  readonly #surroundings: SimulatorSurroundings
  readonly #ids: RandomIds

  constructor(options: WnsOptions, surroundings: SimulatorSurroundings) {
    const { clock, random } = surroundings
    this.tokenEndpoints = new WnsTokenEndpoints(clock, random, options.wrongSecretStatus ?? 401)
    this.#surroundings = surroundings
    this.#ids = new RandomIds(random)
  }

  endpointOf(request: ProviderRequest): "send" | "token" {
    return this.tokenEndpoints.isTokenPath(request.path) ? "token" : "send"
  }

  tokenOf(request: ProviderRequest): string {
    return request.path
  }

  handle(
    request: ProviderRequest,
    _connection: ProviderConnection,
    conduct: { readonly expiredAccessToken?: boolean } = {},
  ): ProviderAnswer {
    if (this.endpointOf(request) === "token") {
      return this.tokenEndpoints.handle(request, conduct.expiredAccessToken ?? false)
    }
    const answer = this.#send(request)
    if (answer.reason !== undefined) this.noteRefusal(request, answer.reason)
    return answer
  }

  answerFor(reason: string, request: ProviderRequest): ProviderAnswer {
    return this.#answer(Object.hasOwn(WNS_ANSWERS, reason) ? (reason as WnsReason) : "BadRequest", request)
  }

  noteRefusal(request: ProviderRequest, reason: string): void {
    const { journal } = this.#surroundings
    const messageId = journal.hasLedger ? messageIdInText(request.body.toString()) : undefined
    journal.refuse({
      provider: "wns",
      token: request.path,
      reason,
      ...(messageId !== undefined && { messageId }),
    })
  }

  #send(request: ProviderRequest): ProviderAnswer {
    if (request.method !== "POST") return this.#answer("MethodNotAllowed", request)
    const clientId = this.tokenEndpoints.tokens.grantOf(request.header("authorization"))
    if (clientId === undefined) return this.#answer("Unauthorized", request)
    const { clock, devices } = this.#surroundings
    const device = devices.find("wns", request.path, clock.now())
    if (device?.application !== undefined && device.application !== clientId) {
      return this.#answer("Forbidden", request)
    }
    const reason = reasonAgainstWnsRequest(request) ?? (device && this.#reasonOfDevice(device))
    if (reason !== undefined) return this.#answer(reason, request, device)
    this.#journal(request, clientId)
    return this.#answer("received", request, device)
  }

  #reasonOfDevice(device: DeviceState): WnsReason | undefined {
    const { condition, lastSeen } = device
    const now = this.#surroundings.clock.now()
    if (condition === "unknown") return "NotFound"
    if (condition === "unregistered" || condition === "expired") return "Gone"
    if (lastSeen !== undefined && now - lastSeen >= CHANNEL_LIFETIME_MS) return "Gone"
    if (condition === "throttled") return "NotAcceptable"
    if (condition === "skipped") return "channelthrottled"
    return condition === "dropped" ? "dropped" : undefined
  }

  #journal(request: ProviderRequest, application: string): void {
    const type = request.header("x-wns-type") ?? ""
    const headers: Record<string, string> = {}
    for (const name of HEADERS_OF_INTEREST) {
      const value = request.header(name)
      if (value !== undefined) headers[name] = value
    }
    const payload = request.body.toString(isUtf8(request.body) ? "utf8" : "base64")
    this.#surroundings.journal.accept({
      provider: "wns",
      platform: "wp",
      application,
      token: request.path,
      payload,
      headers,
      ...shownByWindows(type, payload),
    })
  }

  #answer(reason: WnsReason, request: ProviderRequest, device?: DeviceState): ProviderAnswer {
    const row: WnsAnswerRow = WNS_ANSWERS[reason]
    const isStatusAsked = request.header("x-wns-requestforstatus")?.toLowerCase() === "true"
    const correlation = request.header("ms-cv")
    const seconds = device?.retryAfterSeconds
    const pause = row.status === 200 ? "x-wns-continue-after" : "retry-after"
    return {
      status: row.status,
      ...(row.statusText !== undefined && { statusText: row.statusText }),
      headers: {
        "x-wns-status": row.wnsStatus,
        "x-wns-msg-id": this.#ids.hex(8).toUpperCase(),
        "x-wns-debug-trace": `BELFRY-SIMULATOR-${this.#ids.hex(4)}`,
        ...(row.description !== undefined && { "x-wns-error-description": row.description }),
        ...(isStatusAsked && { "x-wns-deviceconnectionstatus": "connected" }),
        ...(correlation !== undefined && { "ms-cv": correlation }),
        ...(seconds !== undefined && reason !== "received" && { [pause]: String(seconds) }),
      },
      body: "",
      ...(reason !== "received" && { reason }),
    }
  }
}
