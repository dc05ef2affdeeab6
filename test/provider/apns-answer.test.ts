import { describe, expect, it } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import { type ApnsAnswer, apnsVerdict } from "../../src/provider/apns/apns-answer.ts"

const NOW = 1_800_000_000_000
const MINUTE_MS = 60_000

function answer(
  status: number,
  reason?: string,
  more: Partial<ApnsAnswer> & { timestamp?: unknown } = {},
): ApnsAnswer {
  const { timestamp, ...rest } = more
  const body = reason === undefined ? "" : JSON.stringify({ reason, timestamp })
  return { pushType: "alert", status, body, isComplete: true, elapsedMs: 50, now: NOW, ...rest }
}

const rejected = (reason: string): Outcome => ({ kind: "payload_rejected", reason })
const pairing = (reason: string): Outcome => ({ kind: "credential_refused", reason, scope: "pairing" })
const credential = (reason: string): Outcome => ({ kind: "credential_refused", reason, scope: "credential" })
const later = (reason: string, afterMs?: number): Outcome => ({
  kind: "retry_later",
  reason,
  ...(afterMs === undefined ? {} : { afterMs }),
})

/** Every row of providers.md 2.6. */
const ROWS: readonly (readonly [status: number, reason: string, outcome: Outcome])[] = [
  [400, "BadCollapseId", rejected("BadCollapseId")],
  [400, "BadExpirationDate", rejected("BadExpirationDate")],
  [400, "BadMessageId", rejected("BadMessageId")],
  [400, "BadPriority", rejected("BadPriority")],
  [400, "BadTopic", credential("BadTopic")],
  [400, "DuplicateHeaders", rejected("DuplicateHeaders")],
  [400, "InvalidPushType", rejected("InvalidPushType")],
  [400, "MissingDeviceToken", rejected("MissingDeviceToken")],
  [400, "MissingTopic", rejected("MissingTopic")],
  [400, "PayloadEmpty", rejected("PayloadEmpty")],
  [400, "BadDeviceToken", pairing("BadDeviceToken")],
  [400, "DeviceTokenNotForTopic", pairing("DeviceTokenNotForTopic")],
  [400, "TopicDisallowed", credential("TopicDisallowed")],
  [400, "IdleTimeout", later("IdleTimeout")],
  [403, "BadCertificate", credential("BadCertificate")],
  [403, "BadCertificateEnvironment", credential("BadCertificateEnvironment")],
  [403, "ExpiredProviderToken", credential("ExpiredProviderToken")],
  [403, "InvalidProviderToken", credential("InvalidProviderToken")],
  [403, "MissingProviderToken", credential("MissingProviderToken")],
  [403, "UnrelatedKeyIdInToken", later("UnrelatedKeyIdInToken")],
  [403, "BadEnvironmentKeyIdInToken", credential("BadEnvironmentKeyIdInToken")],
  [403, "BadEnvironmentKeyInToken", credential("BadEnvironmentKeyInToken")],
  [403, "Forbidden", credential("Forbidden")],
  [404, "BadPath", credential("BadPath")],
  [405, "MethodNotAllowed", credential("MethodNotAllowed")],
  [410, "Unregistered", { kind: "token_gone", reason: "Unregistered" }],
  [410, "ExpiredToken", { kind: "token_gone", reason: "ExpiredToken" }],
  [413, "PayloadTooLarge", rejected("PayloadTooLarge")],
  [
    429,
    "TooManyProviderTokenUpdates",
    {
      kind: "throttled",
      reason: "TooManyProviderTokenUpdates",
      scope: "credential",
      afterMs: 20 * MINUTE_MS,
    },
  ],
  [429, "TooManyRequests", { kind: "throttled", reason: "TooManyRequests", scope: "device" }],
  [500, "InternalServerError", later("InternalServerError", 15 * MINUTE_MS)],
  [503, "ServiceUnavailable", later("ServiceUnavailable", 15 * MINUTE_MS)],
  [503, "Shutdown", later("Shutdown")],
]

describe("APNs: every documented answer", () => {
  for (const [status, reason, outcome] of ROWS) {
    it(`${status} ${reason} means ${outcome.kind}`, () => {
      expect(apnsVerdict(answer(status, reason)).outcome).toEqual(outcome)
    })
  }

  it("200 is accepted, with the id if there is one", () => {
    expect(apnsVerdict(answer(200, undefined, { apnsId: "the-id" }))).toEqual({
      outcome: { kind: "accepted", providerMessageId: "the-id" },
    })
    expect(apnsVerdict(answer(200)).outcome).toEqual({ kind: "accepted" })
  })
})

describe("APNs: what an answer means for the connection and the provider token", () => {
  for (const [status, reason] of ROWS) {
    it(`${status} ${reason}`, () => {
      const verdict = apnsVerdict(answer(status, reason))
      const leaves = ["IdleTimeout", "UnrelatedKeyIdInToken", "TooManyProviderTokenUpdates", "Shutdown"]
      expect(verdict.retiresConnection ?? false).toBe(leaves.includes(reason))
      expect(verdict.isTokenRefused ?? false).toBe(reason === "ExpiredProviderToken")
    })
  }
})

describe("APNs: the time since when a token is gone", () => {
  it("is the timestamp of the answer", () => {
    const verdict = apnsVerdict(answer(410, "ExpiredToken", { timestamp: 1_700_000_000_123 }))
    expect(verdict.outcome).toEqual({ kind: "token_gone", reason: "ExpiredToken", since: 1_700_000_000_123 })
  })

  for (const timestamp of ["1700000000123", -1, 1.5, 1e300, null]) {
    it(`is left open when the timestamp is ${JSON.stringify(timestamp)}`, () => {
      expect(apnsVerdict(answer(410, "Unregistered", { timestamp })).outcome).toEqual({
        kind: "token_gone",
        reason: "Unregistered",
      })
    })
  }
})

describe("APNs: answers that are not Apple's", () => {
  it("never removes a token for a 410 that does not say why", () => {
    for (const body of ["", "<html>Gone</html>", `{"reason":410}`, `{"reason":"BadDeviceToken"}`]) {
      expect(apnsVerdict({ ...answer(410), body }).outcome.kind).toBe("retry_later")
    }
  })

  it("never removes a token for a reason that stands at another status", () => {
    expect(apnsVerdict(answer(400, "Unregistered")).outcome).toEqual(rejected("Unregistered"))
    expect(apnsVerdict(answer(404, "ExpiredToken")).outcome).toEqual(credential("ExpiredToken"))
  })

  it("is not misled by names that every object has", () => {
    for (const reason of ["constructor", "__proto__", "toString"]) {
      expect(apnsVerdict(answer(400, reason)).outcome).toEqual(rejected(reason))
    }
  })

  it("draws no conclusion from an answer that broke off", () => {
    for (const status of [400, 403, 404, 410, 500]) {
      const verdict = apnsVerdict({ ...answer(status), body: `{"reas`, isComplete: false })
      expect(verdict.outcome).toEqual(later(`truncated answer ${status}`))
    }
  })

  it("blames the origin for redirects and for statuses that APNs has no use for", () => {
    for (const status of [301, 302, 401, 404, 407]) {
      expect(apnsVerdict(answer(status)).outcome).toEqual(credential(`status ${status}`))
    }
  })

  it("does not call a push accepted that was answered with another success", () => {
    expect(apnsVerdict(answer(202)).outcome).toEqual({ kind: "ambiguous", reason: "status 202" })
  })

  it("takes a time-out of a gateway for a push that may have been processed", () => {
    expect(apnsVerdict(answer(504)).outcome).toEqual({ kind: "ambiguous", reason: "status 504" })
    expect(apnsVerdict(answer(502)).outcome).toEqual(later("status 502", 15 * MINUTE_MS))
  })

  it("tries again after 408 and 421, and slows down after any other 429", () => {
    expect(apnsVerdict(answer(408)).outcome).toEqual(later("status 408"))
    expect(apnsVerdict(answer(421)).outcome).toEqual(later("status 421"))
    expect(apnsVerdict(answer(429)).outcome).toMatchObject({ kind: "throttled", scope: "credential" })
  })
})

describe("APNs: timing", () => {
  it("takes a 500 that came late for a push that may have been processed", () => {
    const late = apnsVerdict(answer(500, "InternalServerError", { elapsedMs: 5001 }))
    expect(late.outcome).toEqual({ kind: "ambiguous", reason: "InternalServerError" })
    const lateShutdown = apnsVerdict(answer(503, "ServiceUnavailable", { elapsedMs: 9000 }))
    expect(lateShutdown.outcome.kind).toBe("retry_later")
  })

  it("honours a Retry-After", () => {
    expect(apnsVerdict(answer(503, "ServiceUnavailable", { retryAfter: "30" })).outcome).toEqual(
      later("ServiceUnavailable", 30_000),
    )
    expect(apnsVerdict(answer(429, "TooManyRequests", { retryAfter: "5" })).outcome).toMatchObject({
      afterMs: 5_000,
    })
  })
})

describe("APNs: a topic that is refused", () => {
  it("is the fault of the message when it asked for a special push type", () => {
    for (const reason of ["BadTopic", "TopicDisallowed"]) {
      expect(apnsVerdict(answer(400, reason, { pushType: "voip" })).outcome).toEqual(rejected(reason))
      expect(apnsVerdict(answer(400, reason, { pushType: "background" })).outcome).toEqual(credential(reason))
    }
  })
})
