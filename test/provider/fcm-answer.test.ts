import { describe, expect, it } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import { type FcmAnswer, fcmVerdict } from "../../src/provider/fcm/fcm-answer.ts"
import { fcmErrorBody } from "./fcm-fixture.ts"

const NOW = 1_800_000_000_000
const HTML = "<!DOCTYPE html><html><title>Error 404 (Not Found)!!1</title></html>"

function answer(status: number, body: string, more: Partial<FcmAnswer> = {}): FcmAnswer {
  return { status, body, isComplete: true, now: NOW, ...more }
}

function error(status: number, rpcStatus: string, errorCode?: string, message?: string): FcmAnswer {
  const reply = {
    status: rpcStatus,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(message === undefined ? {} : { message }),
  }
  return answer(status, fcmErrorBody(status, reply))
}

function badRequest(field: string, message = "Request contains an invalid argument."): FcmAnswer {
  const detail = {
    "@type": "type.googleapis.com/google.rpc.BadRequest",
    fieldViolations: [{ field, description: message }],
  }
  return answer(
    400,
    JSON.stringify({ error: { code: 400, message, status: "INVALID_ARGUMENT", details: [detail] } }),
  )
}

const pairing = (reason: string): Outcome => ({ kind: "credential_refused", reason, scope: "pairing" })
const credential = (reason: string): Outcome => ({ kind: "credential_refused", reason, scope: "credential" })

/** Every row of providers.md 1.6. */
const ROWS: readonly (readonly [title: string, answer: FcmAnswer, outcome: Outcome])[] = [
  [
    "400 INVALID_ARGUMENT about the message",
    error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", "Android message is too big"),
    { kind: "payload_rejected", reason: "INVALID_ARGUMENT" },
  ],
  [
    "400 INVALID_ARGUMENT about the token",
    error(
      400,
      "INVALID_ARGUMENT",
      "INVALID_ARGUMENT",
      "The registration token is not a valid FCM registration token",
    ),
    pairing("INVALID_ARGUMENT: token"),
  ],
  [
    "400 BadRequest that names a field of the message",
    badRequest("message.data[0].value"),
    { kind: "payload_rejected", reason: "INVALID_ARGUMENT: message.data[0].value" },
  ],
  ["400 BadRequest that names the token", badRequest("message.token"), pairing("INVALID_ARGUMENT: token")],
  [
    "401 THIRD_PARTY_AUTH_ERROR",
    error(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"),
    pairing("THIRD_PARTY_AUTH_ERROR"),
  ],
  ["401 without FcmError", error(401, "UNAUTHENTICATED"), credential("UNAUTHENTICATED")],
  [
    "403 SENDER_ID_MISMATCH",
    error(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"),
    pairing("SENDER_ID_MISMATCH"),
  ],
  ["403 without FcmError", error(403, "PERMISSION_DENIED"), credential("PERMISSION_DENIED")],
  [
    "404 UNREGISTERED",
    error(404, "NOT_FOUND", "UNREGISTERED"),
    { kind: "token_gone", reason: "UNREGISTERED" },
  ],
  ["404 without FcmError", error(404, "NOT_FOUND"), credential("NOT_FOUND")],
  ["404 as a web page", answer(404, HTML), credential("status 404")],
  [
    "429 QUOTA_EXCEEDED",
    error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"),
    { kind: "throttled", reason: "QUOTA_EXCEEDED", scope: "credential", afterMs: 60_000 },
  ],
  [
    "429 about the device",
    error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "Device message rate exceeded."),
    { kind: "throttled", reason: "QUOTA_EXCEEDED", scope: "device", afterMs: 60_000 },
  ],
  [
    "500 INTERNAL",
    error(500, "INTERNAL", "INTERNAL"),
    { kind: "retry_later", reason: "INTERNAL", afterMs: 10_000 },
  ],
  [
    "503 UNAVAILABLE",
    error(503, "UNAVAILABLE", "UNAVAILABLE"),
    { kind: "retry_later", reason: "UNAVAILABLE", afterMs: 10_000 },
  ],
  ["502 as a web page", answer(502, HTML), { kind: "retry_later", reason: "status 502", afterMs: 10_000 }],
  ["504 as a web page", answer(504, HTML), { kind: "ambiguous", reason: "status 504" }],
  [
    "UNSPECIFIED_ERROR",
    error(400, "UNKNOWN", "UNSPECIFIED_ERROR"),
    { kind: "retry_later", reason: "UNSPECIFIED_ERROR", afterMs: 60_000 },
  ],
]

describe("FCM: every documented answer", () => {
  for (const [title, given, outcome] of ROWS) {
    it(`${title} means ${outcome.kind}`, () => {
      expect(fcmVerdict(given).outcome).toEqual(outcome)
    })
  }

  it("200 with a name is accepted", () => {
    expect(fcmVerdict(answer(200, `{"name":"projects/p/messages/1"}`)).outcome).toEqual({
      kind: "accepted",
      providerMessageId: "projects/p/messages/1",
    })
  })

  it("only a 401 without FcmError asks for a new access token", () => {
    for (const [, given] of ROWS) {
      const isPlain401 = given.status === 401 && !given.body.includes("errorCode")
      expect(fcmVerdict(given).isTokenRefused ?? false).toBe(isPlain401)
    }
  })

  it("what has an FcmError proves that the access token was taken, and nothing else does", () => {
    for (const [, given] of ROWS) {
      expect(fcmVerdict(given).provesToken ?? false).toBe(given.body.includes("errorCode"))
    }
  })
})

describe("FCM: pauses", () => {
  for (const [retryAfter, afterMs] of [
    ["3", 3_000],
    ["0", 0],
    ["Fri, 15 Jan 2027 08:00:30 GMT", 30_000],
    ["Fri, 15 Jan 2027 07:00:00 GMT", 0],
    ["soon", 60_000],
    ["9999999999999", 60_000],
  ] as const) {
    it(`a Retry-After of "${retryAfter}" is a pause of ${afterMs} ms`, () => {
      const given = { ...error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), retryAfter }
      expect(fcmVerdict(given).outcome).toMatchObject({ kind: "throttled", afterMs })
    })
  }

  it("holds for server errors as well", () => {
    const given = { ...error(503, "UNAVAILABLE", "UNAVAILABLE"), retryAfter: "120" }
    expect(fcmVerdict(given).outcome).toMatchObject({ kind: "retry_later", afterMs: 120_000 })
  })
})

describe("FCM: a token is gone only when FCM says so in full", () => {
  for (const [title, given] of [
    ["an answer that broke off", answer(404, `{"error":{"details":[{"@type":`, { isComplete: false })],
    ["UNREGISTERED at another status", error(400, "INVALID_ARGUMENT", "UNREGISTERED")],
    [
      "UNREGISTERED in a detail of another type",
      answer(404, JSON.stringify({ error: { details: [{ "@type": "other", errorCode: "UNREGISTERED" }] } })),
    ],
    ["UNREGISTERED in the text alone", error(404, "NOT_FOUND", undefined, "UNREGISTERED")],
    ["details that are no list", answer(404, JSON.stringify({ error: { details: "UNREGISTERED" } }))],
    ["details that are null", answer(404, JSON.stringify({ error: { details: [null] } }))],
    ["an error that is a text", answer(404, JSON.stringify({ error: "UNREGISTERED" }))],
    ["an empty body", answer(404, "")],
    ["JSON that is no object", answer(404, "[]")],
  ] as const) {
    it(`not for ${title}`, () => {
      expect(fcmVerdict(given).outcome.kind).not.toBe("token_gone")
    })
  }
})

describe("FCM: success that is none", () => {
  it("does not call a push accepted that was answered by somebody else", () => {
    for (const body of ["", "{}", HTML]) {
      expect(fcmVerdict(answer(200, body)).outcome.kind).toBe("ambiguous")
    }
    expect(fcmVerdict(answer(204, "")).outcome.kind).toBe("ambiguous")
  })

  it("believes a 200 whose body broke off", () => {
    expect(fcmVerdict(answer(200, `{"na`, { isComplete: false })).outcome).toEqual({ kind: "accepted" })
  })

  it("follows no redirect", () => {
    expect(fcmVerdict(answer(302, "")).outcome).toEqual(credential("status 302"))
  })
})
