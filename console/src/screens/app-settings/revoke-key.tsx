import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { Confirm } from "../../ui/confirm.tsx"
import { say } from "../../ui/toast.tsx"
import { type ApiKey, HOSTS, KEYS, nameOf } from "./api-key.ts"

interface RevokeKeyProps {
  readonly apiKey: ApiKey
  readonly onClose: () => void
}

export function RevokeKey({ apiKey, onClose }: RevokeKeyProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(KEYS, HOSTS)
  const params = { path: { applicationId } }
  const hosts = (api.useQuery("get", HOSTS, { params }).data?.hosts ?? []).filter(
    ({ keyNumber }) => keyNumber === apiKey.number,
  )
  const revoke = api.useMutation("delete", `${KEYS}/{keyNumber}`, {
    onSuccess: async () => {
      await refresh()
      say(`Removed the key ${nameOf(apiKey)}.`)
      onClose()
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Remove the key ${nameOf(apiKey)}?`}
      action="Remove the key"
      isBusy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ params: { path: { applicationId, keyNumber: apiKey.number } } })}
    >
      <p>Whatever calls with it is refused within five seconds. It cannot be brought back.</p>
      {hosts.length > 0 && (
        <p>
          These host names are bound to it and will serve nothing any more:{" "}
          <span className="breakable">{hosts.map(({ host }) => host).join(", ")}</span>
        </p>
      )}
    </Confirm>
  )
}
