import type { OpenClient, RequestTemplate } from "../http2/client.ts"
import { checkedOrigin } from "../origin.ts"
import type { Provider } from "../provider.ts"
import { PushFlow } from "../push-flow.ts"
import { type ProviderSetup, type PushProtocol, secondsToLive } from "../push-protocol.ts"
import { ApnsTokens } from "../signing.ts"
import { apnsVerdict } from "./apns-answer.ts"
import type { ApnsCredential, ApnsEnvironment } from "./apns-credential.ts"
import { type ApnsPush, apnsPush } from "./apns-payload.ts"
import { APNS_PAYLOAD_BYTES_MAX } from "./apns-push-type.ts"

export interface ApnsProviderOptions extends ProviderSetup {
  readonly credential: ApnsCredential
  readonly openClient: OpenClient
}

const ORIGINS: { readonly [E in ApnsEnvironment]: string } = {
  production: "https://api.push.apple.com",
  sandbox: "https://api.sandbox.push.apple.com",
}

/** Apple stores a notification for 30 days at most. */
const LIFETIME_S_MAX = 30 * 86_400
const IN_FLIGHT_MAX = 2_000
const CONNECTIONS_MAX = 4
const STREAMS_MAX = 1_000
/** Whole bytes in hexadecimal; Apple fixes no length (providers.md 2.4). */
const TOKEN = /^(?:[0-9A-Fa-f]{2}){1,128}$/

/** APNs with one key (providers.md 2): token authentication, HTTP/2. */
export function openApnsProvider(options: ApnsProviderOptions): Provider {
  const { credential, openClient, clock, random, log, ca, timings } = options
  const origin = checkedOrigin(options.origin ?? ORIGINS[credential.environment])
  return new PushFlow({
    clock,
    protocol: apnsProtocol(credential, options.inFlightMax ?? IN_FLIGHT_MAX, () => clock.now()),
    openAuthorization: () => new ApnsTokens(credential, clock),
    openClient: (sink) =>
      openClient(
        {
          origin,
          answerHeaders: ["apns-id", "retry-after"],
          probesFirst: true,
          connectionsMax: CONNECTIONS_MAX,
          streamsMax: STREAMS_MAX,
          clock,
          random,
          log,
          ...(ca === undefined ? {} : { ca }),
          ...(timings === undefined ? {} : { timings }),
        },
        sink,
      ),
  })
}

function apnsProtocol(
  credential: ApnsCredential,
  inFlightMax: number,
  now: () => number,
): PushProtocol<ApnsPush> {
  return {
    name: "apns",
    limits: { inFlightMax, payloadBytesMax: APNS_PAYLOAD_BYTES_MAX },
    renewsOnNewConnections: true,
    translate: apnsPush,
    lifetime: (push, time) => expiration(push.expiresAt, time),
    template: (push, authorization, lifetime) => template(credential, push, authorization.value, lifetime),
    address: (token) => (TOKEN.test(token) ? token : undefined),
    interpret: (answer, push) =>
      apnsVerdict({
        pushType: push.pushType,
        status: answer.status,
        apnsId: answer.header("apns-id"),
        retryAfter: answer.header("retry-after"),
        body: answer.body,
        isComplete: answer.isComplete,
        elapsedMs: answer.elapsedMs,
        now: now(),
      }),
  }
}

/** `apns-expiration`, in seconds since 1970. */
function expiration(expiresAt: number, now: number): number {
  const isWithinReach = secondsToLive(expiresAt, now) <= LIFETIME_S_MAX
  return isWithinReach ? Math.floor(expiresAt / 1000) : Math.floor(now / 1000) + LIFETIME_S_MAX
}

function template(
  credential: ApnsCredential,
  push: ApnsPush,
  authorization: string,
  lifetime: number,
): RequestTemplate {
  const bundleId = push.platform === "osx" ? credential.osxTopic : credential.topic
  const headers = [
    { name: "authorization", value: authorization, isSensitive: true },
    { name: "apns-topic", value: bundleId + push.topicSuffix },
    { name: "apns-push-type", value: push.pushType },
    { name: "apns-priority", value: String(push.priority) },
    { name: "apns-expiration", value: String(lifetime) },
  ]
  if (push.collapseId !== undefined) headers.push({ name: "apns-collapse-id", value: push.collapseId })
  return { kind: "path", headers: headers, pathPrefix: "/3/device/", body: push.body }
}
