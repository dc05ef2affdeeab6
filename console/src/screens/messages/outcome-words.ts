import { OUTCOME_WORDS, REASON_WORDS } from "../../api/outcomes.ts"
import type { OutcomeKind } from "./report.ts"

interface OutcomeLook {
  readonly kind: OutcomeKind
  readonly name: string
  /** Of tokens.css. */
  readonly color: string
}

/** The final outcomes, in the order in which they are shown. */
export const OUTCOMES: readonly OutcomeLook[] = [
  { kind: "accepted", name: "Accepted", color: "var(--outcome-accepted)" },
  { kind: "token_changed", name: "Accepted, new token", color: "var(--outcome-token-changed)" },
  { kind: "outcome_unknown", name: "Unknown", color: "var(--outcome-unknown)" },
  { kind: "token_gone", name: "Token gone", color: "var(--outcome-token-gone)" },
  { kind: "payload_rejected", name: "Content rejected", color: "var(--outcome-payload-rejected)" },
  { kind: "credential_refused", name: "Credential refused", color: "var(--outcome-credential-refused)" },
  { kind: "retries_exhausted", name: "Given up", color: "var(--outcome-retries-exhausted)" },
  { kind: "suppressed", name: "Not sent on purpose", color: "var(--outcome-suppressed)" },
  { kind: "expired", name: "Expired", color: "var(--outcome-expired)" },
  { kind: "cancelled", name: "Cancelled", color: "var(--outcome-cancelled)" },
]

const ACCEPTED: readonly string[] = ["accepted", "token_changed"]

/** Whether a provider took it. */
export function isAccepted(kind: string): boolean {
  return ACCEPTED.includes(kind)
}

const FAILURES: readonly string[] = ["payload_rejected", "credential_refused", "retries_exhausted"]

/** Whether something is wrong that somebody can mend. */
export function isFailure(kind: string): boolean {
  return FAILURES.includes(kind)
}

export function outcomeName(kind: string): string {
  return OUTCOMES.find((outcome) => outcome.kind === kind)?.name ?? kind
}

interface Explanation {
  readonly meaning: string
  readonly next: string
}

/** What it means, and what to do about it. Of a reason that goes on after a colon, what comes before it may be known. */
export function explanationOf(kind: string, reason: string): Explanation {
  const word = reason.split(": ", 1)[0]
  const words = REASON_WORDS[`${kind} ${reason}`] ?? REASON_WORDS[`${kind} ${word}`]
  return words ?? OUTCOME_WORDS[kind] ?? { meaning: kind, next: "" }
}

/** What keeps devices from being sent to; it is said of those that expired because of it as well. */
export function obstacleExplanation(obstacle: string): Explanation {
  const isKnown = REASON_WORDS[`expired ${obstacle.split(": ", 1)[0]}`] !== undefined
  return isKnown
    ? explanationOf("expired", obstacle)
    : { meaning: "The provider's answer to the last attempt.", next: "It is tried again." }
}
