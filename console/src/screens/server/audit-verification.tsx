import type { ReactNode } from "react"
import { type Answer, api } from "../../api/client.ts"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Copyable } from "../../ui/copy.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { countOf, formatCount } from "../../ui/format.ts"
import { Loading } from "../../ui/loaded.tsx"
import { Note } from "../../ui/note.tsx"

/** Whether the log is as it was written, on demand: the server reads all of it for that. */
export function AuditVerification(): ReactNode {
  const verification = api.useQuery("get", "/admin/v1/audit/verification", {}, { enabled: false, gcTime: 0 })
  const { data, error, isFetching, refetch } = verification
  return (
    <Card
      title="Is the log whole?"
      actions={
        <Button onClick={() => void refetch()} isBusy={isFetching}>
          {data === undefined ? "Verify" : "Verify again"}
        </Button>
      }
    >
      {isFetching ? (
        <Loading label="Recomputing the chain…" />
      ) : error !== null ? (
        <ErrorNote error={error} title="The log could not be verified" />
      ) : data === undefined ? (
        <p className="soft">
          Each entry carries a hash over itself and the entry before. Recomputing them shows whether one was
          altered or is missing.
        </p>
      ) : (
        <Verdict verdict={data} />
      )}
    </Card>
  )
}

function Verdict({ verdict }: { readonly verdict: Answer<"/admin/v1/audit/verification"> }): ReactNode {
  const { isWhole, entries, broken, hash } = verdict
  return (
    <Note
      tone={isWhole ? "good" : "bad"}
      role="status"
      title={
        isWhole
          ? `Whole: ${countOf(entries, "entry", "entries")}`
          : `Broken at entry ${formatCount(broken ?? 0)}: it was altered, or one before it is missing`
      }
    >
      <p>
        {isWhole ? "" : `What is before it, ${countOf(entries, "entry", "entries")}, is as it was written. `}
        Keep the hash of the last good entry elsewhere: with it, even a log that was written anew is noticed.
      </p>
      <Copyable text={hash} what="the hash" />
    </Note>
  )
}
