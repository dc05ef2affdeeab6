import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { applicationPath } from "../../app/paths.ts"
import { PLATFORMS, totalOf } from "../../app/platforms.ts"
import { ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Copyable } from "../../ui/copy.tsx"
import { Facts, Figure } from "../../ui/facts.tsx"
import { formatCount } from "../../ui/format.ts"
import { Loaded } from "../../ui/loaded.tsx"
import { Note } from "../../ui/note.tsx"
import { Page } from "../../ui/page.tsx"
import { Parts } from "../../ui/progress.tsx"
import { Credentials } from "./credentials.tsx"
import { History } from "./history.tsx"
import { LatestMessages } from "./latest-messages.tsx"
import { SandboxNote } from "./sandbox-note.tsx"

/** How often the counts are read again while the screen is open. */
const REFRESH_MS = 10_000

export function Overview(): ReactNode {
  const { applicationId, name, preset } = useApplication()
  const overview = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/overview",
    { params: { path: { applicationId } } },
    { refetchInterval: REFRESH_MS },
  )
  return (
    <Page title={name} lead="How many phones this application reaches, and what became of its messages.">
      <Credentials />
      <Loaded query={overview} failure="The devices could not be counted">
        {({ devices, channels, delivery }) => (
          <div className="stack">
            <SandboxNote delivery={delivery} />
            {totalOf(devices) === 0 && <NoDevices />}
            <Card title="Devices">
              <div className="stack">
                <div className="grid">
                  <Figure label="Registered devices" value={formatCount(totalOf(devices))} />
                  <Figure
                    label="Channels"
                    value={
                      channels.isComplete ? formatCount(channels.count) : `${formatCount(channels.count)}+`
                    }
                  />
                </div>
                <Parts
                  parts={PLATFORMS.map(({ key, ...platform }) => ({ ...platform, count: devices[key] }))}
                />
              </div>
            </Card>
          </div>
        )}
      </Loaded>
      <History />
      <LatestMessages />
      <Card title="Application">
        <Facts
          facts={[
            ["Application id", <Copyable key="id" text={applicationId} what="the application id" />],
            ["Security preset", preset],
          ]}
        />
      </Card>
    </Page>
  )
}

function NoDevices(): ReactNode {
  const { applicationId } = useApplication()
  return (
    <Note
      title="No device is registered yet"
      actions={
        <ButtonLink to={applicationPath(applicationId, "/start")} look="primary">
          Get started
        </ButtonLink>
      }
    >
      The guided path registers a first device, sends it a message and shows it arriving.
    </Note>
  )
}
