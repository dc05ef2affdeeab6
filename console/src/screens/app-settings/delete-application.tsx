import { type ReactNode, useState } from "react"
import { useLocation } from "wouter"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { APPLICATIONS } from "../../app/paths.ts"
import { totalOf } from "../../app/platforms.ts"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { countOf } from "../../ui/format.ts"
import { say } from "../../ui/toast.tsx"

export function DeleteApplication(): ReactNode {
  const { applicationId, name } = useApplication()
  const [isAsking, setAsking] = useState(false)
  const [, navigate] = useLocation()
  const refresh = useRefresh("/admin/v1/applications")
  const remove = api.useMutation("delete", "/admin/v1/applications/{applicationId}", {
    onSuccess: async () => {
      navigate(APPLICATIONS)
      await refresh()
      say(`Deleted ${name}.`)
    },
  })
  const close = () => {
    remove.reset()
    setAsking(false)
  }
  return (
    <Card title="Delete the application">
      <div className="row-apart">
        <p className="soft">
          Its keys stop working within seconds, its devices, users and credentials are removed.
        </p>
        <Button look="danger" onClick={() => setAsking(true)}>
          Delete the application…
        </Button>
      </div>
      <Confirm
        isOpen={isAsking}
        onClose={close}
        title={`Delete ${name}?`}
        action="Delete the application"
        typed={name}
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { path: { applicationId } } })}
      >
        <WhatIsLost />
        <p>This cannot be undone. Apps that use its keys are refused.</p>
      </Confirm>
    </Card>
  )
}

function WhatIsLost(): ReactNode {
  const { applicationId } = useApplication()
  const { data } = api.useQuery("get", "/admin/v1/applications/{applicationId}/overview", {
    params: { path: { applicationId } },
  })
  if (data === undefined) return null
  return (
    <p>
      {countOf(totalOf(data.devices), "registered device")} and {countOf(data.channels.count, "channel")}
      {data.channels.isComplete ? "" : " and more"} are removed with it.
    </p>
  )
}
