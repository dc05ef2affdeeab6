import { useQueryClient } from "@tanstack/react-query"
import { CirclePause, CirclePlay, CircleX } from "lucide-react"
import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useMay } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { countOf, formatCount } from "../../ui/format.ts"
import { complain } from "../../ui/toast.tsx"
import { isOver, type Report } from "./report.ts"
import { SendAgain } from "./send-again.tsx"

type Verb = "pause" | "resume" | "cancel"

/** What can be done with a message in its present state. */
export function Controls({ report }: { readonly report: Report }): ReactNode {
  const mayOperate = useMay("operate")
  const pause = useChange("pause", report)
  const resume = useChange("resume", report)
  if (!mayOperate) return null
  const { state } = report
  return (
    <>
      {state === "running" && (
        <Button isBusy={pause.isPending} onClick={() => pause.run({ onError: complain })}>
          <CirclePause size={16} aria-hidden />
          Pause
        </Button>
      )}
      {state === "paused" && (
        <Button look="primary" isBusy={resume.isPending} onClick={() => resume.run({ onError: complain })}>
          <CirclePlay size={16} aria-hidden />
          Resume
        </Button>
      )}
      {(state === "running" || state === "paused") && <Cancel report={report} />}
      {isOver(report) && <SendAgain report={report} />}
    </>
  )
}

function Cancel({ report }: { readonly report: Report }): ReactNode {
  const [isAsking, setAsking] = useState(false)
  const cancel = useChange("cancel", report)
  const { audience, pending } = report
  const close = () => {
    cancel.reset()
    setAsking(false)
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <CircleX size={16} aria-hidden />
        Cancel
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={close}
        title="Cancel this message?"
        action="Cancel the message"
        isBusy={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.run({ onSuccess: close })}
      >
        <p>
          {countOf(pending, "device")} of {formatCount(audience)} will not get it any more. It cannot be taken
          up again, and phones that have it already keep it.
        </p>
      </Confirm>
    </>
  )
}

interface Callbacks {
  readonly onSuccess?: () => void
  readonly onError?: (error: Error) => void
}

function useChange(verb: Verb, { messageId }: Report) {
  const queries = useQueryClient()
  const { applicationId } = useApplication()
  const params = { path: { applicationId, messageId } }
  const { queryKey } = api.queryOptions(
    "get",
    "/admin/v1/applications/{applicationId}/messages/{messageId}",
    { params },
  )
  const change = api.useMutation(
    "post",
    `/admin/v1/applications/{applicationId}/messages/{messageId}/${verb}`,
    { onSuccess: (report) => queries.setQueryData(queryKey, report) },
  )
  return {
    run: ({ onSuccess, onError }: Callbacks) =>
      change.mutate(
        { params },
        { ...(onSuccess !== undefined && { onSuccess }), ...(onError !== undefined && { onError }) },
      ),
    isPending: change.isPending,
    error: change.error,
    reset: change.reset,
  }
}
