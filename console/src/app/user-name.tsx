import type { ReactNode } from "react"
import { Link } from "wouter"
import { api, client } from "../api/client.ts"
import { useApplication } from "./application.tsx"
import { userPath } from "./paths.ts"

const USERS = "/admin/v1/applications/{applicationId}/users"
/** Identities that begin alike; the one that is meant is among the first. */
const LIKE_MAX = 20

/** What a user is known by; the id until that is there, and when the user is gone. */
export function useUserName(userId: string | undefined): string {
  const { applicationId } = useApplication()
  const { data } = api.useQuery(
    "get",
    `${USERS}/{userId}`,
    { params: { path: { applicationId, userId: userId ?? "" } } },
    { enabled: userId !== undefined },
  )
  return data?.identity ?? data?.subject ?? userId ?? ""
}

export function UserLink({ userId }: { readonly userId: string }): ReactNode {
  const { applicationId } = useApplication()
  const name = useUserName(userId)
  return (
    <Link href={userPath(applicationId, userId)} className="breakable">
      {name}
    </Link>
  )
}

/** The id of the user whom a text means: an identity in any case, or else the id itself. */
export async function findUserId(applicationId: string, text: string, signal: AbortSignal): Promise<string> {
  const { data } = await client.GET(USERS, {
    params: { path: { applicationId }, query: { identityPrefix: text, limit: LIKE_MAX } },
    signal,
  })
  return data?.users.find(({ identity }) => identity?.toLowerCase() === text.toLowerCase())?.userId ?? text
}
