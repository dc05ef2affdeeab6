import type { AuthorizationChanged } from "../authorization.ts"
import type { OpenClient } from "../http2/client.ts"
import { OAuthTokens } from "../oauth-tokens.ts"
import { checkedOrigin } from "../origin.ts"
import type { Provider } from "../provider.ts"
import { PushFlow } from "../push-flow.ts"
import { type ProviderSetup, type PushProtocol, secondsToLive } from "../push-protocol.ts"
import { signJwt } from "../signing.ts"
import { fcmVerdict } from "./fcm-answer.ts"
import type { FcmCredential } from "./fcm-credential.ts"
import { FCM_PAYLOAD_BYTES_MAX, type FcmPush, fcmBody, fcmPush } from "./fcm-payload.ts"

export interface FcmProviderOptions extends ProviderSetup {
  readonly credential: FcmCredential
  readonly openClient: OpenClient
}

const ORIGIN = "https://fcm.googleapis.com"
const SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
const ASSERTION_S = 3_600
/** 28 days. */
const TTL_S_MAX = 2_419_200
const IN_FLIGHT_MAX = 1_000
/** 100 streams is what Google's own client assumes of a connection (providers.md 1.3). */
const STREAMS_MAX = 100
const CONNECTIONS_MAX = 10
const TOKEN = /^[\x21-\x7e]{1,4096}$/

/** FCM HTTP v1 with one service account (providers.md 1), over HTTP/2. */
export function openFcmProvider(options: FcmProviderOptions): Provider {
  const { credential, openClient, clock, random, log, ca, timings } = options
  const origin = checkedOrigin(options.origin ?? ORIGIN)
  return new PushFlow({
    clock,
    protocol: fcmProtocol(credential, options.inFlightMax ?? IN_FLIGHT_MAX, () => clock.now()),
    openAuthorization: (changed) => openAuthorization(options, changed),
    openClient: (sink) =>
      openClient(
        {
          origin,
          answerHeaders: ["retry-after"],
          probesFirst: false,
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

/** The JWT-bearer exchange of a service account (providers.md 1.2). */
function openAuthorization(options: FcmProviderOptions, changed: AuthorizationChanged): OAuthTokens {
  const { credential, ca, clock, random, log } = options
  const form = () => {
    const iat = Math.floor(clock.now() / 1000)
    const claims = {
      iss: credential.clientEmail,
      scope: SCOPE,
      aud: credential.tokenUri,
      iat,
      exp: iat + ASSERTION_S,
    }
    const assertion = signJwt(credential.key, { typ: "JWT", kid: credential.privateKeyId }, claims)
    return { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }
  }
  return new OAuthTokens({ tokenUrl: credential.tokenUri, form, ca, clock, random, log, changed })
}

function fcmProtocol(
  credential: FcmCredential,
  inFlightMax: number,
  now: () => number,
): PushProtocol<FcmPush> {
  const path = `/v1/projects/${encodeURIComponent(credential.projectId)}/messages:send`
  return {
    name: "fcm",
    limits: { inFlightMax, payloadBytesMax: FCM_PAYLOAD_BYTES_MAX },
    renewsOnNewConnections: false,
    translate: fcmPush,
    lifetime: (push, time) => secondsToLive(push.expiresAt, time, TTL_S_MAX),
    template: (push, authorization, ttlSeconds) => {
      const body = fcmBody(push, ttlSeconds)
      return {
        kind: "body",
        headers: [
          { name: "authorization", value: authorization.value, isSensitive: true },
          { name: "content-type", value: "application/json" },
        ],
        path,
        bodyStart: Buffer.from(body.start),
        bodyEnd: Buffer.from(body.end),
      }
    },
    // Within a JSON string: a quotation mark or backslash would end it.
    address: (token) => (TOKEN.test(token) ? token.replace(/["\\]/g, "\\$&") : undefined),
    interpret: (answer) =>
      fcmVerdict({
        status: answer.status,
        retryAfter: answer.header("retry-after"),
        body: answer.body,
        isComplete: answer.isComplete,
        now: now(),
      }),
  }
}
