import type { Outcome } from "../../src/domain/outcome.ts"
import type { ReceivedPush } from "./fake-provider.ts"

export const ACCEPTED = { outcome: { kind: "accepted" }, afterMs: 20 } as const

/** Answers the first push to each token with the given outcome, the later ones with an acceptance. */
export function firstly(outcome: Outcome, isAccepted = false) {
  return ({ earlier }: ReceivedPush) => (earlier === 0 ? { outcome, afterMs: 20, isAccepted } : ACCEPTED)
}

/** The two pushes of each token that was pushed to twice. */
export function pairs(ledger: readonly ReceivedPush[]): [ReceivedPush, ReceivedPush][] {
  const second = ledger.filter(({ earlier }) => earlier === 1)
  return second.map((push) => [
    ledger.find(({ token, earlier }) => token === push.token && earlier === 0) as ReceivedPush,
    push,
  ])
}
