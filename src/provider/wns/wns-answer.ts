import type { Outcome } from "../../domain/outcome.ts"
import type { Verdict } from "../push-protocol.ts"
import { retryAfterMs } from "../retry-after.ts"

/** What of an answer its meaning depends on. The header fields are those of providers.md 3.3. */
export interface WnsAnswer {
  readonly status: number
  readonly reasonPhrase: string
  /** `X-WNS-Status` */
  readonly wnsStatus?: string | undefined
  /** `X-WNS-Msg-ID` */
  readonly messageId?: string | undefined
  /** `X-WNS-Error-Description` */
  readonly errorDescription?: string | undefined
  /** `X-WNS-CONTINUE-AFTER`, in seconds */
  readonly continueAfter?: string | undefined
  readonly retryAfter?: string | undefined
  readonly contentType?: string | undefined
  /** Wall time, for a `Retry-After` that names a date. */
  readonly now: number
}

const MINUTE_MS = 60_000
/** Pauses where the answer names none: the practice of others (providers.md 3.3). */
const CHANNEL_THROTTLED_PAUSE_MS = 10 * MINUTE_MS
const THROTTLED_PAUSE_MS = 60 * MINUTE_MS
const UNREACHABLE_PAUSE_MS = 60 * MINUTE_MS

/** What WNS means, row by row as providers.md 3.3. Pure. */
export function wnsVerdict(answer: WnsAnswer): Verdict {
  if (answer.status === 200)
    return { outcome: outcomeOfSuccess(answer), ...proof(answer.wnsStatus !== undefined) }
  const outcome = outcomeOfError(answer, `status ${answer.status}`)
  if (answer.status === 401) return { outcome, isTokenRefused: true }
  // 403 says that the channel is another app's. Of 404 and 410 nobody says whether WNS looks at the access token first.
  return { outcome, ...proof(answer.status === 403) }
}

function proof(isThere: boolean): Pick<Verdict, "provesToken"> {
  return isThere ? { provesToken: true } : {}
}

/** 200 alone is no success: the header says what became of the notification. */
function outcomeOfSuccess(answer: WnsAnswer): Outcome {
  switch (answer.wnsStatus?.toLowerCase()) {
    case "received":
      return {
        kind: "accepted",
        ...(answer.messageId === undefined ? {} : { providerMessageId: answer.messageId }),
      }
    case "dropped":
      return { kind: "payload_rejected", reason: "dropped" }
    case "channelthrottled": {
      const afterMs =
        retryAfterMs(answer.continueAfter, answer.now) ??
        retryAfterMs(answer.retryAfter, answer.now) ??
        CHANNEL_THROTTLED_PAUSE_MS
      return { kind: "throttled", reason: "channelthrottled", scope: "device", afterMs }
    }
    default:
      return { kind: "ambiguous", reason: "200 without X-WNS-Status" }
  }
}

function outcomeOfError(answer: WnsAnswer, reason: string): Outcome {
  switch (answer.status) {
    case 401:
      return { kind: "credential_refused", reason, scope: "credential" }
    // The channel belongs to another app: a device can claim any channel, so it must not stop the others.
    case 403:
      return { kind: "credential_refused", reason, scope: "pairing" }
    case 404:
    case 410:
      return outcomeOfMissingChannel(answer, reason)
    case 406:
      return { kind: "throttled", reason, scope: "credential", ...pause(answer, THROTTLED_PAUSE_MS) }
    case 412:
      return { kind: "retry_later", reason, ...pause(answer, UNREACHABLE_PAUSE_MS) }
    case 408:
      return { kind: "retry_later", reason }
    case 429:
      return { kind: "throttled", reason, scope: "credential", ...pause(answer) }
    // Whoever stands in front gave up waiting for a server that has the push.
    case 504:
      return { kind: "ambiguous", reason }
    default:
      return outcomeOfClass(answer, reason)
  }
}

/** Gone, unless the sender is blocked or the answer is a web page of somebody who is not WNS. */
function outcomeOfMissingChannel(answer: WnsAnswer, reason: string): Outcome {
  const words = `${answer.reasonPhrase} ${answer.errorDescription ?? ""}`
  if (/domain[ -]?blocked/i.test(words)) {
    return { kind: "credential_refused", reason: "Domain Blocked", scope: "credential" }
  }
  const isFromWns = [answer.wnsStatus, answer.errorDescription, answer.messageId].some(
    (field) => field !== undefined,
  )
  if (!isFromWns && answer.contentType?.toLowerCase().includes("html")) {
    return { kind: "credential_refused", reason: `${reason} from a web page`, scope: "credential" }
  }
  return { kind: "token_gone", reason }
}

function outcomeOfClass(answer: WnsAnswer, reason: string): Outcome {
  if (answer.status >= 500) return { kind: "retry_later", reason, ...pause(answer) }
  if (answer.status >= 400) return { kind: "payload_rejected", reason }
  if (answer.status >= 300) return { kind: "credential_refused", reason, scope: "credential" }
  return { kind: "ambiguous", reason }
}

function pause(answer: WnsAnswer, otherwiseMs?: number): { afterMs?: number } {
  const afterMs = retryAfterMs(answer.retryAfter, answer.now) ?? otherwiseMs
  return afterMs === undefined ? {} : { afterMs }
}
