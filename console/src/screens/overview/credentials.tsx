import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { Note } from "../../ui/note.tsx"
import { Time } from "../../ui/time.tsx"

const REFRESH_MS = 30_000

/** Credentials that need attention: a provider refused them. */
export function Credentials(): ReactNode {
  const { applicationId } = useApplication()
  const { data } = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/credentials",
    { params: { path: { applicationId } } },
    { refetchInterval: REFRESH_MS },
  )
  return data?.credentials.map(
    ({ provider, pausedAt, pausedReason }) =>
      pausedAt !== null && (
        <Note key={provider} tone="bad" title={`The ${provider.toUpperCase()} credential is paused`}>
          {pausedReason} <Time at={pausedAt} />. Nothing is sent with it until it is replaced or resumed.
        </Note>
      ),
  )
}
