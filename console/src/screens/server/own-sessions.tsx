import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useSignOut } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { EndSession } from "./end-session.tsx"
import { SessionTable } from "./session-table.tsx"
import { OWN_SESSIONS } from "./sessions.ts"

/** Where the caller is signed in, on this computer and on others. */
export function OwnSessions(): ReactNode {
  const sessions = api.useQuery("get", OWN_SESSIONS)
  const [ending, setEnding] = useState<number | "all">()
  const { signOut, isPending } = useSignOut()
  const close = () => setEnding(undefined)
  const actions = (
    <>
      <Button onClick={signOut} isBusy={isPending}>
        Sign out
      </Button>
      <Button onClick={() => setEnding("all")}>Sign out everywhere…</Button>
    </>
  )
  return (
    <Card title="Sessions" actions={actions} isFlush>
      <Loaded query={sessions} failure="Your sessions could not be read">
        {({ sessions: rows }) => (
          <SessionTable
            rows={rows}
            current={rows.find(({ isCurrent }) => isCurrent)?.number}
            onEnd={setEnding}
          />
        )}
      </Loaded>
      <SignOutEverywhere isOpen={ending === "all"} onClose={close} />
      {typeof ending === "number" && <EndSession session={ending} onClose={close} />}
    </Card>
  )
}

interface SignOutEverywhereProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

function SignOutEverywhere({ isOpen, onClose }: SignOutEverywhereProps): ReactNode {
  const end = api.useMutation("delete", OWN_SESSIONS, {
    onSuccess: () => location.assign("/console/"),
  })
  const close = () => {
    end.reset()
    onClose()
  }
  return (
    <Confirm
      isOpen={isOpen}
      onClose={close}
      title="Sign out everywhere?"
      action="Sign out everywhere"
      look="primary"
      isBusy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate({})}
    >
      <p>Every session of yours ends, on this computer and on every other.</p>
    </Confirm>
  )
}
