import { useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { useLocation, useSearchParams } from "wouter"
import { isNotFound } from "../../api/api-error.ts"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { applicationPath, composePath } from "../../app/paths.ts"
import { PLATFORMS, totalOf } from "../../app/platforms.ts"
import { useMay } from "../../app/session.tsx"
import { Button, ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { Figure } from "../../ui/facts.tsx"
import { countOf, formatCount } from "../../ui/format.ts"
import { Loaded } from "../../ui/loaded.tsx"
import { Note } from "../../ui/note.tsx"
import { Page } from "../../ui/page.tsx"
import { Parts } from "../../ui/progress.tsx"
import { Time } from "../../ui/time.tsx"
import { say } from "../../ui/toast.tsx"
import { ChannelRules } from "./channel-rules.tsx"

type ChannelDetails = Schema<"Channel">

const REFRESH_MS = 10_000

export function Channel(): ReactNode {
  const { applicationId } = useApplication()
  const [params] = useSearchParams()
  const channel = params.get("name") ?? ""
  const details = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/channels/{channel}",
    { params: { path: { applicationId, channel } } },
    { refetchInterval: REFRESH_MS, enabled: channel !== "" },
  )
  const maySend = useMay("operate")
  const mayDelete = useMay("administer")
  if (channel === "") return <NoChannel />
  return (
    <Page
      title={channel}
      lead="A channel: who is in it, and who may do what with it."
      actions={
        <>
          <ButtonLink to={applicationPath(applicationId, `/devices?channel=${encodeURIComponent(channel)}`)}>
            Its devices
          </ButtonLink>
          {maySend && <ButtonLink to={composePath(applicationId, { channel })}>Write to it</ButtonLink>}
          {mayDelete && details.data !== undefined && !isNotFound(details.error) && (
            <DeleteChannel channel={details.data} />
          )}
        </>
      }
    >
      {isNotFound(details.error) ? (
        <NoChannelNote>
          It was deleted, or never was. Capitals matter: News is another channel than news.
        </NoChannelNote>
      ) : (
        <Loaded query={details} failure="The channel could not be read">
          {(data) => <Members channel={data} />}
        </Loaded>
      )}
      <ChannelRules channel={channel} />
    </Page>
  )
}

/** The address names none. */
function NoChannel(): ReactNode {
  return (
    <Page title="No such channel">
      <NoChannelNote>The address names no channel.</NoChannelNote>
    </Page>
  )
}

function NoChannelNote({ children }: { readonly children: ReactNode }): ReactNode {
  const { applicationId } = useApplication()
  return (
    <Note
      tone="warn"
      title="No such channel"
      actions={<ButtonLink to={applicationPath(applicationId, "/channels")}>All channels</ButtonLink>}
    >
      {children}
    </Note>
  )
}

function Members({ channel: { devices, createdAt } }: { readonly channel: ChannelDetails }): ReactNode {
  return (
    <Card title="Members">
      <div className="stack">
        <div className="grid">
          <Figure label="Devices" value={formatCount(totalOf(devices))} />
          <Figure label="Created" value={<Time at={createdAt} />} />
        </div>
        <Parts parts={PLATFORMS.map(({ key, ...platform }) => ({ ...platform, count: devices[key] }))} />
      </div>
    </Card>
  )
}

function DeleteChannel({ channel: { name, devices } }: { readonly channel: ChannelDetails }): ReactNode {
  const { applicationId } = useApplication()
  const [isAsking, setAsking] = useState(false)
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const remove = api.useMutation("delete", "/admin/v1/applications/{applicationId}/channels/{channel}", {
    onSuccess: async () => {
      say(`Deleted ${name}.`)
      navigate(applicationPath(applicationId, "/channels"))
      await queries.invalidateQueries()
    },
  })
  const close = () => {
    remove.reset()
    setAsking(false)
  }
  const members = totalOf(devices)
  return (
    <>
      <Button onClick={() => setAsking(true)}>Delete</Button>
      <Confirm
        isOpen={isAsking}
        onClose={close}
        title={`Delete ${name}?`}
        action="Delete the channel"
        {...(members > 0 && { typed: name })}
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { path: { applicationId, channel: name } } })}
      >
        <p>
          {countOf(members, "device")} will leave it within minutes. A device that is in no other channel is
          then not registered any more, until its app registers again. This cannot be undone.
        </p>
      </Confirm>
    </>
  )
}
