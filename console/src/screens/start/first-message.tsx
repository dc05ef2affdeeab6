import { Send } from "lucide-react"
import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { composePath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { Button, ButtonLink } from "../../ui/button.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { countOf } from "../../ui/format.ts"
import "../../ui/field.css"

interface FirstMessageProps {
  readonly deviceCount: number
  readonly reachesPhones: boolean
}

/** Sends to the channel that devices are in when they name none. Real phones ring only after Compose said how many. */
export function FirstMessage({ deviceCount, reachesPhones }: FirstMessageProps): ReactNode {
  const { applicationId } = useApplication()
  const maySend = useMay("operate")
  const [message, setMessage] = useState("Hello from Belfry")
  const { mutate, isPending, data, error } = api.useMutation(
    "post",
    "/admin/v1/applications/{applicationId}/messages",
  )
  if (!maySend) return <p className="soft">Sending one from here needs the scope operate.</p>
  if (reachesPhones) return <ToCompose />
  const send = () =>
    mutate({
      params: { path: { applicationId } },
      body: {
        channel: "default",
        message,
        headers: {
          "ios-alert-title": "It works",
          "android-content-title": "It works",
          "wp-title": "It works",
        },
      },
    })
  return (
    <>
      <label className="field">
        <span className="field-label">Message</span>
        <input
          className="input"
          value={message}
          maxLength={200}
          onChange={(event) => setMessage(event.target.value)}
        />
      </label>
      <div className="row">
        <Button
          look="primary"
          isBusy={isPending}
          disabled={deviceCount === 0 || message.trim() === ""}
          onClick={send}
        >
          <Send size={16} aria-hidden />
          Send to everybody on default
        </Button>
        {data !== undefined && (
          <span role="status">It is on its way to {countOf(data.audience, "device")}.</span>
        )}
      </div>
      {error !== null && <ErrorNote error={error} />}
    </>
  )
}

function ToCompose(): ReactNode {
  const { applicationId } = useApplication()
  return (
    <>
      <p>
        This application reaches real phones. Compose shows how many a message is for, and asks before they
        ring.
      </p>
      <div className="row">
        <ButtonLink to={composePath(applicationId)} look="primary">
          Write a message
        </ButtonLink>
      </div>
    </>
  )
}
