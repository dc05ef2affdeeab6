import type { Outcome } from "../../domain/outcome.ts"
import { jsonObjectOf } from "../json-object.ts"
import type { Verdict } from "../push-protocol.ts"
import { retryAfterMs } from "../retry-after.ts"

/** What of an answer its meaning depends on. */
export interface ApnsAnswer {
  /** What was sent: some reasons blame the key for an ordinary push and the message for a special one. */
  readonly pushType: string
  readonly status: number
  readonly apnsId?: string | undefined
  readonly retryAfter?: string | undefined
  readonly body: string
  readonly isComplete: boolean
  /** From the request to the status. */
  readonly elapsedMs: number
  /** Wall time, for a `Retry-After` that names a date. */
  readonly now: number
}

const MINUTE_MS = 60_000
/** Apple asks for 15 minutes after a server error, and 20 after a provider token that was changed too often. */
const SERVER_ERROR_PAUSE_MS = 15 * MINUTE_MS
const TOKEN_UPDATE_PAUSE_MS = 20 * MINUTE_MS
/** A server error that took longer than this may have come after the push was processed (reliability.md 4.2). */
const LATE_MS = 5_000

/** What APNs means, row by row as providers.md 2.6. Pure. */
export function apnsVerdict(answer: ApnsAnswer): Verdict {
  if (answer.status === 200) {
    const id = answer.apnsId
    return { outcome: { kind: "accepted", ...(id === undefined ? {} : { providerMessageId: id }) } }
  }
  if (!answer.isComplete)
    return { outcome: { kind: "retry_later", reason: `truncated answer ${answer.status}` } }
  const reply = jsonObjectOf(answer.body)
  const reason =
    typeof reply?.["reason"] === "string" ? reply["reason"].slice(0, 60) : `status ${answer.status}`
  const row = REASONS[reason]
  if (row !== undefined && row.status === answer.status)
    return row.verdict(reason, answer, reply?.["timestamp"])
  return { outcome: outcomeOfStatus(answer, reason) }
}

interface Row {
  readonly status: number
  readonly verdict: (reason: string, answer: ApnsAnswer, timestamp: unknown) => Verdict
}

const pairing = (reason: string): Verdict => ({
  outcome: { kind: "credential_refused", reason, scope: "pairing" },
})
const credential = (reason: string): Verdict => ({
  outcome: { kind: "credential_refused", reason, scope: "credential" },
})
const elsewhere = (reason: string): Verdict => ({
  outcome: { kind: "retry_later", reason },
  retiresConnection: true,
})
const tokenRefused = (reason: string): Verdict => ({ ...credential(reason), isTokenRefused: true })
const serverError = (reason: string, answer: ApnsAnswer): Verdict => ({
  outcome: outcomeOfServerError(answer, reason),
})

/** The bundle id is the credential's, its suffix comes from the push type that the message asked for. */
function topic(reason: string, answer: ApnsAnswer): Verdict {
  const isOrdinary = answer.pushType === "alert" || answer.pushType === "background"
  return isOrdinary ? credential(reason) : { outcome: { kind: "payload_rejected", reason } }
}

function gone(reason: string, _answer: ApnsAnswer, timestamp: unknown): Verdict {
  const isTime = typeof timestamp === "number" && Number.isSafeInteger(timestamp) && timestamp > 0
  return { outcome: { kind: "token_gone", reason, ...(isTime ? { since: timestamp } : {}) } }
}

function tooManyRequests(reason: string, answer: ApnsAnswer): Verdict {
  const afterMs = retryAfterMs(answer.retryAfter, answer.now)
  return {
    outcome: { kind: "throttled", reason, scope: "device", ...(afterMs === undefined ? {} : { afterMs }) },
  }
}

function tooManyTokens(reason: string): Verdict {
  const outcome: Outcome = { kind: "throttled", reason, scope: "credential", afterMs: TOKEN_UPDATE_PAUSE_MS }
  return { outcome, retiresConnection: true }
}

/** The documented reasons whose meaning differs from that of their status. Every other 400 is our message's fault. */
const REASONS: { readonly [reason: string]: Row } = {
  BadDeviceToken: { status: 400, verdict: pairing },
  DeviceTokenNotForTopic: { status: 400, verdict: pairing },
  TopicDisallowed: { status: 400, verdict: topic },
  BadTopic: { status: 400, verdict: topic },
  IdleTimeout: { status: 400, verdict: elsewhere },
  ExpiredProviderToken: { status: 403, verdict: tokenRefused },
  UnrelatedKeyIdInToken: { status: 403, verdict: elsewhere },
  Unregistered: { status: 410, verdict: gone },
  ExpiredToken: { status: 410, verdict: gone },
  TooManyProviderTokenUpdates: { status: 429, verdict: tooManyTokens },
  TooManyRequests: { status: 429, verdict: tooManyRequests },
  InternalServerError: { status: 500, verdict: serverError },
  ServiceUnavailable: { status: 503, verdict: serverError },
  // It comes with the end of the connection: another one serves at once.
  Shutdown: { status: 503, verdict: elsewhere },
}

/** For a reason that is new, missing, or belongs to another status. Never speaks of the token. */
function outcomeOfStatus(answer: ApnsAnswer, reason: string): Outcome {
  const { status } = answer
  if (status === 400 || status === 413 || status === 431) return { kind: "payload_rejected", reason }
  if (status === 408 || status === 421) return { kind: "retry_later", reason }
  if (status === 429) {
    return { kind: "throttled", reason, scope: "credential", ...pause(answer) }
  }
  // A 410 that does not say "Unregistered" is not Apple's: a proxy must not remove tokens.
  if (status === 410) return { kind: "retry_later", reason, ...pause(answer) }
  if (status >= 500) return outcomeOfServerError(answer, reason)
  if (status < 300) return { kind: "ambiguous", reason }
  // Redirects, 401, 403, 404 and 405: the key is wrong, or this is not APNs.
  return { kind: "credential_refused", reason, scope: "credential" }
}

function outcomeOfServerError(answer: ApnsAnswer, reason: string): Outcome {
  const isLate = answer.status === 500 && answer.elapsedMs > LATE_MS
  // 504: whoever stands in front gave up waiting for a server that has the push.
  if (isLate || answer.status === 504) return { kind: "ambiguous", reason }
  return { kind: "retry_later", reason, ...pause(answer, SERVER_ERROR_PAUSE_MS) }
}

function pause(answer: ApnsAnswer, otherwiseMs?: number): { afterMs?: number } {
  const afterMs = retryAfterMs(answer.retryAfter, answer.now) ?? otherwiseMs
  return afterMs === undefined ? {} : { afterMs }
}
