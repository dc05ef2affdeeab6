import type { ReactNode } from "react"
import { type Answer, api } from "../../api/client.ts"
import { useApplications } from "../../app/application.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Card } from "../../ui/card.tsx"
import { Copyable } from "../../ui/copy.tsx"
import { Facts } from "../../ui/facts.tsx"
import { formatBytes, formatCount } from "../../ui/format.ts"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import "./server.css"

type Server = Answer<"/admin/v1/server">
type Deliveries = Server["sandbox"]["applications"][number]

/** What this server is and what it takes. */
export function About(): ReactNode {
  const server = api.useQuery("get", "/admin/v1/server")
  return (
    <Page title="About this server" lead="What runs here, where it keeps its data, and how much it takes.">
      <Loaded query={server} failure="The server could not be asked">
        {(data) => (
          <div className="stack">
            <div className="grid">
              <Card title="Belfry">
                <Facts
                  facts={[
                    ["Version", data.version],
                    ["Running since", <Time key="since" at={data.startedAt} />],
                    [
                      "Address on this machine",
                      data.url === null ? "" : <Copyable key="url" text={data.url} what="the address" />,
                    ],
                  ]}
                />
              </Card>
              <Card title="Store">
                <Facts
                  facts={Object.entries(data.store ?? {}).map(([name, value]) => [
                    name,
                    <span key={name} className="breakable">
                      {value}
                    </span>,
                  ])}
                />
              </Card>
            </div>
            <Sandbox server={data} />
            <Limits limits={data.limits} />
          </div>
        )}
      </Loaded>
    </Page>
  )
}

const DESTINATIONS = {
  provider: { tone: "good", text: "real" },
  sandbox: { tone: "info", text: "sandbox" },
  none: { tone: "warn", text: "nowhere" },
  held: { tone: "bad", text: "held" },
} as const

const NAMES: Readonly<Record<string, string>> = {
  ios: "iOS",
  osx: "macOS",
  android: "Android",
  wp: "Windows",
}

function Sandbox({ server: { sandbox } }: { readonly server: Server }): ReactNode {
  const known = useApplications().data?.applications ?? []
  const platforms = sandbox.applications[0]?.delivery ?? []
  const columns: readonly Column<Deliveries>[] = [
    {
      head: "Application",
      cell: ({ applicationId }) =>
        known.find((one) => one.applicationId === applicationId)?.name ?? applicationId,
    },
    ...platforms.map(({ platform }) => ({
      head: NAMES[platform] ?? platform,
      cell: ({ delivery }: Deliveries) => {
        const to = delivery.find((one) => one.platform === platform)?.to
        if (to === undefined) return null
        return <Badge tone={DESTINATIONS[to].tone}>{DESTINATIONS[to].text}</Badge>
      },
    })),
  ]
  return (
    <Card title="Where messages go" isFlush>
      <p className="soft card-text">
        {sandbox.isOn
          ? "The sandbox runs: without a credential, messages go to simulators of Apple, Google and Microsoft in this server."
          : "The sandbox is off: without a credential, nothing is sent."}
      </p>
      <Table
        label="Where messages go"
        columns={columns}
        rows={sandbox.applications}
        rowKey={({ applicationId }) => applicationId}
      />
    </Card>
  )
}

function Limits({ limits }: { readonly limits: Server["limits"] }): ReactNode {
  const characters = (count: number) => `${formatCount(count)} characters`
  return (
    <Card title="Limits">
      <Facts
        facts={[
          ["Device id", characters(limits.deviceId)],
          [
            "Device token",
            `${characters(limits.deviceToken)}; on Windows ${formatCount(limits.wpDeviceToken)}`,
          ],
          ["Channel name", characters(limits.channelName)],
          ["Channels of one device", formatCount(limits.channelsPerDevice)],
          ["Device ids in one publish", formatCount(limits.deviceIdsPerPublish)],
          ["Devices in one import request", formatCount(limits.devicesPerImport)],
          [
            "Request body",
            `${formatBytes(limits.bodyBytes)}; of a publish ${formatBytes(limits.publishBodyBytes)}`,
          ],
          [
            "Notification",
            `APNs ${formatBytes(limits.payloadBytes.apns)}, FCM ${formatBytes(limits.payloadBytes.fcm)}, WNS ${formatBytes(limits.payloadBytes.wns)}`,
          ],
          ["Virtual phones of one application", formatCount(limits.phonesPerApplication)],
        ]}
      />
    </Card>
  )
}
