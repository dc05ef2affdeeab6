import type { ReactNode } from "react"
import { api, type Schema } from "../../api/client.ts"
import { useRefresh } from "../../app/refresh.ts"
import { Confirm } from "../../ui/confirm.tsx"
import { say } from "../../ui/toast.tsx"
import { OWN_SESSIONS, SESSIONS_OF } from "./sessions.ts"

interface EndSessionProps {
  /** Whose it is; left out: the caller's own. */
  readonly who?: Schema<"Administrator">
  readonly session: number
  readonly onClose: () => void
}

export function EndSession({ who, session, onClose }: EndSessionProps): ReactNode {
  const refresh = useRefresh(OWN_SESSIONS, SESSIONS_OF)
  const onSuccess = async () => {
    onClose()
    await refresh()
    say(`Ended the session ${session}.`)
  }
  const endOwn = api.useMutation("delete", `${OWN_SESSIONS}/{session}`, { onSuccess })
  const endTheirs = api.useMutation("delete", `${SESSIONS_OF}/{session}`, { onSuccess })
  const { isPending, error } = who === undefined ? endOwn : endTheirs
  const end = () => {
    const path = { session: String(session) }
    if (who === undefined) endOwn.mutate({ params: { path } })
    else endTheirs.mutate({ params: { path: { ...path, administrator: String(who.number) } } })
  }
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={who === undefined ? `End the session ${session}?` : `End the session ${session} of ${who.name}?`}
      action="End the session"
      look="primary"
      isBusy={isPending}
      error={error}
      onConfirm={end}
    >
      <p>Whoever uses it must sign in again with the password.</p>
    </Confirm>
  )
}
