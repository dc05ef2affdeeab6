import { type ReactNode, useState } from "react"
import { useParams } from "wouter"
import { isNotFound } from "../../api/api-error.ts"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { applicationPath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { Button, ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Copyable } from "../../ui/copy.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { Facts } from "../../ui/facts.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { Time } from "../../ui/time.tsx"
import { type Ending, EndUser } from "./end-user.tsx"
import { UserChanges } from "./user-changes.tsx"
import { UserDevices } from "./user-devices.tsx"
import { UserRoles } from "./user-roles.tsx"
import { nameOf, USER, type User, UserStatus } from "./user-words.tsx"

export function AppUser(): ReactNode {
  const { applicationId } = useApplication()
  const { userId = "" } = useParams()
  const user = api.useQuery("get", USER, { params: { path: { applicationId, userId } } })
  return (
    <Page
      title={user.data === undefined ? "User" : nameOf(user.data)}
      actions={<ButtonLink to={applicationPath(applicationId, "/users")}>All users</ButtonLink>}
    >
      {isNotFound(user.error) ? (
        <ErrorNote error={user.error} title="No such user" />
      ) : (
        <Loaded query={user} failure="The user could not be read">
          {(data) => <UserParts key={data.userId} user={data} />}
        </Loaded>
      )}
    </Page>
  )
}

function UserParts({ user }: { readonly user: User }): ReactNode {
  const mayOperate = useMay("operate")
  return (
    <div className="stack">
      <div className="grid">
        <UserFacts user={user} />
        <UserRoles key={user.roles.join()} user={user} />
      </div>
      {mayOperate && <UserChanges user={user} />}
      <UserDevices userId={user.userId} />
      {mayOperate && <Endings user={user} />}
    </div>
  )
}

function UserFacts({ user }: { readonly user: User }): ReactNode {
  const { userId, kind, status, issuer, subject, createdAt, lastLoginAt } = user
  return (
    <Card title="User" actions={<UserStatus status={status} />}>
      <Facts
        facts={[
          ["Object id", <Copyable key="id" text={userId} what="the object id" />],
          ["Came by", WAYS[kind]],
          ...(issuer === null
            ? []
            : [
                ["Identity provider", <Text key="issuer" text={issuer} />] as const,
                ["Subject", <Text key="subject" text={subject ?? ""} />] as const,
              ]),
          ["Created", <Time key="created" at={createdAt} />],
          ["Last login", lastLoginAt === null ? "never" : <Time key="login" at={lastLoginAt} />],
        ]}
      />
    </Card>
  )
}

const WAYS: Readonly<Record<User["kind"], string>> = {
  registered: "registration",
  guest: "guest login",
  social: "an identity provider",
}

function Text({ text }: { readonly text: string }): ReactNode {
  return <span className="breakable">{text}</span>
}

function Endings({ user }: { readonly user: User }): ReactNode {
  const [ending, setEnding] = useState<Ending>()
  return (
    <Card title="Sessions and removal">
      <div className="row">
        <Button onClick={() => setEnding("sessions")}>Log out everywhere…</Button>
        {user.status !== "GUEST" && (
          <Button onClick={() => setEnding(user.status === "DISABLED" ? "enable" : "disable")}>
            {user.status === "DISABLED" ? "Enable…" : "Disable…"}
          </Button>
        )}
        <Button look="danger" onClick={() => setEnding("remove")}>
          Delete the user…
        </Button>
      </div>
      {ending !== undefined && <EndUser user={user} ending={ending} onClose={() => setEnding(undefined)} />}
    </Card>
  )
}
