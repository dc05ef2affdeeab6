import { REASON_WORDS } from "../../api/outcomes.ts"
import { type Explanation, explanationOf } from "../../app/outcome.ts"
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

const FAILURES: readonly string[] = ["payload_rejected", "credential_refused", "retries_exhausted"]

/** Whether something is wrong that somebody can mend. */
export function isFailure(kind: string): boolean {
  return FAILURES.includes(kind)
}

export function outcomeName(kind: string): string {
  return OUTCOMES.find((outcome) => outcome.kind === kind)?.name ?? kind
}

/** What keeps devices from being sent to; it is said of those that expired because of it as well. */
export function obstacleExplanation(obstacle: string): Explanation {
  const isKnown = REASON_WORDS[`expired ${obstacle.split(": ", 1)[0]}`] !== undefined
  return isKnown
    ? explanationOf("expired", obstacle)
    : { meaning: "The provider's answer to the last attempt.", next: "It is tried again." }
}
