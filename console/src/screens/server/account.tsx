import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useCaller, useSignOut } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { Facts } from "../../ui/facts.tsx"
import { Page } from "../../ui/page.tsx"
import { Time } from "../../ui/time.tsx"
import { AccessText } from "./access-text.tsx"
import { OwnPassword } from "./own-password.tsx"

/** Who is signed in, and what they can do about it themselves. */
export function Account(): ReactNode {
  const { name, scope, applications, endsAt } = useCaller()
  return (
    <Page title="Your account" lead="What you may do here, your password and your sessions.">
      <Card title={name}>
        <Facts
          facts={[
            ["You may", <AccessText key="may" scope={scope} applications={applications} />],
            ["This session ends", endsAt === null ? "when you sign out" : <Time key="end" at={endsAt} />],
          ]}
        />
      </Card>
      <OwnPassword />
      <Sessions />
    </Page>
  )
}

function Sessions(): ReactNode {
  const [isAsking, setAsking] = useState(false)
  const { signOut, isPending } = useSignOut()
  const end = api.useMutation("delete", "/admin/v1/sessions", {
    onSuccess: () => location.assign("/console/"),
  })
  return (
    <Card title="Sessions">
      <div className="row">
        <Button onClick={signOut} isBusy={isPending}>
          Sign out
        </Button>
        <Button onClick={() => setAsking(true)}>Sign out everywhere…</Button>
      </div>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Sign out everywhere?"
        action="Sign out everywhere"
        look="primary"
        isBusy={end.isPending}
        error={end.error}
        onConfirm={() => end.mutate({})}
      >
        <p>Every session of yours ends, on this computer and on every other.</p>
      </Confirm>
    </Card>
  )
}
