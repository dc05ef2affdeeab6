import type { Answer } from "../../api/client.ts"

export const OWN_SESSIONS = "/admin/v1/sessions"
export const SESSIONS_OF = "/admin/v1/administrators/{administrator}/sessions"

export type Session = Answer<typeof SESSIONS_OF>["sessions"][number]
