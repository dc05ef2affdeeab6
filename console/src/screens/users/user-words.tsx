import type { ReactNode } from "react"
import type { Schema } from "../../api/client.ts"
import { Badge } from "../../ui/badge.tsx"

export type User = Schema<"User">

export const USERS = "/admin/v1/applications/{applicationId}/users"
export const USER = "/admin/v1/applications/{applicationId}/users/{userId}"

const STATUSES = {
  ENABLED: { tone: "good", text: "enabled" },
  DISABLED: { tone: "bad", text: "disabled" },
  GUEST: { tone: "info", text: "guest" },
  EMAIL_CONFIRMATION_PENDING: { tone: "warn", text: "e-mail not confirmed" },
} as const

export function UserStatus({ status }: Pick<User, "status">): ReactNode {
  const { tone, text } = STATUSES[status]
  return <Badge tone={tone}>{text}</Badge>
}

/** What people know a user by. */
export function nameOf({ identity, subject, userId }: User): string {
  return identity ?? subject ?? userId
}
