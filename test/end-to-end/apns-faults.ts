import {
  ACCEPTED_LATER,
  always,
  type FaultScript,
  GIVEN_UP_MS,
  MINUTE_MS,
  ONE_COPY,
  once,
  REFUSED,
  whileConnecting,
} from "./fault-script.ts"
import { warmUp } from "./warm-up.ts"

/** Apple's refusals (providers.md 2.6) and what must follow from each. */
export const APNS_ANSWERS: readonly FaultScript[] = [
  { name: "a healthy device gets one copy", ...ONE_COPY },

  // About the token.
  {
    name: "410 Unregistered removes the registration",
    device: () => ({ condition: "unregistered" }),
    outcome: "token_gone",
    reason: "Unregistered",
    ...REFUSED,
    tokens: "removed",
  },
  {
    name: "410 ExpiredToken removes the registration",
    device: () => ({ condition: "expired" }),
    outcome: "token_gone",
    reason: "ExpiredToken",
    ...REFUSED,
    tokens: "removed",
  },
  {
    name: "410 since a time before the registration keeps it",
    device: (now) => ({ condition: "unregistered", since: now - MINUTE_MS }),
    outcome: "token_gone",
    reason: "Unregistered",
    ...REFUSED,
  },
  {
    name: "410 without a timestamp counts from the send and removes the registration",
    faults: once({ do: "answer", status: 410, body: '{"reason":"Unregistered"}' }),
    outcome: "token_gone",
    reason: "Unregistered",
    ...REFUSED,
    tokens: "removed",
  },
  {
    name: "410 that is a web page is not believed",
    faults: once({ do: "answer", status: 410, body: "<html>Gone</html>" }),
    ...ACCEPTED_LATER,
  },
  {
    name: "BadDeviceToken of one device blames the pairing and neither token nor credential",
    device: () => ({ condition: "unknown" }),
    outcome: "credential_refused",
    reason: "BadDeviceToken",
    ...REFUSED,
  },
  {
    name: "DeviceTokenNotForTopic of one device blames the pairing",
    device: () => ({ condition: "valid", application: "com.example.other" }),
    outcome: "credential_refused",
    reason: "DeviceTokenNotForTopic",
    ...REFUSED,
  },

  // About the credential.
  ...[
    "TopicDisallowed",
    "BadTopic",
    "InvalidProviderToken",
    "MissingProviderToken",
    "Forbidden",
    "BadCertificate",
    "BadCertificateEnvironment",
    "BadEnvironmentKeyIdInToken",
    "BadEnvironmentKeyInToken",
    "BadPath",
    "MethodNotAllowed",
  ].map<FaultScript>((reason) => ({
    name: `${reason} pauses the credential and keeps the token`,
    faults: always({ do: "answer", reason }),
    outcome: "credential_refused",
    reason,
    ...REFUSED,
    paused: reason,
  })),
  {
    name: "a redirect is no answer of Apple's and pauses the credential",
    faults: always({ do: "answer", status: 302, headers: { location: "https://127.0.0.1:1/" } }),
    outcome: "credential_refused",
    reason: "status 302",
    ...REFUSED,
    paused: "status 302",
  },
  {
    name: "ExpiredProviderToken of a token that is minutes old pauses the credential",
    faults: always({ do: "answer", reason: "ExpiredProviderToken" }),
    outcome: "credential_refused",
    reason: "ExpiredProviderToken",
    ...REFUSED,
    paused: "ExpiredProviderToken",
  },
  {
    name: "ExpiredProviderToken of a token that is old makes a new one on a new connection",
    before: async (scene) => {
      await warmUp(scene)
      scene.skip(25 * MINUTE_MS)
    },
    faults: once({ do: "answer", reason: "ExpiredProviderToken" }),
    ...ACCEPTED_LATER,
  },
  {
    name: "a provider token is renewed before it is an hour old",
    before: async (scene) => {
      await warmUp(scene)
      scene.skip(61 * MINUTE_MS)
    },
    ...ONE_COPY,
  },
  {
    name: "UnrelatedKeyIdInToken is tried on another connection",
    faults: once({ do: "answer", reason: "UnrelatedKeyIdInToken" }),
    ...ACCEPTED_LATER,
  },

  // About the message.
  ...[
    "BadCollapseId",
    "BadExpirationDate",
    "BadMessageId",
    "BadPriority",
    "DuplicateHeaders",
    "InvalidPushType",
    "MissingDeviceToken",
    "MissingTopic",
    "PayloadEmpty",
    "PayloadTooLarge",
  ].map<FaultScript>((reason) => ({
    name: `${reason} rejects the message for the device and nothing else`,
    faults: always({ do: "answer", reason }),
    outcome: "payload_rejected",
    reason,
    ...REFUSED,
  })),
  {
    name: "a 400 that nobody knows rejects the message",
    faults: always({ do: "answer", status: 400, body: '{"reason":"SomethingNew"}' }),
    outcome: "payload_rejected",
    reason: "SomethingNew",
    ...REFUSED,
  },
  ...(["invalid_json", "empty", "truncated_json"] as const).map<FaultScript>((how) => ({
    name: `a 400 with an unreadable body (${how}) rejects the message and keeps the token`,
    faults: always({ do: "mangle", how, answer: { reason: "BadDeviceToken" } }),
    outcome: "payload_rejected",
    reason: "status 400",
    ...REFUSED,
  })),
]

/** Apple's wishes to be asked later. */
export const APNS_LATER: readonly FaultScript[] = [
  {
    name: "TooManyRequests waits with the device for as long as Retry-After says",
    faults: once({ do: "answer", reason: "TooManyRequests", headers: { "retry-after": "2" } }),
    ...ACCEPTED_LATER,
    pauseMsMin: 2_000,
  },
  {
    name: "TooManyRequests without Retry-After is tried again",
    faults: once({ do: "answer", reason: "TooManyRequests" }),
    ...ACCEPTED_LATER,
    pauseMsMin: 1_000,
  },
  {
    name: "TooManyProviderTokenUpdates waits 20 minutes",
    faults: once({ do: "answer", reason: "TooManyProviderTokenUpdates" }),
    ...ACCEPTED_LATER,
    pauseMsMin: 20 * MINUTE_MS,
  },
  {
    name: "a 429 that nobody knows waits with the credential",
    faults: once({ do: "answer", status: 429, headers: { "retry-after": "3" } }),
    ...ACCEPTED_LATER,
    pauseMsMin: 3_000,
  },
  {
    name: "InternalServerError waits 15 minutes",
    faults: once({ do: "answer", reason: "InternalServerError" }),
    ...ACCEPTED_LATER,
    pauseMsMin: 15 * MINUTE_MS,
  },
  {
    name: "ServiceUnavailable waits until the seconds of Retry-After are over",
    faults: once({ do: "answer", reason: "ServiceUnavailable", headers: { "retry-after": "2" } }),
    ...ACCEPTED_LATER,
    pauseMsMin: 2_000,
  },
  {
    name: "ServiceUnavailable waits until the date in Retry-After",
    faultsAt: (now) =>
      once({
        do: "answer",
        reason: "ServiceUnavailable",
        headers: { "retry-after": new Date(now + 90_000).toUTCString() },
      }),
    ...ACCEPTED_LATER,
    // A date has whole seconds, and the push comes a moment after it was written.
    pauseMsMin: 80_000,
  },
  {
    name: "Shutdown goes on with another connection",
    faults: once({ do: "answer", reason: "Shutdown" }),
    ...ACCEPTED_LATER,
  },
  {
    name: "IdleTimeout goes on with another connection",
    faults: once({ do: "answer", reason: "IdleTimeout" }),
    ...ACCEPTED_LATER,
  },
  {
    name: "a 502 that is a web page is tried again",
    faults: once({ do: "mangle", how: "html", answer: { status: 502 } }),
    ...ACCEPTED_LATER,
  },
  {
    name: "a 408 is tried again",
    faults: once({ do: "answer", status: 408 }),
    ...ACCEPTED_LATER,
  },
  {
    name: "a 504 may have been processed: one more copy is risked",
    faults: once({ do: "answer", status: 504 }),
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
    name: "a server error that lasts longer than the message lives exhausts its time",
    faults: always({ do: "answer", reason: "InternalServerError" }),
    publish: { ttlSeconds: 60 },
    outcome: "retries_exhausted",
    reason: "InternalServerError",
    ...REFUSED,
  },
  {
    name: "a server error that does not end exhausts ten attempts",
    faults: always({ do: "answer", reason: "ServiceUnavailable" }),
    outcome: "retries_exhausted",
    reason: "ServiceUnavailable",
    copies: 0,
    processed: 10,
  },
  {
    name: "an error page of 1 MB is cut and tried again",
    faults: once({ do: "answer", status: 503, body: "x".repeat(1_000_000) }),
    ...ACCEPTED_LATER,
  },
]

/** What goes wrong below HTTP, on connections to Apple. */
export const APNS_TRANSPORT: readonly FaultScript[] = [
  {
    name: "connections that are reset are made again",
    faults: whileConnecting({ do: "reset", when: "before_headers" }, 3),
    ...ONE_COPY,
  },
  {
    name: "connections that are closed before TLS are made again",
    faults: whileConnecting({ do: "fin" }, 2),
    ...ONE_COPY,
  },
  {
    name: "a peer that accepts the connection and says nothing is given up",
    faults: whileConnecting({ do: "black_hole" }, 1),
    silentMs: GIVEN_UP_MS,
    ...ONE_COPY,
  },
]
