import type { AuthorizationChanged } from "../authorization.ts"
import { guardedLookup, isGlobalUnicast, publicEndpoint } from "../endpoint-guard.ts"
import type { HeaderField } from "../http2/client.ts"
import { OAuthTokens } from "../oauth-tokens.ts"
import { checkedOrigin } from "../origin.ts"
import type { Provider } from "../provider.ts"
import { PushFlow } from "../push-flow.ts"
import { type ProviderSetup, type PushProtocol, secondsToLive } from "../push-protocol.ts"
import { Http1Client } from "./http1-client.ts"
import { wnsVerdict } from "./wns-answer.ts"
import type { WnsCredential } from "./wns-credential.ts"
import { WNS_PAYLOAD_BYTES_MAX, type WnsPush, wnsPush } from "./wns-payload.ts"

export interface WnsProviderOptions extends ProviderSetup {
  readonly credential: WnsCredential
}

const TOKEN_ORIGIN = "https://login.microsoftonline.com"
const SCOPE = "https://wns.windows.com/.default"
const CHANNEL_DOMAIN = "notify.windows.com"
/** A channel lives 30 days; nothing can outlive it. */
const TTL_S_MAX = 30 * 86_400
const IN_FLIGHT_MAX = 128

/** WNS with one app registration (providers.md 3): HTTP/1.1 to the URL that is the token. */
export function openWnsProvider(options: WnsProviderOptions): Provider {
  const { clock, random, ca, timings } = options
  const origin = options.origin === undefined ? undefined : checkedOrigin(options.origin)
  const inFlightMax = options.inFlightMax ?? IN_FLIGHT_MAX
  return new PushFlow({
    clock,
    protocol: wnsProtocol(origin, inFlightMax, () => clock.now()),
    openAuthorization: (changed) => openAuthorization(options, origin, changed),
    openClient: (sink) =>
      new Http1Client(
        {
          inFlightMax,
          ca,
          onlyOrigin: origin,
          // Devices hand in the addresses: they must not lead into the network that we run in.
          lookup: origin === undefined ? guardedLookup() : undefined,
          isAllowed: (address) => origin !== undefined || isGlobalUnicast(address ?? ""),
          timings,
          clock,
          random,
        },
        sink,
      ),
  })
}

/** The client-credentials exchange of Microsoft Entra ID (providers.md 3.1). */
function openAuthorization(
  options: WnsProviderOptions,
  origin: string | undefined,
  changed: AuthorizationChanged,
): OAuthTokens {
  const { credential, ca, clock, random, log } = options
  const tenant = encodeURIComponent(credential.tenantId)
  return new OAuthTokens({
    tokenUrl: `${origin ?? TOKEN_ORIGIN}/${tenant}/oauth2/v2.0/token`,
    form: () => ({
      grant_type: "client_credentials",
      client_id: credential.clientId,
      client_secret: credential.clientSecret.reveal(),
      scope: SCOPE,
    }),
    ca,
    clock,
    random,
    log,
    changed,
  })
}

function wnsProtocol(
  origin: string | undefined,
  inFlightMax: number,
  now: () => number,
): PushProtocol<WnsPush> {
  return {
    name: "wns",
    limits: { inFlightMax, payloadBytesMax: WNS_PAYLOAD_BYTES_MAX },
    renewsOnNewConnections: false,
    translate: wnsPush,
    lifetime: (push, time) => secondsToLive(push.expiresAt, time, TTL_S_MAX),
    template: (push, authorization, ttlSeconds) => ({
      kind: "path",
      headers: headersOf(push, authorization.value, ttlSeconds),
      pathPrefix: "",
      body: push.body,
    }),
    address: (token) =>
      origin === undefined ? publicEndpoint(token, CHANNEL_DOMAIN)?.href : urlAt(origin, token),
    interpret: (answer) =>
      wnsVerdict({
        status: answer.status,
        reasonPhrase: answer.reasonPhrase,
        wnsStatus: answer.header("x-wns-status"),
        messageId: answer.header("x-wns-msg-id"),
        errorDescription: answer.header("x-wns-error-description"),
        continueAfter: answer.header("x-wns-continue-after"),
        retryAfter: answer.header("retry-after"),
        contentType: answer.header("content-type"),
        now: now(),
      }),
  }
}

/** The channel at another origin: a token that is no URL travels as the parameter `channel`. */
function urlAt(origin: string, token: string): string | undefined {
  if (token === "") return undefined
  const channel = URL.parse(token)
  const isWebAddress = channel?.protocol === "https:" || channel?.protocol === "http:"
  if (channel === null || !isWebAddress)
    return `${origin}/?channel=${encodeURIComponent(token.toWellFormed())}`
  return `${origin}${channel.pathname}${channel.search}`
}

function headersOf(push: WnsPush, authorization: string, ttlSeconds: number): HeaderField[] {
  const headers: HeaderField[] = [
    { name: "authorization", value: authorization, isSensitive: true },
    { name: "content-type", value: push.type === "raw" ? "application/octet-stream" : "text/xml" },
    { name: "x-wns-type", value: `wns/${push.type}` },
    { name: "x-wns-ttl", value: String(ttlSeconds) },
  ]
  if (push.tag !== undefined) headers.push({ name: "x-wns-tag", value: push.tag })
  if (push.group !== undefined) headers.push({ name: "x-wns-group", value: push.group })
  if (push.cachePolicy !== undefined) headers.push({ name: "x-wns-cache-policy", value: push.cachePolicy })
  return headers
}
