import type { ReactNode } from "react"
import { useParams } from "wouter"
import { isNotFound } from "../../api/api-error.ts"
import { useApplication } from "../../app/application.tsx"
import { MessageState } from "../../app/message-state.tsx"
import { titleOf } from "../../app/message-title.ts"
import { applicationPath } from "../../app/paths.ts"
import { ButtonLink } from "../../ui/button.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Note } from "../../ui/note.tsx"
import { Page } from "../../ui/page.tsx"
import { ContentFacts } from "./content-facts.tsx"
import { Controls } from "./controls.tsx"
import { DeviceLookup } from "./device-lookup.tsx"
import { Obstacles } from "./obstacles.tsx"
import { ProgressCard } from "./progress-card.tsx"
import { Reasons } from "./reasons.tsx"
import type { Report } from "./report.ts"
import { useReport } from "./use-report.ts"
import "./messages.css"

/** One message: how it is going, and what can be done about it. */
export function MessageScreen(): ReactNode {
  const params = useParams<{ messageId: string }>()
  const messageId = messageIdIn(params.messageId)
  const { applicationId } = useApplication()
  const { query } = useReport(applicationId, messageId)
  if (query.data === undefined) {
    return (
      <Page title="Message" actions={<ToList />}>
        {isNotFound(query.error) ? (
          <ErrorNote error={query.error} title="No such message" />
        ) : (
          <Loaded query={query} failure="The message could not be read">
            {() => null}
          </Loaded>
        )}
      </Page>
    )
  }
  return <MessagePage key={messageId} report={query.data} error={query.error} />
}

/** The router leaves the colon of an id as it stands in the address. */
function messageIdIn(segment = ""): string {
  return segment.replace(/%3a/gi, ":")
}

function ToList(): ReactNode {
  const { applicationId } = useApplication()
  return (
    <ButtonLink to={applicationPath(applicationId, "/messages")} look="quiet">
      All messages
    </ButtonLink>
  )
}

interface MessagePageProps {
  readonly report: Report
  readonly error: Error | null
}

function MessagePage({ report, error }: MessagePageProps): ReactNode {
  return (
    <Page
      title={titleOf(report)}
      lead={
        <span className="row">
          <MessageState state={report.state} />
          <span className="breakable">to the channel {report.channel}</span>
        </span>
      }
      actions={
        <>
          <ToList />
          <Controls report={report} />
        </>
      }
    >
      {error !== null && (
        <Note tone="warn" role="alert" title="What you see may be out of date">
          {error.message}
        </Note>
      )}
      <ProgressCard report={report} />
      <Obstacles report={report} />
      <Reasons report={report} />
      <DeviceLookup report={report} />
      <ContentFacts report={report} />
    </Page>
  )
}
