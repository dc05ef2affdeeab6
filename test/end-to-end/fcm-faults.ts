import {
  ACCEPTED_LATER,
  always,
  atTokenEndpoint,
  type FaultScript,
  GIVEN_UP_MS,
  MINUTE_MS,
  ONE_COPY,
  once,
  REFUSED,
  SECOND_COPY,
  whileConnecting,
} from "./fault-script.ts"
import { warmUp, warmUpAndLoseConnection } from "./warm-up.ts"

/** A 400 of Google's front end about a field, as it says nothing of FCM's own (providers.md 1.6). */
function badRequest(field: string): string {
  return JSON.stringify({
    error: {
      code: 400,
      message: `Invalid value at '${field}'`,
      status: "INVALID_ARGUMENT",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: [{ field, description: "wrong" }],
        },
      ],
    },
  })
}

/** Google's refusals (providers.md 1.6) and what must follow from each. */
export const FCM_ANSWERS: readonly FaultScript[] = [
  { name: "a healthy device gets one copy", ...ONE_COPY },

  // About the token.
  {
    name: "UNREGISTERED removes the registration",
    device: () => ({ condition: "unregistered" }),
    outcome: "token_gone",
    reason: "UNREGISTERED",
    ...REFUSED,
    tokens: "removed",
  },
  {
    name: "a device that was not seen for 270 days is UNREGISTERED and removed",
    device: (now) => ({ condition: "valid", lastSeen: now - 271 * 24 * 60 * MINUTE_MS }),
    outcome: "token_gone",
    reason: "UNREGISTERED",
    ...REFUSED,
    tokens: "removed",
  },
  {
    name: "INVALID_ARGUMENT about the token blames the pairing and removes nothing",
    device: () => ({ condition: "unknown" }),
    outcome: "credential_refused",
    reason: "INVALID_ARGUMENT: token",
    ...REFUSED,
  },
  {
    name: "SENDER_ID_MISMATCH of one device blames the pairing and removes nothing",
    device: () => ({ condition: "valid", application: "another-project" }),
    outcome: "credential_refused",
    reason: "SENDER_ID_MISMATCH",
    ...REFUSED,
  },
  {
    name: "THIRD_PARTY_AUTH_ERROR of an iOS token does not stop the Android ones",
    faults: always({ do: "answer", reason: "THIRD_PARTY_AUTH_ERROR" }),
    outcome: "credential_refused",
    reason: "THIRD_PARTY_AUTH_ERROR",
    ...REFUSED,
  },

  // About the credential.
  {
    name: "404 without UNREGISTERED is a wrong project: it pauses the credential and removes nothing",
    faults: always({ do: "answer", reason: "NOT_FOUND" }),
    outcome: "credential_refused",
    reason: "NOT_FOUND",
    ...REFUSED,
    paused: "NOT_FOUND",
  },
  {
    name: "404 that is a web page pauses the credential and removes nothing",
    faults: always({ do: "mangle", how: "html", answer: { status: 404 } }),
    outcome: "credential_refused",
    reason: "status 404",
    ...REFUSED,
    paused: "status 404",
  },
  {
    name: "PERMISSION_DENIED pauses the credential",
    faults: always({ do: "answer", reason: "PERMISSION_DENIED" }),
    outcome: "credential_refused",
    reason: "PERMISSION_DENIED",
    ...REFUSED,
    paused: "PERMISSION_DENIED",
  },
  {
    name: "a redirect is no answer of Google's and pauses the credential",
    faults: always({ do: "answer", status: 307, headers: { location: "https://127.0.0.1:1/" } }),
    outcome: "credential_refused",
    reason: "status 307",
    ...REFUSED,
    paused: "status 307",
  },
  {
    name: "401 fetches one new access token, and the same push goes out with it",
    before: async (scene) => {
      await warmUp(scene)
      scene.world.simulators.revokeAccessTokens()
    },
    ...ACCEPTED_LATER,
  },
  {
    name: "401 for the new access token as well pauses the credential",
    faults: always({ do: "answer", reason: "UNAUTHENTICATED" }),
    outcome: "credential_refused",
    reason: "UNAUTHENTICATED",
    copies: 0,
    processed: 2,
    paused: "UNAUTHENTICATED",
  },
  {
    name: "an access token is renewed before it runs out",
    before: async (scene) => {
      await warmUp(scene)
      scene.skip(61 * MINUTE_MS)
    },
    ...ONE_COPY,
  },

  // About the message.
  {
    name: "INVALID_ARGUMENT rejects the message for the device and removes nothing",
    faults: always({ do: "answer", reason: "INVALID_ARGUMENT" }),
    outcome: "payload_rejected",
    reason: "INVALID_ARGUMENT",
    ...REFUSED,
  },
  {
    name: "400 about a field of the message names the field",
    faults: always({ do: "answer", status: 400, body: badRequest("message.data[0].value") }),
    outcome: "payload_rejected",
    reason: "INVALID_ARGUMENT: message.data[0].value",
    ...REFUSED,
  },
  ...(["invalid_json", "truncated_json", "empty", "html"] as const).map<FaultScript>((how) => ({
    name: `a 400 with an unreadable body (${how}) rejects the message and keeps the token`,
    faults: always({ do: "mangle", how, answer: { reason: "INVALID_ARGUMENT" } }),
    outcome: "payload_rejected",
    reason: "status 400",
    ...REFUSED,
  })),
  {
    name: "a 413 rejects the message",
    faults: always({ do: "answer", status: 413 }),
    outcome: "payload_rejected",
    reason: "status 413",
    ...REFUSED,
  },
  {
    name: "a 200 without a message name may be anything: one more copy is risked",
    faults: once({ do: "mangle", how: "invalid_json" }),
    ...SECOND_COPY,
  },
  {
    name: "a 200 without a message name, with at-most-once, leaves the outcome unknown",
    faults: once({ do: "mangle", how: "empty" }),
    publish: { delivery: "at-most-once" },
    outcome: "outcome_unknown",
    reason: "200 without a message name",
    copies: 1,
    processed: 1,
  },
]

/** Google's wishes to be asked later. */
export const FCM_LATER: readonly FaultScript[] = [
  {
    name: "QUOTA_EXCEEDED waits for the seconds of Retry-After",
    faults: once({ do: "answer", reason: "QUOTA_EXCEEDED", headers: { "retry-after": "2" } }),
    ...ACCEPTED_LATER,
    pauseMsMin: 2_000,
  },
  {
    name: "QUOTA_EXCEEDED waits until the date in Retry-After",
    faultsAt: (now) =>
      once({
        do: "answer",
        reason: "QUOTA_EXCEEDED",
        headers: { "retry-after": new Date(now + 90_000).toUTCString() },
      }),
    ...ACCEPTED_LATER,
    pauseMsMin: 80_000,
  },
  {
    name: "QUOTA_EXCEEDED without Retry-After waits a minute",
    faults: once({ do: "answer", reason: "QUOTA_EXCEEDED" }),
    ...ACCEPTED_LATER,
    pauseMsMin: MINUTE_MS,
  },
  {
    name: "QUOTA_EXCEEDED of one device waits with the device",
    device: (now) => ({ condition: "throttled", retryAfterSeconds: 60, until: now + MINUTE_MS }),
    ...ACCEPTED_LATER,
    pauseMsMin: MINUTE_MS,
  },
  {
    name: "a 429 without a reason waits a minute",
    faults: once({ do: "answer", status: 429 }),
    ...ACCEPTED_LATER,
    pauseMsMin: MINUTE_MS,
  },
  {
    name: "INTERNAL waits ten seconds",
    faults: once({ do: "answer", reason: "INTERNAL" }),
    ...ACCEPTED_LATER,
    pauseMsMin: 10_000,
  },
  {
    name: "UNAVAILABLE waits for the seconds of Retry-After",
    faults: once({ do: "answer", reason: "UNAVAILABLE", headers: { "retry-after": "40" } }),
    ...ACCEPTED_LATER,
    pauseMsMin: 40_000,
  },
  {
    name: "UNSPECIFIED_ERROR waits a minute",
    faults: once({ do: "answer", reason: "UNSPECIFIED_ERROR" }),
    ...ACCEPTED_LATER,
    pauseMsMin: MINUTE_MS,
  },
  {
    name: "a 502 that is a web page is tried again",
    faults: once({ do: "mangle", how: "html", answer: { status: 502 } }),
    ...ACCEPTED_LATER,
    pauseMsMin: 10_000,
  },
  {
    name: "a 408 is tried again",
    faults: once({ do: "answer", status: 408 }),
    ...ACCEPTED_LATER,
  },
  {
    name: "a 504 may have been processed: with at-most-once no copy is risked",
    faults: once({ do: "answer", status: 504 }),
    publish: { delivery: "at-most-once" },
    outcome: "outcome_unknown",
    reason: "status 504",
    ...REFUSED,
  },
  {
    name: "a quota that lasts longer than the message lives exhausts its time",
    faults: always({ do: "answer", reason: "QUOTA_EXCEEDED" }),
    publish: { ttlSeconds: 30 },
    outcome: "retries_exhausted",
    reason: "QUOTA_EXCEEDED",
    ...REFUSED,
  },
  {
    name: "an unavailable service exhausts ten attempts",
    faults: always({ do: "answer", reason: "UNAVAILABLE" }),
    outcome: "retries_exhausted",
    reason: "UNAVAILABLE",
    copies: 0,
    processed: 10,
  },
  {
    name: "an error page of 1 MB is cut and tried again",
    faults: once({ do: "answer", status: 503, body: "x".repeat(1_000_000) }),
    ...ACCEPTED_LATER,
  },
]

/** The token endpoint of Google, and connections. */
export const FCM_ACCESS: readonly FaultScript[] = [
  ...[
    { status: 400, error: "invalid_grant" },
    { status: 401, error: "invalid_client" },
    { status: 403, error: "access_denied" },
  ].map<FaultScript>(({ status, error }) => ({
    name: `${status} ${error} of the token endpoint pauses the credential`,
    faults: atTokenEndpoint({ do: "answer", status, body: JSON.stringify({ error }) }),
    outcome: "credential_refused",
    reason: `token exchange: ${error}`,
    copies: 0,
    processed: 0,
    paused: `token exchange: ${error}`,
  })),
  {
    name: "a redirect of the token endpoint is not followed and pauses the credential",
    faults: atTokenEndpoint({ do: "answer", status: 302, headers: { location: "https://127.0.0.1:1/" } }),
    outcome: "credential_refused",
    reason: "token exchange: status 302",
    copies: 0,
    processed: 0,
    paused: "token exchange: status 302",
  },
  ...[429, 500, 502, 503].map<FaultScript>((status) => ({
    name: `${status} of the token endpoint is a pause and no fault of the credential`,
    faults: atTokenEndpoint({ do: "answer", status, headers: { "retry-after": "5" } }, 2),
    ...ONE_COPY,
  })),
  ...(["invalid_json", "truncated_json", "empty", "html"] as const).map<FaultScript>((how) => ({
    name: `an unreadable reply of the token endpoint (${how}) is asked for again`,
    faults: atTokenEndpoint({ do: "mangle", how }, 1),
    ...ONE_COPY,
  })),
  {
    name: "a reply of 10 MB of the token endpoint is cut off and asked for again",
    faults: atTokenEndpoint({ do: "huge_body", bytes: 10_485_760, status: 200 }, 1),
    ...ONE_COPY,
  },
  {
    name: "a token endpoint that resets the connection is asked again",
    faults: atTokenEndpoint({ do: "reset", when: "before_headers" }, 2),
    ...ONE_COPY,
  },
  {
    name: "a token endpoint that never answers is asked again",
    faults: atTokenEndpoint({ do: "black_hole" }, 1),
    silentMs: GIVEN_UP_MS,
    ...ONE_COPY,
  },
  {
    name: "a token endpoint that takes three seconds is waited for",
    faults: atTokenEndpoint({ do: "delay", ms: 3_000 }, 1),
    silentMs: 4_000,
    ...ONE_COPY,
  },
  {
    name: "an access token that has expired already is replaced once",
    faults: atTokenEndpoint({ do: "expired_access_token" }, 1),
    ...ACCEPTED_LATER,
  },
  {
    name: "connections that are reset are made again",
    before: warmUpAndLoseConnection,
    faults: whileConnecting({ do: "reset", when: "before_headers" }, 2),
    ...ONE_COPY,
  },
  {
    name: "a peer that accepts the connection and says nothing is given up",
    before: warmUpAndLoseConnection,
    faults: whileConnecting({ do: "black_hole" }, 1),
    silentMs: GIVEN_UP_MS,
    ...ONE_COPY,
  },
]
