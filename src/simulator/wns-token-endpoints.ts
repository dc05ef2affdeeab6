import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import { AccessTokens } from "./access-tokens.ts"
import { jsonAnswer, oauthError } from "./fcm-errors.ts"
import type { ProviderAnswer, ProviderRequest } from "./provider-exchange.ts"

/** Microsoft's two token endpoints for WNS: Azure AD and the older login.live.com (providers.md 3.1). */

export interface WnsClient {
  readonly tenantId: string
  /** The application id at Azure AD. */
  readonly clientId: string
  readonly clientSecret: string
  /** "ms-app://S-1-15-2-…": the client id at login.live.com. Defaults to none. */
  readonly packageSid?: string
}

const AZURE_PATH = /^\/([^/?]+)\/oauth2\/v2\.0\/token$/
const LIVE_PATH = "/accesstoken.srf"
// Microsoft's HTTP sample ends in a slash, its C# sample does not.
const AZURE_SCOPES = new Set(["https://wns.windows.com/.default", "https://wns.windows.com/.default/"])
const LIVE_SCOPE = "notify.windows.com"
const AZURE_LIFETIME_S = 86_399
const LIVE_LIFETIME_S = 86_400

export class WnsTokenEndpoints {
  readonly #clock: Clock
  readonly #wrongSecretStatus: 400 | 401
  readonly #clients = new Map<string, WnsClient>()
  /** Grants the client id. */
  readonly tokens: AccessTokens<string>

  /** `wrongSecretStatus`: what Azure AD answers to a wrong secret; both have been seen. */
  constructor(clock: Clock, random: Random, wrongSecretStatus: 400 | 401) {
    this.#clock = clock
    this.#wrongSecretStatus = wrongSecretStatus
    this.tokens = new AccessTokens(clock, random, "EwB")
  }

  trust(client: WnsClient): void {
    this.#clients.set(client.clientId, client)
    if (client.packageSid !== undefined) this.#clients.set(client.packageSid, client)
  }

  isTokenPath(path: string): boolean {
    return path === LIVE_PATH || AZURE_PATH.test(path)
  }

  handle(request: ProviderRequest, givesExpired: boolean): ProviderAnswer {
    if (request.method !== "POST") return oauthError(405, "invalid_request", "Only POST is allowed.")
    const form = new URLSearchParams(request.body.toString())
    if (form.get("grant_type") !== "client_credentials") {
      return oauthError(400, "unsupported_grant_type", "The grant_type must be client_credentials.")
    }
    const tenant = AZURE_PATH.exec(request.path)?.[1]
    return tenant === undefined
      ? this.#answerLive(form, givesExpired)
      : this.#answerAzure(form, tenant, givesExpired)
  }

  #answerAzure(form: URLSearchParams, tenant: string, givesExpired: boolean): ProviderAnswer {
    const client = this.#clients.get(form.get("client_id") ?? "")
    if (client === undefined || client.tenantId !== tenant || client.packageSid === form.get("client_id")) {
      const text = "AADSTS700016: Application was not found in the directory."
      return oauthError(400, "unauthorized_client", text)
    }
    if (client.clientSecret !== form.get("client_secret")) {
      const text = "AADSTS7000215: Invalid client secret provided."
      return oauthError(this.#wrongSecretStatus, "invalid_client", text)
    }
    if (!AZURE_SCOPES.has(form.get("scope") ?? "")) {
      const text = "AADSTS70011: The provided value for the input parameter 'scope' is not valid."
      return oauthError(400, "invalid_scope", text)
    }
    const now = Math.floor(this.#clock.now() / 1000)
    return jsonAnswer(200, {
      token_type: "Bearer",
      // Texts, not numbers: as the documentation shows them.
      expires_in: String(AZURE_LIFETIME_S),
      ext_expires_in: String(AZURE_LIFETIME_S),
      expires_on: String(now + AZURE_LIFETIME_S),
      not_before: String(now),
      access_token: this.#issue(client, AZURE_LIFETIME_S, givesExpired),
    })
  }

  #answerLive(form: URLSearchParams, givesExpired: boolean): ProviderAnswer {
    const id = form.get("client_id") ?? ""
    const client = id.startsWith("ms-app://") ? this.#clients.get(id) : undefined
    if (client === undefined || client.clientSecret !== form.get("client_secret")) {
      return oauthError(400, "invalid_client", "The client identifier or its secret is not valid.")
    }
    if (form.get("scope") !== LIVE_SCOPE) {
      return oauthError(400, "invalid_scope", "The scope must be notify.windows.com.")
    }
    return jsonAnswer(200, {
      token_type: "bearer",
      access_token: this.#issue(client, LIVE_LIFETIME_S, givesExpired),
      expires_in: LIVE_LIFETIME_S,
    })
  }

  #issue(client: WnsClient, lifetimeS: number, givesExpired: boolean): string {
    return this.tokens.issue(client.clientId, givesExpired ? 0 : lifetimeS * 1000)
  }
}
