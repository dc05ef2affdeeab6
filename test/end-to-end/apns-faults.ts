import { always, type FaultScript, GIVEN_UP_MS, MINUTE_MS, once, whileConnecting } from "./fault-script.ts"
import { warmUp } from "./warm-up.ts"

/** Apple's refusals (providers.md 2.6) and what must follow from each. */
export const APNS_ANSWERS: readonly FaultScript[] = [
  { name: "a healthy device gets one copy", outcome: "accepted", copies: 1, processed: 1 },

  // About the token.
  {
    name: "410 Unregistered removes the registration",
    device: () => ({ condition: "unregistered" }),
    outcome: "token_gone",
    reason: "Unregistered",
    copies: 0,
    processed: 1,
    tokens: "removed",
  },
  {
    name: "410 ExpiredToken removes the registration",
    device: () => ({ condition: "expired" }),
    outcome: "token_gone",
    reason: "ExpiredToken",
    copies: 0,
    processed: 1,
    tokens: "removed",
  },
  {
    name: "410 since a time before the registration keeps it",
    device: (now) => ({ condition: "unregistered", since: now - MINUTE_MS }),
    outcome: "token_gone",
    reason: "Unregistered",
    copies: 0,
    processed: 1,
  },
  {
    name: "410 without a timestamp counts from the send and removes the registration",
    faults: once({ do: "answer", status: 410, body: '{"reason":"Unregistered"}' }),
    outcome: "token_gone",
    reason: "Unregistered",
    copies: 0,
    processed: 1,
    tokens: "removed",
  },
  {
    name: "410 that is a web page is not believed",
    faults: once({ do: "answer", status: 410, body: "<html>Gone</html>" }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
  },
  {
    name: "BadDeviceToken of one device blames the pairing and neither token nor credential",
    device: () => ({ condition: "unknown" }),
    outcome: "credential_refused",
    reason: "BadDeviceToken",
    copies: 0,
    processed: 1,
  },
  {
    name: "DeviceTokenNotForTopic of one device blames the pairing",
    device: () => ({ condition: "valid", application: "com.example.other" }),
    outcome: "credential_refused",
    reason: "DeviceTokenNotForTopic",
    copies: 0,
    processed: 1,
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
    copies: 0,
    processed: 1,
    paused: reason,
  })),
  {
    name: "a redirect is no answer of Apple's and pauses the credential",
    faults: always({ do: "answer", status: 302, headers: { location: "https://127.0.0.1:1/" } }),
    outcome: "credential_refused",
    reason: "status 302",
    copies: 0,
    processed: 1,
    paused: "status 302",
  },
  {
    name: "ExpiredProviderToken of a token that is minutes old pauses the credential",
    faults: always({ do: "answer", reason: "ExpiredProviderToken" }),
    outcome: "credential_refused",
    reason: "ExpiredProviderToken",
    copies: 0,
    processed: 1,
    paused: "ExpiredProviderToken",
  },
  {
    name: "ExpiredProviderToken of a token that is old makes a new one on a new connection",
    before: async (scene) => {
      await warmUp(scene)
      scene.skip(25 * MINUTE_MS)
    },
    faults: once({ do: "answer", reason: "ExpiredProviderToken" }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
  },
  {
    name: "a provider token is renewed before it is an hour old",
    before: async (scene) => {
      await warmUp(scene)
      scene.skip(61 * MINUTE_MS)
    },
    outcome: "accepted",
    copies: 1,
    processed: 1,
  },
  {
    name: "UnrelatedKeyIdInToken is tried on another connection",
    faults: once({ do: "answer", reason: "UnrelatedKeyIdInToken" }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
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
    copies: 0,
    processed: 1,
  })),
  {
    name: "a 400 that nobody knows rejects the message",
    faults: always({ do: "answer", status: 400, body: '{"reason":"SomethingNew"}' }),
    outcome: "payload_rejected",
    reason: "SomethingNew",
    copies: 0,
    processed: 1,
  },
  ...(["invalid_json", "empty", "truncated_json"] as const).map<FaultScript>((how) => ({
    name: `a 400 with an unreadable body (${how}) rejects the message and keeps the token`,
    faults: always({ do: "mangle", how, answer: { reason: "BadDeviceToken" } }),
    outcome: "payload_rejected",
    reason: "status 400",
    copies: 0,
    processed: 1,
  })),
]

/** Apple's wishes to be asked later. */
export const APNS_LATER: readonly FaultScript[] = [
  {
    name: "TooManyRequests waits with the device for as long as Retry-After says",
    faults: once({ do: "answer", reason: "TooManyRequests", headers: { "retry-after": "2" } }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
    pauseMsMin: 2_000,
  },
  {
    name: "TooManyRequests without Retry-After is tried again",
    faults: once({ do: "answer", reason: "TooManyRequests" }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
    pauseMsMin: 1_000,
  },
  {
    name: "TooManyProviderTokenUpdates waits 20 minutes",
    faults: once({ do: "answer", reason: "TooManyProviderTokenUpdates" }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
    pauseMsMin: 20 * MINUTE_MS,
  },
  {
    name: "a 429 that nobody knows waits with the credential",
    faults: once({ do: "answer", status: 429, headers: { "retry-after": "3" } }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
    pauseMsMin: 3_000,
  },
  {
    name: "InternalServerError waits 15 minutes",
    faults: once({ do: "answer", reason: "InternalServerError" }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
    pauseMsMin: 15 * MINUTE_MS,
  },
  {
    name: "ServiceUnavailable waits until the seconds of Retry-After are over",
    faults: once({ do: "answer", reason: "ServiceUnavailable", headers: { "retry-after": "2" } }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
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
    outcome: "accepted",
    copies: 1,
    processed: 2,
    // A date has whole seconds, and the push comes a moment after it was written.
    pauseMsMin: 80_000,
  },
  {
    name: "Shutdown goes on with another connection",
    faults: once({ do: "answer", reason: "Shutdown" }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
  },
  {
    name: "IdleTimeout goes on with another connection",
    faults: once({ do: "answer", reason: "IdleTimeout" }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
  },
  {
    name: "a 502 that is a web page is tried again",
    faults: once({ do: "mangle", how: "html", answer: { status: 502 } }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
  },
  {
    name: "a 408 is tried again",
    faults: once({ do: "answer", status: 408 }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
  },
  {
    name: "a 504 may have been processed: one more copy is risked",
    faults: once({ do: "answer", status: 504 }),
    outcome: "accepted",
    copies: 1,
    processed: 2,
  },
  {
    name: "a 504 may have been processed: with at-most-once no copy is risked",
    faults: once({ do: "answer", status: 504 }),
    publish: { delivery: "at-most-once" },
    outcome: "outcome_unknown",
    reason: "status 504",
    copies: 0,
    processed: 1,
  },
  {
    name: "a server error that lasts longer than the message lives exhausts its time",
    faults: always({ do: "answer", reason: "InternalServerError" }),
    publish: { ttlSeconds: 60 },
    outcome: "retries_exhausted",
    reason: "InternalServerError",
    copies: 0,
    processed: 1,
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
    outcome: "accepted",
    copies: 1,
    processed: 2,
  },
]

/** What goes wrong below HTTP, on connections to Apple. */
export const APNS_TRANSPORT: readonly FaultScript[] = [
  {
    name: "connections that are reset are made again",
    faults: whileConnecting({ do: "reset", when: "before_headers" }, 3),
    outcome: "accepted",
    copies: 1,
    processed: 1,
  },
  {
    name: "connections that are closed before TLS are made again",
    faults: whileConnecting({ do: "fin" }, 2),
    outcome: "accepted",
    copies: 1,
    processed: 1,
  },
  {
    name: "a peer that accepts the connection and says nothing is given up",
    faults: whileConnecting({ do: "black_hole" }, 1),
    silentMs: GIVEN_UP_MS,
    outcome: "accepted",
    copies: 1,
    processed: 1,
  },
]
