import { OUTCOME_WORDS, REASON_WORDS } from "../api/outcomes.ts"

/** Outcomes as several screens speak of them. */

const ACCEPTED: readonly string[] = ["accepted", "token_changed"]

/** Whether a provider took it. */
export function isAccepted(kind: string): boolean {
  return ACCEPTED.includes(kind)
}

/** For how many devices a provider took it. */
export function acceptedOf(counts: { readonly accepted: number; readonly token_changed: number }): number {
  return counts.accepted + counts.token_changed
}

export interface Explanation {
  readonly meaning: string
  readonly next: string
}

/** What it means, and what to do about it. Of a reason that goes on after a colon, what comes before it may be known. */
export function explanationOf(kind: string, reason: string): Explanation {
  const word = reason.split(": ", 1)[0]
  const words = REASON_WORDS[`${kind} ${reason}`] ?? REASON_WORDS[`${kind} ${word}`]
  return words ?? OUTCOME_WORDS[kind] ?? { meaning: kind, next: "" }
}
