import type { ReactNode } from "react"
import { useApplication } from "../../app/application.tsx"
import { useMay } from "../../app/session.tsx"
import { Card } from "../../ui/card.tsx"
import { Copyable } from "../../ui/copy.tsx"
import { Facts } from "../../ui/facts.tsx"
import { Page } from "../../ui/page.tsx"
import { Time } from "../../ui/time.tsx"
import { ChangeApplication } from "./change-application.tsx"
import { DeleteApplication } from "./delete-application.tsx"
import { HostNames } from "./host-names.tsx"
import { Keys } from "./keys.tsx"

/** What an app and its server need to know of the application, and what decides how they are treated. */
export function AppSettings(): ReactNode {
  const { applicationId, createdAt } = useApplication()
  const mayAdminister = useMay("administer")
  return (
    <Page
      title="App settings"
      lead="The id and the keys that your apps and servers call with, and the names that they call."
    >
      <Card title="Application">
        <div className="stack">
          <Facts
            facts={[
              ["Application id", <Copyable key="id" text={applicationId} what="the application id" />],
              ["Created", <Time key="created" at={createdAt} />],
            ]}
          />
          <ChangeApplication />
        </div>
      </Card>
      <Keys />
      <HostNames />
      {mayAdminister && <DeleteApplication />}
    </Page>
  )
}
