import type { ReactNode } from "react"
import { useLocation } from "wouter"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { applicationPath } from "../../app/paths.ts"
import { useRefresh } from "../../app/refresh.ts"
import { Confirm } from "../../ui/confirm.tsx"
import { countOf } from "../../ui/format.ts"
import { say } from "../../ui/toast.tsx"
import { nameOf, USER, USERS, type User } from "./user-words.tsx"

export type Ending = "sessions" | "disable" | "enable" | "remove"

interface EndUserProps {
  readonly user: User
  readonly ending: Ending
  readonly onClose: () => void
}

const WORDS: Readonly<
  Record<Ending, { readonly title: string; readonly action: string; readonly text: string }>
> = {
  sessions: {
    title: "Log out everywhere:",
    action: "Log out",
    text: "Every login of theirs ends within five seconds, also what an identity provider issued until now. Their devices stay registered.",
  },
  disable: {
    title: "Disable",
    action: "Disable",
    text: "They are logged out within five seconds and cannot log in until they are enabled again. Their devices stay registered and go on receiving.",
  },
  enable: { title: "Enable", action: "Enable", text: "They can log in again with the password they had." },
  remove: {
    title: "Delete",
    action: "Delete the user",
    text: "With every login and every rule that speaks of them. Their devices stay registered and go on receiving. This cannot be undone.",
  },
}

export function EndUser({ user, ending, onClose }: EndUserProps): ReactNode {
  const { title, action, text } = WORDS[ending]
  const { run, isPending, error } = useEnding(user, ending, onClose)
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`${title} ${nameOf(user)}?`}
      action={action}
      look={ending === "enable" || ending === "sessions" ? "primary" : "danger"}
      isBusy={isPending}
      error={error}
      onConfirm={run}
    >
      <p>{text}</p>
    </Confirm>
  )
}

interface Run {
  readonly run: () => void
  readonly isPending: boolean
  readonly error: Error | null
}

function useEnding(user: User, ending: Ending, onClose: () => void): Run {
  const { applicationId } = useApplication()
  const refresh = useRefresh(USER, USERS)
  const refreshList = useRefresh(USERS)
  const [, navigate] = useLocation()
  const params = { path: { applicationId, userId: user.userId } }
  const done = async (text: string) => {
    onClose()
    await refresh()
    say(text)
  }
  const endSessions = api.useMutation("delete", `${USER}/sessions`, {
    onSuccess: ({ ended }) => done(`Ended ${countOf(ended, "login")}.`),
  })
  const change = api.useMutation("put", USER, {
    onSuccess: ({ status }) => done(status === "DISABLED" ? "Disabled." : "Enabled."),
  })
  const remove = api.useMutation("delete", USER, {
    onSuccess: async () => {
      navigate(applicationPath(applicationId, "/users"))
      await refreshList()
      say(`Deleted ${nameOf(user)}.`)
    },
  })
  switch (ending) {
    case "sessions":
      return { ...endSessions, run: () => endSessions.mutate({ params }) }
    case "remove":
      return { ...remove, run: () => remove.mutate({ params }) }
    default:
      return {
        ...change,
        run: () => change.mutate({ params, body: { status: ending === "disable" ? "DISABLED" : "ENABLED" } }),
      }
  }
}
