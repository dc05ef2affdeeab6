import { type DeliveryPromise, RESENDS } from "../domain/message.ts"
import type { Outcome } from "../domain/outcome.ts"
import type { ProviderName } from "../domain/platform.ts"
import type { Random } from "../runtime/random.ts"
import type { RetryEntry, SettledDevice } from "../store/message-store.ts"
import type { RetrySettings } from "./settings.ts"

/** The outcomes that are not final. */
export type PassingOutcome = Extract<Outcome, { kind: "throttled" | "retry_later" | "ambiguous" }>

/** A device after one more attempt. */
export interface Attempted {
  readonly registration: number
  readonly provider: ProviderName
  /** This one included. */
  readonly attempts: number
  /** Ambiguous sends before this one. */
  readonly copies: number
}

export interface MessageTerms {
  readonly delivery: DeliveryPromise
  readonly expiresAt: number
}

/** At most this much is added to a delay that the provider asked for, so that not all come back at once. */
const REQUESTED_JITTER_MS_MAX = 500

/**
 * What follows an attempt that settled nothing: a place in the retry list, or the verdict that ends it. Only an ambiguous
 * attempt spends the copy budget (design D6); a device that may have got the message is never recorded as if it had not.
 */
export function afterAttempt(
  device: Attempted,
  outcome: PassingOutcome,
  terms: MessageTerms,
  notBefore: number,
  settings: RetrySettings,
): RetryEntry | SettledDevice {
  const { registration, attempts, provider } = device
  const { reason } = outcome
  const copies = outcome.kind === "ambiguous" ? device.copies + 1 : device.copies
  const isCopyLeft = copies <= RESENDS[terms.delivery]
  const isTimeLeft = attempts < settings.attemptsMax && notBefore < terms.expiresAt
  if (isCopyLeft && isTimeLeft) return { registration, attempts, copies, notBefore, reason, provider }
  return {
    registration,
    outcome: copies > 0 ? { kind: "outcome_unknown", reason } : { kind: "retries_exhausted", reason },
  }
}

/**
 * How long to wait before attempt number `attempts + 1`. What the provider asked for is a lower bound and is not capped.
 * Else, also where it asked for 0 or named a time that is past by our clock, which would use up all attempts at once,
 * decorrelated jitter: evenly between the provider's minimum and three times the widest delay of the attempt before.
 */
export function retryDelayMs(
  outcome: PassingOutcome,
  attempts: number,
  provider: ProviderName,
  settings: RetrySettings,
  random: Random,
): number {
  const askedMs = outcome.kind === "ambiguous" ? 0 : (outcome.afterMs ?? 0)
  if (askedMs > 0) {
    const jitter = Math.min(REQUESTED_JITTER_MS_MAX, askedMs / 10)
    return Math.ceil(askedMs + random.fraction() * jitter)
  }
  const shortest = settings.delayMinMs[provider]
  const longest = Math.max(shortest, Math.min(settings.delayMaxMs, shortest * 3 ** Math.min(attempts, 20)))
  return Math.ceil(shortest + random.fraction() * (longest - shortest))
}
