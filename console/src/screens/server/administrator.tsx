import { MonitorOff } from "lucide-react"
import { type ReactNode, useState } from "react"
import { Redirect, useParams } from "wouter"
import { api, type Schema } from "../../api/client.ts"
import { ACCOUNT, ADMINISTRATORS } from "../../app/paths.ts"
import { useCaller } from "../../app/session.tsx"
import { Button, ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Facts } from "../../ui/facts.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Note } from "../../ui/note.tsx"
import { Page } from "../../ui/page.tsx"
import { Time } from "../../ui/time.tsx"
import { AccessText } from "./access-text.tsx"
import { EndAdministrator } from "./end-administrator.tsx"
import { EndSession } from "./end-session.tsx"
import { SessionTable } from "./session-table.tsx"
import { SESSIONS_OF } from "./sessions.ts"

type Who = Schema<"Administrator">

/** Somebody else who manages the server, and where they are signed in. Oneself is at home under Your account. */
export function Administrator(): ReactNode {
  const { administrator = "" } = useParams()
  const caller = useCaller()
  const list = api.useQuery("get", "/admin/v1/administrators")
  const who = list.data?.administrators.find(({ number }) => String(number) === administrator)
  if (caller.kind === "session" && String(caller.number) === administrator) {
    return <Redirect to={ACCOUNT} replace />
  }
  return (
    <Page
      title={who?.name ?? "Administrator"}
      actions={<ButtonLink to={ADMINISTRATORS}>All administrators</ButtonLink>}
    >
      <Loaded query={list} failure="The administrator could not be read">
        {() =>
          who === undefined ? (
            <Note tone="warn">The address names an administrator who was removed, or never was.</Note>
          ) : (
            <div className="stack">
              <Card title="Administrator">
                <Facts
                  facts={[
                    ["May", <AccessText key="may" scope={who.scope} applications={who.applications} />],
                    [
                      "Last login",
                      who.lastLoginAt === null ? "never" : <Time key="login" at={who.lastLoginAt} />,
                    ],
                    ["Created", <Time key="created" at={who.createdAt} />],
                  ]}
                />
              </Card>
              <Sessions who={who} />
            </div>
          )
        }
      </Loaded>
    </Page>
  )
}

function Sessions({ who }: { readonly who: Who }): ReactNode {
  const sessions = api.useQuery("get", SESSIONS_OF, {
    params: { path: { administrator: String(who.number) } },
  })
  const [ending, setEnding] = useState<number | "all">()
  const close = () => setEnding(undefined)
  const isSignedIn = (sessions.data?.sessions.length ?? 0) > 0
  return (
    <Card
      title="Sessions"
      actions={isSignedIn && <Button onClick={() => setEnding("all")}>Log out everywhere…</Button>}
      isFlush
    >
      <Loaded query={sessions} failure="The sessions could not be read">
        {({ sessions: rows }) =>
          rows.length === 0 ? (
            <Empty icon={MonitorOff} title="Not signed in">
              A session begins when somebody signs in to this Console with this name and its password.
            </Empty>
          ) : (
            <SessionTable rows={rows} onEnd={setEnding} />
          )
        }
      </Loaded>
      {ending === "all" && <EndAdministrator who={who} isRemoval={false} onClose={close} />}
      {typeof ending === "number" && <EndSession who={who} session={ending} onClose={close} />}
    </Card>
  )
}
