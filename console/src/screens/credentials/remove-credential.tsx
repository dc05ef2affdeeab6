import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { Confirm } from "../../ui/confirm.tsx"
import { say } from "../../ui/toast.tsx"
import { CREDENTIAL, CREDENTIALS, type ProviderFacts } from "./provider.ts"

interface RemoveCredentialProps {
  readonly facts: ProviderFacts
  readonly onClose: () => void
  readonly onRemoved: () => void
}

export function RemoveCredential({ facts, onClose, onRemoved }: RemoveCredentialProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(CREDENTIALS, "/admin/v1/applications/{applicationId}/overview")
  const remove = api.useMutation("delete", CREDENTIAL, {
    onSuccess: async () => {
      await refresh()
      onRemoved()
      say(`Removed the ${facts.name} credential.`)
      onClose()
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Remove the ${facts.name} credential?`}
      action="Remove the credential"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { applicationId, provider: facts.provider } } })}
    >
      <p>
        Nothing reaches {facts.reaches} any more until another one is set. It is sealed and cannot be shown:
        keep the file it came from.
      </p>
    </Confirm>
  )
}
