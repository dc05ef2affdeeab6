import type { Answer } from "../../api/client.ts"
import { excerpt } from "../../app/excerpt.ts"

export type Report = Answer<"/admin/v1/applications/{applicationId}/messages/{messageId}">
export type OutcomeKind = keyof Report["counts"]

const TITLE_HEADERS = ["ios-alert-title", "android-content-title", "wp-title", "osx-alert-title"]
const OVER = ["finished", "cancelled", "failed"]

/** What a message is called in a list: its text, or the title of one that has none. */
export function titleOf({ message, headers }: Pick<Report, "message" | "headers">): string {
  const title = TITLE_HEADERS.flatMap((name) => headers[name] || [])[0]
  const isEmpty = message === "" || message === null
  return excerpt(isEmpty ? (title ?? "(no text)") : message)
}

/** Nothing changes any more. */
export function isOver({ state, pending }: Pick<Report, "state" | "pending">): boolean {
  return OVER.includes(state) && pending === 0
}
