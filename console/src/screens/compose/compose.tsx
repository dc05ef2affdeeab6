import { Form } from "@base-ui/react/form"
import { type ReactNode, useMemo, useState } from "react"
import { useSearch } from "wouter"
import { useApplication } from "../../app/application.tsx"
import { Button } from "../../ui/button.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { Note } from "../../ui/note.tsx"
import { Page } from "../../ui/page.tsx"
import { say } from "../../ui/toast.tsx"
import { AudienceCard } from "./audience-card.tsx"
import { ContentCard } from "./content-card.tsx"
import { isBlank, publishOf } from "./draft.ts"
import { OptionsCard } from "./options-card.tsx"
import { Previews } from "./previews.tsx"
import { placed } from "./problems.ts"
import { SendBar } from "./send.tsx"
import { Sizes } from "./sizes.tsx"
import { useDraft } from "./use-draft.ts"
import { type Preview, usePreview } from "./use-preview.ts"
import "./compose.css"

/** Writing a message: whom it is for, what it says, how it will look. */
export function Compose(): ReactNode {
  const { applicationId } = useApplication()
  const asked = useLastAsked(useSearch())
  return (
    <Page
      title="Compose"
      lead="Write a message, see how phones will show it, and send it to the devices of a channel."
    >
      <Composer key={`${applicationId} ${asked}`} applicationId={applicationId} />
    </Page>
  )
}

/** The last address that named an audience: one that names none leaves the fields as they are. */
function useLastAsked(address: string): string {
  const [asked, setAsked] = useState(address)
  if (address !== "" && address !== asked) setAsked(address)
  return address === "" ? asked : address
}

function Composer({ applicationId }: { readonly applicationId: string }): ReactNode {
  const { draft, change, discard, forget, isTouched } = useDraft(applicationId)
  const body = publishOf(draft)
  const { data, error, isBehind, refetch } = usePreview(body)
  const { atFields, others } = useMemo(() => placed(data?.problems ?? []), [data])
  const blank = isBlank(draft)
  // What is there is still the preview of the empty draft.
  const isUnseen = isBehind && !draft.isSilent && (data?.payloads.every(({ shown }) => shown.silent) ?? true)
  const parts = { draft, change }
  return (
    <Form className="compose" errors={atFields} onSubmit={(event) => event.preventDefault()}>
      <div className="stack">
        <AudienceCard {...parts} audience={data?.audience} isBehind={isBehind} />
        <ContentCard {...parts} />
        <OptionsCard {...parts} />
        {data !== undefined && data.payloads.length > 0 && <Sizes payloads={data.payloads} />}
        {others.map((problem) => (
          <Note key={problem} tone="bad">
            {problem}
          </Note>
        ))}
        {error !== null && (
          <ErrorNote error={error} title="There is no preview" onRetry={() => void refetch()} />
        )}
        <SendBar body={body} isBlank={blank} onSent={forget}>
          <Discard isTouched={isTouched} onDiscard={discard} />
        </SendBar>
      </div>
      <Previews
        payloads={data?.payloads ?? []}
        isBehind={isBehind}
        absence={absenceOf(data, blank || isUnseen)}
      />
    </Form>
  )
}

/** Why there is nothing to look at, if there is nothing. */
function absenceOf(data: Preview | undefined, isUnwritten: boolean): string {
  if (isUnwritten) return "Your message appears here."
  return data === undefined || data.payloads.length > 0 ? "" : (data.problems[0]?.message ?? "")
}

interface DiscardProps {
  readonly isTouched: boolean
  readonly onDiscard: () => void
}

function Discard({ isTouched, onDiscard }: DiscardProps): ReactNode {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button disabled={!isTouched} onClick={() => setAsking(true)}>
        Discard
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Discard what you wrote?"
        action="Discard it"
        onConfirm={() => {
          onDiscard()
          setAsking(false)
          say("Discarded.")
        }}
      >
        <p>The fields become empty. Nothing has been sent.</p>
      </Confirm>
    </>
  )
}
