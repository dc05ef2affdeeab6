import { describe, expect, it } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import { type WnsAnswer, wnsVerdict } from "../../src/provider/wns/wns-answer.ts"

const NOW = 1_800_000_000_000
const MINUTE_MS = 60_000

function answer(status: number, more: Partial<WnsAnswer> = {}): WnsAnswer {
  return { status, reasonPhrase: "", now: NOW, ...more }
}

const credential = (reason: string): Outcome => ({ kind: "credential_refused", reason, scope: "credential" })

/** Every row of providers.md 3.3. */
const ROWS: readonly (readonly [title: string, answer: WnsAnswer, outcome: Outcome])[] = [
  [
    "200 received",
    answer(200, { wnsStatus: "received", messageId: "3E8B" }),
    { kind: "accepted", providerMessageId: "3E8B" },
  ],
  ["200 dropped", answer(200, { wnsStatus: "dropped" }), { kind: "payload_rejected", reason: "dropped" }],
  [
    "200 channelthrottled",
    answer(200, { wnsStatus: "channelthrottled" }),
    { kind: "throttled", reason: "channelthrottled", scope: "device", afterMs: 10 * MINUTE_MS },
  ],
  [
    "200 channelthrottled with CONTINUE-AFTER",
    answer(200, { wnsStatus: "channelthrottled", continueAfter: "90", retryAfter: "5" }),
    { kind: "throttled", reason: "channelthrottled", scope: "device", afterMs: 90_000 },
  ],
  ["400", answer(400), { kind: "payload_rejected", reason: "status 400" }],
  ["401", answer(401), credential("status 401")],
  ["403", answer(403), { kind: "credential_refused", reason: "status 403", scope: "pairing" }],
  ["404", answer(404), { kind: "token_gone", reason: "status 404" }],
  ["405", answer(405), { kind: "payload_rejected", reason: "status 405" }],
  [
    "406",
    answer(406),
    { kind: "throttled", reason: "status 406", scope: "credential", afterMs: 60 * MINUTE_MS },
  ],
  [
    "406 with Retry-After",
    answer(406, { retryAfter: "42" }),
    { kind: "throttled", reason: "status 406", scope: "credential", afterMs: 42_000 },
  ],
  ["410 Gone", answer(410, { reasonPhrase: "Gone" }), { kind: "token_gone", reason: "status 410" }],
  [
    "410 Domain Blocked in the reason phrase",
    answer(410, { reasonPhrase: "Domain Blocked" }),
    credential("Domain Blocked"),
  ],
  [
    "410 Domain Blocked in the description",
    answer(410, { reasonPhrase: "Gone", errorDescription: "The sending domain was blocked: DomainBlocked" }),
    credential("Domain Blocked"),
  ],
  ["412", answer(412), { kind: "retry_later", reason: "status 412", afterMs: 60 * MINUTE_MS }],
  ["413", answer(413), { kind: "payload_rejected", reason: "status 413" }],
  ["500", answer(500), { kind: "retry_later", reason: "status 500" }],
  [
    "503 with Retry-After as a date",
    answer(503, { retryAfter: "Fri, 15 Jan 2027 08:01:00 GMT" }),
    { kind: "retry_later", reason: "status 503", afterMs: MINUTE_MS },
  ],
]

describe("WNS: every documented answer", () => {
  for (const [title, given, outcome] of ROWS) {
    it(`${title} means ${outcome.kind}`, () => {
      expect(wnsVerdict(given).outcome).toEqual(outcome)
    })
  }

  it("only 401 asks for a new access token", () => {
    for (const [, given] of ROWS) expect(wnsVerdict(given).isTokenRefused ?? false).toBe(given.status === 401)
  })

  it("only 403, and 200 that says what became of it, prove that the access token was taken", () => {
    for (const [, given] of [...ROWS, ["", answer(200)] as const]) {
      const isProof = given.status === 403 || given.wnsStatus !== undefined
      expect(wnsVerdict(given).provesToken ?? false).toBe(isProof)
    }
  })
})

describe("WNS: answers that are not Microsoft's", () => {
  it("never removes a channel for a web page", () => {
    for (const status of [404, 410]) {
      const outcome = wnsVerdict(answer(status, { contentType: "text/html; charset=utf-8" })).outcome
      expect(outcome).toEqual(credential(`status ${status} from a web page`))
    }
  })

  it("still believes a web page that WNS itself sends", () => {
    const given = answer(410, { contentType: "text/html", errorDescription: "The channel has expired" })
    expect(wnsVerdict(given).outcome.kind).toBe("token_gone")
  })

  it("does not call a push accepted that says nothing of its status", () => {
    expect(wnsVerdict(answer(200)).outcome).toEqual({ kind: "ambiguous", reason: "200 without X-WNS-Status" })
    expect(wnsVerdict(answer(201)).outcome.kind).toBe("ambiguous")
  })

  it("follows no redirect", () => {
    expect(wnsVerdict(answer(307)).outcome).toEqual(credential("status 307"))
  })

  it("takes a time-out of a gateway for a push that may have been processed", () => {
    expect(wnsVerdict(answer(504)).outcome.kind).toBe("ambiguous")
    expect(wnsVerdict(answer(502)).outcome.kind).toBe("retry_later")
    expect(wnsVerdict(answer(408)).outcome.kind).toBe("retry_later")
  })
})
