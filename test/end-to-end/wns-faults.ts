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

/** Microsoft's refusals (providers.md 3.3) and what must follow from each. */
export const WNS_ANSWERS: readonly FaultScript[] = [
  { name: "a healthy device gets one copy", ...ONE_COPY },

  // About the channel, which is the token.
  {
    name: "404 of a channel that nobody knows removes the registration",
    device: () => ({ condition: "unknown" }),
    outcome: "token_gone",
    reason: "status 404",
    ...REFUSED,
    tokens: "removed",
  },
  {
    name: "410 of a channel that expired removes the registration",
    device: () => ({ condition: "expired" }),
    outcome: "token_gone",
    reason: "status 410",
    ...REFUSED,
    tokens: "removed",
  },
  {
    name: "a channel that is 30 days old is gone and removed",
    device: (now) => ({ condition: "valid", lastSeen: now - 31 * 24 * 60 * MINUTE_MS }),
    outcome: "token_gone",
    reason: "status 410",
    ...REFUSED,
    tokens: "removed",
  },
  {
    name: "404 that is a web page is not of Microsoft's: it pauses the credential and removes nothing",
    faults: always({
      do: "answer",
      status: 404,
      headers: { "content-type": "text/html" },
      body: "<html>Not Found</html>",
    }),
    outcome: "credential_refused",
    reason: "status 404 from a web page",
    ...REFUSED,
    paused: "status 404 from a web page",
  },
  {
    name: "410 Domain Blocked speaks of the sender: it pauses the credential and removes nothing",
    faults: always({ do: "answer", reason: "DomainBlocked" }),
    outcome: "credential_refused",
    reason: "Domain Blocked",
    ...REFUSED,
    paused: "Domain Blocked",
  },
  {
    name: "403 of a channel of another app blames the pairing and removes nothing",
    device: () => ({ condition: "valid", application: "another-client" }),
    outcome: "credential_refused",
    reason: "status 403",
    ...REFUSED,
  },

  // About the credential.
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
    faults: always({ do: "answer", reason: "Unauthorized" }),
    outcome: "credential_refused",
    reason: "status 401",
    copies: 0,
    processed: 2,
    paused: "status 401",
  },
  {
    name: "an access token is renewed before it runs out",
    before: async (scene) => {
      await warmUp(scene)
      scene.skip(24 * 60 * MINUTE_MS)
    },
    ...ONE_COPY,
  },
  {
    name: "a redirect is not followed and pauses the credential",
    faults: always({ do: "answer", status: 301, headers: { location: "https://127.0.0.1:1/" } }),
    outcome: "credential_refused",
    reason: "status 301",
    ...REFUSED,
    paused: "status 301",
  },

  // About the message.
  ...(
    [
      ["BadRequest", 400],
      ["MethodNotAllowed", 405],
      ["LengthRequired", 411],
      ["PayloadTooLarge", 413],
    ] as const
  ).map<FaultScript>(([reason, status]) => ({
    name: `${status} rejects the message for the device and removes nothing`,
    faults: always({ do: "answer", reason }),
    outcome: "payload_rejected",
    reason: `status ${status}`,
    ...REFUSED,
  })),
  {
    name: "200 dropped is no success and is not sent again",
    device: () => ({ condition: "dropped" }),
    outcome: "payload_rejected",
    reason: "dropped",
    ...REFUSED,
  },
  {
    name: "200 without X-WNS-Status may be anything: one more copy is risked",
    faults: once({ do: "answer", status: 200, body: "" }),
    ...ACCEPTED_LATER,
  },
  {
    name: "200 without X-WNS-Status, with at-most-once, leaves the outcome unknown",
    faults: once({ do: "answer", status: 200, body: "" }),
    publish: { delivery: "at-most-once" },
    outcome: "outcome_unknown",
    reason: "200 without X-WNS-Status",
    ...REFUSED,
  },
]

/** Microsoft's wishes to be asked later. */
export const WNS_LATER: readonly FaultScript[] = [
  {
    name: "channelthrottled waits with the device for as long as it is told",
    device: (now) => ({ condition: "skipped", retryAfterSeconds: 60, until: now + MINUTE_MS }),
    ...ACCEPTED_LATER,
    pauseMsMin: MINUTE_MS,
  },
  {
    name: "channelthrottled without a time waits ten minutes",
    faults: once({ do: "answer", reason: "channelthrottled" }),
    ...ACCEPTED_LATER,
    pauseMsMin: 10 * MINUTE_MS,
  },
  {
    name: "406 waits for the seconds of Retry-After",
    faults: once({ do: "answer", reason: "NotAcceptable", headers: { "retry-after": "2" } }),
    ...ACCEPTED_LATER,
    pauseMsMin: 2_000,
  },
  {
    name: "406 without Retry-After waits an hour",
    faults: once({ do: "answer", reason: "NotAcceptable" }),
    ...ACCEPTED_LATER,
    pauseMsMin: 60 * MINUTE_MS,
  },
  {
    name: "412 of an unreachable device waits an hour",
    faults: once({ do: "answer", reason: "DeviceUnreachable" }),
    ...ACCEPTED_LATER,
    pauseMsMin: 60 * MINUTE_MS,
  },
  {
    name: "429 waits for the seconds of Retry-After",
    faults: once({ do: "answer", status: 429, headers: { "retry-after": "7" } }),
    ...ACCEPTED_LATER,
    pauseMsMin: 7_000,
  },
  {
    name: "503 waits until the date in Retry-After",
    faultsAt: (now) =>
      once({
        do: "answer",
        reason: "ServiceUnavailable",
        headers: { "retry-after": new Date(now + 90_000).toUTCString() },
      }),
    ...ACCEPTED_LATER,
    pauseMsMin: 80_000,
  },
  ...[408, 500, 502, 503].map<FaultScript>((status) => ({
    name: `${status} is tried again`,
    faults: once({ do: "answer", status }),
    ...ACCEPTED_LATER,
    pauseMsMin: 1_000,
  })),
  {
    name: "a 502 that is a web page is tried again",
    faults: once({ do: "mangle", how: "html", answer: { status: 502 } }),
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
    name: "a throttling that lasts longer than the message lives exhausts its time",
    faults: always({ do: "answer", reason: "NotAcceptable" }),
    publish: { ttlSeconds: 600 },
    outcome: "retries_exhausted",
    reason: "status 406",
    ...REFUSED,
  },
  {
    name: "an unavailable service exhausts ten attempts",
    faults: always({ do: "answer", reason: "ServiceUnavailable" }),
    outcome: "retries_exhausted",
    reason: "status 503",
    copies: 0,
    processed: 10,
  },
]

/** What goes wrong on connections of HTTP/1.1, and at the token endpoint. */
export const WNS_TRANSPORT: readonly FaultScript[] = [
  {
    name: "FIN instead of an answer makes a second copy",
    faults: once({ do: "fin", processed: true }),
    ...SECOND_COPY,
  },
  {
    name: "FIN under an open request risks a copy",
    faults: once({ do: "fin" }),
    ...ONE_COPY,
  },
  {
    name: "RST before the push was processed risks a copy",
    faults: once({ do: "reset", when: "before_headers" }),
    ...ONE_COPY,
  },
  {
    name: "RST after the push was processed makes a second copy",
    faults: once({ do: "reset", when: "after_processed" }),
    ...SECOND_COPY,
  },
  {
    name: "RST after the push was processed, with at-most-once, leaves the outcome unknown",
    faults: once({ do: "reset", when: "after_processed" }),
    publish: { delivery: "at-most-once" },
    outcome: "outcome_unknown",
    reason: "ECONNRESET",
    copies: 1,
    processed: 1,
  },
  {
    name: "RST behind the head of the answer is an answer",
    faults: once({ do: "reset", when: "after_headers" }),
    ...ONE_COPY,
  },
  {
    name: "answers that are lost again and again make two copies and no third",
    faults: always({ do: "reset", when: "after_processed" }),
    outcome: "outcome_unknown",
    reason: "ECONNRESET",
    copies: 2,
    processed: 2,
  },
  {
    name: "a peer that falls silent is given up",
    faults: once({ do: "black_hole" }),
    silentMs: GIVEN_UP_MS,
    ...ONE_COPY,
  },
  {
    name: "an answer that takes a minute is given up, and makes a second copy",
    faults: once({ do: "delay", ms: 60_000 }),
    silentMs: GIVEN_UP_MS,
    ...SECOND_COPY,
  },
  {
    name: "an answer that takes three seconds is waited for",
    faults: once({ do: "delay", ms: 3_000 }),
    silentMs: 4_000,
    ...ONE_COPY,
  },
  {
    name: "a body of 10 MB behind the answer changes nothing",
    faults: once({ do: "huge_body", bytes: 10_485_760, status: 200 }),
    ...ONE_COPY,
  },
  {
    name: "a body that trickles in changes nothing",
    faults: once({
      do: "slow_body",
      parts: 5,
      gapMs: 50,
      answer: { reason: "Gone", body: "gone".repeat(20) },
    }),
    outcome: "token_gone",
    reason: "status 410",
    ...REFUSED,
    tokens: "removed",
  },
  {
    name: "a connection that was closed between two pushes is replaced",
    before: async (scene) => {
      const { faults } = scene.world.simulators
      faults.add({ provider: "wns", action: { do: "close_keep_alive" }, times: 1 })
      await warmUp(scene)
      faults.clear()
    },
    ...ONE_COPY,
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
  {
    name: "a wrong client secret pauses the credential",
    faults: atTokenEndpoint({ do: "answer", status: 401, body: '{"error":"invalid_client"}' }),
    outcome: "credential_refused",
    reason: "token exchange: invalid_client",
    copies: 0,
    processed: 0,
    paused: "token exchange: invalid_client",
  },
  {
    name: "503 of the token endpoint is a pause and no fault of the credential",
    faults: atTokenEndpoint({ do: "answer", status: 503 }, 2),
    ...ONE_COPY,
  },
  {
    name: "an unreadable reply of the token endpoint is asked for again",
    faults: atTokenEndpoint({ do: "mangle", how: "invalid_json" }, 1),
    ...ONE_COPY,
  },
  {
    name: "an access token that has expired already is replaced once",
    faults: atTokenEndpoint({ do: "expired_access_token" }, 1),
    ...ACCEPTED_LATER,
  },
]
