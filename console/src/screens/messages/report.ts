import type { Answer } from "../../api/client.ts"

export type Report = Answer<"/admin/v1/applications/{applicationId}/messages/{messageId}">
export type OutcomeKind = keyof Report["counts"]

const OVER = ["finished", "cancelled", "failed"]

/** Nothing changes any more. */
export function isOver({ state, pending }: Pick<Report, "state" | "pending">): boolean {
  return OVER.includes(state) && pending === 0
}
