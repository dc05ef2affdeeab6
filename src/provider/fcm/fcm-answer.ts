import type { Outcome } from "../../domain/outcome.ts"
import { type JsonObject, jsonObjectOf } from "../json-object.ts"
import type { Verdict } from "../push-protocol.ts"
import { retryAfterMs } from "../retry-after.ts"

/** What of an answer its meaning depends on. */
export interface FcmAnswer {
  readonly status: number
  readonly retryAfter?: string | undefined
  readonly body: string
  readonly isComplete: boolean
  /** Wall time, for a `Retry-After` that names a date. */
  readonly now: number
}

/** Google's wishes where the answer has none (providers.md 1.6). */
const QUOTA_PAUSE_MS = 60_000
const SERVER_ERROR_PAUSE_MS = 10_000

const FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
const BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"

/** An error of FCM, read defensively: anything may be missing, and an HTML page has none of it. */
interface FcmError {
  readonly message: string
  /** google.rpc.Code: says what kind of error, but never that a token is dead. */
  readonly status: string | undefined
  /** Of the FcmError detail: the only word about a token that counts. */
  readonly errorCode: string | undefined
  /** The fields that a BadRequest detail names. */
  readonly fields: readonly string[]
}

/** What FCM means, row by row as providers.md 1.6. Pure. */
export function fcmVerdict(answer: FcmAnswer): Verdict {
  if (answer.status === 200) return { outcome: outcomeOfSuccess(answer) }
  if (!answer.isComplete)
    return { outcome: { kind: "retry_later", reason: `truncated answer ${answer.status}` } }
  const error = errorOf(answer.body)
  const reason = error.errorCode ?? error.status ?? `status ${answer.status}`
  if (answer.status === 401 && error.errorCode === undefined) {
    return { outcome: { kind: "credential_refused", reason, scope: "credential" }, isTokenRefused: true }
  }
  const outcome = outcomeOfCode(answer, error, reason) ?? outcomeOfStatus(answer, error, reason)
  // Only FCM itself adds its detail, behind Google's front end that looks at the access token.
  return error.errorCode === undefined ? { outcome } : { outcome, provesToken: true }
}

function outcomeOfSuccess(answer: FcmAnswer): Outcome {
  const name = jsonObjectOf(answer.body)?.["name"]
  if (typeof name === "string") return { kind: "accepted", providerMessageId: name.slice(0, 200) }
  if (!answer.isComplete) return { kind: "accepted" }
  return { kind: "ambiguous", reason: "200 without a message name" }
}

/** What the FcmError detail says; undefined for a code that is none of ours to know, or stands at another status. */
function outcomeOfCode(answer: FcmAnswer, error: FcmError, reason: string): Outcome | undefined {
  switch (`${answer.status} ${error.errorCode}`) {
    case "404 UNREGISTERED":
      return { kind: "token_gone", reason }
    case "403 SENDER_ID_MISMATCH":
    // The project lacks the key for the platform of this token: a token of another platform must not stop the others.
    case "401 THIRD_PARTY_AUTH_ERROR":
      return { kind: "credential_refused", reason, scope: "pairing" }
    case "429 QUOTA_EXCEEDED":
      return quotaExceeded(answer, error, reason)
    default:
      if (error.errorCode !== "UNSPECIFIED_ERROR") return undefined
      return { kind: "retry_later", reason, ...pause(answer, QUOTA_PAUSE_MS) }
  }
}

/** For answers without a telling FcmError. Never speaks of the token. */
function outcomeOfStatus(answer: FcmAnswer, error: FcmError, reason: string): Outcome {
  const { status } = answer
  if (status === 400) return badRequest(error, reason)
  if (status === 413) return { kind: "payload_rejected", reason }
  if (status === 408) return { kind: "retry_later", reason }
  if (status === 429) return quotaExceeded(answer, error, reason)
  // Whoever stands in front gave up waiting for a server that has the push.
  if (status === 504) return { kind: "ambiguous", reason }
  if (status >= 500) return { kind: "retry_later", reason, ...pause(answer, SERVER_ERROR_PAUSE_MS) }
  if (status < 300) return { kind: "ambiguous", reason }
  // 404 without UNREGISTERED is a wrong project or path, 403 a missing permission, anything else not FCM at all.
  return { kind: "credential_refused", reason, scope: "credential" }
}

/** INVALID_ARGUMENT covers a malformed token as well as a malformed message; it never proves that a token is dead. */
function badRequest(error: FcmError, reason: string): Outcome {
  const isAboutToken =
    error.fields.includes("message.token") || /registration[ -]?token|message\.token/i.test(error.message)
  if (isAboutToken) return { kind: "credential_refused", reason: `${reason}: token`, scope: "pairing" }
  const field = error.fields[0]
  return { kind: "payload_rejected", reason: field === undefined ? reason : `${reason}: ${field}` }
}

function quotaExceeded(answer: FcmAnswer, error: FcmError, reason: string): Outcome {
  const scope = /\bdevice\b/i.test(error.message) ? "device" : "credential"
  return { kind: "throttled", reason, scope, ...pause(answer, QUOTA_PAUSE_MS) }
}

function pause(answer: FcmAnswer, otherwiseMs: number): { afterMs: number } {
  return { afterMs: retryAfterMs(answer.retryAfter, answer.now) ?? otherwiseMs }
}

function errorOf(body: string): FcmError {
  const error = objectIn(jsonObjectOf(body)?.["error"])
  const listed = error?.["details"]
  const details = Array.isArray(listed) ? listed.map(objectIn).filter((detail) => detail !== undefined) : []
  const detail = (type: string) => details.find((candidate) => candidate["@type"] === type)
  const violations = detail(BAD_REQUEST)?.["fieldViolations"]
  return {
    message: wordIn(error?.["message"], 1_000) ?? "",
    status: wordIn(error?.["status"], 60),
    errorCode: wordIn(detail(FCM_ERROR)?.["errorCode"], 60),
    fields: Array.isArray(violations)
      ? violations.flatMap((violation) => wordIn(objectIn(violation)?.["field"], 100) ?? [])
      : [],
  }
}

function objectIn(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null ? (value as JsonObject) : undefined
}

function wordIn(value: unknown, lengthMax: number): string | undefined {
  return typeof value === "string" ? value.slice(0, lengthMax) : undefined
}
