import type { ReactNode } from "react"
import { type Answer, api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { explanationOf } from "../../app/outcome.ts"
import { applicationPath } from "../../app/paths.ts"
import { ButtonLink } from "../../ui/button.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { Note } from "../../ui/note.tsx"
import { Time } from "../../ui/time.tsx"

const CREDENTIALS = "/admin/v1/applications/{applicationId}/credentials"

type Credential = Answer<typeof CREDENTIALS>["credentials"][number]

const REFRESH_MS = 30_000

/** Credentials that need attention: a provider refused them. */
export function Credentials(): ReactNode {
  const { applicationId } = useApplication()
  const params = { path: { applicationId } }
  const credentials = api.useQuery("get", CREDENTIALS, { params }, { refetchInterval: REFRESH_MS })
  const { data } = credentials
  const error: Error | null = credentials.error
  if (data === undefined) {
    if (error === null) return null
    return (
      <ErrorNote
        error={error}
        title="The credentials could not be read"
        onRetry={() => void credentials.refetch()}
      />
    )
  }
  return data.credentials.map((credential) => <Paused key={credential.provider} credential={credential} />)
}

function Paused({ credential }: { readonly credential: Credential }): ReactNode {
  const { applicationId } = useApplication()
  const { provider, pausedAt, pausedReason } = credential
  if (pausedAt === null) return null
  const { meaning, next } = explanationOf("credential_refused", pausedReason ?? "")
  return (
    <Note
      tone="bad"
      title={`The ${provider.toUpperCase()} credential is paused: nothing is sent with it`}
      actions={
        <ButtonLink to={applicationPath(applicationId, "/credentials")}>Look at the credential</ButtonLink>
      }
    >
      <p>
        {meaning} {next}
      </p>
      <p className="soft">
        The provider said {pausedReason === null ? "no" : <code>{pausedReason}</code>}, <Time at={pausedAt} />
        .
      </p>
    </Note>
  )
}
