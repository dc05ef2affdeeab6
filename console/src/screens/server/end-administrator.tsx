import type { ReactNode } from "react"
import { api, type Schema } from "../../api/client.ts"
import { useRefresh } from "../../app/refresh.ts"
import { Confirm } from "../../ui/confirm.tsx"
import { countOf } from "../../ui/format.ts"
import { say } from "../../ui/toast.tsx"
import { SESSIONS_OF } from "./sessions.ts"

interface EndAdministratorProps {
  readonly who: Schema<"Administrator">
  /** Otherwise only the sessions end. */
  readonly isRemoval: boolean
  readonly onClose: () => void
}

export function EndAdministrator({ who, isRemoval, onClose }: EndAdministratorProps): ReactNode {
  const refresh = useRefresh("/admin/v1/administrators", SESSIONS_OF, "/admin/v1/session")
  const done = async (text: string) => {
    onClose()
    await refresh()
    say(text)
  }
  const remove = api.useMutation("delete", "/admin/v1/administrators/{administrator}", {
    onSuccess: () => done(`Removed ${who.name}.`),
  })
  const logOut = api.useMutation("delete", SESSIONS_OF, {
    onSuccess: ({ ended }) => done(`Ended ${countOf(ended, "session")} of ${who.name}.`),
  })
  const { mutate, isPending, error } = isRemoval ? remove : logOut
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={isRemoval ? `Remove ${who.name}?` : `Log ${who.name} out everywhere?`}
      action={isRemoval ? "Remove" : "Log out"}
      look={isRemoval ? "danger" : "primary"}
      isBusy={isPending}
      error={error}
      onConfirm={() => mutate({ params: { path: { administrator: String(who.number) } } })}
    >
      <p>
        {isRemoval
          ? "Every session of theirs ends, and they cannot sign in any more. What they did stays in the audit log. API tokens stay: look whether any is theirs."
          : "Whoever uses one of these sessions must sign in again with the password."}
      </p>
    </Confirm>
  )
}
