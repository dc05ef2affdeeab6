import { useQueryClient } from "@tanstack/react-query"
import { Send, SquarePen, Trash2 } from "lucide-react"
import type { ReactNode } from "react"
import { Link } from "wouter"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import type { VirtualPhone } from "../../app/live-phones.ts"
import { composePath, devicePath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { VirtualScreen } from "../../app/virtual-screen.tsx"
import { Button, ButtonLink, IconButton } from "../../ui/button.tsx"
import { Names } from "../../ui/names.tsx"
import { Note } from "../../ui/note.tsx"
import { complain, say } from "../../ui/toast.tsx"

/** One phone with what can be done with it. */
export function PhoneTile({ phone }: { readonly phone: VirtualPhone }): ReactNode {
  const { applicationId } = useApplication()
  const { deviceId, name, channels, sandboxed, notifications } = phone
  return (
    <article className="phone-tile" aria-label={name}>
      <div className="phone-tile-head">
        <div>
          <h2 className="breakable">{name}</h2>
          <p className="soft small breakable">
            {channels.length === 0 ? "In no channel" : <Names names={channels} />} ·{" "}
            <Link href={devicePath(applicationId, deviceId)}>{deviceId}</Link>
          </p>
        </div>
        <RemovePhone phone={phone} />
      </div>
      {!sandboxed && (
        <Note tone="warn">
          This platform has a credential by now, so its messages go to the real service: nothing arrives here.
        </Note>
      )}
      <VirtualScreen phone={phone} />
      <p className="visually-hidden" role="status">
        {notifications.length === 0
          ? ""
          : `${name} got: ${notifications[0]?.shown.title ?? ""} ${notifications[0]?.shown.body ?? ""}`}
      </p>
      <PhoneActions phone={phone} />
    </article>
  )
}

function PhoneActions({ phone }: { readonly phone: VirtualPhone }): ReactNode {
  const { applicationId } = useApplication()
  const mayOperate = useMay("operate")
  const [channel] = phone.channels
  const { mutate, isPending } = api.useMutation("post", "/admin/v1/applications/{applicationId}/messages", {
    onError: complain,
  })
  if (!mayOperate || channel === undefined) return null
  const sendTest = () =>
    mutate({
      params: { path: { applicationId } },
      body: {
        channel,
        deviceIds: [phone.deviceId],
        message: "This is what a message looks like here.",
        headers: testTitles("A test for you"),
      },
    })
  return (
    <div className="row">
      <Button isBusy={isPending} onClick={sendTest} disabled={!phone.sandboxed}>
        <Send size={16} aria-hidden />
        Send a test
      </Button>
      <ButtonLink to={composePath(applicationId, { channel, deviceId: phone.deviceId })} look="quiet">
        <SquarePen size={16} aria-hidden />
        Write to it
      </ButtonLink>
    </div>
  )
}

function testTitles(title: string): Record<string, string> {
  return { "ios-alert-title": title, "android-content-title": title, "wp-title": title }
}

function RemovePhone({ phone: { deviceId, name } }: { readonly phone: VirtualPhone }): ReactNode {
  const queries = useQueryClient()
  const { applicationId } = useApplication()
  const mayOperate = useMay("operate")
  const { mutate, isPending } = api.useMutation(
    "delete",
    "/admin/v1/applications/{applicationId}/phones/{deviceId}",
    {
      onError: complain,
      onSuccess: async () => {
        await queries.invalidateQueries({
          queryKey: ["get", "/admin/v1/applications/{applicationId}/phones"],
        })
        say(`Removed ${name}.`)
      },
    },
  )
  if (!mayOperate) return null
  return (
    <IconButton
      label={`Remove ${name}`}
      isBusy={isPending}
      onClick={() => mutate({ params: { path: { applicationId, deviceId } } })}
    >
      <Trash2 size={16} aria-hidden />
    </IconButton>
  )
}
