import { describe, expect, test } from "vitest"
import { isFinal, type Outcome } from "../../src/domain/outcome.ts"
import { PROVIDER_REASONS, reasonWords } from "../../src/domain/provider-reasons.ts"
import { apnsVerdict } from "../../src/provider/apns/apns-answer.ts"
import { fcmVerdict } from "../../src/provider/fcm/fcm-answer.ts"
import { wnsVerdict } from "../../src/provider/wns/wns-answer.ts"
import { APNS_REJECTIONS } from "../../src/simulator/apns-rejections.ts"
import { FCM_ERRORS } from "../../src/simulator/fcm-errors.ts"

/** What the words for reasons say must be about outcomes that providers' answers really end in. */

const FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"

const ofApns = Object.entries(APNS_REJECTIONS).map(([reason, status]) =>
  apnsVerdict({
    ...{ pushType: "alert", status, body: JSON.stringify({ reason }) },
    ...{ isComplete: true, elapsedMs: 1, now: 0 },
  }),
)
const ofFcm = Object.entries(FCM_ERRORS).flatMap(([errorCode, { status, grpcStatus, isFcmError }]) =>
  ["", "The registration token is not valid"].map((message) => {
    const details = isFcmError ? [{ "@type": FCM_ERROR, errorCode }] : []
    const body = JSON.stringify({ error: { message, status: grpcStatus, details } })
    return fcmVerdict({ status, body, isComplete: true, now: 0 })
  }),
)
const ofWns = [
  ...[401, 403].map((status) => wnsVerdict({ status, reasonPhrase: "", now: 0 })),
  wnsVerdict({ status: 404, reasonPhrase: "Domain Blocked", now: 0 }),
  wnsVerdict({ status: 200, reasonPhrase: "OK", wnsStatus: "dropped", now: 0 }),
]
const outcomes: readonly Outcome[] = [...ofApns, ...ofFcm, ...ofWns].map(({ outcome }) => outcome)

describe("Words for what providers answer", () => {
  test.each(PROVIDER_REASONS)(
    "$reason is an answer that ends in one of its outcomes",
    ({ reason, kinds }) => {
      const seen = outcomes.filter((outcome) => "reason" in outcome && outcome.reason === reason)
      expect(seen).not.toEqual([])
      for (const outcome of seen) {
        // What is not final is given up in the end.
        expect(kinds).toContain(isFinal(outcome) ? outcome.kind : "retries_exhausted")
      }
    },
  )

  test("each is found, once, and only with its outcomes", () => {
    for (const words of PROVIDER_REASONS) {
      for (const kind of words.kinds) expect(reasonWords(kind, words.reason)).toBe(words)
      expect(reasonWords("accepted", words.reason)).toBeUndefined()
    }
  })
})
