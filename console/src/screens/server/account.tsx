import type { ReactNode } from "react"
import { useCaller } from "../../app/session.tsx"
import { Card } from "../../ui/card.tsx"
import { Facts } from "../../ui/facts.tsx"
import { Page } from "../../ui/page.tsx"
import { Time } from "../../ui/time.tsx"
import { AccessText } from "./access-text.tsx"
import { OwnPassword } from "./own-password.tsx"
import { OwnSessions } from "./own-sessions.tsx"

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
      <OwnSessions />
    </Page>
  )
}
